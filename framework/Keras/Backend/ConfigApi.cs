using Keras.Backend;
using Microsoft.Extensions.Logging;

namespace Keras;

/// <summary>keras.config: settings of the process.</summary>
public sealed class ConfigApi
{

    internal ConfigApi() { }

    /// <summary>The name of the engine that runs the tensors: "tensorflow" or "torch".</summary>
    public string backend() => EngineSelection.Name;

    /// <summary>Chooses the engine; default the environment variable KERAS_BACKEND, then the first whose library is found.</summary>
    /// <exception cref="InvalidOperationException">Another engine runs already.</exception>
    /// <exception cref="UnsupportedException">There is no engine of this name.</exception>
    public void set_backend(string backend) => EngineSelection.Choose(backend);

    /// <summary>The dtype of new floating tensors: "float32" by default.</summary>
    public string floatx() => FloatX.Name;

    /// <summary>Sets the dtype of new floating tensors.</summary>
    /// <exception cref="ArgumentException">The dtype is not "bfloat16", "float16", "float32" or "float64".</exception>
    public void set_floatx(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        FloatX = DType.TryParse(value, out var dtype) && dtype.IsFloating ? dtype : throw Known.NoneOf(value, nameof(value), "bfloat16", "float16", "float32", "float64");
    }

    /// <summary>The small number that keeps divisions and logarithms finite: 1e-7 by default.</summary>
    public double epsilon() => Epsilon;

    /// <summary>Sets the small number that keeps divisions and logarithms finite.</summary>
    public void set_epsilon(double value) => Epsilon = value;

    /// <summary>The dtype policy of layers that are not given one: "float32" by default.</summary>
    public DTypePolicy dtype_policy() => DTypePolicy.Global;

    /// <summary>Sets the dtype policy of layers that are not given one.</summary>
    public void set_dtype_policy(DTypePolicy dtype_policy) => DTypePolicy.Global = dtype_policy ?? throw new ArgumentNullException(nameof(dtype_policy));

    /// <summary>Sends log lines and warnings to a logger; default none, and warnings to the error stream.</summary>
    public void set_logger(ILogger logger) => Logging.Use(logger ?? throw new ArgumentNullException(nameof(logger)));

    internal static DType FloatX { get; private set; } = DType.Float32;

    internal static double Epsilon { get; private set; } = 1e-7;
}
