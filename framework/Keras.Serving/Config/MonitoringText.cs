using Keras.ServingProtos;

namespace Keras.Serving;

/// <summary>What is monitored, as TensorFlow Serving's <c>monitoring_config_file</c> says it.</summary>
static class MonitoringText
{
    /// <summary>Puts the settings of a file in text format into the options.</summary>
    /// <exception cref="FileFormatException">The text is no such message; says the line and column.</exception>
    public static ServingOptions Apply(ServingOptions options, string path)
    {
        var metrics = TextProto.Parse<MonitoringConfig>(File.ReadAllText(path), path).PrometheusConfig ?? new();
        return options with { Metrics = metrics.Enable, MetricsPath = metrics.Path.Length > 0 ? metrics.Path : options.MetricsPath };
    }
}
