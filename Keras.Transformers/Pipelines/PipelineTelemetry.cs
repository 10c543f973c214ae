using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Keras.Transformers;

/// <summary>Reports pipelines to OpenTelemetry: a trace and metrics for each batch. Costs nothing without a listener.</summary>
static class PipelineTelemetry
{
    const string Name = "Keras.Transformers";

    static readonly ActivitySource Source = new(Name);
    static readonly Meter Meter = new(Name);
    static readonly Counter<long> Inputs = Meter.CreateCounter<long>("keras.pipeline.inputs", "{input}", "Inputs that pipelines ran");
    static readonly Histogram<double> Durations = Meter.CreateHistogram<double>("keras.pipeline.batch.duration", "s", "How long pipelines took for a batch");

    /// <summary>Runs a batch and measures it.</summary>
    public static T Run<T>(Pipeline pipeline, int inputs, Func<T> run)
    {
        using var activity = Source.StartActivity("keras.pipeline");
        if (activity is null && !Inputs.Enabled && !Durations.Enabled) return run();
        var tags = new TagList { { "task", pipeline.task }, { "model", pipeline.model.name_or_path is { Length: > 0 } path ? path : pipeline.model.name } };
        foreach (var (name, value) in tags) activity?.SetTag(name, value);
        activity?.SetTag("inputs", inputs);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            return run();
        }
        catch (Exception e)
        {
            tags.Add("error.type", e.GetType().Name);
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
        finally
        {
            Inputs.Add(inputs, tags);
            Durations.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds, tags);
        }
    }
}
