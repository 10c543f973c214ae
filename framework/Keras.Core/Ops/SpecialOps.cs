namespace Keras.Graphs;

/// <summary>Special functions that exported graphs hold and layers here do not.</summary>
static partial class Tf
{
    static readonly OpDefinition[] SpecialFunctions =
    [
        .. "BesselJ0 BesselJ1 BesselY0 BesselY1 BesselK0 BesselK1 BesselK0e BesselK1e Spence Dawsn Expint FresnelCos FresnelSin".Split(' ').Select(name => Unary(name, null)),
        Binary("Igamma", null, inputs: "a, x"), Binary("Igammac", null, inputs: "a, x"), Binary("Zeta", null, inputs: "x, q"),
    ];

    /// <summary>The regularised incomplete beta integral; arguments of one shape, or scalars.</summary>
    static readonly OpDefinition BetaincOp = Define("Betainc(a: T, b: T, x: T) -> (z: T)", c =>
    {
        var shape = Shape.Scalar;
        for (var i = 0; i < 3; i++)
        {
            if (!c[i].HasRank) return [Shape.Unknown];
            if (c[i].Rank == 0) continue;
            if (shape.Rank > 0 && !shape.IsCompatibleWith(c[i])) throw c.Fail($"arguments of shape {shape}, or scalars", c[i].ToString());
            shape = shape.Rank == 0 ? c[i] : shape.MergeWith(c[i]);
        }
        return [shape];
    }, differentiable: false);

    static readonly OpDefinition PopulationCountOp = Unary("PopulationCount", null, "uint8");

    static readonly OpDefinition CumulativeLogsumexpOp = Define("CumulativeLogsumexp(x: T, axis: Tidx) -> (out: T) { exclusive: bool = false, reverse: bool = false }", c =>
    {
        if (c[0].HasRank && c.Known(1) is [var axis]) ShapeRules.Axis(c, axis, c[0].Rank);
        return [c[0]];
    }, differentiable: false);
}
