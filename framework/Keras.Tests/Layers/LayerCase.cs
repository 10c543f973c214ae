using System.Text.Json;
using Keras.Graphs;
using Keras.Layers;

namespace Keras.Tests.Layers;

/// <summary>A golden case of a layer: the layer with its weights, and the arguments of its call.</summary>
sealed class LayerCase
{
    readonly GoldenList _golds;
    readonly JsonElement _golden;
    readonly List<Tensor> _inputs = [];
    readonly CallArguments _arguments;

    readonly Func<Tensor, Tensor> _change;

    LayerCase(GoldenList golds, JsonElement golden, Func<Tensor, Tensor> change)
    {
        (_golds, _golden, _change, Name) = (golds, golden, change, golden.GetProperty("class").GetString()!);
        Layer = Api.keras.layers.deserialize(SerializedObject.Of("keras.layers", Name, GoldenList.Kwargs(golden)));
        if (golden.TryGetProperty("adapt", out var data)) ((IAdaptable)Layer).adapt(golds.Tensor(data));
        object?[] args = [.. GoldenList.Items(golden, "args").Select(Value)];
        var kwargs = golden.TryGetProperty("call_kwargs", out var named) ? named.EnumerateObject().ToDictionary(k => k.Name, k => Value(k.Value)) : [];
        _arguments = CallConfigs.Bind(Layer, args, kwargs);
        Build();
    }

    public string Name { get; }

    public Layer Layer { get; }

    /// <param name="golds">The list.</param>
    /// <param name="golden">The case.</param>
    /// <param name="change">What becomes of the case's arrays: inputs, weights, and the gradients of outputs.</param>
    public static LayerCase Make(GoldenList golds, JsonElement golden, Func<Tensor, Tensor>? change = null)
    {
        foreach (var name in (GoldenList.Part(golden, "kwargs") is { } kwargs ? ClassesIn(kwargs) : []).Prepend(golden.GetProperty("class").GetString()!))
            if (!LayerConfigs.Classes.ContainsKey(name)) Assert.Ignore($"no layer {name} yet");
        return new(golds, golden, change ?? (t => t));
    }

