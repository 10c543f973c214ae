using System.Text.Json.Nodes;
using Keras.Transformers;

namespace Keras.Benchmarks;

/// <summary>Measures the forward pass, with logits read back to the host.</summary>
static class InferTask
{
    public static Outcome Run(BenchmarkOptions options)
    {
        var (family, folder) = (MeasuredFamily.Of(options), ModelFolder.Of(options));
        var model = family.Load(folder.Path);
        var length = family.Length(model, options);
        var call = Forward(options, model);
        float[] logits = [];
        JsonObject more = new() { ["seq"] = length, ["weights"] = folder.Weights, ["clients"] = options.Clients };
        return new(Clients.Time(() => logits = call(), options.Clients, options.Repeat, more))
        {
            Compiles = true,
            Tokens = options.Batch * length,
            Flops = model.ForwardFlops(options.Batch, length),
            Check = [.. logits.Take(4)],
            More = more,
        };
    }

    /// <summary>Makes a function that computes the logits of the standard inputs.</summary>
    public static Func<float[]> Forward(BenchmarkOptions options, TFPreTrainedModel model)
    {
        Tensors inputs = MeasuredFamily.Inputs(model, options.Batch, options.Sequence);
        var forward = CompiledCall.Of(options, x => model.Apply(x, training: false)[0]);
        return () => forward(inputs).Single.ToArray<float>();
    }
}
