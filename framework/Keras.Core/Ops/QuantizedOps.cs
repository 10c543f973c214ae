namespace Keras.Graphs;

/// <summary>Floats rounded to the steps that whole numbers of few bits would leave.</summary>
static partial class Tf
{
    const string Bits = "num_bits: int = 8, narrow_range: bool = false";

    static readonly OpDefinition FakeQuantArgsOp = Define($"FakeQuantWithMinMaxArgs(inputs: float32) -> (outputs: float32) {{ min: float = -6, max: float = 6, {Bits} }}", c =>
    {
        if (c.Get<float>("min") >= c.Get<float>("max")) throw c.Fail($"a maximum above {c.Get<float>("min")}", $"{c.Get<float>("max")}");
        return [c[0]];
    }, differentiable: false, checksFirst: true);

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
