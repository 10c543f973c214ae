using System.Diagnostics;
using System.Globalization;
using Cake.Core;
using Cake.Core.Diagnostics;
using Keras;
using Keras.Transformers;

namespace Cake.Keras.Transformers;

/// <summary>Reports a job's progress to the script's log: each stage, and occasional steps.</summary>
sealed class JobLog(ICakeLog log) : IProgress<JobProgress>
{
    static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    string? _stage;
    long _told;

    /// <summary>Runs a job; turns a typed error into a build error.</summary>
    public static TResult Run<TJob, TResult>(ICakeContext context, TJob job, Func<TJob, IProgress<JobProgress>, TResult> run)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(job);
        try
        {
            return run(job, new JobLog(context.Log));
        }
        catch (Exception e) when (e is KerasException or ArgumentException or IOException or UnauthorizedAccessException or HttpRequestException)
        {
            throw new CakeException(e.Message, e);
        }
    }

    public void Report(JobProgress value)
    {
        if (value.Stage == _stage && value.Done != value.Total && Stopwatch.GetElapsedTime(_told) < Between) return;
        (_stage, _told) = (value.Stage, Stopwatch.GetTimestamp());
        var figures = string.Concat(value.Figures.Select(f => string.Create(CultureInfo.InvariantCulture, $", {f.Key} {f.Value:0.0000}")));
        log.Information("{0}", $"{value.Stage}{(value.Done > 0 ? $" {value.Done}{(value.Total is { } total ? $" of {total}" : "")}" : "")}{figures}");
    }
}
