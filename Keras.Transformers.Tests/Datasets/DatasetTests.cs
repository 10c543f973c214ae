using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests;

/// <summary>Rows, batches, columns, and what makes other data sets of one.</summary>
public sealed class DatasetTests
{
    static Dataset Small(int rows = 10) => Dataset.from_dict(new Dictionary<string, object>
    {
        ["id"] = Enumerable.Range(0, rows).ToArray(),
        ["text"] = Enumerable.Range(0, rows).Select(i => $"text {i}").ToArray(),
        ["score"] = Enumerable.Range(0, rows).Select(i => i / 4.0).ToArray(),
        ["ids"] = Enumerable.Range(0, rows).Select(i => Enumerable.Range(0, i % 3).ToArray()).ToArray(),
    });

    [Test]
    public void Rows_batches_and_columns_read_as_their_types()
    {
        var ds = Small();

        string? text = ds[3]["text"];
        int id = ds[-1]["id"];
        int[] ids = ds[5]["ids"];
        string[] texts = ds[2..4]["text"];
        double[] scores = ds["score"];

        Assert.That(text, Is.EqualTo("text 3"));
        Assert.That(id, Is.EqualTo(9));
        Assert.That(ids, Is.EqualTo(new[] { 0, 1 }));
        Assert.That(texts, Is.EqualTo(new[] { "text 2", "text 3" }));
        Assert.That(scores, Has.Length.EqualTo(10).And.EqualTo(Enumerable.Range(0, 10).Select(i => i / 4.0)));
        Assert.That(ds[1]["id"] == 1, Is.True);
        Assert.That(ds[^1]["text"].ToString(), Is.EqualTo("text 9"));
        Assert.That(ds[8..99].num_rows, Is.EqualTo(2));
        Assert.That(ds.features.ToString(), Does.Contain("'score': Value(dtype='float64', id=None)").And.Contain("'ids': Sequence(feature=Value(dtype='int32', id=None), length=-1, id=None)"));
    }

    [Test]
    public void Gathered_batches_are_typed_columns_with_offsets()
    {
        var batch = Small().Gather([5, 5, 0, 8], ["ids", "id"]);

        Assert.That(batch.Keys, Is.EqualTo(new[] { "ids", "id" }));
        Assert.That(batch["id"].Values<int>().ToArray(), Is.EqualTo(new[] { 5, 5, 0, 8 }));
        Assert.That(batch["ids"].Offsets.ToArray(), Is.EqualTo(new[] { 0, 2, 4, 4, 6 }));
        Assert.That(batch["ids"].Items.Values<int>().ToArray(), Is.EqualTo(new[] { 0, 1, 0, 1, 0, 1 }));
        var wide = new long[4];
        batch["id"].CopyTo<long>(wide);
        Assert.That(wide, Is.EqualTo(new long[] { 5, 5, 0, 8 }));
    }

    [Test]
    public void Selections_keep_their_order()
    {
        var ds = Small();

        Assert.That((int[])ds.select([3, 1, 4, 1]).select([3, 0])["id"], Is.EqualTo(new[] { 1, 3 }));
        Assert.That((int[])ds.skip(3).take(2)["id"], Is.EqualTo(new[] { 3, 4 }));
        Assert.That((int[])ds.shard(3, 1)["id"], Is.EqualTo(new[] { 4, 5, 6 }));
        Assert.That((int[])ds.shard(3, 1, contiguous: false)["id"], Is.EqualTo(new[] { 1, 4, 7 }));
        Assert.That((int[])ds.filter(row => row["id"] % 4 == 0)["id"], Is.EqualTo(new[] { 0, 4, 8 }));
        Assert.That((int[])ds.filter((_, i) => i > 7, with_indices: true)["id"], Is.EqualTo(new[] { 8, 9 }));
        Assert.That((int[])ds.sort("id", reverse: true).take(2)["id"], Is.EqualTo(new[] { 9, 8 }));
        Assert.That((int[])concatenate_datasets([ds.take(2), ds.skip(9)])["id"], Is.EqualTo(new[] { 0, 1, 9 }));
        Assert.That((int[])interleave_datasets([ds.take(2), ds.skip(7)])["id"], Is.EqualTo(new[] { 0, 7, 1, 8 }));
        Assert.That((int[])interleave_datasets([ds.take(2), ds.skip(7)], stopping_strategy: "all_exhausted")["id"], Is.EqualTo(new[] { 0, 7, 1, 8, 0, 9 }));
    }

