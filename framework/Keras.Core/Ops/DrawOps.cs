namespace Keras.Graphs;

/// <summary>Stateful random draws, which differ on each call, and shuffles: exported graphs hold them, layers here do not.</summary>
static partial class Tf
{
    const string Seeds = "seed: int = 0, seed2: int = 0";

    static readonly OpDefinition StatefulUniformOp = StatefulDraw($"RandomUniform(shape: T) -> (output: dtype) {{ {Seeds}, dtype: type }}");
    static readonly OpDefinition StatefulUniformIntOp = StatefulDraw($"RandomUniformInt(shape: T, minval: Tout, maxval: Tout) -> (output: Tout) {{ {Seeds} }}");
    static readonly OpDefinition StatefulNormalOp = StatefulDraw($"RandomStandardNormal(shape: T) -> (output: dtype) {{ {Seeds}, dtype: type }}");
    static readonly OpDefinition StatefulTruncatedNormalOp = StatefulDraw($"TruncatedNormal(shape: T) -> (output: dtype) {{ {Seeds}, dtype: type }}");

    static readonly OpDefinition StatefulMultinomialOp = Define($"Multinomial(logits: T, num_samples: int32) -> (output: output_dtype) {{ {Seeds}, output_dtype: type = int64 }}",
        c => c.Known(1) is [< 0 and var count] ? throw c.Fail("'num_samples' of at least 0", $"{count}") : [c.Ranked(0, 2, 2)[..1].Concat(Shape.OfSymbolic(c.Value(1)?.AsDimensions()[0] ?? -1))],
        differentiable: false, state: StateAccess.SideEffect);

    static readonly OpDefinition RandomShuffleOp = Define($"RandomShuffle(value: T) -> (output: T) {{ {Seeds} }}", ShapeRules.SameAsFirst, differentiable: false, state: StateAccess.SideEffect);

    static readonly OpDefinition StatelessShuffleOp = Define("StatelessShuffle(value: T, key: uint64, counter: uint64, alg: int32) -> (output: T)", c =>
    {
        ShapeRules.RequirePhilox(c, 1, 2);
        return [c[0]];
    }, differentiable: false);

    /// <summary>A tensor of unspecified content; here it is zeros.</summary>
    static readonly OpDefinition EmptyOp = Define("Empty(shape: int32) -> (output: dtype) { dtype: type, init: bool = false }", c => [ShapeRules.FromValue(c, 0)], differentiable: false);

    static OpDefinition StatefulDraw(string signature) => Define(signature, c => [ShapeRules.FromValue(c, 0)], differentiable: false, state: StateAccess.SideEffect);
}
