using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Each optimizer step against its formula, for three steps, in every mode.</summary>
sealed class OptimizerOpTests(string engine) : EngineFixture(engine)
{
    const double Rate = 0.1, Epsilon = 1e-3;

    /// <summary>One element: variable and slots, and how a step changes them.</summary>
    public sealed record Rule(string Name, int Slots, Action<Tensor[], Tensor, int> Apply, Func<double[], double, int, double[]> Formula, double FirstSlot = 0)
    {
        public override string ToString() => Name;
    }

    static Tensor S(double value) => Tf.Constant(value, DType.Float64);

    static readonly Rule[] Rules =
    [
        new("gradient descent", 0, (v, g, _) => Tf.ApplyGradientDescent(v[0], S(Rate), g), (s, g, _) => [s[0] - (Rate * g)]),
        new("momentum", 1, (v, g, _) => Tf.ApplyMomentum(v[0], v[1], S(Rate), g, S(0.9)), (s, g, _) => (0.9 * s[1]) + g is var a ? [s[0] - (Rate * a), a] : []),
        new("momentum, nesterov", 1, (v, g, _) => Tf.ApplyMomentum(v[0], v[1], S(Rate), g, S(0.9), use_nesterov: true), (s, g, _) =>
            (0.9 * s[1]) + g is var a ? [s[0] - (Rate * (g + (0.9 * a))), a] : []),
        new("keras momentum", 1, (v, g, _) => Tf.ApplyKerasMomentum(v[0], v[1], S(Rate), g, S(0.9)), (s, g, _) => (0.9 * s[1]) - (Rate * g) is var a
            ? [s[0] + a, a] : []),
        new("keras momentum, nesterov", 1, (v, g, _) => Tf.ApplyKerasMomentum(v[0], v[1], S(Rate), g, S(0.9), use_nesterov: true), (s, g, _) =>
            (0.9 * s[1]) - (Rate * g) is var a ? [s[0] + (0.9 * a) - (Rate * g), a] : []),
        new("adam", 2, (v, g, t) => Tf.ApplyAdam(v[0], v[1], v[2], S(Math.Pow(0.9, t)), S(Math.Pow(0.99, t)), S(Rate), S(0.9), S(0.99), S(Epsilon), g),
            (s, g, t) => Adam(s, g, t, nesterov: false)),
        new("adam, nesterov", 2, (v, g, t) => Tf.ApplyAdam(v[0], v[1], v[2], S(Math.Pow(0.9, t)), S(Math.Pow(0.99, t)), S(Rate), S(0.9), S(0.99),
            S(Epsilon), g, use_nesterov: true), (s, g, t) => Adam(s, g, t, nesterov: true)),
        new("amsgrad", 3, (v, g, t) => Tf.ApplyAmsgrad(v[0], v[1], v[2], v[3], S(Math.Pow(0.9, t)), S(Math.Pow(0.99, t)), S(Rate), S(0.9), S(0.99),
            S(Epsilon), g), (s, g, t) =>
        {
            var (m, v) = ((0.9 * s[1]) + (0.1 * g), (0.99 * s[2]) + (0.01 * g * g));
            var greatest = Math.Max(s[3], v);
            return [s[0] - (Rate * Math.Sqrt(1 - Math.Pow(0.99, t)) / (1 - Math.Pow(0.9, t)) * m / (Math.Sqrt(greatest) + Epsilon)), m, v, greatest];
        }),
        new("adamax", 2, (v, g, t) => Tf.ApplyAdaMax(v[0], v[1], v[2], S(Math.Pow(0.9, t)), S(Rate), S(0.9), S(0.99), S(Epsilon), g), (s, g, t) =>
        {
            var (m, v) = ((0.9 * s[1]) + (0.1 * g), Math.Max(0.99 * s[2], Math.Abs(g)));
            return [s[0] - (Rate / (1 - Math.Pow(0.9, t)) * m / (v + Epsilon)), m, v];
        }),
        new("rmsprop", 2, (v, g, _) => Tf.ApplyRmsProp(v[0], v[1], v[2], S(Rate), S(0.9), S(0.8), S(Epsilon), g), (s, g, _) =>
        {
            var square = (0.9 * s[1]) + (0.1 * g * g);
            var moment = (0.8 * s[2]) + (Rate * g / Math.Sqrt(square + Epsilon));
            return [s[0] - moment, square, moment];
        }),
        new("centered rmsprop", 3, (v, g, _) => Tf.ApplyCenteredRmsProp(v[0], v[1], v[2], v[3], S(Rate), S(0.9), S(0.8), S(Epsilon), g), (s, g, _) =>
        {
            var (mean, square) = ((0.9 * s[1]) + (0.1 * g), (0.9 * s[2]) + (0.1 * g * g));
            var moment = (0.8 * s[3]) + (Rate * g / Math.Sqrt(square - (mean * mean) + Epsilon));
            return [s[0] - moment, mean, square, moment];
        }),
        new("adagrad", 1, (v, g, _) => Tf.ApplyAdagrad(v[0], v[1], S(Rate), S(Epsilon), g), (s, g, _) => s[1] + (g * g) is var a
            ? [s[0] - (Rate * g / (Math.Sqrt(a) + Epsilon)), a] : []),
        new("adadelta", 2, (v, g, _) => Tf.ApplyAdadelta(v[0], v[1], v[2], S(Rate), S(0.9), S(Epsilon), g), (s, g, _) =>
        {
            var square = (0.9 * s[1]) + (0.1 * g * g);
            var update = Math.Sqrt(s[2] + Epsilon) / Math.Sqrt(square + Epsilon) * g;
            return [s[0] - (Rate * update), square, (0.9 * s[2]) + (0.1 * update * update)];
        }),
        new("ftrl", 2, (v, g, _) => Tf.ApplyFtrl(v[0], v[1], v[2], g, S(Rate), S(0.01), S(0.02), S(0.03), S(-0.5)), (s, g, _) =>
        {
            // McMahan et al., with shrinkage added to the gradient of the linear term.
            var (shrunk, accumulated) = (g + (2 * 0.03 * s[0]), s[1] + (g * g));
            var linear = s[2] + shrunk - ((Math.Sqrt(accumulated) - Math.Sqrt(s[1])) / Rate * s[0]);
            var quadratic = (Math.Sqrt(accumulated) / Rate) + (2 * 0.02);
            return [Math.Abs(linear) > 0.01 ? ((Math.Sign(linear) * 0.01) - linear) / quadratic : 0, accumulated, linear];
        }, FirstSlot: 0.1),
    ];

