namespace Keras.Saving;

/// <summary>Checks that a header's tensors cover the data exactly once, and that each has the bytes its type and shape need.</summary>
sealed class SafetensorsLayout(string path)
{
    /// <summary>The most problems listed in a message.</summary>
    const int MostProblems = 20;

    readonly record struct Range(string Name, DType DType, Shape Shape, long Start, long End);

    readonly List<Range> _ranges = [];
    readonly List<string> _problems = [];
    readonly List<string> _unsupported = [];
    int _problemCount;

    public void Add(string name, string dtype, Shape shape, long start, long end)
    {
        if (!SafetensorsDTypes.TryParse(dtype, out var type))
        {
            if (SafetensorsDTypes.IsKnownButUnsupported(dtype)) _unsupported.Add($"{JsonText.Show(name)} ({dtype})");
            else Report(name, $"the dtype is {JsonText.Show(dtype)}, which is none of the format's ({SafetensorsDTypes.SupportedNames})");
            return;
        }
        _ranges.Add(new(name, type, shape, start, end));
        if (end < start)
            Report(name, $"its bytes end at {end}, before they start at {start}");
        else if (!TryGetBytes(shape, type.Size, out var needed))
            Report(name, $"{type} {shape} is larger than any file can be");
        else if (needed != end - start)
            Report(name, $"{type} {shape} needs {needed} bytes, its range {start} to {end} has {end - start}");
    }

    /// <summary>Returns the tensors in the order of their bytes, or throws if any is invalid.</summary>
    public IReadOnlyList<WeightEntry> Check(long dataStart, long fileLength)
    {
        // If a tensor is invalid, gaps only follow from that error.
        if (_problemCount == 0 && _unsupported.Count == 0) CheckCover(fileLength - dataStart);
        if (_problemCount > 0) throw Contradiction();
        if (_unsupported.Count > 0) throw Unsupported();
        return [.. _ranges.Select(r => new WeightEntry(r.Name, r.DType, r.Shape, dataStart + r.Start, r.End - r.Start))];
    }

    void CheckCover(long dataLength)
    {
        _ranges.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.End.CompareTo(b.End));
        var covered = 0L;
        foreach (var range in _ranges)
        {
            if (range.Start > covered) Report(range.Name, $"it starts at {range.Start}, which leaves the bytes from {covered} to nobody");
            else if (range.Start < covered) Report(range.Name, $"it starts at {range.Start}, within a tensor that ends at {covered}");
            if (range.End > dataLength) Report(range.Name, $"it ends at {range.End}, the file's data at {dataLength}");
            covered = Math.Max(covered, range.End);
        }
        if (_problemCount == 0 && covered < dataLength) Report(null, $"the last tensor ends at {covered}, the file's data at {dataLength}");
    }

    static bool TryGetBytes(Shape shape, int size, out long bytes)
    {
        // Zeros must not hide dimensions whose strides would overflow.
        Int128 largest = size, exact = size;
        foreach (var dim in shape.ToArray())
        {
            largest *= Math.Max(dim, 1);
            exact *= dim;
            if (largest > long.MaxValue) break;
        }
        bytes = largest > long.MaxValue ? 0 : (long)exact;
        return largest <= long.MaxValue;
    }

    void Report(string? name, string problem)
    {
        if (++_problemCount <= MostProblems) _problems.Add(name is null ? problem : $"tensor {JsonText.Show(name)}: {problem}");
    }

    FileFormatException Contradiction()
    {
        if (_problemCount > MostProblems) _problems.Add($"and {_problemCount - MostProblems} more");
        return new($"The tensors of a safetensors file do not fit its data in {_problemCount} place{(_problemCount > 1 ? "s" : "")}", path,
            "tensors that follow each other without gaps to the end of the file, each as long as its dtype and shape say",
            string.Join("; ", _problems), "The file is damaged, not downloaded to its end, or was written by a faulty program.");
    }

    UnsupportedException Unsupported() =>
        new("Tensors have an element type that cannot be read", path, SafetensorsDTypes.SupportedNames,
            string.Join(", ", _unsupported.Take(MostProblems)) + (_unsupported.Count > MostProblems ? $" and {_unsupported.Count - MostProblems} more" : ""),
            "Save the model in float32, float16 or bfloat16 first.");
}
