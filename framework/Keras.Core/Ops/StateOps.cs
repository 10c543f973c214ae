namespace Keras.Graphs;

/// <summary>Variables.</summary>
static partial class Tf
{
    static readonly OpDefinition ReadVariableOp = Define("ReadVariableOp(resource: resource) -> (value: dtype) { dtype: type }",
        c => [c.Inputs[0].HandleData?.Shape ?? Shape.Unknown], c => [c.Gradient], state: StateAccess.Read);

    static OpDefinition Assignment(string name) => Define($"{name}(resource: resource, value: dtype) -> ()", ShapeRules.None, differentiable: false, state: StateAccess.Write);

    static readonly OpDefinition AssignVariableOp = Assignment("AssignVariableOp");
    static readonly OpDefinition AssignAddVariableOp = Assignment("AssignAddVariableOp");
    static readonly OpDefinition AssignSubVariableOp = Assignment("AssignSubVariableOp");

    public static readonly OpDefinition VarHandleOp = Define(
        "VarHandleOp() -> (resource: resource) { container: string = '', shared_name: string = '', dtype: type, shape: shape }", ShapeRules.Scalar, differentiable: false);

    static readonly OpDefinition ResourceApplyAdamOp = Define(
        "ResourceApplyAdam(var: resource, m: resource, v: resource, beta1_power: T, beta2_power: T, lr: T, beta1: T, beta2: T, epsilon: T, grad: T) -> () { use_locking: bool = false, use_nesterov: bool = false }",
        ShapeRules.None, differentiable: false, state: StateAccess.Write);

    static readonly OpDefinition ResourceApplyGradientDescentOp = Define("ResourceApplyGradientDescent(var: resource, alpha: T, delta: T) -> () { use_locking: bool = false }",
        ShapeRules.None, differentiable: false, state: StateAccess.Write);

    public static Tensor ReadVariable(Tensor handle, DType dtype) => Run(ReadVariableOp, [handle], ("dtype", dtype));
    public static void AssignVariable(Tensor handle, Tensor value) => RunAll(AssignVariableOp, [handle, value]);
    public static void AssignAddVariable(Tensor handle, Tensor value) => RunAll(AssignAddVariableOp, [handle, value]);
    public static void AssignSubVariable(Tensor handle, Tensor value) => RunAll(AssignSubVariableOp, [handle, value]);

    /// <summary>m and v follow the gradient and its square; var -= lr · sqrt(1 - beta2_power) / (1 - beta1_power) · m / (sqrt(v) + epsilon).</summary>
    public static void ApplyAdam(Tensor var, Tensor m, Tensor v, Tensor beta1Power, Tensor beta2Power, Tensor rate, Tensor beta1, Tensor beta2, Tensor epsilon, Tensor gradient) =>
        RunAll(ResourceApplyAdamOp, [var, m, v, beta1Power, beta2Power, rate, beta1, beta2, epsilon, gradient]);

    public static void ApplyGradientDescent(Tensor var, Tensor rate, Tensor gradient) => RunAll(ResourceApplyGradientDescentOp, [var, rate, gradient]);
}
