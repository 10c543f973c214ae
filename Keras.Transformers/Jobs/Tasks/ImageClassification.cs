using System.Numerics.Tensors;

namespace Keras.Transformers;

/// <summary>Which class an image is of.</summary>
sealed class ImageClassification(JobRequest request) : JobModel(request, Load<TFAutoModelForImageClassification>(request))
{
    readonly ViTImageProcessor _processor = AutoImageProcessor.from_pretrained(request.Folder);

    public override void SaveBeside(string folder) => _processor.save_pretrained(folder);

    public ViTImageProcessor Processor => _processor;

    public override RowBatches Batches(Dataset data, Random? order) => new(data.num_rows, Request.BatchSize, order, rows =>
    {
        var part = data.Gather(rows);
        return new Batch(Encoded(part), Truth(part));
    });

    public override Dictionary<string, double> Evaluate(Dataset data, Action<long> done, CancellationToken cancellation)
    {
        var scores = new ClassScores();
        foreach (var part in Parts(data, done, cancellation))
        {
            var (labels, (logits, shape)) = (Truth(part), Run(Encoded(part)));
            for (var row = 0; row < labels.Length; row++)
            {
                var own = logits.AsSpan(row * shape[1], shape[1]);
                scores.Add(labels[row], TensorPrimitives.IndexOfMax(own), Surprise(own, labels[row]));
            }
        }
        return scores.Result();
    }

    public override IEnumerable<IReadOnlyList<JobAnswer>> Predict(DatasetBatch rows)
    {
        var (logits, shape) = Run(Encoded(rows));
        return Enumerable.Range(0, shape[0]).Select(row => ClassScores.Answers(Softmax(logits.AsSpan(row * shape[1], shape[1])), Model.config, Request.TopK));
    }

    BatchFeature Encoded(DatasetBatch rows) => _processor.Apply(ImageInput.Create([.. rows[Column(ColumnRole.Image)].Select(Image)]), do_convert_rgb: Channels != 1);

    /// <summary>Pictures of a table keep their own mode; files are read as RGB.</summary>
    int Channels => Model.config.GetType().GetProperty("num_channels")?.GetValue(Model.config) is int channels ? channels : 3;

    ImageInput Image(DatasetValue cell)
    {
        if (cell.IsNull) throw new JobOptionException(ColumnRole.Image.Option, "An image is missing", "an image in each row", "an empty cell", "Leave such rows out.");
        if (cell.Feature is Image) return cell.ToPicture();
        if (cell.ToObject() is not string path) throw new JobOptionException(ColumnRole.Image.Option, "A column holds no images", "images, or paths of files", $"{cell.Feature}");
        var full = Path.Combine(Request.ImageFolder, path);
        return File.Exists(full) ? full : throw new JobOptionException(ColumnRole.Image.Option, "An image is not there", "the path of a file, from the folder of the table on", full);
    }

    int[] Truth(DatasetBatch rows)
    {
        var classes = Request.Labels ?? JobLabels.Of(Model.config);
        return [.. rows[Column(ColumnRole.Label)].Select(cell => classes[JobLabels.Name(cell)])];
    }
}
