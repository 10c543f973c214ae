namespace Keras.Graphs;

/// <summary>Branches, loops and calls of nested functions; <see cref="ControlFlow"/> makes them from C# lambdas.</summary>
static partial class Tf
{
    public static readonly OpDefinition StatelessIfOp = Branching("StatelessIf", StateAccess.None);
    public static readonly OpDefinition IfOp = Branching("If", StateAccess.SideEffect);
    public static readonly OpDefinition StatelessCaseOp = Choosing("StatelessCase", StateAccess.None);
    public static readonly OpDefinition CaseOp = Choosing("Case", StateAccess.SideEffect);
    public static readonly OpDefinition StatelessWhileOp = Looping("StatelessWhile", StateAccess.None);
    public static readonly OpDefinition WhileOp = Looping("While", StateAccess.SideEffect);
    public static readonly OpDefinition PartitionedCallOp = Calling("PartitionedCall", StateAccess.None);
    public static readonly OpDefinition StatefulPartitionedCallOp = Calling("StatefulPartitionedCall", StateAccess.SideEffect);

    static OpDefinition Branching(string name, StateAccess state) => Define(
        $"{name}(cond: Tcond, input: [Tin]) -> (output: [Tout]) {{ Tout: list(type), then_branch: func, else_branch: func, output_shapes: list(shape) = [] }}",
        c => CommonShapes(c.Get<FunctionGraph>("then_branch").Outputs, c.Get<FunctionGraph>("else_branch").Outputs),
        c => ControlFlow.BranchGradient(c, c.Get<FunctionGraph>("then_branch"), c.Get<FunctionGraph>("else_branch")), state: state);

    /// <summary>Defines a choice among branches; an index out of range chooses the last one.</summary>
    static OpDefinition Choosing(string name, StateAccess state) => Define(
        $"{name}(branch_index: int32, input: [Tin]) -> (output: [Tout]) {{ Tout: list(type), branches: list(func), output_shapes: list(shape) = [] }}",
        c => c.Get<FunctionGraph[]>("branches") is [var first, .. var others]
            ? others.Aggregate(Array.ConvertAll([.. first.Outputs], o => o.shape), (shapes, b) => [.. shapes.Zip(b.Outputs, (s, o) => ShapeRules.Common(s, o.shape))])
            : throw new ShapeMismatchException("A choice was given no branches", NameScope.Path(name), "at least one branch", "none"), state: state);

    static OpDefinition Looping(string name, StateAccess state) => Define(
        $"{name}(input: [T]) -> (output: [T]) {{ cond: func, body: func, output_shapes: list(shape) = [], parallel_iterations: int = 10 }}",
        c => CommonShapes(c.Inputs, c.Get<FunctionGraph>("body").Outputs),
        _ => throw new UnsupportedException("A loop of unknown length has no gradient", NameScope.Path(name),
            remedy: "Give maximum_iterations, or use a loop of fixed length."), state: state);

    static OpDefinition Calling(string name, StateAccess state) => Define(
        $"{name}(args: [Tin]) -> (output: [Tout]) {{ Tout: list(type), f: func, config: string = '', config_proto: string = '', executor_type: string = '' }}",
        c => [.. c.Get<FunctionGraph>("f").Outputs.Select(o => o.shape)], state: state);

    static Shape[] CommonShapes(IReadOnlyList<Tensor> a, IReadOnlyList<Tensor> b) => [.. a.Zip(b, (x, y) => ShapeRules.Common(x.shape, y.shape))];
}
