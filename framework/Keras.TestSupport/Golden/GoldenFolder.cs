using Keras.Saving;

namespace Keras.Tests;

/// <summary>The golden data: the folder named by KERAS_GOLDEN, else the copy beside the tests.</summary>
static class GoldenFolder
{
    /// <summary>What KERAS_GOLDEN names; null where it is not set.</summary>
    public static string? Given { get; } = Environment.GetEnvironmentVariable("KERAS_GOLDEN") is { Length: > 0 } folder ? folder : null;

    /// <summary>The copy beside the tests.</summary>
    public static string Own { get; } = Path.Combine(AppContext.BaseDirectory, "Golden");

    public static string Root => Given ?? Own;

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The path of a file; the test is skipped where the folder does not hold it.</summary>
    public static string Require(params string[] parts)
    {
        var path = PathOf(parts);
        if (!File.Exists(path)) Assert.Ignore($"The golden folder has no {string.Join('/', parts)}.");
        return path;
    }

    /// <summary>Every tensor of a file of safetensors.</summary>
    public static Dictionary<string, HostTensor> ReadTensors(string file)
    {
        using var source = SafetensorsSource.Open(file);
        return source.Entries.ToDictionary(e => e.Key, e => HostTensor.OfBytes(e.Value.DType, e.Value.Shape, source.GetBytes(e.Key).ToArray()));
    }
}
