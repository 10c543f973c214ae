using static Keras.Api;

namespace Keras.Tests.Models;

/// <summary>Random functional models: shared layers, models within models that share layers with what is around them, constants, keyword arguments, operations between layers,
/// masks, several inputs and outputs. Equal seeds give equal models.</summary>
sealed class RandomModels
{
    const int Steps = 4, Width = 3, Vocabulary = 9;

    readonly System.Random _random;
    readonly List<(Layer Layer, Shape Input)> _made;
    readonly List<(Model Model, Shape Input)> _models = [];
    readonly List<Tensor> _pool = [];
    readonly List<Tensor> _inputs = [];
    readonly string _prefix;
    readonly int _depth;
    readonly bool _sharesAcross;

    RandomModels(System.Random random, string prefix, int depth, bool sharesAcross, List<(Layer, Shape)> made) => (_random, _prefix, _depth, _sharesAcross, _made) = (random, prefix, depth, sharesAcross, made);

    /// <summary>A model, and values for its inputs.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="sharesAcross">Whether models within share layers with what is around them, which Keras itself cannot read back.</param>
    public static (Functional Model, Tensor[] Inputs) Make(int seed, bool sharesAcross = true)
    {
        var random = new System.Random(seed);
        var make = new RandomModels(random, "m", 0, sharesAcross, []);
        var model = make.Outermost();
        foreach (var layer in model.layers)
            if (random.Next(6) == 0) layer.trainable = false;
        return (model, [.. model.inputs.Flatten().Select(i => ValueFor(random, i))]);
    }

    static Tensor ValueFor(System.Random random, Tensor input)
    {
        int[] dims = [2, .. input.shape.Skip(1).Select(d => (int)d!.Value)];
        var count = dims.Aggregate(1, (a, b) => a * b);
        return input.dtype.IsFloating
            ? ops.reshape(ops.convert_to_tensor(Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray()), dims)
            : ops.reshape(ops.convert_to_tensor(Enumerable.Range(0, count).Select(_ => random.Next(Vocabulary)).ToArray()), dims);
    }

    int Next(int count) => _random.Next(count);

    string Name(string kind) => $"{_prefix}_{kind}_{_made.Count + _pool.Count}_{Next(1_000_000)}";

    T One<T>(IReadOnlyList<T> all) => all[Next(all.Count)];

    Functional Outermost()
    {
        for (var i = 0; i <= Next(3); i++) Input(Next(2) == 0 ? [Steps, Width] : [Width]);
        if (Next(3) == 0)
        {
            var ids = keras.Input([Steps], dtype: "int32", name: Name("ids"));
            _inputs.Add(ids);
            _pool.Add(keras.layers.Embedding(Vocabulary, Width, mask_zero: Next(2) == 0, name: Name("embedding")).Apply(ids));
        }
        return Finished();
    }

    void Input(Shape shape)
    {
        var input = keras.Input(shape, name: Name("in"));
        _inputs.Add(input);
        _pool.Add(input);
    }

    Functional Finished()
    {
        for (var i = 0; i < 3 + Next(6); i++) Step();
        // Every input is used.
        Tensor joined = keras.layers.Concatenate(name: Name("join")).Apply([.. _inputs.Where(i => i.dtype.IsFloating).Select(Flat), Flat(_pool[^1])]);
        Tensor[] more = [.. Enumerable.Range(0, Next(3)).Select(_ => One(_pool)).Where(t => !_inputs.Contains(t))];
        if (_inputs.Find(i => !i.dtype.IsFloating) is { } ids) joined = ops.concatenate([joined, ops.cast(ids, "float32")], axis: -1);
        Tensors outputs = more.Length == 0 ? joined : Next(3) == 0 ? new Tensors(more.Prepend(joined).Select((t, i) => KeyValuePair.Create($"o{i}", new Tensors(t)))) : (Tensor[])[joined, .. more];
        return keras.Model(_inputs.Count == 1 ? _inputs[0] : (Tensors)_inputs.ToArray(), outputs, name: Name("model"));
    }

    Tensor Flat(Tensor x) => x.ndim == 2 ? x : keras.layers.Flatten(name: Name("flat")).Apply(x);

    void Step()
    {
        var x = One(_pool);
        Tensor[] more = Next(12) switch
        {
            0 or 1 => [Shared(x)],
            2 => [Merged(x)],
            3 or 4 => [Operation(x)],
            5 => Slices(x),
            6 when x.ndim == 3 => Recurrent(x),
            7 when x.ndim == 3 => [Attention(x)],
            8 => [Within(x)],
            9 => [WithConstant(x)],
            10 => [Reshaped(x)],
            _ => [Plain(x)],
        };
        _pool.AddRange(more);
    }

    Tensor Shared(Tensor x)
    {
        Shape shape = x.shape[1..];
        var known = _made.Where(m => m.Input == shape).ToArray();
        if (known.Length > 0) return One(known).Layer.Apply(x);
        var layer = keras.layers.Dense(Width, activation: One<string>(["tanh", "linear", "relu"]), name: Name("dense"));
        _made.Add((layer, shape));
        return layer.Apply(x);
    }

