using Keras.Graphs;
using Keras.Layers;

namespace Keras.Serving.Tests;

/// <summary>Small exported models.</summary>
static class TestModels
{
    /// <summary>A folder of version folders; the model multiplies (B, 2) by its version, so that an answer tells which one gave it.</summary>
    public static void WriteVersion(string basePath, long version)
    {
        var model = Api.keras.Sequential([Api.keras.Input(new Shape(2), name: "x"), new Dense(2, use_bias: false)]);
        model.set_weights([Tf.Constant(HostTensor.From(new[,] { { (float)version, 0f }, { 0f, version } }))]);
        model.export(Path.Combine(basePath, $"{version}"), verbose: false);
    }

    /// <summary>Rows of two numbers for the model's input.</summary>
    public static Dictionary<string, HostTensor> Inputs(params float[] values) => new() { ["x"] = HostTensor.Of<float>(values, new Shape(values.Length / 2, 2)) };

    /// <summary>A host on free ports of this machine.</summary>
    public static async Task<ServingHost> StartAsync(ServingOptions options)
    {
        var host = ServingHost.Create(options with { Address = "127.0.0.1", RestPort = 0, GrpcPort = 0, LoggerFactory = options.LoggerFactory ?? Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance });
        await host.StartAsync();
        return host;
    }
}
