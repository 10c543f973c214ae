using Keras.Data;
using static Keras.Api;
using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests;

/// <summary>Rows and batches of data sets and streams are elements of pipelines, and train as the data set does.</summary>
sealed class RowElementTests : EngineFixture
{
    static readonly BertConfig Config = new() { vocab_size = 200, hidden_size = 8, num_hidden_layers = 1, num_attention_heads = 2, intermediate_size = 16, max_position_embeddings = 64, num_labels = 2, hidden_dropout_prob = 0, attention_probs_dropout_prob = 0 };

    static Dataset Data() => Dataset.from_dict(new Dictionary<string, object>
    {
        ["input_ids"] = Enumerable.Range(0, 12).Select(i => Enumerable.Range(5 + (i % 2 * 90), 2 + (i % 4)).ToArray()).ToArray(),
        ["labels"] = Enumerable.Range(0, 12).Select(i => i % 2).ToArray(),
    });

    [Test]
    public void A_row_is_its_values_by_name()
    {
        var data = Dataset.from_dict(new Dictionary<string, object>
        {
            ["small"] = new sbyte[] { 1, 2 }, ["large"] = new long[] { 1L << 40, 2 }, ["x"] = new[] { 0.5f, 1.5f }, ["is"] = new[] { true, false }, ["text"] = new[] { "a", "é" }, ["ids"] = new int[][] { [1, 2], [] },
            ["boxes"] = new int[][][] { [[1, 2], [3, 4]], [[5, 6]] },
        }, new Features { ["small"] = new Value("int8"), ["large"] = new Value("int64"), ["x"] = new Value("float32"), ["is"] = new Value("bool"), ["text"] = new Value("string"), ["ids"] = new Sequence(new Value("int32")), ["boxes"] = new Sequence(new Sequence(new Value("int32"), 2)) });
        var rows = keras.data.from_generator(() => data).as_numpy_iterator().ToList();

        Assert.That(rows[0].Keys, Is.EqualTo(data.column_names));
        Assert.That(rows.Select(r => r["small"].Single.ToArray<int>()[0]), Is.EqualTo(new[] { 1, 2 }));
        Assert.That((rows[0]["small"].Single.shape, rows[0]["large"].Single.ToArray<long>()[0]), Is.EqualTo((Shape.Scalar, 1L << 40)));
        Assert.That((rows[1]["x"].Single.ToArray<float>()[0], rows[0]["is"].Single.ToArray<bool>()[0]), Is.EqualTo((1.5f, true)));
        Assert.That(rows[1]["text"].Single.ToArray<string>(), Is.EqualTo(new[] { "é" }));
        Assert.That(rows.Select(r => r["ids"].Single.shape), Is.EqualTo(new[] { new Shape(2), new Shape(0) }));
        Assert.That(rows.Select(r => r["boxes"].Single.shape), Is.EqualTo(new[] { new Shape(2, 2), new Shape(1, 2) }));
        Assert.That(rows[0]["boxes"].Single.ToArray<int>(), Is.EqualTo(new[] { 1, 2, 3, 4 }));
    }

    [Test]
    public void A_batch_is_its_columns()
    {
        var batches = keras.data.from_generator(() => Data().select_columns("labels").iter(5)).as_numpy_iterator().Select(b => b["labels"].Single.shape);
        Assert.That(batches, Is.EqualTo(new[] { new Shape(5), new Shape(5), new Shape(2) }));
    }

    [Test]
    public void What_makes_no_tensor_is_named_by_element_and_column()
    {
        static void Walk<T>(IEnumerable<T> items)
        {
            foreach (var _ in keras.data.from_generator(() => items)) { }
        }
        var gaps = Dataset.from_dict(new Dictionary<string, object> { ["n"] = new int?[] { 1, null, 3 }, ["lists"] = new object[] { new int?[] { 1 }, new int?[] { 2 }, new int?[] { null } } });
        Assert.Multiple(() =>
        {
            Assert.That(() => Walk(gaps), Throws.InstanceOf<DataPipelineException>().With.Message.Contains("1").And.InnerException.InstanceOf<DTypeMismatchException>().And.InnerException.Message.Contains("column \"n\""));
            Assert.That(() => Walk(gaps.filter(row => !row["n"].IsNull)), Throws.InstanceOf<DataPipelineException>().With.InnerException.Message.Contains("column \"lists\""));
            Assert.That(() => Walk(gaps.select([0, 0])), Throws.Nothing);
            Assert.That(() => Walk(Data().iter(4)), Throws.InstanceOf<DataPipelineException>().With.InnerException.InstanceOf<ShapeMismatchException>().And.InnerException.Message.Contains("input_ids"));
            Assert.That(() => keras.data.from_generator(() => Data()).batch(4).as_numpy_iterator().Count(), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("input_ids"));
        });
    }

    [Test]
    public void A_stream_trains_to_the_losses_of_its_data_set()
    {
        using var folder = new TemporaryFolder();
        disable_progress_bars();
        Data().to_parquet(folder["rows.parquet"]);
        List<double> Losses(Func<TFPreTrainedModel, DataPipeline> batches)
        {
            keras.utils.set_random_seed(2);
            var model = new TFBertForSequenceClassification(Config);
            model.compile(optimizer: new Optimizers.Adam(1e-2));
            return model.fit(batches(model), epochs: 2, verbose: 0).history["loss"];
        }
        var tokenizer = AutoTokenizer.from_pretrained(Repository.PathOf("models", "bert-tiny"));
        var stream = load_dataset("parquet", split: "train", streaming: true, data_files: folder["rows.parquet"]).map(row => new() { ["attention_mask"] = Enumerable.Repeat(1, row["input_ids"].Count).ToArray() });
        var expected = Losses(model => model.prepare_tf_dataset(Data(), batch_size: 5, shuffle: false, tokenizer: tokenizer));
        Assert.That(Losses(_ => keras.data.from_generator(() => stream).padded_batch(5)), Is.EqualTo(expected).Within(1e-6));
    }
}
