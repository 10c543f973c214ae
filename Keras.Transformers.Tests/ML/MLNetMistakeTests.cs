using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Keras.Transformers.Tests.ML;

/// <summary>What goes wrong with pretrained models in ML.NET, and what is said of it.</summary>
sealed class MLNetMistakeTests : EngineFixture
{
    static readonly string Bert = Repository.PathOf("models", "bert-tiny");

    static readonly string ViT = Repository.PathOf("models", "vit-tiny");

    readonly MLContext _ml = new(seed: 1);

    PretrainedModelEstimator Embed(string column = "Text") => _ml.Transforms.Text.EmbedWithTransformer("Features", column, Bert);

    IDataView One(string text = "a cat") => _ml.Data.LoadFromEnumerable([new { Text = text, Number = 1f, Tokens = new[] { text } }]);

    [Test]
    public void A_column_that_is_missing_or_of_another_type()
    {
        var missing = Assert.Throws<ColumnMismatchException>(() => Embed("text").Fit(One()))!;
        Assert.That(missing.Message, Does.Contain("\"text\"").And.Contain("\"Text\""));
        Assert.That(missing, Is.InstanceOf<ArgumentOutOfRangeException>(), "as ML.NET's own");
        Assert.That(Assert.Throws<ColumnMismatchException>(() => Embed("Number").Fit(One()))!.Message, Does.Contain("String").And.Contain("Single"));
        Assert.Throws<ColumnMismatchException>(() => Embed("Tokens").Fit(One()));
        Assert.Throws<ColumnMismatchException>(() => Embed("Features2").Append(_ml.Transforms.NormalizeLpNorm("Features")).Fit(One()));
        Assert.Throws<ColumnMismatchException>(() => _ml.Transforms.Conversion.MapValueToKey("Key", "Text").Append(Embed("Key")).Fit(One()));
        Assert.Throws<ColumnMismatchException>(() => _ml.Transforms.ClassifyImagesWithTransformer(ViT, "Number").Fit(One()));
        Assert.Throws<ColumnMismatchException>(() => Embed().Fit(One()).Transform(_ml.Data.LoadFromEnumerable([new { Other = "x" }])));
        Assert.Throws<ColumnMismatchException>(() => _ml.Model.CreatePredictionEngine<MLNetTests.Embedded, MLNetTests.Embedded>(Embed("Words").Append(_ml.Transforms.CopyColumns("A", "Features")).Fit(_ml.Data.LoadFromEnumerable([new { Words = "x" }]))));
    }

    [Test]
    public void A_model_that_is_missing_or_of_another_task()
    {
        Assert.That(Assert.Catch<KerasException>(() => _ml.Transforms.Text.EmbedWithTransformer("Features", "Text", "no/such/folder"))!.Message, Does.Contain("no/such/folder"));
        using var empty = new TemporaryFolder();
        Assert.Catch<KerasException>(() => _ml.Transforms.Text.EmbedWithTransformer("Features", "Text", empty));
        Assert.That(Assert.Throws<UnsupportedException>(() => _ml.Transforms.Text.ClassifyWithTransformer(Bert))!.Message, Does.Contain("head"));
        Assert.Catch<KerasException>(() => _ml.Transforms.Text.EmbedWithTransformer("Features", "Text", ViT));
        Assert.Catch<KerasException>(() => _ml.Transforms.EmbedImagesWithTransformer("Features", "ImagePath", Bert));
        var number = TFAutoModelForSequenceClassification.from_pretrained(Bert, num_labels: 1);
        Assert.That(Assert.Throws<UnsupportedException>(() => _ml.Transforms.Text.ClassifyWithTransformer(new TextClassificationPipeline(number, AutoTokenizer.from_pretrained(Bert))))!.Message, Does.Contain("two labels"));
    }

