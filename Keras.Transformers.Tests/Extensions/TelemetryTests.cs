using System.Diagnostics;
using System.Diagnostics.Metrics;
using static Keras.Api;

namespace Keras.Transformers.Tests;

/// <summary>What OpenTelemetry hears of training and of pipelines.</summary>
[NonParallelizable]
sealed class TelemetryTests : EngineFixture
{
    [Test]
    public void Training_is_a_trace_and_measurements()
    {
        using var heard = new Listener();
        var inputs = keras.Input((3));
        var model = keras.Model(inputs, keras.layers.Dense(1).Apply(inputs));
        model.compile(optimizer: "sgd", loss: "mse");
        model.fit(ops.ones([8, 3]), ops.ones([8, 1]), batch_size: 4, epochs: 2, verbose: 0, callbacks: new TelemetryCallback());

        var fit = heard.Traces.Single(t => t.OperationName == "keras.fit");
        Assert.That(fit.GetTagItem("model"), Is.EqualTo(model.name));
        Assert.That(fit.Events.Select(e => e.Tags.Single(t => t.Key == "epoch").Value), Is.EqualTo(new object[] { 0, 1 }));
        Assert.That(fit.Events.First().Tags.Single(t => t.Key == "loss").Value, Is.TypeOf<double>());
        Assert.That(heard.Sums["keras.training.batches"], Is.EqualTo(4));
        Assert.That(heard.Counts["keras.training.epoch.duration"], Is.EqualTo(2));
        Assert.That(heard.Counts["keras.training.value"], Is.EqualTo(2));
    }

    [Test]
    public void A_pipeline_is_a_trace_for_each_batch_and_says_what_failed()
    {
        using var heard = new Listener();
        var fill = Pipelines.pipeline("fill-mask", Repository.PathOf("models", "bert-tiny"), batch_size: 2);
        fill.Apply(["a [MASK]", "a [MASK] tree", "the [MASK]"]);
        Assert.Throws<ValueRangeException>(() => fill.Apply("nothing"));
        var traces = heard.Traces.Where(t => t.OperationName == "keras.pipeline").ToArray();
        Assert.That(traces.Select(t => t.GetTagItem("inputs")), Is.EqualTo(new object[] { 2, 1, 1 }));
        Assert.That(traces.Select(t => t.Status), Is.EqualTo(new[] { ActivityStatusCode.Unset, ActivityStatusCode.Unset, ActivityStatusCode.Error }));
        Assert.That(heard.Sums["keras.pipeline.inputs"], Is.EqualTo(4));
        Assert.That(heard.Counts["keras.pipeline.batch.duration"], Is.EqualTo(3));
    }

    /// <summary>What an exporter would hear.</summary>
    sealed class Listener : IDisposable
    {
        readonly ActivityListener _traces;
        readonly MeterListener _meters = new();

        public Listener()
        {
            _traces = new() { ShouldListenTo = s => s.Name == TelemetryCallback.Name, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData, ActivityStopped = Traces.Add };
            ActivitySource.AddActivityListener(_traces);
            _meters.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == TelemetryCallback.Name) listener.EnableMeasurementEvents(instrument);
            };
            _meters.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
            _meters.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name, value));
            _meters.Start();
        }

        public List<Activity> Traces { get; } = [];

        public Dictionary<string, double> Sums { get; } = [];

        public Dictionary<string, int> Counts { get; } = [];

        void Add(string name, double value) => (Sums[name], Counts[name]) = (Sums.GetValueOrDefault(name) + value, Counts.GetValueOrDefault(name) + 1);

        public void Dispose()
        {
            _traces.Dispose();
            _meters.Dispose();
        }
    }
}
