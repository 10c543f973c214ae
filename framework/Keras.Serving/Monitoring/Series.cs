using System.Globalization;
using System.Text;

namespace Keras.Serving;

/// <summary>A metric, a number or a histogram, with its labels.</summary>
sealed class Series(string name, string labels, string kind, double[] bounds)
{
    /// <summary>The bounds of time buckets: 33, starting at 10, each 1.8 times the last.</summary>
    public static readonly double[] MicrosecondBounds = [.. Enumerable.Range(0, 33).Select(i => 10 * Math.Pow(1.8, i))];

    /// <summary>The bounds of size buckets: powers of two.</summary>
    public static readonly double[] SizeBounds = [.. Enumerable.Range(0, 13).Select(i => Math.Pow(2, i))];

    readonly long[] _counts = new long[bounds.Length + 1];
    double _sum;

    public string Name { get; } = name;

    public string Labels { get; } = labels;

    /// <summary>"counter", "gauge" or "histogram".</summary>
    public string Kind { get; } = kind;

    public void Add(long count) => Interlocked.Add(ref _counts[0], count);

    public void Set(long value) => Interlocked.Exchange(ref _counts[0], value);

    public void Observe(double value)
    {
        var at = Array.BinarySearch(bounds, value);
        Interlocked.Increment(ref _counts[at < 0 ? ~at : at]);
        for (var sum = Volatile.Read(ref _sum); ;)
        {
            var seen = Interlocked.CompareExchange(ref _sum, sum + value, sum);
            if (seen.Equals(sum)) return;
            sum = seen;
        }
    }

    /// <summary>Writes the metric in Prometheus' text format.</summary>
    public void Write(StringBuilder text)
    {
        if (bounds.Length == 0)
        {
            Line(text, "", "", Volatile.Read(ref _counts[0]));
            return;
        }
        var count = 0L;
        for (var i = 0; i <= bounds.Length; i++)
        {
            count += Volatile.Read(ref _counts[i]);
            Line(text, "_bucket", $",le=\"{(i < bounds.Length ? bounds[i].ToString("G6", CultureInfo.InvariantCulture) : "+Inf")}\"", count);
        }
        Line(text, "_sum", "", Volatile.Read(ref _sum));
        Line(text, "_count", "", count);
    }

    void Line(StringBuilder text, string suffix, string more, double value) =>
        text.Append(Name).Append(suffix).Append('{').Append(Labels).Append(more).Append("} ").Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
}
