using System.Numerics;

namespace Keras.Engines.Torch;

/// <summary>Optimizer steps, each in one pass over its variables, from a formula for one vector.</summary>
static unsafe class Updates
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["ResourceApplyGradientDescent"] = c => Run<GradientDescent>(c, 1, [1], 2),
        ["ResourceApplyAdam"] = c => Run<Adam>(c, 3, [3, 4, 5, 6, 7, 8], 9),
        ["ResourceApplyAdamWithAmsgrad"] = c => Run<Amsgrad>(c, 4, [4, 5, 6, 7, 8, 9], 10),
        ["ResourceApplyAdaMax"] = c => Run<AdaMax>(c, 3, [3, 4, 5, 6, 7], 8),
        ["ResourceApplyMomentum"] = c => Run<Momentum>(c, 2, [2, 4], 3),
        ["ResourceApplyKerasMomentum"] = c => Run<KerasMomentum>(c, 2, [2, 4], 3),
        ["ResourceApplyRMSProp"] = c => Run<RmsProp>(c, 3, [3, 4, 5, 6], 7),
        ["ResourceApplyCenteredRMSProp"] = c => Run<CenteredRmsProp>(c, 4, [4, 5, 6, 7], 8),
        ["ResourceApplyAdagradV2"] = c => Run<Adagrad>(c, 2, [2, 3], 4),
        ["ResourceApplyAdadelta"] = c => Run<Adadelta>(c, 3, [3, 4, 5], 6),
        ["ResourceApplyFtrlV2"] = c => Run<Ftrl>(c, 3, [4, 5, 6, 7, 8], 3),
    };

    /// <summary>A step for one vector of each variable; <c>s</c> are the scalars, <c>flag</c> is use_nesterov or the like.</summary>
    interface IStep
    {
        /// <summary>Computes the scalars that the formula needs from those given.</summary>
        static virtual double[] Prepare(double[] s) => s;

        static abstract void Of<T>(Vector<T>* v, Vector<T> g, Vector<T>[] s, bool flag) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
    }

    static void Run<TStep>(KernelCall c, int variables, int[] scalars, int gradient) where TStep : struct, IStep
    {
        var all = Array.ConvertAll(c.Inputs[..variables], v => (TorchVariable)v);
        var g = c.Tensor(gradient);
        var flag = c.Attributes.TryGet("use_nesterov", out var nesterov) ? (bool)nesterov
            : c.Op.Attribute("update_slots") is not null ? c.Flag("update_slots") : c.Op.Attribute("multiply_linear_by_lr") is not null && c.Flag("multiply_linear_by_lr");
        TorchVariable.Update(all, values =>
        {
            if (Array.Find(values, v => v.Shape != g.Shape || v.DType != g.DType) is { } other)
                throw c.Fail($"variables of {g.DType} {g.Shape}, as the gradient", $"{other.DType} {other.Shape}", "A gradient does not fit its variables");
            if (g.DType == DType.Float32) Step<TStep, float>(values, g, Array.ConvertAll(scalars, c.Number), flag);
            else if (g.DType == DType.Float64) Step<TStep, double>(values, g, Array.ConvertAll(scalars, c.Number), flag);
            else InFloat32<TStep>(c, values, g, Array.ConvertAll(scalars, c.Number), flag);
        });
    }

    static void InFloat32<TStep>(KernelCall c, TorchTensor[] values, TorchTensor g, double[] scalars, bool flag) where TStep : struct, IStep
    {
        if (!g.DType.IsFloating) throw c.NotFor(g.DType);
        TorchTensor Wide(TorchTensor t)
        {
            var wide = TorchTensor.Allocate(DType.Float32, t.Shape);
            Elementwise.Map(t, wide, Casts.Between(t.DType, DType.Float32));
            return wide;
        }
        using var gradient = Wide(g);
        var own = Array.ConvertAll(values, Wide);
        Step<TStep, float>(own, gradient, scalars, flag);
        for (var i = 0; i < own.Length; i++)
        {
            Elementwise.Map(own[i], values[i], Casts.Between(DType.Float32, g.DType));
            own[i].Dispose();
        }
    }

    const int MaxVariables = 4;

    static void Step<TStep, T>(TorchTensor[] values, TorchTensor g, double[] scalars, bool flag) where TStep : struct, IStep where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var prepared = Array.ConvertAll(TStep.Prepare(scalars), s => new Vector<T>(T.CreateTruncating(s)));
        var addresses = Array.ConvertAll(values, v => (nint)v.Data);
        var pg = (T*)g.Data;
        Workers.Run(g.Count, (1 + (2 * values.Length)) * sizeof(T), (begin, end) =>
        {
            var v = stackalloc Vector<T>[MaxVariables];
            var (i, width) = (begin, Vector<T>.Count);
            for (; i <= end - width; i += width)
            {
                for (var k = 0; k < addresses.Length; k++) v[k] = *(Vector<T>*)((T*)addresses[k] + i);
                TStep.Of(v, *(Vector<T>*)(pg + i), prepared, flag);
                for (var k = 0; k < addresses.Length; k++) *(Vector<T>*)((T*)addresses[k] + i) = v[k];
            }
            for (; i < end; i++)
            {
                for (var k = 0; k < addresses.Length; k++) v[k] = new(((T*)addresses[k])[i]);
                TStep.Of(v, new Vector<T>(pg[i]), prepared, flag);
                for (var k = 0; k < addresses.Length; k++) ((T*)addresses[k])[i] = v[k][0];
            }
        });
    }

    struct GradientDescent : IStep
    {
        public static void Of<T>(Vector<T>* v, Vector<T> g, Vector<T>[] s, bool flag) where T : unmanaged, IBinaryFloatingPointIeee754<T> => v[0] -= g * s[0];
    }

    /// <summary>Converts beta1_power, beta2_power, lr, beta1, beta2, epsilon to alpha, beta1, 1 - beta1, 1 - beta2, epsilon.</summary>
    static double[] AdamScalars(double[] s) => [s[2] * Math.Sqrt(1 - s[1]) / (1 - s[0]), s[3], 1 - s[3], 1 - s[4], s[5]];

    struct Adam : IStep
    {
        public static double[] Prepare(double[] s) => AdamScalars(s);

        public static void Of<T>(Vector<T>* v, Vector<T> g, Vector<T>[] s, bool flag) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            v[1] += (g - v[1]) * s[2];
            v[2] += ((g * g) - v[2]) * s[3];
            var m = flag ? (g * s[2]) + (v[1] * s[1]) : v[1];
            v[0] -= m * s[0] / (Vector.SquareRoot(v[2]) + s[4]);
        }
    }

    struct Amsgrad : IStep
    {
        public static double[] Prepare(double[] s) => AdamScalars(s);

        public static void Of<T>(Vector<T>* v, Vector<T> g, Vector<T>[] s, bool flag) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            v[1] += (g - v[1]) * s[2];
            v[2] += ((g * g) - v[2]) * s[3];
            v[3] = Vector.Max(v[3], v[2]);
            v[0] -= v[1] * s[0] / (Vector.SquareRoot(v[3]) + s[4]);
        }
    }

    /// <summary>Scalars: beta1_power, lr, beta1, beta2, epsilon.</summary>
    struct AdaMax : IStep
    {
        public static double[] Prepare(double[] s) => [s[1] / (1 - s[0]), 1 - s[2], s[3], s[4]];

        public static void Of<T>(Vector<T>* v, Vector<T> g, Vector<T>[] s, bool flag) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            v[1] += (g - v[1]) * s[1];
            v[2] = Vector.Max(v[2] * s[2], Vector.Abs(g));
            v[0] -= s[0] * (v[1] / (v[2] + s[3]));
        }
    }

    /// <summary>Scalars: lr, momentum.</summary>
    struct Momentum : IStep
    {
        public static void Of<T>(Vector<T>* v, Vector<T> g, Vector<T>[] s, bool flag) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            v[1] = (v[1] * s[1]) + g;
            v[0] -= flag ? (g * s[0]) + (v[1] * s[1] * s[0]) : v[1] * s[0];
        }
    }

    /// <summary>Scalars: lr, momentum.</summary>
    struct KerasMomentum : IStep
    {
        public static void Of<T>(Vector<T>* v, Vector<T> g, Vector<T>[] s, bool flag) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            v[1] = (v[1] * s[1]) - (g * s[0]);
            v[0] += flag ? (v[1] * s[1]) - (g * s[0]) : v[1];
        }
    }

    /// <summary>Scalars: lr, rho, momentum, epsilon.</summary>
    struct RmsProp : IStep
    {
        public static double[] Prepare(double[] s) => [s[0], 1 - s[1], s[2], s[3]];

        public static void Of<T>(Vector<T>* v, Vector<T> g, Vector<T>[] s, bool flag) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            v[1] += ((g * g) - v[1]) * s[1];
            v[2] = (v[2] * s[2]) + (g * s[0] / Vector.SquareRoot(v[1] + s[3]));
            v[0] -= v[2];
        }
    }

    /// <summary>Variables: var, mg, ms, mom; scalars: lr, rho, momentum, epsilon.</summary>
    struct CenteredRmsProp : IStep
    {
        public static double[] Prepare(double[] s) => [s[0], 1 - s[1], s[2], s[3]];

        public static void Of<T>(Vector<T>* v, Vector<T> g, Vector<T>[] s, bool flag) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            v[2] += ((g * g) - v[2]) * s[1];
            v[1] += (g - v[1]) * s[1];
            v[3] = (v[3] * s[2]) + (g * s[0] / Vector.SquareRoot(v[2] - (v[1] * v[1]) + s[3]));
            v[0] -= v[3];
        }
    }

    /// <summary>Scalars: lr, epsilon; the flag is update_slots.</summary>
    struct Adagrad : IStep
    {
        public static void Of<T>(Vector<T>* v, Vector<T> g, Vector<T>[] s, bool flag) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            if (flag) v[1] += g * g;
            v[0] -= g * s[0] / (Vector.SquareRoot(v[1]) + s[1]);
        }
    }

    /// <summary>Scalars: lr, rho, epsilon.</summary>
    struct Adadelta : IStep
    {
        public static double[] Prepare(double[] s) => [s[0], s[1], 1 - s[1], s[2]];

        public static void Of<T>(Vector<T>* v, Vector<T> g, Vector<T>[] s, bool flag) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            v[1] = (v[1] * s[1]) + (g * g * s[2]);
            var update = Vector.SquareRoot(v[2] + s[3]) / Vector.SquareRoot(v[1] + s[3]) * g;
            v[2] = (v[2] * s[1]) + (update * update * s[2]);
            v[0] -= update * s[0];
        }
    }

    /// <summary>Variables: var, accum, linear; scalars: lr, l1, l2, l2_shrinkage, lr_power.</summary>
    struct Ftrl : IStep
    {
        public static void Of<T>(Vector<T>* v, Vector<T> g, Vector<T>[] s, bool flag) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var (rate, l1, l2, shrinkage, power) = (s[0], s[1], s[2], s[3], -s[4][0]);
            Vector<T> Power(Vector<T> x)
            {
                if (power == T.CreateTruncating(0.5)) return Vector.SquareRoot(x);
                var result = x;
                for (var i = 0; i < Vector<T>.Count; i++) result = result.WithElement(i, T.Pow(x[i], power));
                return result;
            }
            var two = Vector<T>.One + Vector<T>.One;
            var shrunk = g + (two * shrinkage * v[0]);
            var accumulated = v[1] + (g * g);
            var sigma = (Power(accumulated) - Power(v[1])) / rate;
            v[2] += flag ? (shrunk * rate) - (sigma * rate * v[0]) : shrunk - (sigma * v[0]);
            var limit = flag ? l1 * rate : l1;
            var quadratic = flag ? Power(accumulated) + (two * l2 * rate) : (Power(accumulated) / rate) + (two * l2);
            var clipped = Vector.Min(Vector.Max(v[2], -limit), limit) - v[2];
            v[0] = Vector.ConditionalSelect(Vector.GreaterThan(Vector.Abs(v[2]), limit), clipped / quadratic, Vector<T>.Zero);
            v[1] = accumulated;
        }
    }
}
