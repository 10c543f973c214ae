using System.Data;
using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests;

/// <summary>Data sets of rows that come from elsewhere, and several at once.</summary>
public sealed class DatasetSourceTests
{
    [Test]
    public void Readers_of_databases()
    {
        using var table = new DataTable();
        table.Columns.Add("id", typeof(long));
        table.Columns.Add("name", typeof(string));
        table.Columns.Add("price", typeof(decimal));
        table.Columns.Add("nothing", typeof(float));
        table.Rows.Add(1L, "one", 0.5m, DBNull.Value);
        table.Rows.Add(2L, DBNull.Value, 1.5m, DBNull.Value);

        var ds = Dataset.from_reader(table.CreateDataReader());

        Assert.That(ds.features.ToString(), Is.EqualTo("{'id': Value(dtype='int64', id=None), 'name': Value(dtype='string', id=None), 'price': Value(dtype='float64', id=None), 'nothing': Value(dtype='float32', id=None)}"));
        Assert.That((double[])ds["price"], Is.EqualTo(new[] { 0.5, 1.5 }));
        Assert.That(ds[1]["name"].IsNull && ds[0]["nothing"].IsNull, Is.True);
    }

    [Test]
    public void Decimals_of_databases_are_as_exact_as_features_say()
    {
        using var table = new DataTable();
        table.Columns.Add("price", typeof(decimal));
        table.Rows.Add(12345678901234.5678m);
        table.Rows.Add(DBNull.Value);

        var ds = Dataset.from_reader(table.CreateDataReader(), new() { ["price"] = "decimal128(20, 4)" });

        Assert.That(ds.Select(r => r["price"].As<decimal?>()), Is.EqualTo(new decimal?[] { 12345678901234.5678m, null }));
        Assert.That((double)Dataset.from_reader(table.CreateDataReader(), new() { ["price"] = "float64" })[0]["price"], Is.EqualTo(12345678901234.5678));
    }

    [Test]
    public async Task Records_that_come_one_by_one()
    {
        static async IAsyncEnumerable<object> Rows()
        {
            for (var i = 0; i < 3; i++)
            {
                await Task.Yield();
                yield return new { n = i, text = $"{i}" };
            }
        }
        var ds = await Dataset.from_async(Rows());
        Assert.That((int[])ds["n"], Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(Dataset.from_generator(() => Enumerable.Range(0, 4).Select(i => new { n = i })).num_rows, Is.EqualTo(4));
        Assert.That(Assert.Throws<ArgumentException>(() => Dataset.from_list(["text"]))!.Message, Does.Contain("Record 0"));
    }

    [Test]
    public void Splits_change_together_and_are_saved()
    {
        using var folder = new TemporaryFolder();
        var all = new DatasetDict { ["train"] = Dataset.from_list(Enumerable.Range(0, 5).Select(i => new { n = i })), ["test"] = Dataset.from_list(Enumerable.Range(5, 2).Select(i => new { n = i })) };

        all.map(row => new() { ["m"] = row["n"] * 2 }).filter(row => row["n"] != 1).remove_columns("n").save_to_disk(folder["saved"]);

        var read = DatasetDict.load_from_disk(folder["saved"]);
        Assert.That(read.Keys, Is.EqualTo(new[] { "train", "test" }));
        Assert.That((int[])read["train"]["m"], Is.EqualTo(new[] { 0, 4, 6, 8 }));
        Assert.That((int[])read["test"]["m"], Is.EqualTo(new[] { 10, 12 }));
        Assert.That(Assert.Throws<KeyNotFoundException>(() => _ = read["tets"])!.Message, Does.Contain("Did you mean \"test\"?"));
    }

    [Test]
    public void Formats_show_columns_and_are_saved()
    {
        using var folder = new TemporaryFolder();
        var ds = Dataset.from_list(Enumerable.Range(0, 3).Select(i => new { a = i, b = $"{i}" })).with_format("np", columns: ["a"]);

        Assert.That(ds[0].Keys, Is.EqualTo(new[] { "a" }));
        Assert.That(ds.map(row => new() { ["c"] = (int)row["a"] + 1 }).column_names, Is.EqualTo(new[] { "a", "b", "c" }));
        ds.save_to_disk(folder["saved"]);
        Assert.That(load_from_disk(folder["saved"])[..].Keys, Is.EqualTo(new[] { "a" }));
        Assert.That(Assert.Throws<ArgumentException>(() => ds.with_format("numpi"))!.Message, Does.Contain("Did you mean \"numpy\"?"));
    }

    [Test]
    public void Progress_is_one_plain_line_where_it_is_redirected_and_a_bar_elsewhere()
    {
        Datasets.enable_progress_bars();
        var (plain, bar) = (new StringWriter(), new StringWriter());
        using (var progress = new DatasetProgress("Map", 4, output: plain, showsBar: false)) progress.Add(4);
        using (var progress = new DatasetProgress("Map", 4, output: bar, showsBar: true)) progress.Add(4);

        Assert.That(plain.ToString(), Is.Empty, "what took no time is told to nobody");
        Assert.That(bar.ToString(), Does.StartWith("\rMap: 100%|████████████████████| 4/4 [00:00<00:00, ").And.Contains("examples/s]"));
    }
}
