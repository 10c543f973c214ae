using Keras.Transformers;

namespace Keras.Benchmarks;

/// <summary>Measures the continuation of a prompt of --seq tokens by --new-tokens, greedy, with --beams or sampled; only the first call compiles.</summary>
static class GenerateTask
{
    public static Outcome Run(BenchmarkOptions options)
    {
        var folder = ModelFolder.Of(options);
        var model = MeasuredFamily.Of(options).LoadDecoder(folder.Path, options.DType);
        if (options.Mode == "eager") model.compile(run_eagerly: true);
        var prompt = MeasuredFamily.Inputs(model, options.Batch, options.Sequence);
        var settings = new GenerationConfig { max_new_tokens = options.NewTokens, num_beams = options.Beams, do_sample = options.Sample, seed = 1 };
        if (options.Sample) (settings.top_p, settings.top_k) = (0.9, options.TopK);
        int[] tokens = [];
        var timings = Timings.Of(() => tokens = model.generate(new Tensors(prompt.Where(i => i.Key is "input_ids" or "attention_mask")), settings, jit_compile: options.Mode == "xla").sequences.ToArray<int>(), options.Repeat);
        var rows = options.Batch * options.Beams;
        return new(timings)
        {
            Compiles = true,
            Tokens = options.Batch * options.NewTokens,
            Check = [.. tokens.Skip(options.Sequence).Take(8).Select(t => (float)t)],
            More = new(DecodeTask.Bandwidth(model.DecodeBytes(rows, options.Sequence + (options.NewTokens / 2)), timings.Median / options.NewTokens).Prepend(new("weights", folder.Weights))),
        };
    }
}
