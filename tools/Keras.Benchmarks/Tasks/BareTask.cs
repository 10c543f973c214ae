using Keras.Graphs;

namespace Keras.Benchmarks;

/// <summary><see cref="TrainTask"/> written by hand in plain ops: no layers, no composites, no optimizer class.</summary>
/// <remarks>BERT's step as one would write it for a graph; the difference to <c>train</c> is the cost of this library's layers.</remarks>
static class BareTask
{
    public static Outcome Run(BenchmarkOptions options)
    {
        if (options.Model != "bert" || MeasuredFamily.Of(options).Sizes.GetValueOrDefault(options.Size)?.Invoke() is not Transformers.BertConfig config)
            throw new ArgumentException("--task bare is a BERT of --size base or tiny.");
        Tensors batch = MeasuredFamily.Of(options).InputsWithLabels(new Transformers.TFBertForSequenceClassification(config), options.Batch, options.Sequence);
        var bert = new BareBert(config, options.Batch, options.Sequence);
        var step = CompiledCall.Of(options, bert.Step);
        float loss = 0;
        return new(Timings.Of(() => loss = step(batch).Single.ToScalar<float>(), options.Repeat))
        {
            Compiles = true,
            Tokens = options.Batch * options.Sequence,
            More = new() { ["loss"] = Math.Round(loss, 5), ["weights"] = "new" },
        };
    }
}

/// <summary>A BERT classifier as functions on variables.</summary>
sealed class BareBert
{
    readonly Transformers.BertConfig _config;
    readonly int _batch, _length, _width, _heads;
    readonly Random _random = new(1);
    readonly List<Variable> _weights = [], _moments = [];
    readonly Variable _step = new(Tf.Constant(HostTensor.Of<ulong>([0], new Shape(1))), trainable: false);
    readonly (Variable Words, Variable Positions, Variable Types, Norm Norm) _embeddings;
    readonly Block[] _blocks;
    readonly Product _pooler, _classifier;
    ulong _draws;

    sealed record Product(Variable Kernel, Variable Bias);

    sealed record Norm(Variable Gamma, Variable Beta);

    sealed record Block(Product Query, Product Key, Product Value, Product Output, Norm First, Product Wide, Product Narrow, Norm Second);

    public BareBert(Transformers.BertConfig config, int batch, int length)
    {
        (_config, _batch, _length, _width, _heads) = (config, batch, length, config.hidden_size, config.num_attention_heads);
        _embeddings = (Weight(config.vocab_size, _width), Weight(config.max_position_embeddings, _width), Weight(config.type_vocab_size, _width), NewNorm());
        _blocks = [.. Enumerable.Range(0, config.num_hidden_layers).Select(_ => new Block(NewProduct(_width, _width), NewProduct(_width, _width), NewProduct(_width, _width),
            NewProduct(_width, _width), NewNorm(), NewProduct(_width, config.intermediate_size), NewProduct(config.intermediate_size, _width), NewNorm()))];
        (_pooler, _classifier) = (NewProduct(_width, _width), NewProduct(_width, 2));
        foreach (var weight in _weights.Concat(_weights)) _moments.Add(new(Tf.Full(weight.shape, 0, DType.Float32), trainable: false));
    }

    /// <summary>Runs one step of Adam on a batch and returns its loss.</summary>
    public Tensors Step(Tensors batch)
    {
        _draws = 0;
        using var tape = new GradientTape();
        var logits = Forward(batch["input_ids"].Single, batch["attention_mask"].Single, batch["token_type_ids"].Single);
        var loss = Tf.Mean(Tf.DenseSoftmaxCrossEntropy(logits, Tf.OneHot(batch["labels"].Single, 2, 1f, 0f)));
        var gradients = tape.gradient(loss, _weights);
        _step.assign_add(Tf.Constant(HostTensor.Of<ulong>([1], new Shape(1))));
        var time = Tf.Cast(Tf.Reshape(_step.value, new Shape()), DType.Float32);
        var (power1, power2) = (Tf.Pow(0.9f, time), Tf.Pow(0.999f, time));
        foreach (var (i, weight) in _weights.Index())
            Tf.ApplyAdam(weight.Handle, _moments[i].Handle, _moments[_weights.Count + i].Handle, power1, power2, (float)TrainTask.LearningRate, 0.9f, 0.999f, 1e-7f, gradients[i]!);
        return loss;
    }