    // numpy.random.default_rng(seed).permutation(12 and 20).
    [TestCase(42, new[] { 0, 7, 6, 9, 11, 3, 5, 2, 4, 10, 1, 8 })]
    [TestCase(0, new[] { 4, 19, 6, 2, 13, 16, 3, 11, 10, 8, 0, 12, 7, 5, 18, 17, 14, 9, 1, 15 })]
    public void Shuffles_have_numpys_order(int seed, int[] order) => Assert.That((int[])Small(order.Length).shuffle(seed)["id"], Is.EqualTo(order));

    [Test]
    public void Splits_share_the_rows()
    {
        var ds = Small(40).map(row => new() { ["label"] = row["id"] % 4 == 0 ? "rare" : "often" }).class_encode_column("label");
        var split = ds.train_test_split(test_size: 0.25, seed: 1, stratify_by_column: "label");

        Assert.That(((ClassLabel)ds.features["label"]).names, Is.EqualTo(new[] { "often", "rare" }));
        Assert.That(split.num_rows, Is.EqualTo(new Dictionary<string, int> { ["train"] = 30, ["test"] = 10 }));
        Assert.That(((long[])split["train"]["label"]).Count(l => l == 1), Is.InRange(7, 8));
        Assert.That(((int[])split["train"]["id"]).Concat((int[])split["test"]["id"]), Is.EquivalentTo(Enumerable.Range(0, 40)));
        Assert.That((int[])Small(12).train_test_split(test_size: 3, seed: 42)["test"]["id"], Is.EqualTo(new[] { 0, 7, 6 }), "the first of numpy's permutation");
    }

    // Computed with NumPy's default_rng: classes, rows of each, rows of the test part, seed, its rows.
    [TestCase(3, 4, 4, 0, new[] { 1, 5, 0, 9 })]
    [TestCase(7, 3, 8, 1, new[] { 4, 20, 6, 16, 7, 1, 12, 17 })]
    [TestCase(10, 6, 13, 2, new[] { 38, 1, 16, 10, 8, 25, 31, 7, 42, 6, 19, 17, 18 })]
    [TestCase(5, 5, 6, 3, new[] { 24, 5, 4, 19, 21, 7 })]
    [TestCase(4, 10, 7, 11, new[] { 11, 29, 0, 26, 31, 21, 22 })]
    [TestCase(12, 2, 12, 5, new[] { 14, 19, 22, 6, 8, 11, 13, 15, 0, 16, 9, 5 })]
    [TestCase(6, 7, 10, 42, new[] { 1, 10, 6, 35, 31, 9, 33, 14, 22, 29 })]
    public void Stratified_rows_are_numpys(int classes, int each, int test_size, int seed, int[] expected)
    {
        var ds = Dataset.from_dict(new Dictionary<string, object> { ["id"] = Enumerable.Range(0, classes * each).ToArray(), ["label"] = Enumerable.Range(0, classes * each).Select(i => (long)(i * 5 % classes)).ToArray() })
            .cast_column("label", new ClassLabel(classes));
        Assert.That((int[])ds.train_test_split(test_size: test_size, seed: seed, stratify_by_column: "label")["test"]["id"], Is.EqualTo(expected));
    }

