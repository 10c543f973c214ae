using Keras.Data;

namespace Keras;

/// <summary>Options that the directory loaders share.</summary>
/// <param name="Directory">The folder.</param>
/// <param name="Formats">The extensions of files to load.</param>
sealed record DirectoryOptions(string Directory, params string[] Formats)
{
    /// <summary>Whether labels come from subfolders; otherwise from <see cref="Labels"/>, or there are none.</summary>
    public bool AreInferred { get; init; }

    public IReadOnlyList<int>? Labels { get; init; }

    public string? LabelMode { get; init; }

    public IReadOnlyList<string>? ClassNames { get; init; }

    public int? BatchSize { get; init; }

    public bool Shuffle { get; init; }

    public int? Seed { get; init; }

    public double? ValidationSplit { get; init; }

    public string? Subset { get; init; }

    public bool FollowLinks { get; init; }

    public bool Verbose { get; init; }

    /// <summary>Whether elements of a batch with different shapes are padded with 0.</summary>
    public bool PadsBatches { get; init; }

    /// <summary>Checks the options and returns them.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public DirectoryOptions Checked()
    {
        ArgumentException.ThrowIfNullOrEmpty(Directory, "directory");
        if (!System.IO.Directory.Exists(Directory)) throw new DirectoryNotFoundException($"There is no folder '{Directory}'.");
        Known.OneOf(LabelMode, "label_mode", "int", "categorical", "binary", null);
        Known.OneOf(Subset, "subset", "training", "validation", "both", null);
        if (BatchSize is { } size) Require.Count(1, size, "batch_size");
        if (ClassNames is not null && !AreInferred) throw new ArgumentException("class_names were given, but labels do not come from folders. Leave them out, or use labels: \"inferred\" with a label_mode.", "class_names");
        if (ValidationSplit is not null != Subset is not null) throw new ArgumentException("Only one of validation_split and subset was given. Give both or neither.", "validation_split");
        if (ValidationSplit is <= 0 or >= 1 or double.NaN) throw new ArgumentOutOfRangeException("validation_split", ValidationSplit, "The share is out of range. Expected: a share between 0 and 1.");
        if (ValidationSplit is not null && Shuffle && Seed is null) throw new ArgumentException("A seed is missing. Give one where files are shuffled and split, so that training and validation data do not overlap.", "seed");
        return this;
    }
}

/// <summary>A folder's files with their labels, in reading order.</summary>
sealed class DirectoryIndex
{
    readonly DirectoryOptions _options;
    readonly List<(string Path, int Label)> _files = [];

