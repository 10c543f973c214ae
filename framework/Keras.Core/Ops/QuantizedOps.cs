namespace Keras.Graphs;

/// <summary>Quantization: floats rounded to the steps of integers with few bits.</summary>
static partial class Tf
{
    const string Bits = "num_bits: int = 8, narrow_range: bool = false";

    static readonly OpDefinition FakeQuantArgsOp = Define($"FakeQuantWithMinMaxArgs(inputs: float32) -> (outputs: float32) {{ min: float = -6, max: float = 6, {Bits} }}", c =>
    {
        if (c.Get<float>("min") >= c.Get<float>("max")) throw c.Fail($"a maximum above {c.Get<float>("min")}", $"{c.Get<float>("max")}");
        return [c[0]];
    }, differentiable: false, checksFirst: true);

    const string Ranges = "narrow_range: bool = false, axis: int = -1";

    static readonly OpDefinition QuantizeOp = Define("QuantizeV2(input: float32, min_range: float32, max_range: float32) -> (output: T, output_min: float32, output_max: float32) " +
        $"{{ T: type, mode: string = 'MIN_COMBINED', round_mode: string = 'HALF_AWAY_FROM_ZERO', {Ranges}, ensure_minimum_range: float = 0.01 }}", c =>
        {
            var range = RangeOf(c);
            return [c[0], range, range];
        }, differentiable: false, checksFirst: true);

    static readonly OpDefinition DequantizeOp = Define($"Dequantize(input: T, min_range: float32, max_range: float32) -> (output: dtype) {{ mode: string = 'MIN_COMBINED', {Ranges}, dtype: type = float32 }}", c =>
    {
        RangeOf(c);
        return [c[0]];
    }, differentiable: false, checksFirst: true);

    /// <summary>The shape of the limits: a scalar, or one for each slice along the axis.</summary>
    static Shape RangeOf(ShapeContext c)
    {
        var (axis, mode) = (c.Get<long>("axis"), c.Get<string>("mode"));
        if (mode is not ("MIN_COMBINED" or "MIN_FIRST" or "SCALED") || (mode == "MIN_FIRST" && axis >= 0)) throw c.Fail("MIN_COMBINED, SCALED, or without an axis MIN_FIRST", mode);
        if (axis < -1 || (c[0].HasRank && axis >= c[0].Rank)) throw c.Fail($"an axis from -1 to below the rank of {c[0]}", $"{axis}");
        var expected = axis < 0 ? Shape.Scalar : c[0].HasRank ? new Shape(c[0][(int)axis]) : Shape.OfRank(1);
        for (var i = 1; i < 3; i++)
            if (!c[i].IsCompatibleWith(expected)) throw c.Fail($"limits of shape {expected}", c[i].ToString());
        return expected;
    }

    const string SteppedAttributes = "signed_input: bool = true, num_bits: int = 8, range_given: bool = false, round_mode: string = 'HALF_TO_EVEN', narrow_range: bool = false, axis: int = -1";

    static readonly OpDefinition StepsV2Op = Define($"QuantizeAndDequantizeV2(input: T, input_min: T, input_max: T) -> (output: T) {{ {SteppedAttributes} }}", SteppedShape, differentiable: false, checksFirst: true);
    static readonly OpDefinition StepsV3Op = Define(
        "QuantizeAndDequantizeV3(input: T, input_min: T, input_max: T, num_bits: int32) -> (output: T) { signed_input: bool = true, range_given: bool = true, narrow_range: bool = false, axis: int = -1 }",
        SteppedShape, differentiable: false, checksFirst: true);
    static readonly OpDefinition StepsV4Op = Define($"QuantizeAndDequantizeV4(input: T, input_min: T, input_max: T) -> (output: T) {{ {SteppedAttributes} }}", SteppedShape, differentiable: false, checksFirst: true);

    /// <summary>Checks the limits: scalars, or one for each slice along the axis; ops that find their own limits ignore the values.</summary>
    static Shape[] SteppedShape(ShapeContext c)
    {
        var axis = c.Get<long>("axis");
        if (axis < -1 || (c[0].HasRank && axis >= c[0].Rank)) throw c.Fail($"an axis from -1 to below the rank of {c[0]}", $"{axis}");
        if (c.Inputs.Length > 3 && !c[3].IsCompatibleWith(Shape.Scalar)) throw c.Fail("'num_bits' as a scalar", c[3].ToString());
        if (c.Inputs.Length > 3 && c[0] is { HasRank: true, Rank: 0 }) throw c.Fail("an input with an axis", "a scalar");
        var expected = axis < 0 ? Shape.Scalar : c[0].HasRank ? new Shape(c[0][(int)axis]) : Shape.OfRank(1);
        for (var i = 1; i < 3; i++)
            if (!c[i].IsCompatibleWith(expected)) throw c.Fail($"limits of shape {expected}", c[i].ToString());
        var bits = c.Inputs.Length > 3 ? c.Known(3) is [var given] ? given : 8 : c.Get<long>("num_bits");
        var most = c.Get<bool>("signed_input") ? 62 : 63;
        if (bits < 1 || bits > most) throw c.Fail($"1 to {most} bits", $"{bits}");
        return [c[0]];
    }

    static readonly OpDefinition FakeQuantVarsOp = Define($"FakeQuantWithMinMaxVars(inputs: float32, min: float32, max: float32) -> (outputs: float32) {{ {Bits} }}", c =>
    {
        for (var i = 1; i < 3; i++)
            if (!c[i].IsCompatibleWith(Shape.Scalar)) throw c.Fail("limits as scalars", c[i].ToString());
        return [c[0]];
    }, differentiable: false, checksFirst: true);

    static readonly OpDefinition FakeQuantChannelsOp = Define($"FakeQuantWithMinMaxVarsPerChannel(inputs: float32, min: float32, max: float32) -> (outputs: float32) {{ {Bits} }}", c =>
    {
        var channels = c[0] is { HasRank: true } x ? x.Rank > 0 ? x[^1] : throw c.Fail("inputs with channels", "a scalar") : -1;
        for (var i = 1; i < 3; i++)
            if (!c[i].IsCompatibleWith(new Shape(channels))) throw c.Fail($"limits of {channels} channels", c[i].ToString());
        return [c[0]];
    }, differentiable: false, checksFirst: true);
}
