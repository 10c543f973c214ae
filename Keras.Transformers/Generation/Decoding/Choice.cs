using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Chooses the next token from its scores, by tensor operations that can be part of the compiled step.</summary>
/// <remarks>Processors that are C# functions of the user cannot be compiled: then the step returns scores, and the same operations run one by one.</remarks>
/// <param name="processors">The processors that change the scores.</param>
/// <param name="scores">Whether the changed scores are returned.</param>
abstract class Choice(LogitsProcessorList processors, bool scores)
{
    readonly IReadOnlyList<LogitsProcessor> _joined = processors.Joined();
    readonly bool _mendsScores = processors.Any(p => p is InfNanRemoveLogitsProcessor);

    /// <summary>The processors that change the scores.</summary>
    public LogitsProcessorList Processors => processors;

    /// <summary>Whether the whole choice can be compiled.</summary>
    public bool IsTensors => _joined.All(p => p is TensorLogitsChain);

    TensorLogitsChain? Chain => (TensorLogitsChain?)_joined.SingleOrDefault();

    /// <summary>The key of all that a trace depends on.</summary>
    public string Key => $"{GetType().Name} {Form} {scores} {Chain?.Structure}";

    /// <summary>Options of this kind of choice that change its graph.</summary>
    protected virtual string Form => "";

    /// <summary>The inputs of one step: the tokens so far, the processors' values, and those of this kind of choice.</summary>
    /// <param name="history">The tokens so far, (R, L).</param>
    /// <param name="length">The number of filled columns.</param>
    public Dictionary<string, Tensors> Inputs(Tensor history, int length) => Inputs(history, Prompt.Tensor([length]), Extras((int)history.shape[0]));

    /// <summary>The inputs of the choice, for a graph that knows all of them.</summary>
    /// <param name="history">The tokens so far, (R, L).</param>
    /// <param name="length">The number of filled columns, int32 ().</param>
    /// <param name="extras">The inputs of this kind of choice.</param>
    public Dictionary<string, Tensors> Inputs(Tensor history, Tensor length, IEnumerable<(string Name, Tensor Value)> extras)
    {
        var inputs = new Dictionary<string, Tensors> { ["history"] = history, ["length"] = length };
        if (IsTensors && Chain is { Values.Count: > 0 } chain) inputs["values"] = new Tensors(chain.Values.Select(v => new Tensors(v)));
        foreach (var (name, value) in extras) inputs[name] = value;
        return inputs;
    }

    /// <summary>A key that choices share if one call can make them for several texts; null if the choice depends on the tokens so far.</summary>
    public string? CommonForm => processors.All(p => p is CandidateLogitsProcessor)
        ? $"{Key} {string.Join(' ', processors.Cast<CandidateLogitsProcessor>().SelectMany(p => p.Values).SelectMany(v => ops.cast(v, "float64").ToArray<double>()))}" : null;

    /// <summary>The inputs of one step for choices with a common form, each for one text.</summary>
    public static Dictionary<string, Tensors> InputsOf(IEnumerable<Choice> alike)
    {
        Dictionary<string, Tensors>[] each = [.. alike.Select(c => c.Inputs(Prompt.Tensor([0], 1, 1), 0))];
        foreach (var name in each[0].Keys.Except(["length", "values"]).ToArray()) each[0][name] = ops.concatenate([.. each.Select(i => i[name].Single)], 0);
        return each[0];
    }

    /// <summary>The further inputs of this kind of choice in a step.</summary>
    protected virtual IEnumerable<(string Name, Tensor Value)> Extras(int rows) => [];

    /// <summary>Changes the scores and makes the choice.</summary>
    /// <param name="raw">The model's scores, (R, V), float32.</param>
    /// <param name="inputs">As <see cref="Inputs(Tensor, int)"/> made them.</param>
    public Dictionary<string, Tensors> Run(Tensor raw, Tensors inputs)
    {
        var candidates = Changed(Prepared(raw), inputs);
        var result = Chosen(candidates, inputs);
        // NaN, or no token left: the host finds out which. A narrowed choice may no longer contain the model's NaN.
        var isBad = ops.logical_or(ops.any(ops.isnan(candidates.Scores), -1), ops.all(ops.equal(candidates.Scores, double.NegativeInfinity), -1));
        result["bad"] = _mendsScores ? isBad : ops.logical_or(isBad, ops.any(ops.isnan(raw), -1));
        result["logits"] = raw;
        if (scores) result["scores"] = candidates.ToScores();
        return result;
    }

    Candidates Changed(Tensor scores, Tensors inputs)
    {
        var history = new TokenHistory(inputs["history"].Single, inputs["length"].Single);
        if (IsTensors)
            return Chain is not { } chain ? Candidates.All(scores) : chain.Choose(history, scores, inputs.TryGet("values", out var values) ? [.. values.Select(v => v.Single)] : []);
        var soFar = history.Ids[.., ..history.Length.ToScalar<int>()];
        return Candidates.All(processors.Apply(soFar, scores));
    }

    /// <summary>The scores that processors see.</summary>
    public virtual Tensor Prepared(Tensor raw) => raw;

    /// <summary>Makes the choice from the changed scores.</summary>
    private protected abstract Dictionary<string, Tensors> Chosen(Candidates candidates, Tensors inputs);
}

