namespace Keras.Graphs;

/// <summary>Variables: creation, and reading and writing whole or in part.</summary>
static partial class Tf
{
    public static readonly OpDefinition ReadVariableOp = Define("ReadVariableOp(resource: resource) -> (value: dtype) { dtype: type }",
        c => [VariableShapeOf(c)], c => [c.Gradient], state: StateAccess.Read);

    static OpDefinition Assignment(string name, string attributes = "") =>
        Define($"{name}(resource: resource, value: dtype) -> (){attributes}", ShapeRules.None, differentiable: false, state: StateAccess.Write);

    static readonly OpDefinition AssignVariableOp = Assignment("AssignVariableOp", " { validate_shape: bool = false }");
    static readonly OpDefinition AssignAddVariableOp = Assignment("AssignAddVariableOp");
    static readonly OpDefinition AssignSubVariableOp = Assignment("AssignSubVariableOp");

    public static readonly OpDefinition VarHandleOp = Define(
        "VarHandleOp() -> (resource: resource) { container: string = '', shared_name: string = '', dtype: type, shape: shape }", ShapeRules.Scalar,
            differentiable: false);

    static readonly OpDefinition VarIsInitializedOp = Define("VarIsInitializedOp(resource: resource) -> (is_initialized: bool)", ShapeRules.Scalar,
        differentiable: false, state: StateAccess.Read);

    static readonly OpDefinition VariableShapeOp = Define("VariableShape(input: resource) -> (output: out_type) { out_type: type = int32 }",
        c => [VariableShapeOf(c) is { HasRank: true } s ? new Shape(s.Rank) : Shape.OfRank(1)],
        value: c => VariableShapeOf(c) is { HasRank: true } s ? PartialValue.OfDimensions(s.Symbolic) : null, differentiable: false, state: StateAccess.Read);

    static readonly OpDefinition DestroyResourceOp = Define("DestroyResourceOp(resource: resource) -> () { ignore_lookup_error: bool = true }",
        ShapeRules.None, differentiable: false, state: StateAccess.Write);

    static readonly OpDefinition ResourceGatherOp = Define("ResourceGather(resource: resource, indices: Tindices) -> (output: dtype) { batch_dims: int = 0, validate_indices: bool = true, dtype: type }", c =>
    {
        var variable = VariableShapeOf(c);
        if (!variable.HasRank || !c[1].HasRank) return [Shape.Unknown];
        var batch = BatchDims(c, c[1].Rank);
        return [variable[..batch].Concat(c[1][batch..]).Concat(variable[(batch + 1)..])];
    }, c =>
    {
        var variable = c.Inputs[0].HandleData?.Shape ?? throw new UnsupportedException("The gradient of a gather cannot be traced: the shape of the variable is unknown",
            NameScope.Path(c.Op.Name));
        var batch = BatchDims(c, c.Inputs[1].ndim);
        return [GatherGradient(Zeros(variable, c.Gradient.dtype), c.Inputs[1], c.Gradient, batch, batch), null];
    }, state: StateAccess.Read);

    static readonly OpDefinition ResourceGatherNdOp = Define("ResourceGatherNd(resource: resource, indices: Tindices) -> (output: dtype) { dtype: type }",
        c => [IndexedShape(c, VariableShapeOf(c), c[1])], c =>
        {
            var variable = c.Inputs[0].HandleData?.Shape ?? throw new UnsupportedException("The gradient of a gather cannot be traced: the shape of the variable is unknown",
                NameScope.Path(c.Op.Name));
            return [ScatterNd(c.Inputs[1], c.Gradient, Cast(ShapeTensor(variable), c.Inputs[1].dtype)), null];
        }, state: StateAccess.Read);

    static OpDefinition ResourceScatter(string name) =>
        Define($"{name}(resource: resource, indices: Tindices, updates: dtype) -> ()", ShapeRules.None, differentiable: false, state: StateAccess.Write);

    static OpDefinition ResourceScatterNd(string name) =>
        Define($"{name}(ref: resource, indices: Tindices, updates: T) -> () {{ use_locking: bool = true }}", ShapeRules.None, differentiable: false,
            state: StateAccess.Write);

    static readonly OpDefinition ResourceScatterUpdateOp = ResourceScatter("ResourceScatterUpdate");
    static readonly OpDefinition ResourceScatterAddOp = ResourceScatter("ResourceScatterAdd");
    static readonly OpDefinition ResourceScatterSubOp = ResourceScatter("ResourceScatterSub");
    static readonly OpDefinition ResourceScatterMaxOp = ResourceScatter("ResourceScatterMax");
    static readonly OpDefinition ResourceScatterMinOp = ResourceScatter("ResourceScatterMin");
    static readonly OpDefinition ResourceScatterNdUpdateOp = ResourceScatterNd("ResourceScatterNdUpdate");
    static readonly OpDefinition ResourceScatterNdAddOp = ResourceScatterNd("ResourceScatterNdAdd");
    static readonly OpDefinition ResourceScatterNdSubOp = ResourceScatterNd("ResourceScatterNdSub");

    static Shape VariableShapeOf(ShapeContext c) => c.Inputs[0].HandleData?.Shape ?? Shape.Unknown;

    public static Tensor ReadVariable(Tensor handle, DType dtype) => Run(ReadVariableOp, [handle], ("dtype", dtype));
    public static void AssignVariable(Tensor handle, Tensor value) => RunAll(AssignVariableOp, [handle, value]);
    public static void AssignAddVariable(Tensor handle, Tensor value) => RunAll(AssignAddVariableOp, [handle, value]);
    public static void AssignSubVariable(Tensor handle, Tensor value) => RunAll(AssignSubVariableOp, [handle, value]);
    public static Tensor IsInitialized(Tensor handle) => Run(VarIsInitializedOp, handle);
    public static void DestroyResource(Tensor handle) => RunAll(DestroyResourceOp, [handle]);
    /// <summary>Reads some rows of a variable without reading the others.</summary>
    public static Tensor ResourceGather(Tensor handle, Tensor indices, DType dtype) => Run(ResourceGatherOp, [handle, indices], ("dtype", dtype));
    public static void ResourceScatterNdUpdate(Tensor handle, Tensor indices, Tensor updates) => RunAll(ResourceScatterNdUpdateOp, [handle, indices, updates]);
}
