using Keras.Graphs;
using static Keras.Api;

namespace Keras.Benchmarks;

/// <summary>Measures one training step with dropout: forward, backward and Adam's update as one function, with the loss read back.</summary>
static class TrainTask
{
    public const double LearningRate = 5e-5;

    public static Outcome Run(BenchmarkOptions options)
    {
        var (family, folder) = (MeasuredFamily.Of(options), ModelFolder.Of(options));
        var model = family.Load(folder.Path);
        var length = family.Length(model, options);
        var trained = model.trainable_weights;
        var optimizer = keras.optimizers.Adam(LearningRate);
        optimizer.build(trained);

        var step = CompiledCall.Of(options, inputs =>
        {
            using var tape = new GradientTape();
            var losses = model.Apply(inputs, training: true)["loss"].Single;
            var loss = Tf.Mean(losses);
            optimizer.apply(tape.gradient(loss, trained), trained);
            return loss;
        });
        Tensors inputs = family.InputsWithLabels(model, options.Batch, options.Sequence);
        float loss = 0;
        return new(Timings.Of(() => loss = step(inputs).Single.ToScalar<float>(), options.Repeat))
        {
            Compiles = true,
            Tokens = options.Batch * length,
            Flops = 3 * model.ForwardFlops(options.Batch, length),   // The gradient of each product takes two more products.
            More = new() { ["loss"] = Math.Round(loss, 5), ["seq"] = length, ["weights"] = folder.Weights },
        };
    }
}