    Tensor Plain(Tensor x)
    {
        Layer layer = Next(6) switch
        {
            0 => keras.layers.LayerNormalization(name: Name("norm")),
            1 => keras.layers.BatchNormalization(name: Name("batch_norm")),
            2 => keras.layers.Dropout(0.5, name: Name("dropout")),
            3 => keras.layers.Activation("tanh", name: Name("activation")),
            4 when x.ndim == 3 => keras.layers.TimeDistributed(keras.layers.Dense(Width, name: Name("inner")), name: Name("steps")),
            _ => keras.layers.Dense(Width, name: Name("own")),
        };
        return Next(3) == 0 ? layer.Apply(x, training: false) : layer.Apply(x);
    }

    Tensor Merged(Tensor x)
    {
        Tensor other = One([.. _pool.Where(t => t.shape == x.shape)]);
        Layer layer = Next(4) switch
        {
            0 => keras.layers.Add(name: Name("add")),
            1 => keras.layers.Multiply(name: Name("multiply")),
            2 => keras.layers.Subtract(name: Name("subtract")),
            _ => keras.layers.Concatenate(name: Name("concatenate")),
        };
        return layer.Apply((x, other));
    }

    Tensor Operation(Tensor x) => Next(10) switch
    {
        0 => x + 1,
        1 => 1 - x,
        2 => ops.relu(x),
        3 => x * One([.. _pool.Where(t => t.shape == x.shape)]),
        4 => ops.softmax(x),
        5 => ops.where(x > 0, x, 0.5),
        6 => ops.concatenate([x, -x], axis: -1),
        7 => x / (ops.abs(x) + 1),
        8 => ops.clip(x, -0.5, 0.5),
        _ => ops.tanh(x) + ops.cast(x > 0.1, "float32"),
    };

    Tensor[] Slices(Tensor x) => x.ndim == 3
        ? Next(4) switch { 0 => [x[.., 0]], 1 => [x[SliceKey.Ellipsis, 0..2]], 2 => [ops.mean(x, axis: 1)], _ => ops.split(x, (int)x.shape[1], axis: 1)[..1] }
        : Next(2) == 0 ? [x[.., 0..2]] : [ops.max(x, axis: -1, keepdims: true)];

    Tensor[] Recurrent(Tensor x)
    {
        switch (Next(4))
        {
            case 0: return [keras.layers.Bidirectional(keras.layers.GRU(2, name: Name("gru")), name: Name("both")).Apply(x)];
            case 1: return [.. keras.layers.LSTM(Width, return_sequences: true, return_state: true, name: Name("lstm")).Apply(x).Flatten()];
            case 2:
                var states = keras.layers.LSTM(Width, return_state: true, name: Name("first")).Apply(x).Flatten();
                return [keras.layers.LSTM(Width, name: Name("second")).Apply(x, (states[1], states[2]))];
            default: return [keras.layers.SimpleRNN(Width, name: Name("rnn")).Apply(x)];
        }
    }

    Tensor Attention(Tensor x)
    {
        var layer = keras.layers.MultiHeadAttention(2, 2, name: Name("heads"));
        var other = One([.. _pool.Where(t => t.ndim == 3)]);
        return Next(3) switch
        {
            0 => layer.Apply(x, other),
            1 => layer.Apply(x, x, use_causal_mask: true),
            _ => layer.Apply(x, other, attention_mask: ops.cast(ops.reshape(ops.arange(x.shape[1] * other.shape[1]) % 3, [1, (int)x.shape[1], (int)other.shape[1]]) < 2, "bool")),
        };
    }

    /// <summary>A model within this one, which may share layers with it, applied once more or anew.</summary>
    Tensor Within(Tensor x)
    {
        Shape shape = x.shape[1..];
        var known = _models.Where(m => m.Input == shape).ToArray();
        if (known.Length > 0 && Next(2) == 0) return One(known).Model.Apply(x).Flatten()[0];
        if (_depth > 1) return Plain(x);
        Model model;
        if (Next(3) == 0)
        {
            var shared = _made.Where(m => _sharesAcross && m.Input == shape).Select(m => m.Layer).Take(1).ToArray();
            model = keras.Sequential([keras.Input(shape, name: Name("in")), .. shared.Select(s => (LayerArg)s), keras.layers.Dense(Width, name: Name("own"))], name: Name("stack"));
        }
        else
        {
            var inner = new RandomModels(_random, $"{_prefix}{_models.Count}", _depth + 1, _sharesAcross, _sharesAcross ? _made : []);
            inner.Input(shape);
            model = inner.Finished();
        }
        _models.Add((model, shape));
        return model.Apply(x).Flatten()[0];
    }

    Tensor WithConstant(Tensor x)
    {
        Shape shape = new([1, .. x.shape.Skip(1).Select(d => d!.Value)]);
        Tensor constant = ops.reshape(ops.arange(shape.ElementCount, dtype: "float32"), shape) / 10;
        return Next(3) switch { 0 => keras.layers.Add(name: Name("add")).Apply((x, constant)), 1 => x - constant, _ => ops.maximum(constant, x) };
    }

    Tensor Reshaped(Tensor x) => x.ndim == 3
        ? Next(3) switch { 0 => keras.layers.GlobalAveragePooling1D(name: Name("pool")).Apply(x), 1 => keras.layers.Flatten(name: Name("flat")).Apply(x), _ => ops.transpose(x, (0, 2, 1)) }
        : Next(2) == 0 ? keras.layers.RepeatVector(Steps, name: Name("repeat")).Apply(x) : ops.expand_dims(x, 1);
}
