using Keras.Layers;
using static Keras.Api;

namespace Keras.Tests.Layers;

/// <summary>States that are kept from batch to batch, and cells of one's own.</summary>
public sealed class RecurrentStateTests
{
    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        keras.utils.set_random_seed(1);
    }

    static Tensor Sequences(int batch, int steps, params int[] rest) => ops.sin(ops.reshape(ops.arange(0, batch * steps * rest.Aggregate(1, (a, b) => a * b), dtype: "float32") * 0.37f, Dims.Create([batch, steps, .. rest.Select(r => (Dim)r)])));

    /// <summary>Each makes the layer with and without kept states.</summary>
    static readonly Dictionary<string, (Func<bool, Layer> Make, int[] Inner)> Kinds = new()
    {
        ["SimpleRNN"] = (s => keras.layers.SimpleRNN(3, stateful: s, return_sequences: true), [2]),
        ["GRU"] = (s => keras.layers.GRU(3, stateful: s, return_sequences: true), [2]),
        ["LSTM"] = (s => keras.layers.LSTM(3, stateful: s, return_sequences: true), [2]),
        ["RNN of stacked cells"] = (s => keras.layers.RNN(keras.layers.StackedRNNCells([keras.layers.GRUCell(3), keras.layers.LSTMCell(2)]), stateful: s, return_sequences: true), [2]),
        ["RNN of an own cell"] = (s => keras.layers.RNN(new Leaky(3), stateful: s, return_sequences: true), [3]),
        ["ConvLSTM1D"] = (s => keras.layers.ConvLSTM1D(2, 2, stateful: s, return_sequences: true), [4, 2]),
    };

    static IEnumerable<string> Names => Kinds.Keys;

    /// <summary>A state that forgets: h + rate · (x - h).</summary>
    sealed class Leaky(int units, double rate = 0.25, string? name = null) : RnnCell(name)
    {
        Variable _gain = null!;

        public override IReadOnlyList<int> state_size => [units];

        public override void build(Shape input_shape) => _gain = add_weight(new Shape(units), "ones", name: "gain");

        public override Tensors call(CallArguments args)
        {
            Tensor before = args["states"]!;
            var next = before + ((args.Inputs - before) * (float)rate * _gain.value);
            return new Tensors([next, next]);
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Parts_one_after_the_other_are_the_whole(string kind)
    {
        var (make, rest) = Kinds[kind];
        var (kept, plain) = (make(true), make(false));
        var whole = Sequences(2, 6, rest);
        Tensor expected = plain.Apply(whole);
        kept.Apply(whole[.., 0..3]);
        kept.set_weights(plain.get_weights());
        for (var round = 0; round < 2; round++)
        {
            ((RNN)kept).reset_state();
            var parts = new[] { whole[.., 0..2], whole[.., 2..3], whole[.., 3..6] }.Select(p => (Tensor)kept.Apply(p)).ToArray();
            Assert.That(ops.concatenate(parts, axis: 1).ToArray<float>(), Is.EqualTo(expected.ToArray<float>()).Within(1e-5f));
        }
        Assert.That(kept.weights, Has.Count.EqualTo(plain.weights.Count), "states are no weights");
        Assert.That(((RNN)kept).states, Has.Count.GreaterThan(0));
        Assert.That(((RNN)plain).states, Is.Null);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Training_and_predicting_go_on_with_the_states(bool jit)
    {
        var input = keras.Input(batch_shape: (2, -1, 3));
        var rnn = keras.layers.LSTM(4, stateful: true);
        var model = keras.Model(input, keras.layers.Dense(1).Apply(rnn.Apply(input)));
        model.compile("sgd", "mse", jit_compile: jit);
        var x = Sequences(6, 5, 3);
        model.fit(x, ops.ones((6, 1)), batch_size: 2, epochs: 2, shuffle: false, verbose: 0);
        Assert.That(rnn.states!.Select(s => ops.any(ops.abs(s.value) > 0).ToScalar<bool>()), Has.All.True);

        rnn.reset_state();
        var first = model.predict(x[0..2], batch_size: 2, verbose: 0);
        var second = model.predict(x[0..2], batch_size: 2, verbose: 0);
        Assert.That(((Tensor)second).ToArray<float>(), Is.Not.EqualTo(((Tensor)first).ToArray<float>()).Within(1e-5f));
        rnn.reset_states();
        Assert.That(((Tensor)model.predict(x[0..2], batch_size: 2, verbose: 0)).ToArray<float>(), Is.EqualTo(((Tensor)first).ToArray<float>()).Within(1e-6f));
    }

    [Test]
    public void A_last_batch_of_fewer_rows_is_refused()
    {
        var input = keras.Input(batch_shape: (4, 5, 3));
        var model = keras.Model(input, keras.layers.LSTM(2, stateful: true).Apply(input));
        model.compile("sgd", "mse");
        Assert.That(() => model.fit(Sequences(10, 5, 3), ops.ones((10, 2)), batch_size: 4, verbose: 0), Throws.InstanceOf<ShapeMismatchException>());
    }

    [Test]
    public void Both_directions_keep_states()
    {
        var layer = keras.layers.Bidirectional(keras.layers.GRU(3, stateful: true));
        Assert.That(layer.states, Is.Null);
        var x = Sequences(2, 4, 3);
        Tensor first = layer.Apply(x), second = layer.Apply(x);
        Assert.That(layer.states, Has.Count.EqualTo(2));
        Assert.That(second.ToArray<float>(), Is.Not.EqualTo(first.ToArray<float>()));
        layer.reset_state();
        Assert.That(((Tensor)layer.Apply(x)).ToArray<float>(), Is.EqualTo(first.ToArray<float>()));
        Assert.That(() => keras.layers.Bidirectional(keras.layers.GRU(3)).reset_state(), Throws.InvalidOperationException.With.Message.Contains("stateful"));
    }

    [Test]
    public void A_cell_of_ones_own_is_saved_with_its_layer()
    {
        var input = keras.Input((4, 3));
        var model = keras.Model(input, keras.layers.RNN(new Plain(3)).Apply(input));
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder, "m.keras");
        model.save(path);
        var again = keras.models.load_model(path, custom_objects: new Dictionary<string, Type> { ["Plain"] = typeof(Plain) });
        var x = Sequences(2, 4, 3);
        Assert.That(((Tensor)again.Apply(x)).ToArray<float>(), Is.EqualTo(((Tensor)model.Apply(x)).ToArray<float>()));
    }

    public sealed class Plain(int units, string? name = null) : RnnCell(name)
    {
        public override IReadOnlyList<int> state_size => [units];

        public override Tensors call(CallArguments args)
        {
            Tensor next = args["states"]! + args.Inputs;
            return new Tensors([next, next]);
        }

        public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["units"] = units };
    }

    sealed class Nothing : RnnCell
    {
        public override IReadOnlyList<int> state_size => [2];
    }

    [Test]
    public void Mistakes_are_named()
    {
        var x = Sequences(2, 4, 3);
        var kept = keras.layers.LSTM(3, stateful: true);
        Assert.That(() => kept.Apply(keras.Input((4, 3))), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("batch_shape"));
        kept = keras.layers.LSTM(3, stateful: true);
        kept.Apply(x);
        Assert.That(() => kept.Apply(Sequences(3, 4, 3)), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("batch of 2"));
        Assert.That(() => keras.layers.RNN(new Nothing()).Apply(x), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("Override call"));
        Assert.That(() => keras.layers.LSTM(3).Apply(x, ops.zeros((2, 3))), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("states"));
        Assert.That(() => keras.layers.GRU(3).Apply(x, ops.zeros((2, 5))), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("initial_state 0"));
        Assert.That(() => keras.layers.ConvLSTM2D(2, 9).Apply(Sequences(1, 2, 4, 4, 1)), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("window"));
        Assert.That(() => keras.layers.ConvLSTM2D(2, 2).Apply(keras.Input((3, -1, 4, 1))), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("known"));
        Assert.That(() => keras.layers.ConvLSTM1D(0, 2), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("filters"));
        Assert.That(() => keras.layers.ConvLSTM1D(2, 2, padding: "causal"), Throws.ArgumentException.With.Message.Contains("same"));
        Assert.That(() => keras.layers.ConvLSTM2D(2, 2, strides: 2, dilation_rate: 2), Throws.ArgumentException.With.Message.Contains("strides"));
        Assert.That(() => keras.layers.Bidirectional(keras.layers.GRU(3, stateful: true), backward_layer: keras.layers.GRU(3, go_backwards: true)), Throws.ArgumentException.With.Message.Contains("stateful"));
        Assert.That(() => keras.layers.MelSpectrogram(fft_length: 512).Apply(Sequences(2, 100)), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("256"));
        Assert.That(() => keras.layers.MelSpectrogram(min_freq: 9000), Throws.ArgumentException.With.Message.Contains("min_freq"));
        Assert.That(() => keras.layers.STFTSpectrogram(frame_length: 64).Apply(Sequences(2, 32, 1)), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("64 samples"));
        Tensor whole = ops.cast(ops.sin(ops.arange(0, 64, dtype: "float32")) * 1000, "int16");
        whole = ops.reshape(whole, (1, 64, 1));
        Assert.That(keras.layers.STFTSpectrogram(frame_length: 16).Apply(whole).Single.ToArray<float>(), Is.EqualTo(keras.layers.STFTSpectrogram(frame_length: 16).Apply(ops.cast(whole, "float32")).Single.ToArray<float>()), "whole numbers");
        Assert.That(() => keras.layers.STFTSpectrogram(window: "hanning"), Throws.ArgumentException.With.Message.Contains("\"hann\""));
        Assert.That(() => keras.layers.STFTSpectrogram(frame_step: 300), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("frame_step"));
    }
}
