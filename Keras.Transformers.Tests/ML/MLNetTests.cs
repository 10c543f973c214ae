using System.Diagnostics.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Keras.Transformers.Tests.ML;

/// <summary>Pretrained models in ML.NET's pipelines.</summary>
sealed class MLNetTests : EngineFixture
{
    static readonly string Bert = Repository.PathOf("models", "bert-tiny");

    static readonly string ViT = Repository.PathOf("models", "vit-tiny");

    static readonly string[] Texts = ["a large wild cat", "a small wild cat", "the act of singing in public", "a tree with needles", "", "a bird that sings"];

    readonly MLContext _ml = new(seed: 1);

    internal sealed class Row
    {
        public int Id { get; set; }

        public string? Text { get; set; } = "";

        public string Other { get; set; } = "";

        public float[] Numbers { get; set; } = [];
    }

    internal sealed class Embedded
    {
        public float[] Features { get; set; } = [];
    }

    sealed class Definition
    {
        public string Text { get; set; } = "";

        public string Class { get; set; } = "";
    }

    internal sealed class Judged
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    static string Classifier => Path.Combine(GoldenFolder.PathOf("pipelines"), "sequence");

    IDataView Rows(IEnumerable<string> texts) => _ml.Data.LoadFromEnumerable(texts.Select((t, i) => new Row { Id = i, Text = t, Other = $"other {i}", Numbers = [.. Enumerable.Range(0, i % 3)] }));

