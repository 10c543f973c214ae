using Keras.Layers;
using Keras.Optimizers;

namespace Keras.Tests.Saving;

/// <summary>The names of weights are a format: files of today must be read tomorrow. They stand in files beside this test.</summary>
public sealed class WeightNameTests
{
    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    [Test]
    public void Every_class_of_layers_is_in_the_table()
    {
        var known = NamedLayers.New().Select(r => r.Layer.GetType()).Concat(NamedLayers.Without.Keys).ToHashSet();
        var classes = typeof(Layer).Assembly.GetExportedTypes().Where(t => t is { IsAbstract: false, IsGenericTypeDefinition: false } && t.IsSubclassOf(typeof(Layer)));
        Assert.That(classes.Where(c => !known.Contains(c)).Select(c => c.Name), Is.Empty, $"Layers without a row in {nameof(NamedLayers)}, so the names of their weights are not held");
    }

    [Test]
    public void Layers_name_their_weights_as_ever() => Snapshot.Check(
        NamedLayers.New().OrderBy(r => r.Layer.GetType().Name, StringComparer.Ordinal).SelectMany(r => Names(r.Layer, r.Inputs)), SavedNames.Accept, "framework", "Keras.Tests", "Saving", "LayerNames.txt");

    /// <summary>Nothing of a layer without weights. A cell is held by a layer that runs it.</summary>
    static IEnumerable<string> Names(Layer layer, Shape[] shapes)
    {
        var inputs = shapes.Select(s => (Tensors)Api.keras.Input(batch_shape: s)).ToArray();
        var all = inputs.Length == 1 ? inputs[0] : new Tensors(inputs.AsEnumerable());
        var outputs = layer switch
        {
            RnnCell cell => new RNN(cell).Apply(all),
            HeadAttention attention => attention.Apply(inputs[0].Single, inputs[1].Single),
            _ => layer.Apply(all),
        };
        var model = Api.keras.Model(all, outputs);
        return layer.weights.Count == 0 ? [] : [layer.GetType().Name, .. SavedNames.Paths(layer), .. SavedNames.Keys(model)];
    }

    [Test]
    public void Optimizers_name_their_state_as_ever()
    {
        var classes = OptimizersApi.Classes.Values.OrderBy(t => t.Name, StringComparer.Ordinal);
        Snapshot.Check(classes.SelectMany(c => Names(New(c))), SavedNames.Accept, "framework", "Keras.Tests", "Saving", "OptimizerNames.txt");
    }

    static Optimizer New(Type type) => type == typeof(LossScaleOptimizer) ? new LossScaleOptimizer(new SGD(momentum: 0.9))
        : type == typeof(MultiOptimizer) ? new MultiOptimizer(new OptimizerMap(new Adam()))
        : type == typeof(SGD) ? new SGD(momentum: 0.9, use_ema: true, gradient_accumulation_steps: 2)
        : Api.keras.optimizers.get(type.Name);

    static IEnumerable<string> Names(Optimizer optimizer)
    {
        LayerNames.Clear();
        var model = new Sequential([Api.keras.Input(4), new Dense(3)]);
        model.compile(optimizer, loss: "mse");
        model.optimizer.build(model.trainable_weights);
        return [optimizer.GetType().Name, .. model.optimizer.variables.Select(v => SavedNames.Line("weight", v.path, v.shape)), .. SavedNames.Keys(model).Where(k => k.StartsWith("    file optimizer", StringComparison.Ordinal))];
    }
}
