using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests;

/// <summary>A data set on disk goes into training: read, encoded, collated, learnt from.</summary>
public sealed class DatasetTrainingTests
{
    static readonly BertConfig Config = new() { vocab_size = 200, hidden_size = 8, num_hidden_layers = 1, num_attention_heads = 2, intermediate_size = 16, max_position_embeddings = 64, num_labels = 2, hidden_dropout_prob = 0, attention_probs_dropout_prob = 0 };

    static Dataset Encoded() => Dataset.from_dict(new Dictionary<string, object>
    {
        ["text"] = Enumerable.Range(0, 12).Select(i => $"text {i}").ToArray(),
        ["input_ids"] = Enumerable.Range(0, 12).Select(i => Enumerable.Range(5 + (i % 2 * 90), 2 + (i % 4)).ToArray()).ToArray(),
        ["when"] = Enumerable.Range(0, 12).Select(i => i % 3 == 0 ? (DateTime?)null : new DateTime(2026, 1, 1 + i)).ToArray(),
        ["label"] = Enumerable.Range(0, 12).Select(i => i % 2).ToArray(),
    });

    static PreTrainedTokenizerBase Tokenizer() => AutoTokenizer.from_pretrained(Repository.PathOf("models", "bert-tiny"));

    [Test]
    public void A_file_is_read_encoded_and_learnt_from()
    {
        using var folder = new TemporaryFolder();
        System.IO.File.WriteAllLines(folder["data.csv"], Enumerable.Range(0, 24).Select(i => i % 2 == 0 ? $"a small warm animal {i},0" : $"to run fast and far {i},1").Prepend("text,label"));
        disable_progress_bars();
        var tokenizer = Tokenizer();
        var data = load_dataset("csv", split: "train", data_files: folder["data.csv"], cache_dir: folder["cache"]).map(batch => tokenizer.Apply(batch["text"]), batched: true);
        var model = TFAutoModelForSequenceClassification.from_pretrained(Repository.PathOf("models", "bert-tiny"), num_labels: 2);
        model.compile(optimizer: new Optimizers.Adam(1e-3), metrics: ["accuracy"]);
        var history = model.fit(model.prepare_tf_dataset(data, batch_size: 6, tokenizer: tokenizer, seed: 1), epochs: 4, verbose: 0).history;
        Assert.That(history["loss"][^1], Is.LessThan(0.5 * history["loss"][0]));
        Assert.That(history["accuracy"][^1], Is.EqualTo(1));
    }

    [Test]
    public void A_list_that_is_missing_among_those_of_fixed_lengths_is_no_tensor()
    {
        static byte[] Bytes(params int[] numbers) => System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(numbers).ToArray();
        Features features = new() { ["pairs"] = new Sequence(new Sequence("int32", 2)) };
        var list = (Sequence)features["pairs"];
        // As files may have it: what lies under the missing pair is not missing.
        var pairs = new ColumnData(list.feature, 2, new byte[] { 0b01 }, 1, default, default, new ColumnData(new Value("int32"), 4, default, 0, Bytes(1, 2, 3, 4)));
        var column = new ColumnData(list, 1, default, 0, default, Bytes(0, 2), pairs);
        Assert.That(() => RowTensors.Of(new(column, list, "pairs"), "pairs"), Throws.InstanceOf<DTypeMismatchException>().With.Message.Contains("pairs"));
        Assert.That(() => RowTensors.ElementOf(features, [column], 0), Throws.InstanceOf<DTypeMismatchException>().With.Message.Contains("pairs"));
    }

    [Test]
    public void Columns_that_the_model_does_not_take_are_left_alone()
    {
        var model = new TFBertForSequenceClassification(Config);
        var batches = model.prepare_tf_dataset(Encoded(), batch_size: 5, shuffle: false, tokenizer: Tokenizer()).as_numpy_iterator().ToList();
        Assert.That(batches, Has.Count.EqualTo(3));
        Assert.That(batches[0][0].Keys, Does.Contain("input_ids").And.Not.Contain("text").And.Not.Contain("when"));
        Assert.That(batches[0][0]["input_ids"].Single.shape, Is.EqualTo(new Shape(5, 5)));
        Assert.That(batches[2][1].Single.ToArray<long>(), Is.EqualTo(new long[] { 0, 1 }));
    }

