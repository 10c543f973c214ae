using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests;

/// <summary>Arrow and Parquet files of other writers: encodings, codecs, dictionaries, decimals, maps.</summary>
public sealed class FormatGoldenTests
{
    const string Refused = "refused_";

    static readonly string Folder = Directory.Exists(GoldenFolder.PathOf("formats")) ? GoldenFolder.PathOf("formats") : Path.Combine(GoldenFolder.Own, "formats");

    static IEnumerable<string> Files(bool refused) => Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)).Where(f => Path.GetExtension(f) is ".parquet" or ".arrow" && f.StartsWith(Refused, StringComparison.Ordinal) == refused).Order(StringComparer.Ordinal);

    static IEnumerable<TestCaseData> Read => Files(refused: false).Select(f => new TestCaseData(f));

    static IEnumerable<TestCaseData> Unsupported => Files(refused: true).Select(f => new TestCaseData(f));

    static Dataset Load(string file) => load_dataset(Path.GetExtension(file)[1..], split: "train", data_files: Path.Combine(Folder, file), keep_in_memory: true);

    [TestCaseSource(nameof(Read))]
    public void Every_value_is_the_writers(string file)
    {
        var all = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "rows.json")))!;
        var expected = (JsonObject)(all[file] is JsonValue other ? all[(string)other!] : all[file])!;
        var ds = Load(file);

        Assert.That(ds.column_names, Is.EqualTo(expected.Select(c => c.Key)));
        foreach (var (name, column) in expected)
        {
            Assert.That(Name(ds.features[name]), Is.EqualTo((string?)column!["type"]), name);
            var values = (JsonArray)column["values"]!;
            Assert.That(ds.num_rows, Is.EqualTo(values.Count));
            for (var row = 0; row < values.Count; row++) Assert.That(Say(ds[row][name].ToObject())?.ToJsonString(), Is.EqualTo(values[row]?.ToJsonString()), $"row {row} of {name}");
        }
    }

    [TestCaseSource(nameof(Read))]
    public void What_was_read_goes_through_own_files(string file)
    {
        using var folder = new TemporaryFolder();
        var ds = Load(file);
        ds.to_parquet(folder["a.parquet"], batch_size: 100);
        ds.save_to_disk(folder["saved"]);

        foreach (var again in new[] { load_dataset("parquet", split: "train", data_files: folder["a.parquet"], keep_in_memory: true), load_from_disk(folder["saved"]) })
        {
            Assert.That(again.features, Is.EqualTo(ds.features));
            Assert.That(again.Select(r => r.ToString()), Is.EqualTo(ds.Select(r => r.ToString())));
        }
    }

    [TestCaseSource(nameof(Unsupported))]
    public void Other_types_are_refused_by_file_and_column(string file) =>
        Assert.That(() => Load(file), Throws.InstanceOf<UnsupportedException>().With.Message.Contains(file).And.Message.Contains("column \""));

    /// <summary>The name of a type as the list of rows has it.</summary>
    static string Name(Feature feature) => feature switch
    {
        Sequence { feature: Features record } when record.Keys.SequenceEqual(["key", "value"]) => $"map<{Name(record["key"])}, {Name(record["value"])}>",
        Sequence list => $"list<{Name(list.feature)}>",
        _ => ((Value)feature).dtype,
    };

    /// <summary>A value as the list of rows has it: everything but lists and records is a text.</summary>
    static JsonNode? Say(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag ? "true" : "false",
        byte[] bytes => Convert.ToHexString(bytes),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        IReadOnlyDictionary<string, object?> record => new JsonObject(record.Select(m => KeyValuePair.Create(m.Key, Say(m.Value)))),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Say)]),
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };
}