    static double[] Adam(double[] s, double g, int t, bool nesterov)
    {
        var (m, v) = ((0.9 * s[1]) + (0.1 * g), (0.99 * s[2]) + (0.01 * g * g));
        var rate = Rate * Math.Sqrt(1 - Math.Pow(0.99, t)) / (1 - Math.Pow(0.9, t));
        return [s[0] - (rate * (nesterov ? (0.9 * m) + (0.1 * g) : m) / (Math.Sqrt(v) + Epsilon)), m, v];
    }

    [Test]
    public void FollowsItsFormula([ValueSource(nameof(Rules))] Rule rule, [Values] Mode mode)
    {
        if (mode == Mode.Xla && rule.Name == "amsgrad") Assert.Ignore("XLA has no kernel for it.");
        double[] start = [1, -2, 0.5];
        Variable[] variables = [new(Doubles(start)), .. Enumerable.Range(0,
            rule.Slots).Select(i => new Variable(Doubles([.. start.Select(_ => i == 0 ? rule.FirstSlot : 0)])))];
        var expected = start.Select(x => new[] { x }.Concat(Enumerable.Range(0, rule.Slots).Select(i => i == 0 ? rule.FirstSlot : 0)).ToArray()).ToArray();
        for (var t = 1; t <= 3; t++)
        {
            double[] gradient = [0.3 * t, -1.5, 0.2 - (0.3 * t)];
            Run(mode, x =>
            {
                rule.Apply([.. variables.Select(v => (Tensor)v.Handle)], x[0], t);
                return [];
            }, Doubles(gradient));
            for (var e = 0; e < start.Length; e++) expected[e] = rule.Formula(expected[e], gradient[e], t);
            for (var s = 0; s < variables.Length; s++) AssertClose(variables[s].value, [.. expected.Select(e => e[s])], 1e-9, $"step {t}, {(s == 0 ? "variable" : $"slot {s}")}");
        }
    }
}
