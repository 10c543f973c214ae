using Keras.Backend;
using Microsoft.Extensions.Logging;

namespace Keras;

/// <summary>keras.config: settings of the whole process, such as the engine and the default dtype.</summary>
public sealed class ConfigApi
{

    internal ConfigApi() { }

    /// <summary>The name of the engine that runs the tensors: "tensorflow" or "torch".</summary>
    public string backend() => EngineSelection.Name;

    /// <summary>Chooses the engine, "tensorflow" or "torch". Without it the environment variable KERAS_BACKEND decides, then the first engine whose library is found.</summary>
    /// <exception cref="InvalidOperationException">Another engine runs already.</exception>
    /// <exception cref="UnsupportedException">There is no engine of this name.</exception>
    public void set_backend(string backend) => EngineSelection.Choose(backend);

    /// <summary>Puts TensorFlow's native library into the user's cache, where every later program finds it; so does this one, if nothing has run on an engine yet.
    /// A second call does nothing. An interrupted call leaves nothing behind.</summary>
    /// <param name="source">An archive of the library (.tar.xz, .tar.gz, .zip, or a wheel of TensorFlow for Python), its http address, or a folder that holds the library; default the
    /// archive that the environment variable KERAS_LIBTENSORFLOW_ARCHIVE names, otherwise TensorFlow's wheel as pip downloads it (Linux, macOS on arm64).</param>
    /// <param name="sha256">The hash that the archive must have, in hexadecimal digits; default that of the tested archive, other archives need one.</param>
    /// <param name="version">The version that it is, 2.16 or newer; default "2.21.0".</param>
    /// <param name="verbose">1 prints what is done, 0 is silent; default 1.</param>
    /// <returns>The folder with the library, as KERAS_LIBTENSORFLOW would name it.</returns>
    /// <exception cref="EngineNotFoundException">The source is not available: no such file or address, no pip, or no such wheel.</exception>
    /// <exception cref="FileFormatException">The archive has another hash, is damaged, or holds no library for this system.</exception>
    /// <exception cref="UnsupportedException">The version is too old, the archive's hash is not known, or there is no wheel for this system.</exception>
    public string provision_tensorflow(string? source = null, string? sha256 = null, string? version = null, int verbose = 1) =>
        EngineSelection.ProvisionTensorFlow(source, sha256, version, verbose == 0 ? TextWriter.Null : Console.Out);

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

    /// <summary>Sends log lines and warnings to a logger. Without one there are no log lines, and warnings go to the error stream.</summary>
    public void set_logger(ILogger logger) => Logging.Use(logger ?? throw new ArgumentNullException(nameof(logger)));

    internal static DType FloatX { get; private set; } = DType.Float32;

    internal static double Epsilon { get; private set; } = 1e-7;
}
