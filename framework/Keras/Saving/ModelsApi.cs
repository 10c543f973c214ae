using System.Text;
using Keras.Models;
using Keras.Saving;

namespace Keras
{
    public sealed partial class KerasApi
    {
        /// <summary>Models: <c>keras.models.load_model("model.keras")</c>.</summary>
        public ModelsApi models { get; } = new();
    }
}

namespace Keras.Models
{
    /// <summary>keras.models: loads, saves and copies models.</summary>
    /// <remarks>Source: keras/src/saving/saving_api.py, keras/src/models/cloning.py.</remarks>
    public sealed class ModelsApi
    {
        internal ModelsApi() { }

        /// <summary>Loads a model that <see cref="Model.save"/> or Python's Keras 3 saved: its layers, weights and, unless compile is false, what it was compiled with.</summary>
        /// <param name="filepath">A .keras file.</param>
        /// <param name="custom_objects">Classes of your own by their names in the file; default none.</param>
        /// <param name="compile">Whether the model is compiled as it was, with its optimizer's state; default true.</param>
        /// <exception cref="ArgumentException">The name ends otherwise.</exception>
        /// <exception cref="FileFormatException">The file is damaged, or has a class, a loss or a metric that is not known.</exception>
        /// <exception cref="IOException">The file is missing or cannot be read.</exception>
        /// <example>
        /// <code>
        /// var model = keras.Sequential([keras.Input([4]), keras.layers.Dense(1)]);
        /// model.save("model.keras");
        /// var again = keras.models.load_model("model.keras");
        /// </code>
        /// </example>
        public Model load_model(string filepath, IReadOnlyDictionary<string, Type>? custom_objects = null, bool compile = true)
        {
            ArgumentException.ThrowIfNullOrEmpty(filepath);
            return filepath.EndsWith(KerasArchive.Ending, StringComparison.Ordinal)
                ? KerasArchive.Load(filepath, custom_objects, compile)
                : throw new ArgumentException($"The file's name is not that of a model. Expected: a name that ends in {KerasArchive.Ending}. Received: \"{filepath}\". Use TFSMLayer for a SavedModel, and load_weights of a model that is there for .h5 files.", nameof(filepath));
        }

        /// <inheritdoc cref="Model.save"/>
        /// <param name="model">The model.</param>
        /// <param name="filepath">The file; its name ends in .keras.</param>
        /// <param name="overwrite">Whether to replace an existing file; default true.</param>
        public void save_model(Model model, string filepath, bool overwrite = true)
        {
            ArgumentNullException.ThrowIfNull(model);
            model.save(filepath, overwrite);
        }

        /// <summary>Makes a model from the text of <see cref="Model.to_json"/>, with new weights.</summary>
        /// <param name="json_string">The text.</param>
        /// <param name="custom_objects">Classes of your own by their names in the text; default none.</param>
        /// <exception cref="FileFormatException">The text is not a JSON object, a class is unknown, or a config does not fit.</exception>
        public Model model_from_json(string json_string, IReadOnlyDictionary<string, Type>? custom_objects = null)
        {
            ArgumentNullException.ThrowIfNull(json_string);
            return ModelConfigs.Make(ConfigJson.Read(Encoding.UTF8.GetBytes(json_string), nameof(json_string)), nameof(json_string), custom_objects, compile: true);
        }

        /// <summary>Makes another model from the same config, with new weights and not compiled.</summary>
        /// <param name="model">The model.</param>
        /// <exception cref="UnsupportedException">A layer has no form in a config, or two classes of your own have one name.</exception>
        public Model clone_model(Model model)
        {
            ArgumentNullException.ThrowIfNull(model);
            var types = model.AllLayers().Append(model).Select(l => l.GetType()).Where(t => !LayerConfigs.IsOfKeras(t)).Distinct().ToLookup(t => t.Name);
            if (types.FirstOrDefault(t => t.Count() > 1) is { } same)
                throw new UnsupportedException("A model cannot be copied through its config", model.name, "classes of different names", string.Join(" and ", same.Select(t => t.FullName)), "Rename one of the classes.");
            return ModelConfigs.Make(model.Serialized(), model.name, types.ToDictionary(t => t.Key, t => t.Single()), compile: false);
        }
    }
}
