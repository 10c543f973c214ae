using Keras.Layers;

namespace Keras.Serving.Load;

/// <summary>A model that multiplies by its version: (x, 1) becomes (x * version, version), so that every answer can be checked on its own.</summary>
static class ScaleModel
{
    /// <summary>Publishes a version.</summary>
    public static void Write(string basePath, long version)
    {
        var model = Api.keras.Sequential([Api.keras.Input(new Shape(2), name: "x"), new Dense(2, use_bias: false)]);
        model.set_weights([new float[,] { { version, 0 }, { 0, version } }]);
        model.export(Path.Combine(basePath, $"{version}"), verbose: false);
    }
}
