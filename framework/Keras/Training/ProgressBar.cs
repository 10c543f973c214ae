using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Keras.Callbacks;

/// <summary>Prints the progress of one epoch as Keras does.</summary>
/// <remarks>Source: keras/src/utils/progbar.py; values are the running results of the epoch, not averages of these.</remarks>
sealed class ProgressBar(TextWriter output, int? target, bool showsBar, int width = 20, double interval = 0.05, string unit = "step", bool isTerminal = true)
{
    readonly long _start = Stopwatch.GetTimestamp();
    long? _afterFirst;
    long _last;
    int _previousLength;

    /// <summary>Reprints the bar if the interval has passed.</summary>
    public void Update(int current, Logs logs)
    {
        if (_afterFirst is null && current >= 1) _afterFirst = Stopwatch.GetTimestamp();
        if (!showsBar || (_last != 0 && Stopwatch.GetElapsedTime(_last).TotalSeconds < interval)) return;
        _last = Stopwatch.GetTimestamp();
        Print(current, logs, finished: false);
    }

    /// <summary>Prints the last state and ends the line.</summary>
    public void Finish(int current, Logs logs)
    {
        if (showsBar) Print(current, logs, finished: true);
        else output.WriteLine($"{Count(current)} - {Seconds(Stopwatch.GetElapsedTime(_start).TotalSeconds)} - {PerStep(current)}{Figures(logs)}");
        output.Flush();
    }

    void Print(int current, Logs logs, bool finished)
    {
        var text = new StringBuilder(isTerminal ? "\r" : "\n");
        var hidden = 1;
        void Styled(string style, string part)
        {
            if (part.Length == 0) return;
            var before = text.Length;
            text.Append("\x1b[").Append(style).Append('m').Append(part).Append("\x1b[0m");
            hidden += text.Length - before - part.Length;
        }
        if (target is { } total)
        {
            Styled("1", Count(current));
            text.Append(' ');
            var done = (int)((long)width * current / Math.Max(total, 1));
            Styled("32", new('━', Math.Min(done, width)));
            Styled("37", new('━', Math.Max(width - done, 0)));
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"{current,7}/Unknown");
        }
        text.Append(' ');
        Styled("1", target is { } all && !finished ? Eta(StepSeconds(current) * (all - current)) : Seconds(Stopwatch.GetElapsedTime(_start).TotalSeconds));
        text.Append(' ').Append(PerStep(current)).Append(Figures(logs));
        var length = text.Length - hidden;
        text.Append(' ', Math.Max(_previousLength - length, 0));
        _previousLength = length;
        if (finished) text.AppendLine();
        output.Write(text);
        output.Flush();
    }

    string Count(int current) => target is { } total ? $"{current.ToString(CultureInfo.InvariantCulture).PadLeft(total.ToString(CultureInfo.InvariantCulture).Length)}/{total}" : $"{current}/{current}";

    static string Figures(Logs logs) => string.Concat(logs.Select(l => $" - {l.Key}: {PythonFloat.Short(l.Value)}"));

    /// <summary>The mean time of a step, without the first, which compiles.</summary>
    double StepSeconds(int current)
    {
        if (current == 0) return 0;
        return _afterFirst is { } first && current > 1
            ? Stopwatch.GetElapsedTime(first).TotalSeconds / (current - 1)
            : Stopwatch.GetElapsedTime(_start).TotalSeconds / current;
    }

    string PerStep(int current) => StepSeconds(current) switch
    {
        (0 or >= 1) and var s => FormattableString.Invariant($"{s:F0}s/{unit}"),
        >= 1e-3 and var s => FormattableString.Invariant($"{s * 1e3:F0}ms/{unit}"),
        var s => FormattableString.Invariant($"{s * 1e6:F0}us/{unit}"),
    };

    static string Seconds(double seconds) => FormattableString.Invariant($"{seconds:F0}s");

    static string Eta(double seconds) => (long)seconds switch
    {
        > 3600 and var s => FormattableString.Invariant($"{s / 3600}:{s % 3600 / 60:00}:{s % 60:00}"),
        > 60 and var s => FormattableString.Invariant($"{s / 60}:{s % 60:00}"),
        var s => FormattableString.Invariant($"{s}s"),
    };
}
