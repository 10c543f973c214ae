using System.Globalization;
using System.Text.Json.Nodes;
using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests;

/// <summary>Every file of the golden folder has the rows and the types that Python's datasets gave it.</summary>
[TestFixture]
[Category("Golden")]
public sealed class DatasetGoldenTests
{
    static readonly Lazy<JsonObject?> Expected = new(() => File.Exists(GoldenFolder.PathOf("data", "datasets.json")) ? JsonNode.Parse(File.ReadAllText(GoldenFolder.PathOf("data", "datasets.json")))!.AsObject() : null);

    static IEnumerable<TestCaseData> Artefacts() => Expected.Value?["artefacts"]!.AsArray().Select(a => new TestCaseData(a!.AsObject()).SetArgDisplayNames($"{a!["path"]}")) ?? [];

    static string PathOf(JsonObject artefact) => GoldenFolder.PathOf("data", "datasets", (string)artefact["path"]!);

    [TestCaseSource(nameof(Artefacts))]
    public void Rows_and_types_equal_the_reference(JsonObject artefact)
    {
        using var cache = new TemporaryFolder();
        switch ((string)artefact["kind"]!)
        {
            case "save_to_disk": AssertRows(load_from_disk(PathOf(artefact)), artefact); break;
            case "DatasetDict":
                var dict = DatasetDict.load_from_disk(PathOf(artefact));
                var splits = artefact["splits"]!.AsObject();
                Assert.That(dict.Keys, Is.EqualTo(splits.Select(s => s.Key)));
                foreach (var (split, range) in splits) AssertRows(dict[split], artefact, Enumerable.Range((int)range![0]!, (int)range[1]! - (int)range[0]!));
                break;
            case "csv": AssertCsv(load_dataset("csv", split: "train", data_files: PathOf(artefact), cache_dir: cache.Path), artefact); break;
            case "jsonl": AssertJson(load_dataset("json", split: "train", data_files: PathOf(artefact), cache_dir: cache.Path)); break;
            case "parquet": AssertRows(load_dataset("parquet", split: "train", data_files: PathOf(artefact), cache_dir: cache.Path), artefact); break;
            default: Assert.Fail($"There is no reader of {artefact["kind"]}."); break;
        }
    }

    [TestCaseSource(nameof(Artefacts))]
    public void What_was_read_is_written_and_read_again(JsonObject artefact)
    {
        if ((string)artefact["kind"]! != "save_to_disk") return;
        using var folder = new TemporaryFolder();
        load_from_disk(PathOf(artefact)).save_to_disk(folder["saved"], num_shards: 2);
        AssertRows(load_from_disk(folder["saved"]), artefact);
    }

    static void AssertRows(Dataset data, JsonObject artefact, IEnumerable<int>? rows = null)
    {
        var names = artefact["columns"]?.AsArray().Select(c => (string)c!).ToArray() ?? [.. Expected.Value!["features"]!.AsObject().Select(f => f.Key)];
        Assert.That(data.column_names, Is.EqualTo(names));
        foreach (var name in names) Assert.That(data.features[name].ToString(), Is.EqualTo((string)Expected.Value!["features"]![name]!), name);
        var all = Expected.Value!["rows"]!.AsArray();
        int[] indices = [.. rows ?? artefact["rows"] switch { JsonArray list => list.Select(i => (int)i!), _ => Enumerable.Range(0, all.Count) }];
        Assert.That(data.num_rows, Is.EqualTo(indices.Length));
        for (var i = 0; i < indices.Length; i++)
            foreach (var name in names) AssertSame(data[i][name].ToObject(), all[indices[i]]![name], $"row {i}, {name}", 0);
        // The same by batch, by column and one after the other.
        var batch = data[..];
        foreach (var (i, row) in data.Index())
            foreach (var name in names)
            {
                Assert.That(batch[i][name], Is.EqualTo(row[name]), $"batch, row {i}, {name}");
                Assert.That(data[name][i], Is.EqualTo(row[name]), $"column {name}, row {i}");
            }
    }

    static void AssertCsv(Dataset data, JsonObject artefact)
    {
        var expected = Expected.Value!["from_csv"]!;
        Assert.That(data.column_names, Is.EqualTo(artefact["columns"]!.AsArray().Select(c => (string)c!)));
        foreach (var (name, type) in expected["features"]!.AsObject()) Assert.That(((Value)data.features[name]).dtype, Is.EqualTo((string)type!), name);
        foreach (var (name, column) in expected["rows"]!.AsObject())
            for (var i = 0; i < data.num_rows; i++) AssertSame(data[i][name].ToObject(), column![i], $"row {i}, {name}", 0);
    }

    static void AssertJson(Dataset data)
    {
        var expected = Expected.Value!["from_json"]!;
        foreach (var (name, type) in expected["features"]!.AsObject()) Assert.That(data.features[name].ToString(), Is.EqualTo((string)type!), name);
        var rounded = expected["differs_in"]!.AsArray().Select(c => (string)c!).ToHashSet();
        foreach (var (i, row) in Expected.Value["rows"]!.AsArray().Index())
            foreach (var (name, value) in row!.AsObject()) AssertSame(data[i][name].ToObject(), value, $"row {i}, {name}", rounded.Contains(name) ? 1e-6 : 0);
    }

    static void AssertSame(object? actual, JsonNode? expected, string where, double tolerance)
    {
        switch (actual)
        {
            case null: Assert.That(expected, Is.Null, where); break;
            case string text: Assert.That(text, Is.EqualTo((string?)expected), where); break;
            case bool flag: Assert.That(flag, Is.EqualTo((bool?)expected), where); break;
            case object?[] list:
                Assert.That(list, Has.Length.EqualTo(expected!.AsArray().Count), where);
                for (var i = 0; i < list.Length; i++) AssertSame(list[i], expected[i], $"{where}[{i}]", tolerance);
                break;
            case Dictionary<string, object?> record:
                Assert.That(record.Keys, Is.EqualTo(expected!.AsObject().Select(m => m.Key)), where);
                foreach (var (name, value) in record) AssertSame(value, expected[name], $"{where}.{name}", tolerance);
                break;
            default: Assert.That(Convert.ToDouble(actual, CultureInfo.InvariantCulture), Is.EqualTo((double)expected!).Within(tolerance), where); break;
        }
    }
}
