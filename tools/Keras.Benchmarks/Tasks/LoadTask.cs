using Keras.Graphs;
using Keras.Transformers;

namespace Keras.Benchmarks;

/// <summary>Measures <c>from_pretrained</c> in one process, with one value read from every page of every weight. Releasing the previous model is not measured.</summary>
static class LoadTask
{
    const int PageSize = 4096;

    public static Outcome Run(BenchmarkOptions options)
    {
        var (family, folder) = (MeasuredFamily.Of(options), ModelFolder.Of(options));
        TFPreTrainedModel? model = null;
        var times = Timings.Of(() => Touch(model = family.Load(folder.Path)), options.Repeat, warm: 0, before: () =>
        {
            model = null;
            GC.Collect();
            GC.WaitForPendingFinalizers();
        });
        return new(times)
        {
            More = new()
            {
                ["first_s"] = Math.Round(times.First, 3),
                ["bytes"] = Directory.GetFiles(folder.Path, "*.safetensors").Sum(f => new FileInfo(f).Length),
                ["parameters"] = model!.count_params(),
                ["weights"] = folder.Weights,
            },
        };
    }

    static void Touch(TFPreTrainedModel model)
    {
        foreach (var weight in model.weights)
        {
            var count = checked((int)weight.size);
            var step = PageSize / weight.dtype.Size;
            var touched = Tf.StridedSlice(Tf.Reshape(weight.value, Tf.Int32(-1)), [0], [count], [step]);
            touched.RequireEager().ReadBytes();
        }
    }
}
