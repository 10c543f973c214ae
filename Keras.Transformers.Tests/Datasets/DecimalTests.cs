using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests;

/// <summary>Decimals as values of columns.</summary>
public sealed class DecimalTests
{
    static Dataset Prices() => Dataset.from_dict(new Dictionary<string, object> { ["price"] = new object?[] { 1.5m, -20m, null, 0.125m } });

    [Test]
    public void Decimals_are_inferred_sorted_and_cast()
    {
        var ds = Prices();
        Assert.That(ds.features["price"], Is.EqualTo(new Value("decimal128(5,3)")));
        Assert.That(new Value("decimal128(5,3)").dtype, Is.EqualTo("decimal128(5, 3)"));
        Assert.That(ds.Select(r => r["price"].As<decimal?>()), Is.EqualTo(new decimal?[] { 1.5m, -20m, null, 0.125m }));

        var full = ds.filter(r => !r["price"].IsNull);
        Assert.That(full.sort("price").Select(r => r["price"].As<decimal>()), Is.EqualTo(new[] { -20m, 0.125m, 1.5m }));
        Assert.That((double[])full.cast_column("price", "float64")["price"], Is.EqualTo(new[] { 1.5, -20, 0.125 }));
        Assert.That((string[])full.cast_column("price", "string")["price"], Is.EqualTo(new[] { "1.500", "-20.000", "0.125" }));
        Assert.That(full.cast_column("price", "string").cast_column("price", "decimal128(10, 4)").Select(r => r["price"].As<decimal>()), Is.EqualTo(new[] { 1.5m, -20m, 0.125m }));
        Assert.That(Dataset.from_dict(new Dictionary<string, object> { ["n"] = new[] { 1, -2 } }).cast_column("n", "decimal128(5, 2)")[1]["n"].As<decimal>(), Is.EqualTo(-2m));
    }

    [Test]
    public void Decimals_go_through_every_file()
    {
        using var folder = new TemporaryFolder();
        var ds = Prices().add_column("id", new[] { 0L, 1, 2, 3 });
        ds.to_csv(folder["a.csv"]);
        ds.to_json(folder["a.jsonl"]);
        ds.to_parquet(folder["a.parquet"]);
        ds.save_to_disk(folder["saved"]);
        string[] rows = [.. ds.Select(r => r["price"].ToString())];

        foreach (var (format, file) in new[] { ("csv", "a.csv"), ("json", "a.jsonl"), ("parquet", "a.parquet") })
            Assert.That(load_dataset(format, split: "train", data_files: folder[file], features: ds.features, keep_in_memory: true).Select(r => r["price"].ToString()), Is.EqualTo(rows), format);
        Assert.That(load_from_disk(folder["saved"]).Select(r => r["price"].ToString()), Is.EqualTo(rows));
        Assert.That(load_from_disk(folder["saved"]).features, Is.EqualTo(ds.features));
    }

    [TestCase("1e2", "100")]
    [TestCase(" -1.50", "-1.5")]
    [TestCase("0.0000000000000000000000000000", "0")]
    [TestCase("7922816251426433759354395033.5", "7922816251426433759354395033.5")]
    [TestCase("1,5", null)]
    [TestCase("5-", null)]
    [TestCase("1.00000000000000000000000000001", null)]
    [TestCase("1e-29", null)]
    public void A_text_is_a_decimal_exactly_or_not_at_all(string text, string? expected)
    {
        using var folder = new TemporaryFolder();
        Features features = new() { ["x"] = "decimal128(38, 8)" };
        var texts = Dataset.from_dict(new Dictionary<string, object> { ["x"] = new[] { text } });
        texts.to_csv(folder["a.csv"]);
        Func<Dataset>[] ways = [() => texts.cast_column("x", "decimal128(38, 8)"), () => load_dataset("csv", split: "train", data_files: folder["a.csv"], features: features, keep_in_memory: true)];
        foreach (var way in ways)
            if (expected is not null) Assert.That(way()[0]["x"].As<decimal>(), Is.EqualTo(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture)));
            else Assert.That(() => way(), Throws.InstanceOf<KerasException>().With.Message.Contains(text));
    }

    [Test]
    public void Numbers_of_JSON_are_not_rounded()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.jsonl"], "{\"x\": 1.00000000000000000000000000001}");
        Assert.That(() => load_dataset("json", split: "train", data_files: folder["a.jsonl"], features: new() { ["x"] = "decimal128(38, 8)" }, keep_in_memory: true), Throws.InstanceOf<FileFormatException>().With.Message.Contains("a.jsonl, row 0"));
    }

    [Test]
    public void Mistakes_are_named()
    {
        var full = Prices().filter(r => !r["price"].IsNull);
        Assert.That(() => new Value("decimal128(39, 2)"), Throws.ArgumentException.With.Message.Contains("decimal128(precision, scale)"));
        Assert.That(() => full.cast_column("price", "decimal128(4, 1)"), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("0.125"));
        Assert.That(() => full.cast_column("price", "decimal128(4, 3)"), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("-20").And.Message.Contains("price"));
        Assert.That(() => full.cast_column("price", "int64"), Throws.InstanceOf<DTypeMismatchException>().With.Message.Contains("price"));
        Assert.That(() => full.to_tf_dataset(batch_size: 2).as_numpy_iterator().ToList(), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("cast_column"));
        Assert.That(() => (double)full[0]["price"], Throws.InstanceOf<DTypeMismatchException>().With.Message.Contains("cast_column"));
        Assert.That(() => Dataset.from_dict(new Dictionary<string, object> { ["x"] = new object[] { 1.5m, "one" } }), Throws.InstanceOf<DTypeMismatchException>());
    }
}