    static IEnumerable<string> ClassesIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(ClassesIn),
        JsonValueKind.Object when value.TryGetProperty("class", out var name) && (!value.TryGetProperty("module", out var module) || module.GetString() == "layers") =>
            (GoldenList.Part(value, "kwargs") is { } kwargs ? ClassesIn(kwargs) : []).Prepend(name.GetString()!),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(p => ClassesIn(p.Value)),
        _ => [],
    };

    object? Value(JsonElement json)
    {
        if (GoldenCall.IsArray(json))
        {
            _inputs.Add(_change(_golds.Tensor(json)));
            return new Tensors(_inputs[^1]);
        }
        if (json.ValueKind != JsonValueKind.Array) return GoldenList.Plain(json);
        object?[] items = [.. json.EnumerateArray().Select(Value)];
        return Array.TrueForAll(items, i => i is Tensors) ? (object)new Tensors(items.Cast<Tensors>()) : items;
    }

    /// <summary>Makes the weights without computing, and sets them.</summary>
    void Build()
    {
        if (_inputs.TrueForAll(i => i.dtype != DType.String)) using (Graph.Scratch.Enter()) Layer.Apply(Placed(t => Graph.Scratch.AddPlaceholder(t.dtype, t.shape, "x")));
        if (GoldenList.Part(_golden, "weights") is not { } golden) return;
        var weights = golden.EnumerateArray().ToArray();
        Assert.That(Layer.weights.Select(w => w.shape.ToString()), Is.EqualTo(weights.Select(w => _golds.Host(w).Shape.ToString())), "shapes of the weights");
        foreach (var (weight, value) in Layer.weights.Zip(weights)) weight.Load(Tf.Cast(_change(_golds.Tensor(value)), weight.dtype));
    }

    CallArguments Placed(Func<Tensor, Tensor> change)
    {
        var made = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        return _arguments.Map(t => made.TryGetValue(t, out var known) ? known : made[t] = change(t));
    }

    public sealed record Results(Tensor[] Outputs, Tensor?[] Masks, Tensor?[] Losses, Tensor?[] InputGradients, Tensor?[] WeightGradients);

    /// <summary>The tensors of the call, in order.</summary>
    public IReadOnlyList<Tensor> Inputs => _inputs;

    /// <summary>Whether one tensor goes in and nothing else.</summary>
    public bool IsPlain => _inputs.Count == 1 && _arguments.Tensors.Count == 0 && _arguments.Options.Count == 0 && _arguments.Inputs.IsLeaf;

    /// <summary>The outputs for other tensors in their places.</summary>
    public Tensor[] Outputs(IReadOnlyList<Tensor> given)
    {
        var map = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < given.Count; i++) map[_inputs[i]] = given[i];
        return [.. Layer.Apply(_arguments.Map(t => map[t])).Flatten()];
    }

    /// <summary>Computes outputs, masks, losses and gradients.</summary>
    public Results Run(RunMode mode)
    {
        int[] counts = [];
        Tensor?[] pattern = [];
        var flat = GoldenList.Run(mode, new Tensors(_inputs.Select(i => new Tensors(i))), given =>
        {
            Tensor?[][] all = Compute(given.Flatten());
            (counts, pattern) = ([.. all.Select(a => a.Length)], [.. all.SelectMany(a => a)]);
            // Something must come out, also of a layer without gradients.
            return new Tensors(pattern.OfType<Tensor>().Select(t => new Tensors(Tf.Identity(t))));
        }).Flatten();

        var next = 0;
        Tensor?[] results = [.. pattern.Select(p => p is null ? null : flat[next++])];
        var parts = new List<Tensor?[]>();
        foreach (var count in counts)
        {
            parts.Add(results[..count]);
            results = results[count..];
        }
        return new([.. parts[0].Select(o => o!)], parts[1], parts[2], parts[3], parts[4]);
    }

    Tensor?[][] Compute(IReadOnlyList<Tensor> given)
    {
        var map = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < given.Count; i++) map[_inputs[i]] = given[i];
        var hasGradients = _golden.TryGetProperty("grads", out var gradients);
        using var tape = new GradientTape(persistent: true);
        foreach (var input in given)
            if (hasGradients && input.dtype.IsFloating) tape.watch(input);
        // Frozen weights have gradients too.
        foreach (var weight in Layer.weights)
            if (hasGradients && weight.dtype.IsFloating) tape.watch(weight);
        var outputs = Layer.Apply(_arguments.Map(t => map[t])).Flatten();
        Tensor?[] masks = [.. outputs.Select(o => o.KerasMask)];
        Tensor?[] losses = [.. Layer.losses];
        if (!hasGradients) return [[.. outputs], masks, losses, [], []];
        var target = Tf.AddN([.. outputs.Zip(gradients.GetProperty("r").EnumerateArray()).Where(p => p.Second.ValueKind != JsonValueKind.Null).Select(p => Tf.Sum(p.First * Tf.Cast(_change(_golds.Tensor(p.Second)), p.First.dtype)))]);
        Tensor?[] byInputs = [.. given.Select(i => i.dtype.IsFloating ? tape.gradient(target, i) : null)];
        Tensor?[] byWeights = [.. Layer.weights.Select(w => w.dtype.IsFloating ? tape.gradient(target, w) : null)];
        return [[.. outputs], masks, losses, byInputs, byWeights];
    }

    /// <summary>Applies the layer to symbolic tensors of other shapes.</summary>
    public void CheckSymbolic(JsonElement expected, Func<Shape, Tensor, Shape> shapeOf)
    {
        // What Keras refuses symbolically may work here.
        if (expected.ValueKind != JsonValueKind.Array) return;
        var outputs = Layer.Apply(Placed(t => Graph.Scratch.AddPlaceholder(t.dtype, shapeOf(t.shape, t), "x"))).Flatten();
        Assert.That(outputs, Has.Count.EqualTo(expected.GetArrayLength()));
        var real = Computed();
        for (var i = 0; i < outputs.Count; i++)
        {
            if (ContradictsItself(expected[i], real[i])) continue;
            Assert.That(outputs[i].dtype.Name, Is.EqualTo(expected[i].GetProperty("dtype").GetString()));
            var dims = Dims(expected[i]);
            Assert.That(outputs[i].ndim, Is.EqualTo(dims.Length), outputs[i].shape.ToString());
            for (var axis = 0; axis < dims.Length; axis++)
                if (dims[axis] is { } known) Assert.That(outputs[i].shape[axis], Is.EqualTo(known), $"dimension {axis} of {outputs[i].shape}");
        }
    }

    /// <summary>What the call computes: as recorded, or where that is absent, as computed here.</summary>
    (string? DType, long?[] Dims)[] Computed() => GoldenList.Part(_golden, "outputs") is { } outputs
        ? [.. outputs.EnumerateArray().Select(o => (GoldenList.Part(o, "dtype")?.GetString(), Dims(o)))]
        : [.. Layer.Apply(_arguments).Flatten().Select(o => (o.dtype.Name, o.shape.ToArray().Select(d => (long?)d).ToArray()))];

    /// <summary>Keras' symbolic result of some layers is not what the same call computes.</summary>
    static bool ContradictsItself(JsonElement symbolic, (string? DType, long?[] Dims) real)
    {
        var known = Dims(symbolic);
        return symbolic.GetProperty("dtype").GetString() != real.DType || known.Length != real.Dims.Length || known.Zip(real.Dims).Any(p => p.First is { } dim && dim != p.Second);
    }

    static long?[] Dims(JsonElement value) => [.. value.GetProperty("shape").EnumerateArray().Select(d => d.ValueKind == JsonValueKind.Null ? (long?)null : d.GetInt64())];
}
