namespace Keras.Graphs;

/// <summary>Convolutions and their gradients.</summary>
static partial class Tf
{
    const string ExplicitPaddings = "explicit_paddings: list(int) = [], ";
    const string Format2D = "data_format: string = 'NHWC', dilations: list(int) = [1, 1, 1, 1]";

    static readonly ConvolutionFamily Conv2D = new("Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter", "int32",
        "strides: list(int), padding: string, " + ExplicitPaddings + Format2D, isDepthwise: false);
    static readonly ConvolutionFamily DepthwiseConv2D = new("DepthwiseConv2dNative", "DepthwiseConv2dNativeBackpropInput",
        "DepthwiseConv2dNativeBackpropFilter", "int32",
        "strides: list(int), padding: string, " + ExplicitPaddings + Format2D, isDepthwise: true);
    static readonly ConvolutionFamily Conv3D = new("Conv3D", "Conv3DBackpropInputV2", "Conv3DBackpropFilterV2", "Tshape",
        "strides: list(int), padding: string, data_format: string = 'NDHWC', dilations: list(int) = [1, 1, 1, 1, 1]", isDepthwise: false);

    /// <summary>A convolution and its gradients with respect to input and filter, which are convolutions too: each is the others' gradient.</summary>
    sealed class ConvolutionFamily
    {
        public ConvolutionFamily(string forward, string inputGrad, string filterGrad, string inputSizes, string attributes, bool isDepthwise)
        {
            Forward = Define($"{forward}(input: T, filter: T) -> (output: T) {{ {attributes} }}", c => [ConvolvedShape(c, isDepthwise)], c =>
            [
                c.IsNeeded(0) ? InputGradient(ShapeOf(c.Inputs[0]), c.Inputs[1], c.Gradient, c) : null,
                c.IsNeeded(1) ? FilterGradient(c.Inputs[0], c.Inputs[1], c.Gradient, c) : null,
            ], checksFirst: true);
            ByInput = Define($"{inputGrad}(input_sizes: {inputSizes}, filter: T, out_backprop: T) -> (output: T) {{ {attributes} }}",
                c => [ShapeRules.FromValue(c, 0)], c =>
            [
                null, c.IsNeeded(1) ? FilterGradient(c.Gradient, c.Inputs[1], c.Inputs[2], c) : null, c.IsNeeded(2)
                    ? Dispatch.Run(Forward!, [c.Gradient, c.Inputs[1]], c.Attributes) : null,
            ]);
            ByFilter = Define($"{filterGrad}(input: T, filter_sizes: int32, out_backprop: T) -> (output: T) {{ {attributes} }}",
                c => [ShapeRules.FromValue(c, 1)], c =>
            [
                c.IsNeeded(0) ? InputGradient(ShapeOf(c.Inputs[0]), c.Gradient, c.Inputs[2], c) : null, null, c.IsNeeded(2)
                    ? Dispatch.Run(Forward!, [c.Inputs[0], c.Gradient], c.Attributes) : null,
            ]);
        }

        public OpDefinition Forward { get; }

        public OpDefinition ByInput { get; }

        public OpDefinition ByFilter { get; }

        /// <summary>The gradient of the input. TensorFlow's CPU kernels take no dilation here, so zeros are inserted into the filter instead.</summary>
        public Tensor InputGradient(Tensor sizes, Tensor filter, Tensor gradient, OpCall c) =>
            Dispatch.Run(ByInput, [sizes, Spread(filter, DilationsOf(c)), gradient], WithoutDilations(c));

        Tensor FilterGradient(Tensor input, Tensor filter, Tensor gradient, OpCall c)
        {
            var dilations = DilationsOf(c);
            if (dilations.All(d => d == 1)) return Dispatch.Run(ByFilter, [input, ShapeOf(filter), gradient], c.Attributes);
            var spread = Dispatch.Run(ByFilter, [input, SpreadShape(filter, dilations), gradient], WithoutDilations(c));
            return StridedSlice(spread, new int[filter.ndim], [.. SpreadDims(filter, dilations)], [.. dilations, 1, 1]);
        }
    }