/// <summary>The most probable token of each row.</summary>
sealed class GreedyChoice(LogitsProcessorList processors, bool scores) : Choice(processors, scores)
{
    private protected override Dictionary<string, Tensors> Chosen(Candidates candidates, Tensors inputs) => new() { ["tokens"] = ops.cast(ops.argmax(candidates.ToScores(), -1), "int32") };
}

/// <summary>Draws a token for each row by its probability: the one at which the cumulative probability passes the row's random number.</summary>
/// <param name="processors">The processors that change the scores.</param>
/// <param name="scores">Whether the changed scores are returned.</param>
/// <param name="seeds">The seed of each row.</param>
sealed class SampleChoice(LogitsProcessorList processors, bool scores, IReadOnlyList<long> seeds) : Choice(processors, scores)
{
    /// <summary>The name of the input with a random number for each row.</summary>
    public const string Draws = "uniform";

    int _step;

    protected override IEnumerable<(string Name, Tensor Value)> Extras(int rows)
    {
        var step = _step++;
        var numbers = new float[rows];
        for (var row = 0; row < rows; row++) numbers[row] = TokenSeeds.Uniform(seeds[row], step);
        yield return (Draws, numbers);
    }

    private protected override Dictionary<string, Tensors> Chosen(Candidates candidates, Tensors inputs)
    {
        var weights = ops.exp(candidates.Scores - ops.max(candidates.Scores, -1, keepdims: true));
        var place = RunningSums.Passed(weights, total => ops.expand_dims(inputs[Draws].Single, 1) * total);
        return new() { ["tokens"] = ops.squeeze(candidates.Tokens is { } tokens ? ops.take_along_axis(tokens, place, 1) : place, 1) };
    }
}

/// <summary>The best continuations of each text's beams, or some drawn by probability.</summary>
/// <param name="processors">The processors that change the scores.</param>
/// <param name="scores">Whether the changed scores are returned.</param>
/// <param name="beams">The number of rows of each text, K.</param>
/// <param name="count">The number of continuations of each text.</param>
/// <param name="sums">The sum of each row so far.</param>
/// <param name="seed">The seed of the draws; null for the best.</param>
sealed class BeamChoice(LogitsProcessorList processors, bool scores, int beams, int count, Func<float[]> sums, long? seed) : Choice(processors, scores)
{
    int _step;

    protected override string Form => $"{beams} {count} {seed is not null}";

    protected override IEnumerable<(string Name, Tensor Value)> Extras(int rows)
    {
        yield return ("sums", sums());
        if (seed is { } number) yield return ("seed", Graphs.Tf.Constant(HostTensor.Vector(number, (long)_step++)));
    }

    public override Tensor Prepared(Tensor raw) => ops.log_softmax(raw);

    private protected override Dictionary<string, Tensors> Chosen(Candidates candidates, Tensors inputs)
    {
        var processed = candidates.ToScores();
        var vocabulary = (int)processed.shape[1];
        var total = ops.reshape(processed + ops.expand_dims(inputs["sums"].Single, 1), [-1, beams * vocabulary]);
        if (seed is null)
        {
            var (best, places) = ops.top_k(total, count);
            return Continuations(best, places, vocabulary);
        }
        // The largest scores after adding Gumbel noise are draws without replacement.
        var (key, counter) = SeedGenerator.PhiloxOf(inputs["seed"].Single);
        var uniform = Graphs.Tf.RandomUniform(Graphs.Tf.ShapeOf(total), key, counter);
        var noisy = total - ops.log(-ops.log(ops.maximum(uniform, 1e-30)));
        var (_, drawn) = ops.top_k(noisy, count);
        return Continuations(ops.take_along_axis(total, drawn, 1), drawn, vocabulary);
    }

    static Dictionary<string, Tensors> Continuations(Tensor values, Tensor places, int vocabulary) => new() { ["values"] = values, ["beams"] = ops.floor_divide(places, vocabulary), ["tokens"] = places % vocabulary };
}

/// <summary>The most probable tokens of each row, with their probabilities.</summary>
/// <param name="processors">The processors that change the scores.</param>
/// <param name="scores">Whether the changed scores are returned.</param>
/// <param name="count">The number of tokens.</param>
sealed class CandidateChoice(LogitsProcessorList processors, bool scores, int count) : Choice(processors, scores)
{
    protected override string Form => $"{count}";

    private protected override Dictionary<string, Tensors> Chosen(Candidates candidates, Tensors inputs)
    {
        var processed = candidates.ToScores();
        var (probabilities, tokens) = ops.top_k(ops.softmax(processed), Math.Min(count, (int)processed.shape[1]));
        return new() { ["probabilities"] = probabilities, ["tokens"] = tokens };
    }
}

/// <summary>Random numbers between 0 and 1 that depend only on a seed and a step.</summary>
static class TokenSeeds
{
    /// <summary>Draws a number in [0, 1), with 24 bits.</summary>
    public static float Uniform(long seed, int step) => (Mixed(Mixed((ulong)seed) + (ulong)step) >> 40) * (1f / (1 << 24));

    /// <summary>The seed of a row, derived from a common seed.</summary>
    public static long Of(long seed, int row) => (long)Mixed((ulong)seed ^ Mixed((ulong)row + 1));

    /// <summary>SplitMix64, which makes neighbouring numbers unrelated.</summary>
    static ulong Mixed(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
