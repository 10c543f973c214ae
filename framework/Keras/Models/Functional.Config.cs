using Keras.Layers;

namespace Keras;

public partial class Functional
{
    /// <summary>The layers with their configs, how they are connected, and which are inputs and outputs.</summary>
    /// <exception cref="UnsupportedException">An operation is outside of layers, so it has no form in a config.</exception>
    public override Dictionary<string, object?> get_config()
    {
        using var shared = SharedObjects.Enter();
        var calls = Graph.Steps.OfType<LayerStep>().Select(s => s.Call).GroupBy(c => c.Layer).ToDictionary(g => g.Key, g => g.OrderBy(c => c.Index).ToList());
        if (Graph.Operations.OfType<OpStep>().FirstOrDefault() is { } op)
            throw new UnsupportedException("An operation outside of layers cannot be written into a config", $"'{op.Name}' in model '{name}'", remedy: "Put it into the call of a layer of your own.");

        object?[] History(Tensor tensor)
        {
            var call = (LayerCall)((SymbolicTensor)tensor).History!;
            return [call.Layer.name, calls[call.Layer].IndexOf(call), Array.IndexOf([.. call.Outputs.Flatten()], tensor)];
        }

        object?[] HistoryOfEnd(Tensor tensor) => History(tensor) is [var layer, int index, var output] ? [layer, index + Making(((LayerCall)((SymbolicTensor)tensor).History!).Layer), output] : throw new InvalidOperationException();

        object? Form(Layer layer)
        {
            var form = layer.Serialized();
            form["name"] = layer.name;
            form["inbound_nodes"] = layer is InputLayer ? [] : calls[layer].Select(c => (object?)CallConfigs.Serialize(c, History)).ToArray();
            return form;
        }

        return new()
        {
            ["name"] = name,
            ["trainable"] = trainable,
            ["layers"] = _layers.Select(Form).ToArray(),
            ["input_layers"] = CallConfigs.Structure(inputs, HistoryOfEnd),
            ["output_layers"] = CallConfigs.Structure(outputs, HistoryOfEnd),
        };
    }

    private protected override Dictionary<string, object?> ObjectForm() =>
        new(SerializedObject.Of("keras.src.models.functional", nameof(Functional), get_config())) { ["registered_name"] = nameof(Functional) };

    internal override Dictionary<string, object?> BuildConfig => new() { ["input_shape"] = null };

    /// <summary>The call that creating a functional model counts as: in a config's inputs and outputs Keras counts it as the first, in arguments of calls it does not.</summary>
    static int Making(Layer layer) => layer is Functional ? 1 : 0;

    internal static Functional OfConfig(IReadOnlyDictionary<string, object?> config)
    {
        using var shared = SharedObjects.Enter();
        var tensors = new Dictionary<(string, int), Tensors>();
        var models = new HashSet<string>();
        var pending = new List<(Layer Layer, int Index, IReadOnlyDictionary<string, object?> Node)>();
        foreach (var serialized in CallConfigs.Objects(config, "layers"))
        {
            var layer = KerasOperation.IsOne(serialized) ? shared.Made<Layer>(serialized, () => KerasOperation.FromSerialized(serialized)) : LayerConfigs.Deserialize(serialized);
            if (layer is Functional) models.Add(layer.name);
            if (layer is InputLayer input) tensors[(input.name, 0)] = input.output;
            var index = 0;
            foreach (var node in CallConfigs.Objects(serialized, "inbound_nodes"))
                if (layer is not InputLayer) pending.Add((layer, index++, node));
        }

        // Files of version 0.1 count the creation of a functional model in arguments too.
        var counts = pending.GroupBy(p => p.Layer.name).ToDictionary(g => g.Key, g => g.Count());
        var countedFromOne = pending.SelectMany(p => CallConfigs.Sources(p.Node)).Where(s => counts.TryGetValue(s.Layer, out var count) && s.Node >= count).Select(s => s.Layer).ToHashSet();
        (string, int) Place(CallConfigs.Source s) => (s.Layer, s.Node - (countedFromOne.Contains(s.Layer) ? 1 : 0));

        // Calls may come before those they depend on.
        while (pending.Count > 0)
        {
            var ready = pending.FindIndex(p => CallConfigs.Sources(p.Node).All(s => tensors.ContainsKey(Place(s))));
            if (ready < 0) throw new FileFormatException("The layers of a model's config depend on each other in a circle, or on one that is missing", pending[0].Layer.name);
            var (layer, index, node) = pending[ready];
            pending.RemoveAt(ready);
            tensors[(layer.name, index)] = layer.Apply(CallConfigs.Bind(layer, node, s => tensors[Place(s)].Flatten()[s.Output]));
        }

        Tensors Named(string key) => CallConfigs.TensorsOf(config[key], s => tensors[(s.Layer, models.Contains(s.Layer) && s.Node > 0 ? s.Node - 1 : s.Node)].Flatten()[s.Output]);
        return new(Named("input_layers"), Named("output_layers"), config.GetValueOrDefault("name") as string, config.GetValueOrDefault("trainable") is not false);
    }
}