    /// <summary>The dilation of each spatial axis, in the filter's order.</summary>
    static int[] DilationsOf(OpCall c)
    {
        var all = c.Get<long[]>("dilations");
        var channels = ChannelAxis(c, all.Length);
        return [.. all.Where((_, axis) => axis != 0 && axis != channels).Select(d => (int)d)];
    }

    static Attributes WithoutDilations(OpCall c) => Attributes.Of([.. c.Attributes.Items.ToArray().Where(a => a.Name != "dilations")]);

    static int[] SpreadDims(Tensor filter, int[] dilations) => filter.shape.IsFullyKnown
        ? [.. filter.shape.ToArray().Select((d, i) => i < dilations.Length ? (((int)d - 1) * dilations[i]) + 1 : (int)d)]
        : throw new UnsupportedException("The filter's shape of a dilated convolution is unknown before run time", NameScope.Path("Conv"), "a known shape",
            filter.shape.ToString());

    static Tensor SpreadShape(Tensor filter, int[] dilations) => Int32(SpreadDims(filter, dilations));

    /// <summary>A filter with zeros between its elements.</summary>
    static Tensor Spread(Tensor filter, int[] dilations) => dilations.All(d => d == 1) ? filter
        : Run(StridedSliceGradOp, SpreadShape(filter, dilations), Int32(new int[filter.ndim]), SpreadShape(filter, dilations),
            Int32([.. dilations, 1, 1]), filter);

    /// <summary>The output shape of (B, spatial..., C) or (B, C, spatial...) convolved with a filter (spatial..., I, O).</summary>
    static Shape ConvolvedShape(ShapeContext c, bool isDepthwise)
    {
        var (strides, dilations) = (c.Get<long[]>("strides"), c.Get<long[]>("dilations"));
        if (!c[0].HasRank || !c[1].HasRank) return Shape.OfRank(strides.Length);
        var rank = strides.Length;
        var input = c.Ranked(0, rank, rank).Symbolic;
        var filter = c.Ranked(1, rank, rank).Symbolic;
        var channels = ChannelAxis(c, rank);
        if (filter[..^1].Contains(0) || (rank == 5 && filter[^1] == 0)) throw c.Fail("a filter with elements", c[1].ToString());
        if (input[channels] >= 0 && filter[^2] > 0 && (isDepthwise ? input[channels] != filter[^2] : input[channels] % filter[^2] != 0 || input[channels] == 0))
            throw c.Fail($"a filter for {input[channels]} channels", c[1].ToString());
        var dims = new long[rank];
        dims[0] = input[0];
        dims[channels] = !isDepthwise ? filter[^1] : filter[^1] >= 0 && filter[^2] >= 0 ? filter[^1] * filter[^2] : -1;
        for (var (axis, window) = (1, 0); axis < rank; axis++)
            if (axis != channels) dims[axis] = WindowedDim(c, axis, input[axis], filter[window++], strides[axis], dilations[axis]);
        return Shape.OfSymbolic(dims);
    }

    /// <summary>How many positions a window has along an axis.</summary>
    static long WindowedDim(ShapeContext c, int axis, long dim, long window, long stride, long dilation)
    {
        var padding = c.Get<string>("padding");
        if (padding == "SAME") return stride == 1 ? dim : dim < 0 ? -1 : (dim + stride - 1) / stride;
        if (dim < 0 || window < 0) return window == 1 && stride == 1 && padding == "VALID" ? dim : -1;
        if (padding == "EXPLICIT") dim += c.Get<long[]>("explicit_paddings")[2 * axis] + c.Get<long[]>("explicit_paddings")[(2 * axis) + 1];
        var reach = ((window - 1) * dilation) + 1;
        return dim >= reach ? ((dim - reach) / stride) + 1 : throw c.Fail($"at least {reach} elements along axis {axis} for a window of {window}", $"{c[0]}");
    }

