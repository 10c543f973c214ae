using System.Globalization;
using System.Text.RegularExpressions;

namespace Keras.Transformers;

/// <summary>Which weights loading did not find, did not expect, or found in another shape: Hugging Face's <c>output_loading_info</c>.</summary>
/// <param name="missing_keys">Weights of the model that the file lacks; they are new and untrained.</param>
/// <param name="unexpected_keys">Keys of the file that the model has no weight for.</param>
/// <param name="mismatched_keys">Keys whose shape differs: key, shape in the file, shape in the model.</param>
public sealed record LoadingReport(IReadOnlyList<string> missing_keys, IReadOnlyList<string> unexpected_keys, IReadOnlyList<(string Key, Shape Found, Shape Wanted)> mismatched_keys)
{
    /// <summary>The missing, unexpected and mismatched weights, as text.</summary>
    public override string ToString()
    {
        string[] parts =
        [
            missing_keys.Count == 0 ? "" : $"missing: {Fold(missing_keys)}",
            unexpected_keys.Count == 0 ? "" : $"unexpected: {Fold(unexpected_keys)}",
            mismatched_keys.Count == 0 ? "" : $"of another shape: {string.Join(", ", mismatched_keys.Select(m => $"{m.Key} ({m.Found} in the file, {m.Wanted} in the model)"))}",
        ];
        return $"<LoadingReport {(parts.All(p => p.Length == 0) ? "every weight was found" : string.Join("; ", parts.Where(p => p.Length > 0)))}>";
    }

    /// <summary>Lists keys in lines, with layer numbers folded: <c>encoder.layer.{0...11}.output.dense.weight</c>.</summary>
    internal static string Fold(IEnumerable<string> keys) => string.Join(", ", keys
        .Select(k => (Key: k, Match: Regex.Match(k, @"(?<=\.)\d+(?=\.)")))
        .GroupBy(k => k.Match.Success ? string.Concat(k.Key.AsSpan(0, k.Match.Index), "{i}", k.Key.AsSpan(k.Match.Index + k.Match.Length)) : k.Key)
        .Select(g => g.Key.Replace("{i}", Numbers([.. g.Where(k => k.Match.Success).Select(k => int.Parse(k.Match.Value, CultureInfo.InvariantCulture)).Order()]), StringComparison.Ordinal)));

    static string Numbers(int[] numbers) => numbers switch
    {
        [] => "",
        [var one] => one.ToString(CultureInfo.InvariantCulture),
        [var first, .., var last] when last - first == numbers.Length - 1 => $"{{{first}...{last}}}",
        _ => $"{{{string.Join(",", numbers)}}}",
    };
}
