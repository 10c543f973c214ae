using Microsoft.Extensions.Logging;

namespace Keras.Tests;

public sealed class EngineSelectionTests
{
    [Test]
    public void AnUnknownEngineIsRefusedByName() =>
        Assert.That(() => Api.keras.config.set_backend("jax"), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("jax").And.Message.Contains("tensorflow"));

    [Test]
    public void TheRunningEngineIsNamed()
    {
        GoldenList.UseEngine();
        Assert.That(Engines.Engine.Current.Name, Is.EqualTo(Api.keras.config.backend()));
        Assert.That(() => Api.keras.config.set_backend(Api.keras.config.backend()), Throws.Nothing, "to choose what runs already");
    }

    [Test]
    public void WarningsGoToTheLoggerOnceOneIsSet()
    {
        var before = Graphs.Diagnostics.Warn;
        var logger = new Recorder();
        try
        {
            Api.keras.config.set_logger(logger);
            Graphs.Diagnostics.Warn("a warning");
            Assert.That(logger.Lines, Is.EqualTo(new[] { "Warning: a warning" }));
        }
        finally
        {
            Api.keras.config.set_logger(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
            Graphs.Diagnostics.Warn = before;
        }
    }

    [Test]
    public void FloatxIsTheDTypeOfNewTensors()
    {
        GoldenList.UseEngine();
        try
        {
            Api.keras.config.set_floatx("float16");
            Assert.That(Api.ops.zeros(2).dtype, Is.EqualTo(DType.Float16));
            Assert.That(Api.ops.multiply(Api.ops.arange(3), 0.5).dtype, Is.EqualTo(DType.Float16));
        }
        finally
        {
            Api.keras.config.set_floatx("float32");
        }
        Assert.That(() => Api.keras.config.set_floatx("int32"), Throws.ArgumentException);
    }

    sealed class Recorder : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