    /// <param name="x">(B, H, W, C) or, as "NCHW", (B, C, H, W).</param>
    /// <param name="filter">(height, width, C / groups, filters).</param>
    /// <param name="strides">The stride of every axis.</param>
    /// <param name="padding">"SAME", "VALID" or "EXPLICIT".</param>
    /// <param name="dilations">The dilation of every axis; null for ones.</param>
    /// <param name="explicit_paddings">The padding before and after every axis.</param>
    /// <param name="data_format">"NHWC" or "NCHW".</param>
    public static Tensor Convolve2D(Tensor x, Tensor filter, int[] strides, string padding, int[]? dilations = null, int[]? explicit_paddings = null,
        string data_format = "NHWC") =>
        Run(Conv2D.Forward, [x, filter], Windows(strides, padding, dilations, explicit_paddings, data_format));

    /// <summary>The transposed convolution: the gradient of <see cref="Convolve2D"/> for an input of shape <paramref name="sizes"/>.</summary>
    public static Tensor Convolve2DTranspose(Tensor sizes, Tensor filter, Tensor x, int[] strides, string padding, int[]? dilations = null,
        int[]? explicit_paddings = null, string data_format = "NHWC") =>
        Transpose(Conv2D, sizes, filter, x, Windows(strides, padding, dilations, explicit_paddings, data_format));

    /// <param name="x">(B, H, W, C) or, as "NCHW", (B, C, H, W).</param>
    /// <param name="filter">(height, width, C, multiplier).</param>
    /// <param name="strides">The stride of every axis; equal for height and width.</param>
    /// <param name="padding">"SAME", "VALID" or "EXPLICIT".</param>
    /// <param name="dilations">The dilation of every axis; null for ones.</param>
    /// <param name="explicit_paddings">The padding before and after every axis.</param>
    /// <param name="data_format">"NHWC" or "NCHW".</param>
    public static Tensor ConvolveDepthwise(Tensor x, Tensor filter, int[] strides, string padding, int[]? dilations = null,
        int[]? explicit_paddings = null, string data_format = "NHWC") =>
        WithSpreadFilter(DepthwiseConv2D, x, filter, Windows(strides, padding, dilations, explicit_paddings, data_format));

    public static Tensor Convolve3D(Tensor x, Tensor filter, int[] strides, string padding, int[]? dilations = null, string data_format = "NDHWC") =>
        WithSpreadFilter(Conv3D, x, filter, Windows(strides, padding, dilations, null, data_format));

    /// <summary>The transposed convolution: the gradient of <see cref="Convolve3D"/> for an input of shape <paramref name="sizes"/>.</summary>
    public static Tensor Convolve3DTranspose(Tensor sizes, Tensor filter, Tensor x, int[] strides, string padding, int[]? dilations = null,
        string data_format = "NDHWC") =>
        Transpose(Conv3D, sizes, filter, x, Windows(strides, padding, dilations, null, data_format));

    static Tensor Transpose(ConvolutionFamily family, Tensor sizes, Tensor filter, Tensor x, (string, object)[] windows) =>
        family.InputGradient(sizes, filter, x, new OpCall(family.ByInput, Attributes.Of(windows), []));

    /// <summary>Runs a convolution whose kernels support no dilation, with zeros inserted into the filter.</summary>
    static Tensor WithSpreadFilter(ConvolutionFamily family, Tensor x, Tensor filter, (string, object)[] windows)
    {
        var call = new OpCall(family.Forward, Attributes.Of(windows), []);
        return Dispatch.Run(family.Forward, [x, Spread(filter, DilationsOf(call))], WithoutDilations(call));
    }

    static (string, object)[] Windows(int[] strides, string padding, int[]? dilations, int[]? explicitPaddings, string dataFormat) =>
    [
        ("strides", strides), ("padding", padding), ("data_format", dataFormat),
        .. dilations is null ? [] : new (string, object)[] { ("dilations", dilations) },
        .. explicitPaddings is null ? [] : new (string, object)[] { ("explicit_paddings", explicitPaddings) },
    ];
}
