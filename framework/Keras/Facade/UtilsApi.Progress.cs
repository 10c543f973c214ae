using Keras.Utils;

namespace Keras;

public sealed partial class UtilsApi
{
#pragma warning disable CA1822 // An instance method, because in Python it is called on the module.
    /// <inheritdoc cref="Utils.Progbar(int?, int, int, double, IEnumerable{string}, IEnumerable{string}, string)"/>
    public Progbar Progbar(int? target, int width = 20, int verbose = 1, double interval = 0.05, IEnumerable<string>? stateful_metrics = null, IEnumerable<string>? stateless_metrics = null, string unit_name = "step") =>
        new(target, width, verbose, interval, stateful_metrics, stateless_metrics, unit_name);
#pragma warning restore CA1822
}
