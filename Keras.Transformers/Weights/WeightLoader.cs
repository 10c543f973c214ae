using Keras.Engines;
using Keras.Graphs;
using Keras.Saving;

namespace Keras.Transformers;

/// <summary>Fills a model's variables from a file of any format: finds each key under its spellings, checks both directions, and reports everything at once.</summary>
static class WeightLoader
{
    /// <param name="table">The model's variables by key.</param>
    /// <param name="source">The opened file or shards.</param>
    /// <param name="ignoreMismatched">Whether weights with wrong shapes are newly initialised instead of rejected.</param>
    /// <exception cref="WeightLoadException">Shapes or dtypes do not match; all are listed, and nothing was changed.</exception>
    public static LoadingReport Load(WeightTable table, WeightSource source, bool ignoreMismatched)
    {
        var keys = MatchKeys(table, source);
        var found = Chosen(table, keys);
        var mismatched = found.Where(f => source.Entries[f.Value].Shape != table.FileShape(f.Key, source.Naming))
            .Select(f => (Key: f.Value, Found: source.Entries[f.Value].Shape, Wanted: table.FileShape(f.Key, source.Naming))).OrderBy(m => m.Key, StringComparer.Ordinal).ToList();
        if (mismatched.Count > 0 && !ignoreMismatched)
            throw new WeightLoadException($"{mismatched.Count} weights of the file do not fit the model", source.Location,
                string.Join("; ", mismatched.Select(m => $"{m.Key} {m.Wanted}")), string.Join("; ", mismatched.Select(m => $"{m.Key} {m.Found}")),
                "Use a configuration that fits the file, or ignore_mismatched_sizes: true to start those weights anew.");
        var unreadable = found.Where(f => !WeightTable.CanRead(source.Entries[f.Value].DType, table.VariableOf(f.Key).dtype)).Select(f => source.Entries[f.Value]).ToList();
        if (unreadable.Count > 0)
        {
            string[] wanted = [.. found.Select(f => table.VariableOf(f.Key).dtype.Name).Distinct()];
            var unknown = Array.Find(wanted, w => w is not ("float32" or "float16" or "bfloat16"));
            throw new WeightLoadException($"{unreadable.Count} weights have an element type that the model's {string.Join(" and ", wanted)} weights cannot be filled from", source.Location,
                unknown is not null ? $"a model of float32, float16 or bfloat16, or a file of {unknown}" : "a file of float32, float16 or bfloat16",
                string.Join("; ", unreadable.Select(e => $"{e.Name} {e.DType}")),
                unknown is not null ? $"Load the model with dtype: \"float32\" (or a mixed policy) instead of {unknown}." : "Save the weights in one of those.");
        }
        Engine.Current.Reserve(table.ReorderedBytesIn(source.Naming));
        var misfits = mismatched.Select(m => m.Key).ToHashSet();
        var copied = new List<WeightEntry>();
        foreach (var (key, fileKey) in found)
            if (!misfits.Contains(fileKey) && table.Load(key, source, fileKey)) copied.Add(source.Entries[fileKey]);
        // All at the end: one read of a mapped file can bring back the pages around it.
        copied.ForEach(entry => entry.Forget());
        var report = new LoadingReport(Missing(table, source, found), Unexpected(table, source, keys), mismatched);
        Warn(table, source, report);
        return report;
    }

    /// <summary>Checks that a file holds every weight of the model.</summary>
    /// <exception cref="WeightLoadException">The file lacks weights; all of them are named.</exception>
    public static void RequireAll(WeightTable table, WeightSource source)
    {
        var missing = Missing(table, source, Chosen(table, MatchKeys(table, source)));
        if (missing.Count > 0)
            throw new WeightLoadException($"A file lacks weights of {table.Owner}", source.Location, "every weight of the model", $"none for {LoadingReport.Fold(missing)}", "Load it with from_pretrained, which newly initialises missing weights, or pass by_name: true.");
    }

    /// <summary>Maps the file's keys to our keys or tied names.</summary>
    static Dictionary<string, string> MatchKeys(WeightTable table, WeightSource source)
    {
        var matched = new Dictionary<string, string>();
        foreach (var fileKey in source.Entries.Keys)
            if ((source.Naming == WeightNaming.TensorFlow ? table.KeyOf(fileKey) : table.Find(fileKey)) is { } key) matched.Add(fileKey, key);
        return matched;
    }

