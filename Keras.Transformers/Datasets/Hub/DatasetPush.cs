using System.Text.RegularExpressions;
using Keras.Saving;

namespace Keras.Transformers;

/// <summary>Pushes splits to the hub as Parquet, with a card that lists the files of each split.</summary>
static class DatasetPush
{
    static readonly MaxShardSize Usual = "500MB";

    /// <summary>Pushes splits of a configuration as one commit; removes the files of earlier pushes of the same splits.</summary>
    /// <exception cref="HfHubHttpException">The hub rejected the request or failed; nothing was changed there.</exception>
    public static CommitInfo Run(IReadOnlyList<(string Split, Dataset Data)> splits, string config, string? data_dir, MaxShardSize? max_shard_size, PushOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(config, "config_name");
        foreach (var (split, _) in splits)
            // In numbered files, "-" ends the split's name: "train-*" would also match the files of "train-extra".
            if (!SplitName.IsName(split) || split.Contains('-', StringComparison.Ordinal)) throw new ArgumentException($"The hub cannot have a split of this name. Expected: letters, digits, \"_\" and \".\". Received: {Known.Say(split)}.", nameof(split));
        if (splits.Count == 0) throw new ArgumentException("There are no splits to push.", nameof(splits));
        if (splits.Skip(1).FirstOrDefault(s => !s.Data.features.Equals(splits[0].Data.features)) is { Split: { } other }) throw new ArgumentException($"The splits differ in their columns. Expected: {splits[0].Data.features}. Received: {other} with others.", nameof(splits));
        var folder = data_dir ?? (config == "default" ? "data" : config);
        RepoName.FileName(folder, data_dir is null ? "config_name" : nameof(data_dir));
        return HubPush.Run(options with
        {
            RepoType = "dataset",
            Before = (temporary, names, card) =>
            {
                string[] removed = [.. names.Where(n => splits.Any(s => IsPart(n, folder, s.Split)) && !File.Exists(Path.Combine(temporary, n)))];
                File.WriteAllText(Path.Combine(temporary, ModelCard.FileName), CardWriter.With(card, config, [.. splits.Select(s => (s.Split, $"{folder}/{s.Split}-*"))], splits[0].Data.features, [.. names.Except(removed)]));
                return removed;
            },
        }, temporary =>
        {
            foreach (var (split, data) in splits) Write(data, Path.Combine(temporary, folder), split, (max_shard_size ?? Usual).Bytes);
        });
    }

    /// <summary>Whether a file is a numbered part of a split, written by any library; some add a hash after the numbers.</summary>
    static bool IsPart(string name, string folder, string split) => Regex.IsMatch(name, $@"^{Regex.Escape(folder)}/{Regex.Escape(split)}-\d{{5}}-of-\d{{5}}[^/]*\.parquet\z");

    static void Write(Dataset data, string folder, string split, long limit)
    {
        Directory.CreateDirectory(folder);
        string Name(int i, int n) => Path.Combine(folder, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{split}-{i:D5}-of-{n:D5}.parquet"));
        var bytes = data.to_parquet(Name(0, 1));
        var shards = (int)Math.Min(Math.Max(1, data.num_rows), (bytes + limit - 1) / limit);
        if (shards <= 1) return;
        File.Delete(Name(0, 1));
        for (var i = 0; i < shards; i++) data.shard(shards, i).to_parquet(Name(i, shards));
    }
}
