using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests;

/// <summary>Functions over rows and batches, and where their results are kept.</summary>
public sealed class MapTests
{
    static Dataset OnDisk(TemporaryFolder folder, int rows = 2500)
    {
        Dataset.from_dict(new Dictionary<string, object> { ["id"] = Enumerable.Range(0, rows).ToArray(), ["text"] = Enumerable.Range(0, rows).Select(i => $"hello world {i}").ToArray() }).save_to_disk(folder["data"]);
        return load_from_disk(folder["data"]);
    }

    static string[] Caches(TemporaryFolder folder) => [.. Directory.GetFiles(folder["data"], "cache-*").Order()];

    [Test]
    public void Functions_over_rows_and_batches_agree()
    {
        using var folder = new TemporaryFolder();
        var ds = OnDisk(folder);

        var byRow = ds.map(row => new() { ["length"] = ((string)row["text"]!).Length });
        var byBatch = ds.map(batch => new() { ["length"] = ((string[])batch["text"]).Select(t => t.Length).ToArray() }, batched: true, batch_size: 300, num_proc: 3);
        var numbered = ds.map((row, i) => new() { ["id"] = i * 2 }, with_indices: true, remove_columns: ["text"]);

        Assert.That((int[])byRow["length"], Is.EqualTo(((string[])ds["text"]).Select(t => t.Length)));
        Assert.That((int[])byBatch["length"], Is.EqualTo((int[])byRow["length"]));
        Assert.That(byBatch.column_names, Is.EqualTo(new[] { "id", "text", "length" }));
        Assert.That(numbered.column_names, Is.EqualTo(new[] { "id" }));
        Assert.That((int[])numbered["id"], Is.EqualTo(Enumerable.Range(0, 2500).Select(i => 2 * i)));
    }

    [Test]
    public void Tokenizers_make_small_columns()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = BertTokenizerFast.from_pretrained(TokenizerGolden.VocabFolder("bert-base-uncased"));
        var ds = OnDisk(folder, 20);

        var encoded = ds.map(batch => tokenizer.Apply(batch["text"]), batched: true);
        var single = ds.map(row => tokenizer.Apply(row["text"]));

        Assert.That(encoded.features["input_ids"].ToString(), Does.Contain("int32"));
        Assert.That(encoded.features["attention_mask"].ToString(), Does.Contain("int8"));
        Assert.That(single.features, Is.EqualTo(encoded.features));
        for (var i = 0; i < 20; i++) Assert.That((int[])encoded[i]["input_ids"], Is.EqualTo(tokenizer.encode($"hello world {i}")).And.EqualTo((int[])single[i]["input_ids"]));
        Assert.That(Caches(folder), Has.Length.EqualTo(2));
        ds.map(batch => tokenizer.Apply(batch["text"]), batched: true);
        Assert.That(Caches(folder), Has.Length.EqualTo(3), "another lambda is another function");
    }

    [Test]
    public void Results_are_found_again_by_function_captures_and_rows()
    {
        using var folder = new TemporaryFolder();
        var ds = OnDisk(folder);
        var calls = new StrongBox();
        Dataset Run(Dataset data, int factor, bool load = true) => data.map(batch => Count(batch, factor), batched: true, load_from_cache_file: load);
        DatasetRecord Count(DatasetBatch batch, int factor)
        {
            StrongBox.Calls++;
            return new() { ["n"] = ((int[])batch["id"]).Select(i => i * factor).ToArray() };
        }
        StrongBox.Calls = 0;

        var first = Run(ds, 2);
        Assert.That(StrongBox.Calls, Is.EqualTo(3));
        var again = Run(ds, 2);
        Assert.That((StrongBox.Calls, again._fingerprint), Is.EqualTo((3, first._fingerprint)), "from the file");
        Run(ds, 3);
        Assert.That(StrongBox.Calls, Is.EqualTo(6), "another captured value");
        Run(ds.take(100), 2);
        Assert.That(StrongBox.Calls, Is.EqualTo(7), "other rows");
        Run(ds, 2, load: false);
        Assert.That(StrongBox.Calls, Is.EqualTo(10));
        Assert.That((int[])again["n"], Is.EqualTo(Enumerable.Range(0, 2500).Select(i => 2 * i)));
        Assert.That(calls, Is.Not.Null);
    }

    static string? OfPairs(params (int, int)[] pairs) => FunctionIdentity.Of(() => pairs.Length);

    static string? OfTime(DateTime time) => FunctionIdentity.Of(() => time);

    static string? OfGrid(int[,] grid) => FunctionIdentity.Of(() => grid.Length);

    [Test]
    public void A_function_is_what_it_captured_to_the_last_value()
    {
        Assert.That(OfPairs((1, 2), (3, 4), (1, 2)), Is.Not.Null.And.EqualTo(OfPairs((1, 2), (3, 4), (1, 2))).And.Not.EqualTo(OfPairs((1, 2), (3, 4), (3, 4))));
        Assert.That(OfTime(new(2026, 1, 1)), Is.Not.Null.And.Not.EqualTo(OfTime(new DateTime(2026, 1, 1).AddTicks(1))));
        Assert.That(OfGrid(new int[2, 3]), Is.Not.Null.And.EqualTo(OfGrid(new int[2, 3])).And.Not.EqualTo(OfGrid(new int[3, 2])));
    }

    sealed class StrongBox
    {
        public static int Calls;
    }

    [Test]
    public void Failed_and_cancelled_runs_leave_nothing()
    {
        using var folder = new TemporaryFolder();
        var ds = OnDisk(folder);
        using var source = new CancellationTokenSource();

        Assert.Throws<InvalidOperationException>(() => ds.map((row, i) => i == 2100 ? throw new InvalidOperationException("2100") : new() { ["n"] = i }, num_proc: 2));
        Assert.Throws<OperationCanceledException>(() => ds.map((row, i) =>
        {
            if (i == 1500) source.Cancel();
            return new() { ["n"] = i };
        }, cancellation_token: source.Token));

        Assert.That(Directory.GetFiles(folder["data"]).Select(Path.GetFileName), Is.EquivalentTo(new[] { "data-00000-of-00001.arrow", "dataset_info.json", "state.json" }));
    }

    [Test]
    public void Two_runs_at_once_make_one_result()
    {
        using var folder = new TemporaryFolder();
        var ds = OnDisk(folder);
        Dataset Run() => load_from_disk(folder["data"]).map(row => new() { ["n"] = (int)row["id"] + 1 });

        var results = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).Select(_ => Run()).ToArray();

        foreach (var result in results) Assert.That((int[])result["n"], Is.EqualTo(Enumerable.Range(1, 2500)));
        Assert.That(Caches(folder), Has.Length.EqualTo(1));
        Assert.That(ds.num_rows, Is.EqualTo(2500));
    }
}