    [Test]
    public void Columns_are_renamed_removed_cast_and_added()
    {
        var ds = Small(3).rename_column("text", "sentence").remove_columns("ids").cast_column("score", "float32").add_column("label", new[] { "b", "a", "b" });
        ds = ds.cast_column("label", new ClassLabel(names: ["a", "b"]));

        Assert.That(ds.column_names, Is.EqualTo(new[] { "id", "sentence", "score", "label" }));
        Assert.That((long[])ds["label"], Is.EqualTo(new[] { 1, 0, 1 }));
        Assert.That((float[])ds["score"], Is.EqualTo(new[] { 0, 0.25f, 0.5f }));
        Assert.That((string[])ds.cast_column("label", "string")["label"], Is.EqualTo(new[] { "b", "a", "b" }));
        Assert.That(ds.unique("label").Count, Is.EqualTo(2));
        Assert.That(ds.select_columns("label", "id").column_names, Is.EqualTo(new[] { "label", "id" }));
    }

    [Test]
    public void Records_and_nulls_come_back()
    {
        var ds = Dataset.from_list([
            new Dictionary<string, object?> { ["a"] = 1, ["r"] = new Dictionary<string, object?> { ["x"] = "one", ["y"] = new[] { 1.5f } } },
            new Dictionary<string, object?> { ["a"] = null, ["r"] = null, ["late"] = true },
        ]);

        Assert.That(ds[1]["a"].IsNull && ds[1]["r"].IsNull, Is.True);
        Assert.That(ds[0]["late"].IsNull, Is.True);
        Assert.That(ds[0]["r"]["x"].ToString(), Is.EqualTo("one"));
        Assert.That(ds["a"].As<int?[]>(), Is.EqualTo(new int?[] { 1, null }));
        Assert.That(ds.flatten().column_names, Is.EqualTo(new[] { "a", "r.x", "r.y", "late" }));
        Assert.That(Assert.Throws<DTypeMismatchException>(() => ((int[])ds["a"]).ToString())!.Message, Does.Contain("row 1").And.Contain("null"));
        Assert.That(Dataset.from_list([new { name = "x", n = 3L }])[0].ToString(), Is.EqualTo("{\"name\": \"x\", \"n\": 3}"));
    }

    [Test]
    public void Mistakes_are_named()
    {
        var ds = Small();

        Assert.That(Assert.Throws<KeyNotFoundException>(() => _ = ds["txt"])!.Message, Does.Contain("Did you mean \"text\"?"));
        Assert.That(Assert.Throws<KeyNotFoundException>(() => _ = ds[0]["Text"])!.Message, Does.Contain("\"id\"").Or.Contain("id, text"));
        Assert.That(Assert.Throws<KeyNotFoundException>(() => ds.map(_ => null, remove_columns: ["tex"]))!.Message, Does.Contain("Did you mean \"text\"?"));
        Assert.That(Assert.Throws<ArgumentOutOfRangeException>(() => _ = ds[10])!.Message, Does.Contain("10 rows"));
        Assert.That(Assert.Throws<DTypeMismatchException>(() => { int wrong = ds[0]["text"]; })!.Message, Does.Contain("string"));
        Assert.That(Assert.Throws<ShapeMismatchException>(() => ds.map(_ => new() { ["n"] = new[] { 1 } }, batched: true))!.Message, Does.Contain("remove_columns"));
        Assert.That(Assert.Throws<ValueRangeException>(() => ds.cast_column("id", new ClassLabel(names: ["a", "b"])))!.Message, Does.Contain("from 0 to 1").And.Contain("row 2"));
        Assert.That(Assert.Throws<DTypeMismatchException>(() => Dataset.from_dict(new Dictionary<string, object> { ["x"] = new object[] { 1, "one" } }))!.Message, Does.Contain("\"x\""));
        Assert.That(Assert.Throws<ArgumentException>(() => Dataset.from_dict(new Dictionary<string, object> { ["x"] = new[] { 1 }, ["y"] = new[] { 1, 2 } }))!.Message, Does.Contain("\"y\""));
        Assert.That(Assert.Throws<ArgumentException>(() => ds.train_test_split(test_size: 4, stratify_by_column: "id"))!.Message, Does.Contain("class_encode_column"));
        Assert.That(Assert.Throws<ArgumentException>(() => _ = new ClassLabel(names: ["good", "bad"]).str2int("god"))!.Message, Does.Contain("Did you mean \"good\"?"));
    }
}
