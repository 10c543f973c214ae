namespace Keras;

/// <summary>keras.distribution: the devices of the engine. Training runs on one of them.</summary>
public sealed class DistributionApi
{
    internal DistributionApi() { }

    /// <summary>The devices that the engine sees, such as "gpu:0" and "cpu:0". Starts the engine.</summary>
    /// <param name="device_type">"cpu", "gpu" or "tpu"; default the devices that tensors use by default: the GPUs if there are any, otherwise the CPUs.</param>
    /// <exception cref="EngineNotFoundException">No engine's native library was found.</exception>
    public IReadOnlyList<string> list_devices(string? device_type = null)
    {
        var all = Engines.Engine.Current.Devices.Select(d => d.ToLowerInvariant()).ToArray();
        var kind = (device_type ?? all[0].Split(':')[0]).ToLowerInvariant();
        return [.. all.Where(d => d.Split(':')[0] == kind)];
    }
}
