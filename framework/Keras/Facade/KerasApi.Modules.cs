using Keras.Callbacks;
using Keras.Engines;

namespace Keras;

public sealed partial class KerasApi
{
    /// <summary>Callbacks for <c>fit</c>, such as <c>EarlyStopping</c>.</summary>
    public CallbacksApi callbacks { get; } = new();

    /// <summary>Functions on nested structures of tensors.</summary>
    public TreeApi tree { get; } = new();

    /// <summary>Dtype policies, and <c>get</c> by name.</summary>
    public DTypePoliciesApi dtype_policies { get; } = new();

    /// <summary>The dtype policy of new layers, and the optimizer that scales losses.</summary>
    public MixedPrecisionApi mixed_precision { get; } = new();

    /// <summary>Files of models, and classes of your own in them.</summary>
    public SavingApi saving { get; } = new();

    /// <summary>The devices of the engine.</summary>
    public DistributionApi distribution { get; } = new();

    /// <summary>Places a block's operations and tensors on a device: <c>using (keras.device("gpu:0")) ...</c>. Single ops and tensors, variables, and functions that are traced in the
    /// block go there; without it the engine decides. Starts the engine.</summary>
    /// <param name="device_name">One of <c>keras.distribution.list_devices</c>; "cpu" and "gpu" are the first of their kind.</param>
    /// <exception cref="EngineNotFoundException">No engine's native library was found.</exception>
    /// <exception cref="UnsupportedException">The engine has no such device.</exception>
    public IDisposable device(string device_name)
    {
        var devices = Engine.Current.Devices;
        var full = device_name.Contains(':') ? device_name : device_name + ":0";
        return Engine.UseDevice(devices.FirstOrDefault(d => d.Equals(full, StringComparison.OrdinalIgnoreCase))
            ?? throw new UnsupportedException($"The engine {Engine.Current.Name} has no such device", null, string.Join(", ", devices.Select(d => d.ToLowerInvariant())), device_name, "Name one of them, or leave the choice to the engine."));
    }

    /// <summary>The version of Keras that this library follows, "3.15.0".</summary>
    public string version() => "3.15.0";
}