    public DirectoryIndex(DirectoryOptions options)
    {
        _options = options.Checked();
        ClassNames = options.AreInferred ? Inferred() : Listed();
        if (_files.Count == 0) throw new FileNotFoundException($"There are no files in '{options.Directory}' that can be read. Expected: files that end in {Known.List(options.Formats)}{(options.AreInferred ? ", in a folder for each class" : "")}.");
        if (options.LabelMode == "binary" && ClassNames is not { Length: 2 }) throw new ArgumentException($"label_mode \"binary\" needs exactly two classes. Received: {ClassNames?.Length ?? 0}.", "label_mode");
        if (options.Verbose) Console.Out.WriteLine($"Found {_files.Count} files{(HasLabels ? $" belonging to {ClassNames!.Length} classes" : "")}.");
        if (options.Shuffle) new Random(options.Seed ?? (int)(GlobalSeed.Next() & int.MaxValue)).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_files));
    }

    public string[]? ClassNames { get; }

    bool HasLabels => _options.LabelMode is not null && (_options.AreInferred || _options.Labels is not null);

    string[] Inferred()
    {
        string[] folders = [.. Directory.GetDirectories(_options.Directory).Select(d => Path.GetFileName(d)!).Where(d => !d.StartsWith('.')).Order(StringComparer.Ordinal)];
        if (_options.ClassNames?.Except(folders).ToArray() is { Length: > 0 } unknown)
            throw new ArgumentException($"class_names has names that are not folders in '{_options.Directory}'. Expected: {Known.List(folders)}. Received: {Known.List(unknown)}.", "class_names");
        string[] names = [.. _options.ClassNames ?? folders];
        for (var i = 0; i < names.Length; i++) _files.AddRange(FilesOf(Path.Combine(_options.Directory, names[i])).Select(f => (f, i)));
        return names;
    }

    string[]? Listed()
    {
        string[] files = [.. FilesOf(_options.Directory)];
        if (_options.Labels is { } labels && labels.Count != files.Length)
            throw new ArgumentException($"The number of labels is not the number of files in '{_options.Directory}'. Expected: {files.Length}. Received: {labels.Count}.", "labels");
        _files.AddRange(files.Select((f, i) => (f, _options.Labels?[i] ?? 0)));
        if (_options.Labels is null) return null;
        int[] classes = [.. _options.Labels.Distinct().Order()];
        if (_options.LabelMode == "categorical" && classes.Length > 0 && (classes[0] < 0 || classes[^1] >= classes.Length))
            throw new ArgumentException($"The labels do not fit label_mode \"categorical\". Expected: labels from 0, without gaps. Received: {Known.List(classes)}.", "labels");
        return [.. classes.Select(c => c.ToString(System.Globalization.CultureInfo.InvariantCulture))];
    }

    static readonly EnumerationOptions Below = new() { RecurseSubdirectories = false, AttributesToSkip = 0 };

    /// <summary>Files at any depth, folder by folder; folder paths are sorted as text, so "a-b" comes before "a/c".</summary>
    IEnumerable<string> FilesOf(string folder) => FoldersOf(folder).Order(StringComparer.Ordinal)
        .SelectMany(f => Directory.EnumerateFiles(f, "*", Below).Where(file => Array.Exists(_options.Formats, e => file.EndsWith(e, StringComparison.OrdinalIgnoreCase))).Order(StringComparer.Ordinal));

    IEnumerable<string> FoldersOf(string folder) =>
        Directory.EnumerateDirectories(folder, "*", Below).Where(d => _options.FollowLinks || new DirectoryInfo(d).LinkTarget is null).SelectMany(FoldersOf).Prepend(folder);

    /// <summary>A pipeline that reads each file with a function.</summary>
    public DataPipeline Read(Func<string, Tensor> read)
    {
        var held = _options.ValidationSplit is { } share ? (int)(share * _files.Count) : 0;
        if (_options.Subset is null) return Pipeline(_files, read, _options.Shuffle);
        if (held == 0 || held == _files.Count)
            throw new ArgumentException($"A validation_split of {_options.ValidationSplit} leaves no files for {(held == 0 ? "validation" : "training")}: there are {_files.Count}.", "validation_split");
        var (training, validation) = (_files[..^held], _files[^held..]);
        if (_options.Verbose) Console.Out.WriteLine($"Using {training.Count} files for training and {held} for validation.");
        if (_options.Subset == "validation") return Pipeline(validation, read, false);
        var pipeline = Pipeline(training, read, _options.Shuffle);
        if (_options.Subset == "both") pipeline.Validation = Pipeline(validation, read, false);
        return pipeline;
    }

    DataPipeline Pipeline(List<(string Path, int Label)> files, Func<string, Tensor> read, bool shuffle)
    {
        var numbers = Api.keras.data.range(files.Count);
        if (shuffle) numbers = numbers.shuffle((_options.BatchSize ?? 128) * 8L, seed: _options.Seed);
        var elements = HasLabels
            ? numbers.map(n => (Tensors)(Named(files[Number(n)].Path, read), LabelOf(files[Number(n)].Label)), num_parallel_calls: DataApi.Autotune)
            : numbers.map(n => (Tensors)Named(files[Number(n)].Path, read), num_parallel_calls: DataApi.Autotune);
        if (_options.BatchSize is { } size) elements = _options.PadsBatches ? elements.padded_batch(size) : elements.batch(size);
        var pipeline = elements.prefetch(DataApi.Autotune);
        (pipeline.class_names, pipeline.file_paths) = (HasLabels ? ClassNames : null, [.. files.Select(f => f.Path)]);
        return pipeline;
    }

    static int Number(Tensors number) => (int)number.Single.ToScalar<long>();

    /// <summary>Reads a file; errors name it.</summary>
    static Tensor Named(string path, Func<string, Tensor> read)
    {
        try
        {
            return read(path);
        }
        catch (KerasException e) when (e is not FileFormatException)
        {
            throw new FileFormatException("A file cannot be read as what its name says", path, null, e.Message, "Leave it out of the folder, or save it again.", e);
        }
    }

    Tensor LabelOf(int label) => _options.LabelMode switch
    {
        "int" => Tensor.Of(label),
        "binary" => Tensor.Of(new float[] { label }),
        _ => Api.ops.one_hot(label, ClassNames!.Length),
    };
}