    [Test]
    public void Embeddings_are_those_of_the_pipeline_in_any_batches_beside_the_other_columns()
    {
        var expected = ((FeatureExtractionPipeline)Pipelines.pipeline("feature-extraction", Bert)).Apply(Texts, new() { pooling = "mean", normalize = true }).Select(o => o[0].features[0]).ToArray();
        foreach (var size in new[] { 1, 4, 100 })
        {
            var view = _ml.Transforms.Text.EmbedWithTransformer("Features", "Text", Bert, batchSize: size).Fit(Rows(Texts)).Transform(Rows(Texts));
            Assert.That(view.Schema["Features"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 128)));
            Assert.That(view.GetColumn<float[]>("Features").Select((v, i) => v.Zip(expected[i]).Max(p => Math.Abs(p.First - p.Second))), Is.All.LessThan(1e-5));
            var rows = _ml.Data.CreateEnumerable<Row>(view, reuseRowObject: false).ToArray();
            Assert.That(rows.Select(r => (r.Id, r.Text, r.Other, r.Numbers.Length)), Is.EqualTo(Texts.Select((t, i) => (i, t, $"other {i}", i % 3))));
            var pairs = _ml.Data.ShuffleRows(view, seed: 3);
            Assert.That(pairs.GetColumn<int>("Id").Zip(pairs.GetColumn<float[]>("Features")).Select(p => Math.Abs(p.Second[0] - expected[p.First][0])), Is.All.LessThan(1e-5));
        }
    }

    [Test]
    public void Nothing_is_computed_that_nobody_reads()
    {
        var inputs = 0L;
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Name == "keras.pipeline.inputs") l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref inputs, count));
        listener.Start();
        var view = _ml.Transforms.Text.EmbedWithTransformer("Features", "Text", Bert, batchSize: 2).Fit(Rows(Texts)).Transform(Rows(Texts));
        Assert.That(view.GetColumn<string>("Other").Count(), Is.EqualTo(Texts.Length));
        Assert.That(inputs, Is.Zero);
        Assert.That(view.Preview(maxRows: 3).RowView, Has.Length.EqualTo(3));
        Assert.That(inputs, Is.EqualTo(4), "two batches of two");
        Assert.That(_ml.Data.TakeRows(view, 1).GetColumn<float[]>("Features").Count(), Is.EqualTo(1));
        Assert.That(inputs, Is.EqualTo(6));
    }

    [Test]
    public void A_trainer_learns_from_embeddings_and_the_whole_pipeline_is_a_file()
    {
        using var folder = new TemporaryFolder();
        var columns = new TextLoader.Options { HasHeader = true, Separators = [','], AllowQuoting = true, Columns = [new("Text", DataKind.String, 0), new("Class", DataKind.String, 1)] };
        IDataView Read(string name, int rows) => _ml.Data.TakeRows(_ml.Data.LoadFromTextFile(Repository.PathOf("examples", "data", "wordnet-supersense", name), columns), rows);
        var (train, test) = (Read("train.csv", 1500), Read("test.csv", 500));
        var pipeline = _ml.Transforms.Text.EmbedWithTransformer("Features", "Text", Bert).Append(_ml.Transforms.Conversion.MapValueToKey("Label", "Class")).AppendCacheCheckpoint(_ml)
            .Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 30));
        var learnt = pipeline.Fit(train);
        var accuracy = _ml.MulticlassClassification.Evaluate(learnt.Transform(test)).MicroAccuracy;
        TestContext.Out.WriteLine($"accuracy {accuracy:0.000}");
        var model = learnt.Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(learnt.Transform(train)));
        Assert.That(accuracy, Is.GreaterThan(0.6), "of 12 classes");

        _ml.Model.Save(model, train.Schema, folder["model.zip"]);
        var again = new MLContext().Model.Load(folder["model.zip"], out var schema);
        Assert.That(schema.Select(c => c.Name), Is.EqualTo(new[] { "Text", "Class" }));
        Assert.That(again.Transform(test).GetColumn<string>("PredictedLabel"), Is.EqualTo(model.Transform(test).GetColumn<string>("PredictedLabel")));
        using var engine = _ml.Model.CreatePredictionEngine<Definition, Judged>(again);
        Assert.That(engine.Predict(new() { Text = "a large wild cat" }).PredictedLabel, Is.EqualTo("1"), "an animal");
    }

    [Test]
    public void Folds_are_validated_against_each_other()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new { Text = i % 2 == 0 ? $"a large wild cat number {i}" : $"the act of singing song {i}", Label = i % 2 == 0 }));
        var pipeline = _ml.Transforms.Text.EmbedWithTransformer("Features", "Text", Bert).Append(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression());
        Assert.That(_ml.BinaryClassification.CrossValidate(data, pipeline, numberOfFolds: 3).Select(f => f.Metrics.Accuracy), Is.All.EqualTo(1));
    }

    [Test]
    public void Classes_come_as_keys_and_probabilities_with_names()
    {
        var estimator = _ml.Transforms.Text.ClassifyWithTransformer(Classifier);
        Assert.That(estimator.Labels, Has.Count.EqualTo(3));
        var said = ((TextClassificationPipeline)Pipelines.pipeline("text-classification", Classifier)).Apply(Texts[..4], new() { top_k = 3 });
        var view = estimator.Fit(Rows(Texts[..4])).Transform(Rows(Texts[..4]));
        Assert.That(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(view).Transform(view).GetColumn<string>("PredictedLabel"), Is.EqualTo(said.Select(s => s[0].label)));
        Assert.That(view.GetColumn<float[]>("Score").Select(s => s.Max()), Is.EqualTo(said.Select(s => s[0].score)).Within(1e-5));
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema["Score"].GetSlotNames(ref names);
        Assert.That(names.DenseValues().Select(n => n.ToString()), Is.EqualTo(estimator.Labels));
        Assert.That(view.Schema.GetColumnOrNull("Probability"), Is.Null, "three classes");

        var labels = _ml.Data.LoadFromEnumerable(estimator.Labels.Select(l => new { Value = l }));
        var truth = _ml.Data.LoadFromEnumerable(Texts[..4].Select((t, i) => new { Text = t, Label = said[i][0].label }));
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", keyData: labels).Append(estimator).Fit(truth).Transform(truth);
        Assert.That(_ml.MulticlassClassification.Evaluate(keyed).MicroAccuracy, Is.EqualTo(1));
    }

    [Test]
    public void Pairs_and_two_classes_have_a_probability()
    {
        using var folder = new TemporaryFolder();
        var (model, tokenizer) = (TFAutoModelForSequenceClassification.from_pretrained(Bert, id2label: new Dictionary<int, string> { [0] = "no", [1] = "yes" }), AutoTokenizer.from_pretrained(Bert));
        var pipeline = new TextClassificationPipeline(model, tokenizer, batch_size: 4);
        var expected = pipeline.Apply(Texts.Select((t, i) => (PipelineInput)(t, $"other {i}")), new() { top_k = 2 }).Select(s => s.Single(l => l.label == "yes").score).ToArray();
        var transformer = _ml.Transforms.Text.ClassifyWithTransformer(pipeline, "Text", "Other").Fit(Rows(Texts));
        Assert.That(transformer.Transform(Rows(Texts)).GetColumn<float>("Probability"), Is.EqualTo(expected).Within(1e-5));

        _ml.Model.Save(transformer, Rows(Texts).Schema, folder["pairs.zip"]);
        var again = (PretrainedModelTransformer)new MLContext().Model.Load(folder["pairs.zip"], out _);
        Assert.That(again.Transform(Rows(Texts)).GetColumn<float>("Probability"), Is.EqualTo(expected).Within(1e-5));
        Assert.That(again.Labels, Is.EqualTo(new[] { "no", "yes" }));
        _ml.Model.Save(again, null, folder["again.zip"]);
        Assert.That(new FileInfo(folder["again.zip"]).Length, Is.GreaterThan(500_000));
    }

    [Test]
    public void What_a_pipeline_was_told_is_kept_in_the_file_and_where_it_came_from_is_not()
    {
        using var folder = new TemporaryFolder();
        var pipeline = (TextClassificationPipeline)Pipelines.pipeline("text-classification", Classifier, options: new() { max_length = 4, function_to_apply = "none" });
        var transformer = _ml.Transforms.Text.ClassifyWithTransformer(pipeline).Fit(Rows(Texts));
        var expected = transformer.Transform(Rows(Texts)).GetColumn<float[]>("Score").ToArray();
        Assert.That(expected[0].Sum(), Is.Not.EqualTo(1f).Within(1e-4f), "logits");
        _ml.Model.Save(transformer, Rows(Texts).Schema, folder["model.zip"]);
        var again = new MLContext().Model.Load(folder["model.zip"], out _);
        var scores = again.Transform(Rows(Texts)).GetColumn<float[]>("Score").ToArray();
        for (var i = 0; i < Texts.Length; i++) Assert.That(scores[i], Is.EqualTo(expected[i]).Within(1e-5f));

        using var zip = System.IO.Compression.ZipFile.OpenRead(folder["model.zip"]);
        foreach (var entry in zip.Entries.Where(e => e.Name == "Model.key"))
        {
            using var reader = new StreamReader(entry.Open());
            Assert.That(reader.ReadToEnd(), Does.Not.Contain(Path.GetFileName(GoldenFolder.PathOf("pipelines"))));
        }
    }

    [Test]
    public void Images_are_paths_or_bytes()
    {
        var data = _ml.Data.LoadFromEnumerable([new { ImagePath = "example.png", Bytes = File.ReadAllBytes(Path.Combine(ViT, "example.png")) }]);
        var said = ((ImageClassificationPipeline)Pipelines.pipeline("image-classification", ViT)).Apply(Path.Combine(ViT, "example.png"))[0];
        foreach (var (column, images) in new[] { ("ImagePath", (string?)ViT), ("Bytes", null) })
        {
            var view = _ml.Transforms.ClassifyImagesWithTransformer(ViT, column, images).Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
                .Append(_ml.Transforms.EmbedImagesWithTransformer("Features", column, ViT, images)).Fit(data).Transform(data);
            Assert.That(view.GetColumn<string>("PredictedLabel").Single(), Is.EqualTo(said.label));
            Assert.That(view.GetColumn<float[]>("Score").Single().Max(), Is.EqualTo(said.score).Within(1e-5));
            Assert.That(view.GetColumn<float[]>("Features").Single(), Has.Length.EqualTo(((VectorDataViewType)view.Schema["Features"].Type).Size));
        }
    }

    [Test]
    public async Task A_prediction_engine_for_each_thread_says_what_batches_say()
    {
        var transformer = _ml.Transforms.Text.EmbedWithTransformer("Features", "Text", Bert).Fit(Rows(Texts));
        var expected = transformer.Transform(Rows(Texts)).GetColumn<float[]>("Features").ToArray();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            using var engine = _ml.Model.CreatePredictionEngine<Row, Embedded>(transformer);
            for (var i = 0; i < Texts.Length; i++)
                Assert.That(engine.Predict(new() { Text = i == 4 ? null : Texts[i] }).Features.Zip(expected[i]).Max(p => Math.Abs(p.First - p.Second)), Is.LessThan(1e-5));
        })));
    }

    [Test]
    public void A_file_that_names_its_model_stays_small()
    {
        using var folder = new TemporaryFolder();
        var copy = folder["bert"];
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(Bert)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        var transformer = _ml.Transforms.Text.EmbedWithTransformer("Features", "Text", copy, storage: ModelStorage.ByName).Fit(Rows(Texts));
        _ml.Model.Save(transformer, Rows(Texts).Schema, folder["model.zip"]);
        Assert.That(new FileInfo(folder["model.zip"]).Length, Is.LessThan(10_000));

        var again = new MLContext().Model.Load(folder["model.zip"], out _);
        Directory.Move(copy, folder["elsewhere"]);
        var missing = Assert.Catch<KerasException>(() => again.Transform(Rows(Texts)))!;
        Assert.That(missing.Message, Does.Contain(copy));
        Directory.Move(folder["elsewhere"], copy);
        Assert.That(again.Transform(Rows(Texts)).GetColumn<float[]>("Features").First(), Is.EqualTo(transformer.Transform(Rows(Texts)).GetColumn<float[]>("Features").First()).Within(1e-5f));
    }
}