    [Test]
    public void Rows_in_order_are_batches_where_they_lie_in_the_file()
    {
        using var folder = new TemporaryFolder();
        Dataset.from_dict(new Dictionary<string, object>
        {
            ["number"] = Enumerable.Range(0, 2500).Select(i => (long)i).ToArray(),
            ["small"] = Enumerable.Range(0, 2500).ToArray(),
            ["maybe"] = Enumerable.Range(0, 2500).Select(i => i == 2400 ? (float?)null : i).Cast<object?>().ToArray(),
            ["line"] = Enumerable.Range(0, 2500).Select(i => new[] { i, i + 0.5f }).ToArray(),
            ["grid"] = Enumerable.Range(0, 2500).Select(i => new[] { new[] { i, 1f }, [2, 3], [4, 5] }).ToArray(),
        }).cast_column("line", new Sequence("float32", 2)).cast_column("grid", new Sequence(new Sequence("float32", 2), 3)).cast_column("maybe", "float32").map(row => new() { ["twice"] = 2 * (long)row["number"] }).save_to_disk(folder["saved"]);
        var ds = load_from_disk(folder["saved"]);
        IColumnSource source = ds;
        string[] names = ["number", "small", "line", "grid", "twice"];

        var inside = source.Gather([500, 501, 502], names);
        Assert.That(names.Where(n => inside[n].IsMapped), Is.EqualTo(new[] { "number", "line", "grid", "twice" }));
        var across = source.Gather([998, 999, 1000, 1001], names);
        Assert.That(names.Where(n => across[n].IsMapped), Is.Empty);
        Assert.That(source.Gather([2, 1], names).Values.Any(c => c.IsMapped) || source.Gather([2100], ["maybe"])["maybe"].IsMapped, Is.False);
        Assert.That(inside["grid"].Shape, Is.EqualTo(new Shape(3, 3, 2)));
        Assert.That(across["grid"].Shape, Is.EqualTo(new Shape(4, 3, 2)));
        Assert.That((float[])inside["grid"].Values, Is.EqualTo(new[] { 500f, 1, 2, 3, 4, 5, 501, 1, 2, 3, 4, 5, 502, 1, 2, 3, 4, 5 }));

        var rows = ds.skip(3).to_tf_dataset(batch_size: 300, columns: names, prefetch: true).as_numpy_iterator().ToList();
        Assert.That(rows.SelectMany(b => b["number"].Single.ToArray<long>()), Is.EqualTo(Enumerable.Range(3, 2497)));
        Assert.That(rows.SelectMany(b => b["twice"].Single.ToArray<long>()), Is.EqualTo(Enumerable.Range(3, 2497).Select(i => 2 * i)));
        Assert.That(rows.SelectMany(b => b["line"].Single.ToArray<float>()), Is.EqualTo(Enumerable.Range(3, 2497).SelectMany(i => new[] { i, i + 0.5f })));
        Assert.That(rows[1]["grid"].Single.shape, Is.EqualTo(new Shape(300, 3, 2)));
        Assert.That(() => ds.to_tf_dataset(batch_size: 100, columns: "maybe").as_numpy_iterator().ToList(), Throws.InstanceOf<KerasException>().With.Message.Contains("maybe"));
    }

    [Test]
    public void Values_that_are_missing_and_types_that_are_no_tensors_are_named()
    {
        Assert.That(() => Encoded().to_tf_dataset(batch_size: 4, columns: "when").as_numpy_iterator().ToList(),
            Throws.InstanceOf<KerasException>().With.Message.Contains("when"));
        Assert.That(() => Encoded().filter(row => !row["when"].IsNull).to_tf_dataset(batch_size: 4, columns: "when").as_numpy_iterator().ToList(),
            Throws.InstanceOf<UnsupportedException>().With.Message.Contains("remove_columns"));
        Assert.That(() => Encoded().to_tf_dataset(batch_size: 4, columns: "txet"), Throws.InstanceOf<ArgumentException>().With.Message.Contains("text"));
    }
}