    Tensor Forward(Tensor ids, Tensor mask, Tensor types)
    {
        var words = Tf.Gather(_embeddings.Words.value, ids, 0) + Tf.Gather(_embeddings.Types.value, types, 0);
        var places = Tf.Gather(_embeddings.Positions.value, Tf.Int32([.. Enumerable.Range(0, _length)]), 0);
        var x = Tf.Reshape(Dropout(Normal(words + places, _embeddings.Norm)), new Shape(_batch * _length, _width));
        var hidden = (1 - Tf.Reshape(Tf.Cast(mask, DType.Float32), new Shape(_batch, 1, 1, _length))) * -1e9;
        foreach (var block in _blocks) x = Layer(x, hidden, block);
        var first = Tf.Reshape(Tf.Gather(Tf.Reshape(x, new Shape(_batch, _length, _width)), Tf.Int32([0]), 1), new Shape(_batch, _width));
        return Apply(Dropout(Tf.Tanh(Apply(first, _pooler))), _classifier);
    }

    Tensor Layer(Tensor x, Tensor hidden, Block block)
    {
        var scores = Tf.BatchMatMul(Heads(Apply(x, block.Query)), Heads(Apply(x, block.Key)), adj_y: true) * (1 / Math.Sqrt(_width / _heads));
        var mixed = Tf.BatchMatMul(Dropout(Tf.Softmax(scores + hidden)), Heads(Apply(x, block.Value)));
        x = Normal(x + Dropout(Apply(Tf.Reshape(Tf.Transpose(mixed, 0, 2, 1, 3), new Shape(_batch * _length, _width)), block.Output)), block.First);
        return Normal(x + Dropout(Apply(Gelu(Apply(x, block.Wide)), block.Narrow)), block.Second);
    }

    Tensor Heads(Tensor x) => Tf.Transpose(Tf.Reshape(x, new Shape(_batch, _length, _heads, _width / _heads)), 0, 2, 1, 3);

    static Tensor Apply(Tensor x, Product product) => Tf.BiasAdd(Tf.MatMul(x, product.Kernel.value), product.Bias.value);

    static Tensor Gelu(Tensor x) => x * 0.5 * (Tf.Erf(x * Math.Sqrt(0.5)) + 1);

    Tensor Normal(Tensor x, Norm norm)
    {
        var mean = Tf.Mean(x, [-1], keep_dims: true);
        var scale = Tf.Rsqrt(Tf.Mean(Tf.SquaredDifference(x, mean), [-1], keep_dims: true) + _config.layer_norm_eps);
        return ((x - mean) * scale * norm.Gamma.value) + norm.Beta.value;
    }

    Tensor Dropout(Tensor x)
    {
        var counter = Tf.Concat([Tf.Constant(HostTensor.Of<ulong>([_draws++ << 32], new Shape(1))), _step.value], 0);
        var uniform = Tf.RandomUniform(Tf.Int32([.. x.shape.ToArray().Select(d => (int)d)]), Tf.Constant(HostTensor.Of<ulong>([7], new Shape(1))), counter);
        var rate = _config.hidden_dropout_prob;
        return x * Tf.Cast(Tf.GreaterEqual(uniform, (float)rate), DType.Float32) * (1 / (1 - rate));
    }

    Product NewProduct(int from, int to) => new(Weight(from, to), Filled(0, to));

    Norm NewNorm() => new(Filled(1, _width), Filled(0, _width));

    Variable Weight(int rows, int columns)
    {
        var values = new float[rows, columns];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++) values[r, c] = ((float)_random.NextDouble() - 0.5f) * 0.07f;
        return Kept(new(Tensor.Of(values)));
    }

    Variable Filled(float value, int length) => Kept(new(Tf.Full(new Shape(length), value, DType.Float32)));

    Variable Kept(Variable variable)
    {
        _weights.Add(variable);
        return variable;
    }
}
