using System.Text.RegularExpressions;

namespace Keras.Transformers;

/// <summary>The hub's rules for a model card's metadata.</summary>
/// <remarks>Source: the hub's specification of model cards (modelcard.md). Names of licences and tasks are checked by form only, since the hub's lists grow.</remarks>
static partial class CardRules
{
    /// <summary>Fields of one or more texts, with the form of each.</summary>
    static readonly (string Field, Func<string, bool> IsRight, string Means)[] Fields =
    [
        ("language", Language().IsMatch, "a code of ISO 639, such as en, or code or multilingual"), ("license", Name().IsMatch, "an identifier in lower case, such as apache-2.0"),
        ("library_name", Name().IsMatch, "an identifier in lower case"), ("pipeline_tag", Name().IsMatch, "a task, such as text-classification"), ("tags", Line().IsMatch, "a text of one line"),
        ("datasets", RepoName.IsId, "a data set's id, such as org/name"), ("metrics", Line().IsMatch, "a metric's name"), ("base_model", RepoName.IsId, "a model's id, such as org/name"),
    ];

    public static void Check(IReadOnlyDictionary<string, object?> data)
    {
        foreach (var (field, isRight, means) in Fields)
            foreach (var text in data.TryGetValue(field, out var value) ? Texts(value, field) : [])
                if (!isRight(text)) throw Wrong(field, means, Known.Say(text));
        if (data.GetValueOrDefault("license") is "other" && data.GetValueOrDefault("license_name") is not string { Length: > 0 }) throw Wrong("license_name", "a name, where license is other", "none");
        if (!data.TryGetValue("model-index", out var index)) return;
        foreach (var (i, model) in List(index, "model-index").Index())
        {
            var where = $"model-index[{i}]";
            Text(model, "name", where);
            foreach (var (j, result) in List(Member(model, "results", where), $"{where}.results").Index()) CheckResult(result, $"{where}.results[{j}]");
        }
    }

    static void CheckResult(object? result, string where)
    {
        Text(Member(result, "task", where), "type", $"{where}.task");
        var dataset = Member(result, "dataset", where);
        Text(dataset, "type", $"{where}.dataset");
        Text(dataset, "name", $"{where}.dataset");
        var metrics = List(Member(result, "metrics", where), $"{where}.metrics");
        if (metrics.Count == 0) throw Wrong($"{where}.metrics", "one metric or more", "none");
        foreach (var (i, metric) in metrics.Index())
        {
            Text(metric, "type", $"{where}.metrics[{i}]");
            if (Member(metric, "value", $"{where}.metrics[{i}]") is null) throw Wrong($"{where}.metrics[{i}].value", "a value", "null");
        }
    }

    static IEnumerable<string> Texts(object? value, string where) => value is string text ? [text]
        : List(value, where).Select((t, i) => t as string ?? throw Wrong($"{where}[{i}]", "a text", Known.Say(t)));

    static List<object?> List(object? value, string where) => value is System.Collections.IEnumerable items and not string and not IReadOnlyDictionary<string, object?> ? [.. items.Cast<object?>()] : throw Wrong(where, "a list", Known.Say(value));

    static object? Member(object? record, string name, string where) => record is IReadOnlyDictionary<string, object?> members && members.TryGetValue(name, out var value) ? value : throw Wrong($"{where}.{name}", "a value", "none");

    static void Text(object? record, string name, string where)
    {
        if (Member(record, name, where) is not string { Length: > 0 }) throw Wrong($"{where}.{name}", "a text", Known.Say(Member(record, name, where)));
    }

    static FileFormatException Wrong(string where, string expected, string received) => new("A card's metadata breaks a rule of the hub", where, expected, received);

    [GeneratedRegex(@"\A([a-z]{2,3}(-[A-Za-z0-9]{2,8})*|code|multilingual)\z")]
    private static partial Regex Language();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._+-]*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[^\r\n]+\z")]
    private static partial Regex Line();
}
