namespace Keras.Graphs;

/// <summary>Max and average pooling, and their gradients.</summary>
static partial class Tf
{
    const string Pool2D = "ksize: list(int), strides: list(int), padding: string, data_format: string = 'NHWC'";
    const string MaxPool2D = "ksize: list(int), strides: list(int), padding: string, explicit_paddings: list(int) = [], data_format: string = 'NHWC'";
    const string Pool3D = "ksize: list(int), strides: list(int), padding: string, data_format: string = 'NDHWC'";

    static readonly OpDefinition MaxPoolOp = MaxPooling("MaxPool", MaxPool2D, () => MaxPoolGradOp!);
    static readonly OpDefinition MaxPoolGradOp = MaxPoolingGrad("MaxPoolGrad", MaxPool2D, "T", () => MaxPoolGradGradOp!);
    static readonly OpDefinition MaxPoolGradGradOp = MaxPoolingGradGrad("MaxPoolGradGrad", Pool2D, () => MaxPoolGradOp);
    static readonly OpDefinition MaxPool3DOp = MaxPooling("MaxPool3D", Pool3D, () => MaxPool3DGradOp!);
    static readonly OpDefinition MaxPool3DGradOp = MaxPoolingGrad("MaxPool3DGrad", Pool3D, "TInput", () => MaxPool3DGradGradOp!);
    static readonly OpDefinition MaxPool3DGradGradOp = MaxPoolingGradGrad("MaxPool3DGradGrad", Pool3D, () => MaxPool3DGradOp);

    static readonly OpDefinition AvgPoolOp = MeanPooling("AvgPool", "value", Pool2D, () => AvgPoolGradOp!);
    static readonly OpDefinition AvgPoolGradOp = MeanPoolingGrad("AvgPoolGrad", Pool2D, () => AvgPoolOp);
    static readonly OpDefinition AvgPool3DOp = MeanPooling("AvgPool3D", "input", Pool3D, () => AvgPool3DGradOp!);
    static readonly OpDefinition AvgPool3DGradOp = MeanPoolingGrad("AvgPool3DGrad", Pool3D, () => AvgPool3DOp);

    static readonly OpDefinition MaxPoolWithArgmaxOp = Define(
        "MaxPoolWithArgmax(input: T) -> (output: T, argmax: Targmax) { ksize: list(int), strides: list(int), Targmax: type = int64, padding: string, include_batch_in_index: bool = false }",
        c =>
        {
            if (c[0] is { IsFullyKnown: true, ElementCount: 0 }) throw c.Fail("an input with elements", c[0].ToString());
            var shape = PooledShape(c)[0];
            return [shape, shape];
        }, differentiable: false, checksFirst: true);

    static OpDefinition MaxPooling(string name, string attributes, Func<OpDefinition> grad) =>
        Define($"{name}(input: T) -> (output: T) {{ {attributes} }}", PooledShape,
        c => [Dispatch.Run(grad(), [c.Inputs[0], c.Outputs[0], c.Gradient], c.Attributes)], checksFirst: true);

    static OpDefinition MaxPoolingGrad(string name, string attributes, string inputType, Func<OpDefinition> gradGrad) => Define(
        $"{name}(orig_input: {inputType}, orig_output: {inputType}, grad: T) -> (output: T) {{ {attributes} }}", ShapeRules.SameAsFirst,
        c => [null, null, Dispatch.Run(gradGrad(), [c.Inputs[0], c.Inputs[1], c.Gradient], WithoutExplicitPaddings(c))]);

    static OpDefinition MaxPoolingGradGrad(string name, string attributes, Func<OpDefinition> grad) => Define(
        $"{name}(orig_input: T, orig_output: T, grad: T) -> (output: T) {{ {attributes} }}", ShapeRules.SameAsSecond,
        c => [null, null, Dispatch.Run(grad(), [c.Inputs[0], c.Inputs[1], c.Gradient], c.Attributes)]);

    static OpDefinition MeanPooling(string name, string input, string attributes, Func<OpDefinition> grad) =>
        Define($"{name}({input}: T) -> (output: T) {{ {attributes} }}", PooledShape,
        c => [Dispatch.Run(grad(), [ShapeOf(c.Inputs[0]), c.Gradient], c.Attributes)], checksFirst: true);

    static OpDefinition MeanPoolingGrad(string name, string attributes, Func<OpDefinition> pool) =>
        Define($"{name}(orig_input_shape: int32, grad: T) -> (output: T) {{ {attributes} }}",
        c => [ShapeRules.FromValue(c, 0)], c => [null, Dispatch.Run(pool(), [c.Gradient], c.Attributes)]);

    static Attributes WithoutExplicitPaddings(OpCall c) => c.Get<string>("padding") == "EXPLICIT"
        ? throw new UnsupportedException("The second derivative of a pooling with explicit paddings does not exist", NameScope.Path(c.Op.Name),
            "SAME or VALID", "EXPLICIT")
        : Attributes.Of([.. c.Attributes.Items.ToArray().Where(a => a.Name != "explicit_paddings")]);

    static Shape[] PooledShape(ShapeContext c)
    {
        var (windows, strides) = (c.Get<long[]>("ksize"), c.Get<long[]>("strides"));
        if (!c[0].HasRank) return [Shape.OfRank(windows.Length)];
        var dims = c.Ranked(0, windows.Length, windows.Length).Symbolic.ToArray();
        for (var axis = 0; axis < dims.Length; axis++) dims[axis] = WindowedDim(c, axis, dims[axis], windows[axis], strides[axis], 1);
        return [Shape.OfSymbolic(dims)];
    }

    /// <param name="x">(B, H, W, C) or (B, D, H, W, C).</param>
    /// <param name="windows">The window size of every axis.</param>
    /// <param name="strides">The stride of every axis.</param>
    /// <param name="padding">"SAME" or "VALID".</param>
    public static Tensor MaxPool(Tensor x, int[] windows, int[] strides, string padding) =>
        Run(windows.Length == 5 ? MaxPool3DOp : MaxPoolOp, [x], ("ksize", windows), ("strides", strides), ("padding", padding));

    /// <inheritdoc cref="MaxPool"/>
    public static Tensor AvgPool(Tensor x, int[] windows, int[] strides, string padding) =>
        Run(windows.Length == 5 ? AvgPool3DOp : AvgPoolOp, [x], ("ksize", windows), ("strides", strides), ("padding", padding));
}
