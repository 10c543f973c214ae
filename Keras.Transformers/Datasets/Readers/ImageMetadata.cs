namespace Keras.Transformers;

/// <summary>Metadata files of pictures: one row per picture, whose name is under "file_name", relative to the metadata file's folder.</summary>
sealed class ImageMetadata
{
    const string Key = "file_name";

    public static readonly string[] Names = ["metadata.csv", "metadata.jsonl", "metadata.parquet"];

    readonly RowReader[] _readers;

    public ImageMetadata(string[] files) => _readers = [.. files.SelectMany(f => ReaderFormats.OfFile(f)!.Open([f], [f], new()))];

    /// <summary>Whether a file is a metadata file.</summary>
    public static bool Is(string path) => Names.Contains(Path.GetFileName(path));

    /// <summary>Infers the types of the columns except the picture names.</summary>
    /// <exception cref="FileFormatException">A file does not name pictures, or its types differ from those of the previous one.</exception>
    public Features Infer(int? rows, CancellationToken cancellation)
    {
        Features? all = null;
        foreach (var reader in _readers)
        {
            var own = reader.Infer(rows, cancellation);
            if (own.GetValueOrDefault(Key) is not Value { Element.Kind: ElementKind.Text }) throw new FileFormatException("Metadata do not name the pictures", reader.Path, $"a column \"{Key}\" of texts", Known.List(own.Keys), "Add the path of each picture, from the folder of this file on.");
            all = reader.Joined(all, own);
        }
        return new(all!.Where(c => c.Key != Key));
    }

    /// <summary>The rows: paths of pictures, and the other columns.</summary>
    /// <param name="features">The types of the other columns.</param>
    /// <param name="cancellation">Cancels between rows.</param>
    /// <exception cref="FileFormatException">A picture is missing, outside the folder, or listed twice.</exception>
    public IEnumerable<(string[] Paths, DatasetBatch Batch)> Read(Features features, CancellationToken cancellation)
    {
        var stored = new Features(features) { [Key] = new Value("string") };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var reader in _readers)
        {
            var row = 0;
            foreach (var batch in reader.Read(stored, cancellation))
            {
                var names = batch.Data[stored.IndexOf(Key)];
                var paths = new string[batch.num_rows];
                for (var i = 0; i < paths.Length; i++, row++)
                    if (!seen.Add(paths[i] = PathOf(reader.Path, names.IsNull(i) ? null : names.Text(i), row))) throw Bad("Metadata name a picture twice", reader.Path, row, "each picture once", paths[i]);
                yield return (paths, new(features, [.. features.Keys.Select(n => batch.Data[stored.IndexOf(n)])], batch.num_rows));
            }
        }
    }

    static string PathOf(string file, string? name, int row)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (string.IsNullOrEmpty(name)) throw Bad("Metadata do not name a picture", file, row, "a path", name is null ? "null" : "an empty text");
        var path = Path.GetFullPath(Path.Combine(folder, name.Replace('\\', '/')));
        if (!path.StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw Bad("Metadata name a picture outside of their folder", file, row, $"a path in {folder}", name);
        return File.Exists(path) ? path : throw Bad("Metadata name a picture that is not there", file, row, "a file", path);
    }

    static FileFormatException Bad(string what, string file, int row, string expected, string received) => new(what, $"{file}, row {row}, column \"{Key}\"", expected, received, "Mend the row, or leave the metadata out (drop_metadata: true).");
}
