namespace Keras.Graphs;

/// <summary>Running sums and products along an axis.</summary>
static partial class Tf
{
    static OpDefinition Cumulative(string name, GradientFunction gradient) => Define(
        $"{name}(x: T, axis: Tidx) -> (out: T) {{ exclusive: bool = false, reverse: bool = false }}", c =>
        {
            if (c[0].HasRank && c.Known(1) is [var axis]) ShapeRules.Axis(c, axis, c[0].Rank);
            return [c[0]];
        }, gradient);

    static readonly OpDefinition CumsumOp = Cumulative("Cumsum", c => [AccumulatedBack(c, c.Gradient), null]);

    /// <summary>Running products; as in TensorFlow, the derivative with respect to an element that is 0 is 0.</summary>
    static readonly OpDefinition CumprodOp = Cumulative("Cumprod", c => [DivNoNan(AccumulatedBack(c, c.Gradient * c.Outputs[0]), c.Inputs[0]), null]);

    /// <summary>The running sum in the other direction.</summary>
    static Tensor AccumulatedBack(GradientContext c, Tensor x) =>
        Run(CumsumOp, [x, c.Inputs[1]], ("exclusive", c.Get<bool>("exclusive")), ("reverse", !c.Get<bool>("reverse")));

    public static Tensor Cumsum(Tensor x, int axis, bool exclusive = false, bool reverse = false) =>
        Run(CumsumOp, [x, Int32Scalar(axis)], ("exclusive", exclusive), ("reverse", reverse));

    public static Tensor Cumprod(Tensor x, int axis, bool exclusive = false, bool reverse = false) =>
        Run(CumprodOp, [x, Int32Scalar(axis)], ("exclusive", exclusive), ("reverse", reverse));
}
