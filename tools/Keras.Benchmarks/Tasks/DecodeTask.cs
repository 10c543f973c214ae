using System.Text.Json.Nodes;
using Keras.Graphs;
using Keras.Transformers;

namespace Keras.Benchmarks;

/// <summary>Measures one step of decoding: one new token for each text after a past of --seq tokens, logits read back to the host.</summary>
static class DecodeTask
{
    public static Outcome Run(BenchmarkOptions options)
    {
        var folder = ModelFolder.Of(options);
        var model = MeasuredFamily.Of(options).LoadDecoder(folder.Path);
        var prompt = MeasuredFamily.Inputs(model, options.Batch, options.Sequence);
        var past = model.Apply(new CallArguments(prompt[model.main_input_name], training: false).WithOption("use_cache", true)).past_key_values!;
        var next = Tf.Slice(prompt[model.main_input_name].Single, [0, 0], [options.Batch, 1]);
        var step = CompiledCall.Of(options, given => model.Apply(new CallArguments(given[0], training: false).With("past_key_values", given[1]).WithOption("use_cache", true)).logits);
        float[] logits = [];
        var timings = Timings.Of(() => logits = step(new Tensors([next, past])).Single.ToArray<float>(), options.Repeat);
        return new(timings)
        {
            Compiles = true,
            Tokens = options.Batch,
            Check = [.. logits.Take(4)],
            More = new(Bandwidth(model.DecodeBytes(options.Batch, options.Sequence), timings.Median).Prepend(new("weights", folder.Weights))),
        };
    }

    /// <summary>The memory bandwidth of one step, and the machine's maximum.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Bandwidth(double? bytes, double seconds)
    {
        if (bytes is not { } read) yield break;
        var limit = MachineLimit.BytesPerSecond();
        yield return new("step_mb", Math.Round(read / 1e6, 1));
        yield return new("read_gb_per_s", Math.Round(read / seconds / 1e9, 2));
        yield return new("limit_gb_per_s", Math.Round(limit / 1e9, 2));
        yield return new("share_of_read", Math.Round(read / seconds / limit, 3));
    }
}
