namespace Keras.Transformers;

/// <summary>Predicts the class of an image, several classes, or a number.</summary>
sealed class ImageClassification(JobRequest request) : JobModel(request, Load<TFAutoModelForImageClassification>(WithoutLength(request)))
{
    readonly ViTImageProcessor _processor = AutoImageProcessor.from_pretrained(request.Folder);

    static JobRequest WithoutLength(JobRequest request) => request.MaxLength is not { } length ? request : throw new JobOptionException(nameof(request.MaxLength), "Images have no tokens", "nothing", $"{length}", "Leave it out.");

    public override void SaveBeside(string folder) => _processor.save_pretrained(folder);

    public ViTImageProcessor Processor => _processor;

    public override string[] Metrics => Problem.Metrics;

    public override RowBatches Batches(Dataset data, Random? order) => new(data.num_rows, Request.BatchSize, order, rows =>
    {
        var part = data.Gather(rows);
        return new Batch(Encoded(part), TruthOf(part));
    });

    public override Dictionary<string, double> Evaluate(Dataset data, Action<long> done, CancellationToken cancellation) => EvaluateRows(data, part => Encoded(part), done, cancellation);

    protected override Pipeline Answering() => new ImageClassificationPipeline(Model, Processor, Request.BatchSize, new() { top_k = Request.TopK, function_to_apply = Problem.Function });

    protected override IEnumerable<PipelineInput> Asked(DatasetBatch rows) => rows[Column(ColumnRole.Image)].Select(cell => (PipelineInput)Image(cell));

    BatchFeature Encoded(DatasetBatch rows) => _processor.Apply(ImageInput.Create([.. rows[Column(ColumnRole.Image)].Select(cell => (ImageInput)Image(cell))]), do_convert_rgb: PipelineImages.AreRgb(Model));

    /// <summary>Reads an image, upright as in pipelines.</summary>
    Picture Image(DatasetValue cell)
    {
        if (cell.IsNull) throw new JobOptionException(ColumnRole.Image.Option, "An image is missing", "an image in each row", "an empty cell", "Leave such rows out.");
        if (cell.Feature is Image) return cell.ToPicture().Upright();
        if (cell.ToObject() is not string path) throw new JobOptionException(ColumnRole.Image.Option, "A column holds no images", "images, or paths of files", $"{cell.Feature}");
        var full = Path.Combine(Request.ImageFolder, path);
        return File.Exists(full) ? Picture.Open(full).Upright() : throw new JobOptionException(ColumnRole.Image.Option, "An image is not there", "the path of a file, from the folder of the table on", full);
    }
}
