namespace Keras.Benchmarks;

/// <summary>Measures <c>save_pretrained(saved_model: true)</c> into a new folder, whose removal is not measured.</summary>
static class ExportTask
{
    public static Outcome Run(BenchmarkOptions options)
    {
        var folder = ModelFolder.Of(options);
        var model = MeasuredFamily.Of(options).Load(folder.Path);
        Directory.CreateDirectory(ModelFolder.Work);
        var output = Path.Combine(ModelFolder.Work, Path.GetRandomFileName());
        try
        {
            var times = Timings.Of(() => model.save_pretrained(output, saved_model: true), options.Repeat, warm: 0, before: () => Remove(output));
            var bytes = Directory.GetFiles(Path.Combine(output, "saved_model"), "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
            return new(times) { More = new() { ["first_s"] = Math.Round(times.First, 3), ["bytes"] = bytes, ["weights"] = folder.Weights } };
        }
        finally
        {
            Remove(output);
        }
    }

    static void Remove(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
