namespace Keras.Tests.Accuracy;

/// <summary>Arguments by the hundred thousand.</summary>
static class Samples
{
    const int Count = 100_000;

    static readonly double[] Special =
    [
        0, 1, 2, 3, 0.5, 1.5, 2.5, 6, 10, 0.1, 100, 1e-3, 1e-5, 1e-8, 1e-20, 1e-38, 1e-40, 1e-45, 1e5, 1e10, 1e20, 1e38, 3.4028234663852886e38, 88, 88.7228, 103.9, 709.78, 745.2,
        1e-300, 5e-324, 1e300, double.MaxValue, Math.PI, Math.PI / 2, double.PositiveInfinity, 65504, 65520, 1.1754943508222875e-38, 2.2250738585072014e-308,
    ];

    /// <summary>Arguments of a row in a format; the second array is empty for functions of one.</summary>
    public static (double[] X, double[] Y) Of(AccuracyRow row, FloatFormat format)
    {
        var random = new Random(StableHash(row.Name) + format.Digits);
        var (x, y) = row.Arguments == 1 ? (Singles(row, format, random), []) : Pairs(row, format, random);
        for (var i = 0; i < x.Length; i++) x[i] = format.Round(x[i]);
        for (var i = 0; i < y.Length; i++) y[i] = format.Round(y[i]);
        if (!row.IsBounded && double.IsInfinity(row.Largest)) return (x, y);
        var first = row.IsBounded ? (row.Low, row.High) : (Low: -row.Largest, High: row.Largest);
        var second = row.Second ?? first;
        var kept = Enumerable.Range(0, x.Length).Where(i => x[i] >= first.Low && x[i] <= first.High && (y.Length == 0 || (y[i] >= second.Low && y[i] <= second.High))).ToArray();
        return ([.. kept.Select(i => x[i])], y.Length == 0 ? y : [.. kept.Select(i => y[i])]);
    }

    static int StableHash(string text) => text.Aggregate(17, (hash, c) => unchecked((hash * 31) + c)) & 0xffffff;

    static double[] Singles(AccuracyRow row, FloatFormat format, Random random)
    {
        // Of 16 bits there are no more numbers than these.
        if (format.DType.Size == 2) return [.. Enumerable.Range(0, 65536).Select(i => format.FromBits((ulong)i))];
        var values = new List<double>(Count + 10_000);
        foreach (var s in Special) values.AddRange([s, -s]);
        values.Add(double.NaN);
        foreach (var place in row.Places.Append(0).Append(row.Low).Append(row.High)) values.AddRange(Near(place, format));
        for (var i = 0; i < Count / 4; i++) values.Add(format.FromBits((ulong)random.NextInt64(long.MinValue, long.MaxValue)));
        // Small and large of all sizes, but fewer of the extremes.
        for (var i = 0; i < Count / 4; i++) values.Add((random.Next(2) == 0 ? 1 : -1) * Math.Pow(2, -30 + (40 * random.NextDouble())));
        while (values.Count < Count) values.Add(row.Low + ((row.High - row.Low) * random.NextDouble()));
        return [.. values];
    }

    static IEnumerable<double> Near(double place, FloatFormat format)
    {
        var (up, down) = (format.Round(place), format.Round(place));
        var unit = Math.ScaleB(1, place == 0 ? format.Least - format.Digits : Math.Max(Math.ILogB(place), format.Least) - format.Digits);
        for (var i = 0; i < 200; i++)
        {
            yield return up += unit;
            yield return down -= unit;
        }
        for (var k = 0.0; k < format.Digits + 4; k += 0.25)
        {
            yield return place + Math.Pow(2, -k);
            yield return place - Math.Pow(2, -k);
        }
    }

    static (double[] X, double[] Y) Pairs(AccuracyRow row, FloatFormat format, Random random)
    {
        var (low, high) = row.Second ?? (row.Low, row.High);
        var (x, y) = (new List<double>(Count + 10_000), new List<double>(Count + 10_000));
        double[] special = [.. Special.Concat(row.Places).SelectMany(s => new[] { s, -s }), double.NaN];
        foreach (var a in special)
            foreach (var b in special) Add(a, b);
        double Bits() => format.FromBits((ulong)random.NextInt64(long.MinValue, long.MaxValue));
        double Sized() => (random.Next(2) == 0 ? 1 : -1) * Math.Pow(2, -30 + (40 * random.NextDouble()));
        double First() => row.Low + ((row.High - row.Low) * random.NextDouble()) is var first && row.IsWhole ? Math.Round(first) : first;
        double Second() => low + ((high - low) * random.NextDouble());
        while (x.Count < Count)
        {
            var kind = random.Next(16);
            if (kind == 0) Add(Bits(), Bits());
            else if (kind < 4) Add(Sized(), Sized());
            else if (kind < 6) Add(First(), Sized());
            else if (kind < 8) Add(Sized(), Second());
            else if (kind == 8) { var v = First(); Add(v, v * (1 + Math.ScaleB(random.Next(-8, 9), -format.Digits))); }
            else Add(First(), Second());
        }
        return ([.. x], [.. y]);

        void Add(double a, double b)
        {
            x.Add(a);
            y.Add(b);
        }
    }
}
