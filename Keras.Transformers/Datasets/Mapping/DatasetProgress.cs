using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Keras.Transformers;

/// <summary>Shows progress over rows on standard error, as <c>datasets</c> does: one changing line, or, if redirected, one line at the end.</summary>
sealed class DatasetProgress : IDisposable
{
    const int Width = 20;
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Silent = TimeSpan.FromSeconds(2);

    readonly long? _total;
    readonly string _unit;
    readonly TextWriter _output;
    readonly bool _showsBar;
    readonly long _start = Stopwatch.GetTimestamp();
    long _last = Stopwatch.GetTimestamp();
    long _done;
    bool _printed;

    public DatasetProgress(string what, long? total, string unit = "examples", TextWriter? output = null, bool? showsBar = null)
    {
        (What, _total, _unit, _output) = (what, total, unit, output ?? Console.Error);
        _showsBar = showsBar ?? !Console.IsErrorRedirected;
    }

    /// <summary>What is being done, for display.</summary>
    public string What { get; set; }

    /// <summary>Whether progress is shown at all; see <see cref="Datasets.disable_progress_bars"/>.</summary>
    public static bool Enabled { get; set; } = true;

    public void Add(int rows)
    {
        _done += rows;
        if (!Enabled || !_showsBar || Stopwatch.GetElapsedTime(_last) < Interval) return;
        _last = Stopwatch.GetTimestamp();
        Print('\r', "");
    }

    /// <summary>Ends the progress; short operations are not reported in a log.</summary>
    public void Dispose()
    {
        if (!Enabled || (!_printed && !_showsBar && Stopwatch.GetElapsedTime(_start) < Silent)) return;
        Print(_showsBar ? '\r' : null, Environment.NewLine);
        _output.Flush();
    }

    void Print(char? before, string after)
    {
        _printed = true;
        var seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        var rate = seconds > 0 ? _done / seconds : 0;
        var line = new StringBuilder().Append(before).Append(What).Append(": ");
        if (_total is { } total)
        {
            var share = total == 0 ? 1 : Math.Min(1, (double)_done / total);
            var full = (int)(Width * share);
            line.Append(CultureInfo.InvariantCulture, $"{100 * share,3:F0}%|").Append('█', full).Append(' ', Width - full)
                .Append(CultureInfo.InvariantCulture, $"| {_done}/{total} [{Time(seconds)}<{Time(rate > 0 ? (total - _done) / rate : 0)}, ");
        }
        else
        {
            line.Append(CultureInfo.InvariantCulture, $"{_done} {_unit} [{Time(seconds)}, ");
        }
        _output.Write(line.Append(CultureInfo.InvariantCulture, $"{rate:F2} {_unit}/s]").Append(after));
    }

    static string Time(double seconds) => seconds < 3600
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 60:00}:{(int)seconds % 60:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{(long)seconds / 3600}:{(long)seconds / 60 % 60:00}:{(long)seconds % 60:00}");
}
