namespace Keras.Utils;

/// <summary>A progress bar for a training loop of your own, as <c>fit</c> prints it.</summary>
/// <remarks>If the output is not a terminal, each state is a line. Source: keras/src/utils/progbar.py.</remarks>
public sealed class Progbar
{
    readonly Callbacks.ProgressBar _bar;
    readonly HashSet<string>? _stateful, _stateless;
    readonly List<string> _names = [];
    readonly Dictionary<string, (double Sum, double Count)> _values = [];
    int _seen;

    /// <summary>Makes a progress bar that prints to the console.</summary>
    /// <param name="target">The total number of steps, at least 0; null if unknown.</param>
    /// <param name="width">The width of the bar in characters, at least 0; default 20.</param>
    /// <param name="verbose">0: silent, 1 (default): a bar, 2: one line at the end.</param>
    /// <param name="interval">The minimum time between two updates, in seconds, at least 0; default 0.05.</param>
    /// <param name="stateful_metrics">The values that are shown as they are; the others are averaged over the steps. Default none.</param>
    /// <param name="stateless_metrics">Instead of <paramref name="stateful_metrics"/>, the values to average; others are shown as they are.</param>
    /// <param name="unit_name">The word for a step; default "step".</param>
    /// <exception cref="ArgumentException">Both lists of metrics are given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Progbar(int? target, int width = 20, int verbose = 1, double interval = 0.05, IEnumerable<string>? stateful_metrics = null, IEnumerable<string>? stateless_metrics = null, string unit_name = "step")
        : this(Console.Out, !Console.IsOutputRedirected, target, width, verbose, interval, stateful_metrics, stateless_metrics, unit_name) { }

    /// <summary>A bar that prints to a writer.</summary>
    internal Progbar(TextWriter output, bool isTerminal, int? target, int width = 20, int verbose = 1, double interval = 0.05, IEnumerable<string>? stateful_metrics = null, IEnumerable<string>? stateless_metrics = null, string unit_name = "step")
    {
        if (target is { } steps) Require.Count(0, steps, nameof(target));
        Require.Count(0, width);
        Require.AtLeast(0, interval);
        ArgumentNullException.ThrowIfNull(unit_name);
        if (verbose is not (0 or 1 or 2)) throw new ArgumentOutOfRangeException(nameof(verbose), verbose, "verbose is out of range. Expected: 0 (silent), 1 (a bar) or 2 (a line at the end).");
        if (stateful_metrics is not null && stateless_metrics is not null) throw new ArgumentException("Only one of stateful_metrics and stateless_metrics can be given.");
        (this.target, this.width, this.verbose, this.interval, this.unit_name) = (target, width, verbose, interval, unit_name);
        _stateful = stateless_metrics is null ? [.. stateful_metrics ?? []] : null;
        _stateless = stateless_metrics?.ToHashSet();
        _bar = new(output, target is 0 ? null : target, showsBar: verbose == 1, width, interval, unit_name, isTerminal);
    }

    /// <summary>The number of steps; null if unknown.</summary>
    public int? target { get; }

    /// <summary>The width of the bar, in characters.</summary>
    public int width { get; }

    /// <summary>How much is printed: 0 (nothing), 1 (a bar) or 2 (a line at the end).</summary>
    public int verbose { get; }

    /// <summary>The minimum time between two updates of the bar, in seconds.</summary>
    public double interval { get; }

    /// <summary>The word for a step, such as "step" or "batch".</summary>
    public string unit_name { get; }

    /// <summary>Shows how far the loop is.</summary>
    /// <param name="current">The number of steps done, at least 0.</param>
    /// <param name="values">The values of the last steps by name; default none.</param>
    /// <param name="finalize">Whether this is the last update, which shows the final values; default when <paramref name="current"/> reaches the target.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="current"/> is below 0.</exception>
    public void update(int current, IEnumerable<(string Name, double Value)>? values = null, bool? finalize = null)
    {
        Require.Count(0, current);
        var ends = finalize ?? current >= target;
        foreach (var (name, value) in values ?? [])
        {
            if (!_names.Contains(name)) _names.Add(name);
            var isAveraged = _stateful is not null ? !_stateful.Contains(name) : _stateless!.Contains(name);
            var (sum, count) = isAveraged && !ends ? _values.GetValueOrDefault(name) : default;
            double steps = isAveraged && !ends ? Math.Max(current - _seen, 1) : 1;
            _values[name] = (sum + (value * steps), count + steps);
        }
        _seen = current;
        if (verbose == 0) return;
        var figures = new Logs(_names.Select(n => KeyValuePair.Create(n, _values[n].Sum / _values[n].Count)));
        if (!ends) _bar.Update(current, figures);
        else if (verbose == 1 || target > 0) _bar.Finish(current, figures);
    }

    /// <summary>Shows that some more steps are done.</summary>
    /// <param name="n">The number of values, at least 0.</param>
    /// <param name="values">The values of these steps by name; default none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is below 0.</exception>
    public void add(int n, IEnumerable<(string Name, double Value)>? values = null) => update(_seen + Require.Count(0, n), values);
}
