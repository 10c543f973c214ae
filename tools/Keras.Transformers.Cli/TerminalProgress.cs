using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Keras.Transformers.Cli;

/// <summary>Shows a job's progress on the error stream: bars in a terminal, otherwise a line for each stage and some between.</summary>
static class TerminalProgress
{
    static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    /// <summary>Runs a job with progress.</summary>
    public static T Run<T>(Terminal terminal, Func<IProgress<JobProgress>, T> work)
    {
        var console = terminal.Error;
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi) return work(new Lines(console));
        // On a narrow terminal, the figures take precedence over the bar.
        ProgressColumn[] columns = console.Profile.Width < 80
            ? [new TaskDescriptionColumn { Alignment = Justify.Left }, new PercentageColumn()]
            : [new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 30 }, new PercentageColumn(), new RemainingTimeColumn()];
        terminal.HasBars = true;
        try
        {
            return console.Progress().AutoClear(false).Columns(columns).Start(context =>
            {
                var bars = new Bars(context);
                var result = work(bars);
                bars.Finish();
                return result;
            });
        }
        finally
        {
            terminal.HasBars = false;
        }
    }

    static string Figures(JobProgress progress) => string.Concat(progress.Figures.OrderBy(f => f.Key != "loss").Select(f => string.Create(CultureInfo.InvariantCulture, $"  {f.Key} {f.Value:0.0000}")));

    sealed class Bars(ProgressContext context) : IProgress<JobProgress>
    {
        readonly Lock _lock = new();
        ProgressTask? _task;
        string? _stage;

        public void Report(JobProgress value)
        {
            lock (_lock)
            {
                if (value.Stage != _stage)
                {
                    Finish();
                    (_stage, _task) = (value.Stage, context.AddTask(Markup.Escape(value.Stage)));
                }
                if (value.Total is { } total)
                {
                    _task!.IsIndeterminate = false;
                    (_task.MaxValue, _task.Value) = (Math.Max(1, total), value.Done);
                }
                else _task!.IsIndeterminate = true;
                _task.Description = Markup.Escape($"{value.Stage}{(value.Done > 0 && value.Total is null ? $"  {value.Done:N0}" : "")}{Figures(value)}");
                if (value.Stage == "writing") context.Refresh();
            }
        }

        public void Finish()
        {
            if (_task is null) return;
            _task.IsIndeterminate = false;
            _task.Value = _task.MaxValue;
            _task.StopTask();
        }
    }

    sealed class Lines(IAnsiConsole console) : IProgress<JobProgress>
    {
        readonly Lock _lock = new();
        string? _stage;
        long _told = Stopwatch.GetTimestamp();

        public void Report(JobProgress value)
        {
            lock (_lock)
            {
                if (value.Stage == _stage && value.Done != value.Total && Stopwatch.GetElapsedTime(_told) < BetweenLines) return;
                (_stage, _told) = (value.Stage, Stopwatch.GetTimestamp());
                console.WriteLine($"{value.Stage}{(value.Done > 0 ? string.Create(CultureInfo.InvariantCulture, $" {value.Done}{(value.Total is { } total ? $"/{total}" : "")}") : "")}{Figures(value)}");
            }
        }
    }
}
