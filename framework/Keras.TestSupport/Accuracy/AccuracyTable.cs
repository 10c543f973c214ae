using System.Collections.Concurrent;
using System.Text;

namespace Keras.Tests.Accuracy;

/// <summary>The greatest error of each function of a list, in one format on one engine, and where it is.</summary>
/// <param name="format">The format.</param>
/// <param name="flushes">Whether the engine takes subnormal numbers for 0, as TensorFlow does.</param>
sealed class AccuracyTable(FloatFormat format, bool flushes)
{
    static readonly ConcurrentDictionary<(string, AccuracyRow, FloatFormat), (double[] X, double[] Y, double[] Expected)> Known = new();

    readonly StringBuilder _text = new();
    readonly List<string> _failures = [];

    /// <summary>What was wrong, one function a line.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Computes the references of a list of rows on all cores; another engine finds them here again.</summary>
    public static void Prepare(IEnumerable<AccuracyRow> rows, FloatFormat format) => Parallel.ForEach(rows, row => Case(row, format));

    static (double[] X, double[] Y, double[] Expected) Case(AccuracyRow row, FloatFormat format) => Known.GetOrAdd((row.Name, row, format), key =>
    {
        var (x, y) = Samples.Of(row, format);
        var expected = new double[x.Length];
        for (var i = 0; i < x.Length; i++) expected[i] = row.Expected(format, x[i], y.Length == 0 ? double.NaN : y[i]);
        return (x, y, expected);
    });

    /// <summary>Measures a row; the function is given tensors of the format.</summary>
    public void Measure(AccuracyRow row, Func<Tensor[], Tensor> function, bool isHeld)
    {
        var (x, y, expected) = Case(row, format);
        var inputs = y.Length == 0 ? new[] { TensorOf(x) } : [TensorOf(x), TensorOf(y)];
        var actual = function(inputs).RequireEager().ToHost().ToDouble();
        var allowed = format.DType == DType.Float32 ? Math.Max(row.Units, flushes ? row.OnTensorFlow : 0) : format.DType == DType.Float64 ? Math.Max(row.DoubleUnits, flushes ? row.OnTensorFlow : 0) : 1;
        var (worst, at, count) = (-1.0, 0, 0);
        for (var i = 0; i < x.Length; i++)
        {
            var error = ErrorAt(row, x[i], y.Length == 0 ? 1 : y[i], actual[i], expected[i]);
            if (error > allowed) count++;
            if (error > worst) (worst, at) = (error, i);
        }
        var place = y.Length == 0 ? $"{x[at]:R}" : $"({x[at]:R}, {y[at]:R})";
        var line = $"{row.Name,-22} {worst,12:G4} {allowed,6} {count,7}  at {place}: {actual[at]:R}, true {expected[at]:R}{(row.Reason == "" ? "" : $"  ({row.Reason})")}";
        _text.AppendLine(line);
        if (isHeld && count > 0) _failures.Add(line);
    }

    double ErrorAt(AccuracyRow row, double x, double y, double actual, double expected)
    {
        if (flushes && (IsSubnormal(x) || IsSubnormal(y))) return 0;
        if (flushes && Math.Abs(expected) < 2 * format.LeastNormal && Math.Abs(actual) < 2 * format.LeastNormal) return 0;
        if ((row.AnyZero || flushes) && actual == 0 && expected == 0) return 0;
        var absolute = format.DType == DType.Float64 ? Math.Max(row.DoubleAbsolute, Math.ScaleB(row.Absolute, -29)) : row.Absolute;
        if (absolute > 0 && Math.Abs(actual - expected) <= absolute * Math.Min(1, Math.Abs(row.Arguments == 1 ? x : y))) return 0;
        if (row.Subtracted is not null && Math.Abs(actual - expected) <= Math.ScaleB(Math.Max(1, flushes ? row.OnTensorFlow : 0) * Math.Abs(row.Subtracted(x, y)), -format.Digits)) return 0;
        if (row.IsProduct && Math.Abs(actual - expected) <= Math.Abs(x) * (flushes ? format.LeastNormal : Math.ScaleB(format.LeastNormal, -format.Digits))) return 0;
        return format.Error(actual, expected);
    }

    bool IsSubnormal(double value) => value != 0 && Math.Abs(value) < format.LeastNormal;

    Tensor TensorOf(double[] values) => Keras.Graphs.Tf.Constant(format.DType == DType.Float64 ? HostTensor.Vector<double>(values)
        : format.DType == DType.Float32 ? HostTensor.Vector<float>(Array.ConvertAll(values, v => (float)v))
        : format.DType == DType.Float16 ? HostTensor.Vector<System.Half>(Array.ConvertAll(values, v => (System.Half)v))
        : HostTensor.Vector<BFloat16>(Array.ConvertAll(values, v => (BFloat16)(float)v)));

    public override string ToString() => $"{"function",-22} {"worst",12} {"limit",6} {"beyond",7}  ({format.DType.Name}, units of the last place; what a row's reason allows counts as 0)\n{_text}";
}