    [Test]
    public void Arguments_that_cannot_be_right()
    {
        var texts = _ml.Transforms.Text;
        Assert.Throws<ArgumentException>(() => texts.EmbedWithTransformer("", "Text", Bert));
        Assert.Throws<ArgumentException>(() => texts.EmbedWithTransformer("Features", "", Bert));
        Assert.Throws<ArgumentException>(() => texts.EmbedWithTransformer("Features", "Text", ""));
        Assert.Throws<ArgumentNullException>(() => texts.EmbedWithTransformer("Features", "Text", (string)null!));
        Assert.Throws<ValueRangeException>(() => texts.EmbedWithTransformer("Features", "Text", Bert, batchSize: 0));
        Assert.Throws<ValueRangeException>(() => texts.EmbedWithTransformer("Features", "Text", Bert, maximumTokens: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => texts.EmbedWithTransformer("Features", "Text", Bert, pooling: (TextPooling)7));
        Assert.Throws<ArgumentException>(() => texts.ClassifyWithTransformer(Bert, scoreColumnName: "PredictedLabel"));
    }

    [Test]
    public void Data_without_rows_or_without_texts()
    {
        var none = _ml.Data.LoadFromEnumerable(Array.Empty<MLNetTests.Row>());
        Assert.That(Embed().Fit(none).Transform(none).GetColumn<float[]>("Features"), Is.Empty);
        var nulls = _ml.Data.LoadFromEnumerable([new MLNetTests.Row { Text = null }, new MLNetTests.Row { Text = "" }]);
        var vectors = Embed().Fit(nulls).Transform(nulls).GetColumn<float[]>("Features").ToArray();
        Assert.That(vectors[0], Is.EqualTo(vectors[1]).And.All.Matches<float>(float.IsFinite));
    }

    [Test]
    public void Images_that_are_none()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["text.png"], "no image");
        IDataView Paths(string path) => _ml.Data.LoadFromEnumerable([new { ImagePath = path }]);
        var classify = _ml.Transforms.ClassifyImagesWithTransformer(ViT, imageFolder: folder).Fit(Paths("a"));
        Assert.That(() => classify.Transform(Paths("text.png")).GetColumn<float[]>("Score").ToArray(), Throws.InstanceOf<FileFormatException>().With.Message.Contains("text.png"));
        Assert.That(() => classify.Transform(Paths("none.png")).GetColumn<float[]>("Score").ToArray(), Throws.InstanceOf<FileFormatException>().With.Message.Contains("none.png"));
        Assert.That(() => classify.Transform(Paths("")).GetColumn<float[]>("Score").ToArray(), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("row 0"));
    }

    [Test]
    public void Cursors_refuse_what_was_not_asked_for()
    {
        var view = Embed().Fit(One()).Transform(One());
        using var cursor = view.GetRowCursor([view.Schema["Text"]]);
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<int>(view.Schema["Text"]));
        using var all = view.GetRowCursor(view.Schema);
        Assert.Throws<InvalidOperationException>(() => all.GetGetter<float>(view.Schema["Features"]));
        var get = all.GetGetter<VBuffer<float>>(view.Schema["Features"]);
        VBuffer<float> value = default;
        Assert.Throws<InvalidOperationException>(() => get(ref value));
        Assert.That(all.MoveNext(), Is.True);
        Assert.That(() => get(ref value), Throws.Nothing);
        Assert.That((all.MoveNext(), all.MoveNext()), Is.EqualTo((false, false)));
        Assert.Throws<InvalidOperationException>(() => get(ref value));
    }

    [Test]
    public void Files_that_are_damaged_or_cannot_be_written()
    {
        using var folder = new TemporaryFolder();
        var transformer = Embed().Fit(One());
        _ml.Model.Save(transformer, One().Schema, folder["model.zip"]);
        using (var zip = ZipFile.Open(folder["model.zip"], ZipArchiveMode.Update)) zip.Entries.Single(e => e.Name == "config.json").Delete();
        var damaged = Assert.Catch(() => new MLContext().Model.Load(folder["model.zip"], out _))!;
        Assert.That(damaged.GetBaseException(), Is.InstanceOf<FileFormatException>().With.Message.Contains("config.json"));
    }

    [TestCase("text-generation", 1)]
    [TestCase("text-classification", 1)]
    [TestCase("feature-extraction", 3)]
    public void Settings_that_no_transform_writes(string task, int outputs)
    {
        static string Settings(string task, int outputs) => JsonSerializer.Serialize(new { Task = task, Inputs = new[] { "Text" }, Outputs = Enumerable.Range(0, outputs).Select(i => $"{i}"), BatchSize = 1 });
        Assert.That(() => ModelFile.ReadSettings(Settings(task, outputs)), Throws.TypeOf<FileFormatException>().With.Message.Contains("the settings of a transform"));
        Assert.That(ModelFile.ReadSettings(Settings("image-classification", 3)).Task, Is.EqualTo("image-classification"));
    }

    [Test]
    public void Pipelines_that_a_transform_cannot_keep()
    {
        var pipeline = Pipelines.pipeline("feature-extraction", Bert);
        Assert.That(Assert.Throws<UnsupportedException>(() => _ml.Transforms.Text.EmbedWithTransformer("Features", "Text", (FeatureExtractionPipeline)pipeline, storage: ModelStorage.ByName))!.Message, Does.Contain("InFile"));
        var pooled = (FeatureExtractionPipeline)Pipelines.pipeline("feature-extraction", Bert, pooling: "cls");
        Assert.That(Assert.Throws<UnsupportedException>(() => _ml.Transforms.Text.EmbedWithTransformer("Features", "Text", pooled))!.Message, Does.Contain("pooling"));
        Assert.That(() => _ml.Transforms.Text.EmbedWithTransformer("Features", "Text", pooled, TextPooling.FirstToken), Throws.Nothing);
    }
}
