using Keras.ServingProtos;

namespace Keras.Serving;

/// <summary>Reads the settings of TensorFlow Serving's <c>monitoring_config_file</c>.</summary>
static class MonitoringText
{
    /// <summary>Applies the settings of a file in text format to the options.</summary>
    /// <exception cref="FileFormatException">The text is not such a message; the error gives line and column.</exception>
    public static ServingOptions Apply(ServingOptions options, string path)
    {
        var metrics = TextProto.Parse<MonitoringConfig>(File.ReadAllText(path), path).PrometheusConfig ?? new();
        return options with { Metrics = metrics.Enable, MetricsPath = metrics.Path.Length > 0 ? metrics.Path : options.MetricsPath };
    }
}
