using System.Text.RegularExpressions;
using Keras.Engines;
using Keras.Graphs;
using Keras.Saving;

namespace Keras.Transformers;

/// <summary>Fills a model's variables from a safetensors file: finds each key under its spellings, checks both directions, reports everything at once.</summary>
static class WeightLoader
{
    /// <summary>Keys that files hold and no model needs.</summary>
    static readonly Regex Buffers = new(@"(^|\.)(embeddings\.position_ids|attn\.masked_bias|attn\.bias)$");

    /// <param name="model">The built model.</param>
    /// <param name="source">The opened file or shards.</param>
    /// <param name="ignoreMismatched">Whether weights of another shape are left new instead of refused.</param>
    /// <exception cref="WeightLoadException">Shapes differ, all listed; nothing was changed.</exception>
    public static LoadingReport Load(TFPreTrainedModel model, SafetensorsSource source, bool ignoreMismatched)
    {
        var table = model.Weights;
        var keys = MatchKeys(model, table, source.Entries.Keys);
        var found = Chosen(table, keys);
        var mismatched = found.Where(f => source.Entries[f.Value].Shape != table.FileShape(f.Key))
            .Select(f => (Key: f.Value, Found: source.Entries[f.Value].Shape, Wanted: table.FileShape(f.Key))).OrderBy(m => m.Key, StringComparer.Ordinal).ToList();
        if (mismatched.Count > 0 && !ignoreMismatched)
            throw new WeightLoadException($"{mismatched.Count} weights of the file do not fit the model", source.Location,
                string.Join("; ", mismatched.Select(m => $"{m.Key} {m.Wanted}")), string.Join("; ", mismatched.Select(m => $"{m.Key} {m.Found}")),
                "Use a configuration that fits the file, or ignore_mismatched_sizes: true to start those weights anew.");
        Engine.Current.Reserve(table.TransposedBytes);
        var misfits = mismatched.Select(m => m.Key).ToHashSet();
        foreach (var (key, fileKey) in found)
            if (!misfits.Contains(fileKey)) table.Load(key, source, fileKey);
        var ofTensorFlow = source.Metadata.GetValueOrDefault("format") == "tf";
        var report = new LoadingReport(
            [.. table.Keys.Concat(table.Tied.Keys).Where(k => !found.ContainsKey(table.Tied.GetValueOrDefault(k, k))).Order(StringComparer.Ordinal)],
            [.. source.Entries.Keys.Where(k => !keys.ContainsKey(k) && !Buffers.IsMatch(k) && !(ofTensorFlow && model.IsOfOtherHead(k))).Select(Modern).Order(StringComparer.Ordinal)],
            mismatched);
        Warn(model, source, report);
        return report;
    }

    /// <summary>The file's key -> our key or a tied name: the same, with or without the backbone's prefix, with old names.</summary>
    static Dictionary<string, string> MatchKeys(TFPreTrainedModel model, WeightTable table, IEnumerable<string> fileKeys)
    {
        var prefix = model.base_model_prefix + ".";
        var found = new Dictionary<string, string>();
        foreach (var fileKey in fileKeys)
        {
            var modern = Modern(fileKey);
            string[] spellings = [modern, prefix + modern, modern.StartsWith(prefix, StringComparison.Ordinal) ? modern[prefix.Length..] : modern];
            if (spellings.FirstOrDefault(k => table.Contains(k) || table.Tied.ContainsKey(k)) is { } key) found.Add(fileKey, key);
        }
        return found;
    }

    /// <summary>Our key -> the file's key; its own before a tied name.</summary>
    static Dictionary<string, string> Chosen(WeightTable table, Dictionary<string, string> keys)
    {
        var found = new Dictionary<string, string>();
        foreach (var (fileKey, key) in keys.OrderBy(k => table.Tied.ContainsKey(k.Value))) found.TryAdd(table.Tied.GetValueOrDefault(key, key), fileKey);
        return found;
    }

    /// <summary>Files of 2018 call a normalisation's scale gamma and its offset beta; TF files end names with :0.</summary>
    static string Modern(string key) => Regex.Replace(Regex.Replace(key, @"LayerNorm\.gamma$", "LayerNorm.weight"), @"LayerNorm\.beta$", "LayerNorm.bias");

    static void Warn(TFPreTrainedModel model, SafetensorsSource source, LoadingReport report)
    {
        if (report.missing_keys.Count > 0)
            Diagnostics.Warn($"{source.Location} lacks weights of {model.GetType().Name}, which start new and should be trained: {LoadingReport.Fold(report.missing_keys)}.");
        if (report.unexpected_keys.Count > 0)
            Diagnostics.Warn($"{source.Location} holds weights that {model.GetType().Name} does not use: {LoadingReport.Fold(report.unexpected_keys)}.");
        if (report.mismatched_keys.Count > 0)
            Diagnostics.Warn($"{source.Location}: weights of another shape start new: {LoadingReport.Fold(report.mismatched_keys.Select(m => m.Key))}.");
    }
}