    /// <summary>Maps our keys to the file's; a key's own name takes precedence over a tied one.</summary>
    static Dictionary<string, string> Chosen(WeightTable table, Dictionary<string, string> keys)
    {
        var found = new Dictionary<string, string>();
        foreach (var (fileKey, key) in keys.OrderBy(k => table.Tied.ContainsKey(k.Value))) found.TryAdd(table.Tied.GetValueOrDefault(key, key), fileKey);
        return found;
    }

    /// <summary>The missing keys; names of tied weights, which TensorFlow lacks, are only reported for PyTorch.</summary>
    static IReadOnlyList<string> Missing(WeightTable table, WeightSource source, Dictionary<string, string> found)
    {
        if (source.Naming == WeightNaming.PyTorch)
            return [.. table.Keys.Concat(table.Tied.Keys).Where(k => !found.ContainsKey(table.Tied.GetValueOrDefault(k, k))).Select(InFile(table, source)).Order(StringComparer.Ordinal)];
        return ByLayer(source, table.Keys.Where(k => !found.ContainsKey(k)).Select(k => table.FileName(k, source.Naming)), LayersOf(source));
    }

    /// <summary>Makes a function from model keys to file names, with or without the backbone's prefix, as in the file's other keys.</summary>
    static Func<string, string> InFile(WeightTable table, WeightSource source)
    {
        var prefix = table.BasePrefix + ".";
        bool HasPrefix(string key) => key.StartsWith(prefix, StringComparison.Ordinal);
        return (table.Keys.Any(HasPrefix), source.Entries.Keys.Any(HasPrefix)) switch
        {
            (false, true) => key => prefix + key,
            (true, false) => key => HasPrefix(key) ? key[prefix.Length..] : key,
            _ => key => key,
        };
    }

    static IReadOnlyList<string> Unexpected(WeightTable table, WeightSource source, Dictionary<string, string> used)
    {
        var ofTensorFlow = source.Naming == WeightNaming.TensorFlow;
        var unused = from key in source.Entries.Keys
                     where !used.ContainsKey(key)
                     let name = ofTensorFlow ? WeightNames.ToPyTorch(key) : key
                     where !table.IsIdle(name, withHeads: ofTensorFlow)
                     select ofTensorFlow ? key : table.Modern(key);
        return ByLayer(source, unused, table.Keys.Select(k => WeightNames.LayerOf(table.FileName(k, WeightNaming.TensorFlow))));
    }

    /// <summary>The layer names in an h5 file; null for other files and shards.</summary>
    static List<string>? LayersOf(WeightSource source) => source is H5WeightFile { Layers: [_, ..] layers } ? layers : null;

    /// <summary>Sorts keys; for an h5 file, a layer that the other side lacks entirely replaces its weights, as in Hugging Face's reports.</summary>
    static IReadOnlyList<string> ByLayer(WeightSource source, IEnumerable<string> keys, IEnumerable<string>? layersOfOtherSide)
    {
        if (LayersOf(source) is null || layersOfOtherSide is null) return [.. keys.Order(StringComparer.Ordinal)];
        var layers = layersOfOtherSide.ToHashSet(StringComparer.Ordinal);
        return [.. keys.Select(k => layers.Contains(WeightNames.LayerOf(k)) ? k : WeightNames.LayerOf(k)).Distinct().Order(StringComparer.Ordinal)];
    }

    static void Warn(WeightTable table, WeightSource source, LoadingReport report)
    {
        if (report.missing_keys.Count > 0)
            Diagnostics.Warn($"{source.Location} lacks weights of {table.Owner}, which are newly initialised and should be trained: {LoadingReport.Fold(report.missing_keys)}.");
        if (report.unexpected_keys.Count > 0)
            Diagnostics.Warn($"{source.Location} holds weights that {table.Owner} does not use: {LoadingReport.Fold(report.unexpected_keys)}.");
        if (report.mismatched_keys.Count > 0)
            Diagnostics.Warn($"{source.Location}: weights of another shape are newly initialised: {LoadingReport.Fold(report.mismatched_keys.Select(m => m.Key))}.");
    }
}
