using Keras.Layers;

namespace Keras;

public partial class Functional
{
    /// <summary>The layers with their configs, how they are connected, and which are inputs and outputs.</summary>
    /// <exception cref="UnsupportedException">An operation stands outside of layers: it has no form in a config.</exception>
    public override Dictionary<string, object?> get_config()
    {
        var calls = _graph.Steps.OfType<LayerStep>().Select(s => s.Call).GroupBy(c => c.Layer).ToDictionary(g => g.Key, g => g.OrderBy(c => c.Index).ToList());
        if (_graph.Operations.OfType<OpStep>().FirstOrDefault() is { } op)
            throw new UnsupportedException("An operation outside of layers cannot be written into a config", $"'{op.Name}' in model '{name}'", remedy: "Put it into the call of a layer of your own.");

        object?[] History(Tensor tensor)
        {
            var call = (LayerCall)((SymbolicTensor)tensor).History!;
            return [call.Layer.name, FirstIndex(call.Layer) + calls[call.Layer].IndexOf(call), Array.IndexOf([.. call.Outputs.Flatten()], tensor)];
        }

        return new()
        {
            ["name"] = name,
            ["trainable"] = trainable,
            ["layers"] = _layers.Select(layer => (object?)new Dictionary<string, object?>(layer.Serialized())
            {
                ["name"] = layer.name,
                ["inbound_nodes"] = layer is InputLayer ? [] : calls[layer].Select(c => (object?)CallConfigs.Serialize(c, History)).ToArray(),
            }).ToArray(),
            ["input_layers"] = CallConfigs.Structure(inputs, History),
            ["output_layers"] = CallConfigs.Structure(outputs, History),
        };
    }

    private protected override Dictionary<string, object?> ObjectForm() =>
        new(SerializedObject.Of("keras.src.models.functional", nameof(Functional), get_config())) { ["registered_name"] = nameof(Functional) };

    internal override Dictionary<string, object?> BuildConfig => new() { ["input_shape"] = null };

    /// <summary>In Keras the making of a functional model counts as its first call.</summary>
    static int FirstIndex(Layer layer) => layer is Functional ? 1 : 0;

    internal static Functional OfConfig(IReadOnlyDictionary<string, object?> config)
    {
        var tensors = new Dictionary<(string, int), Tensors>();
        var pending = new List<(Layer Layer, int Index, IReadOnlyDictionary<string, object?> Node)>();
        foreach (var serialized in CallConfigs.Objects(config, "layers"))
        {
            var layer = KerasOperation.IsOne(serialized) ? KerasOperation.FromSerialized(serialized) : LayerConfigs.Deserialize(serialized);
            if (layer is InputLayer input) tensors[(input.name, 0)] = input.output;
            var index = FirstIndex(layer);
            foreach (var node in CallConfigs.Objects(serialized, "inbound_nodes"))
                if (layer is not InputLayer) pending.Add((layer, index++, node));
        }

        // Calls may stand before those that they need.
        while (pending.Count > 0)
        {
            var ready = pending.FindIndex(p => CallConfigs.Sources(p.Node).All(s => tensors.ContainsKey((s.Layer, s.Node))));
            if (ready < 0) throw new FileFormatException("The layers of a model's config need each other in a circle, or one that is not there", pending[0].Layer.name);
            var (layer, index, node) = pending[ready];
            pending.RemoveAt(ready);
            tensors[(layer.name, index)] = layer.Apply(CallConfigs.Bind(layer, node, s => tensors[(s.Layer, s.Node)].Flatten()[s.Output]));
        }

        Tensors Named(string key) => CallConfigs.TensorsOf(config[key], s => tensors[(s.Layer, s.Node)].Flatten()[s.Output]);
        return new(Named("input_layers"), Named("output_layers"), config.GetValueOrDefault("name") as string, config.GetValueOrDefault("trainable") is not false);
    }
}
