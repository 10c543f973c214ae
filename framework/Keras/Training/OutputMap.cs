namespace Keras.Training;

/// <summary>A model's outputs in order and by name; matches truth, weights, losses and metrics to them.</summary>
/// <param name="Names">The name of each output; null for a model's single, unnamed output.</param>
sealed record OutputMap(IReadOnlyList<string?> Names)
{
    public int Count => Names.Count;

    /// <summary>The outputs of these predictions.</summary>
    public static OutputMap Of(Tensors y_pred, IReadOnlyList<string>? outputNames)
    {
        if (y_pred.IsLeaf) return new([outputNames is [var only] ? only : null]);
        var count = y_pred.Count;
        if (y_pred.IsDictionary) return new([.. y_pred.Keys]);
        return outputNames?.Count == count ? new([.. outputNames]) : new([.. Enumerable.Range(0, count).Select(i => $"output_{i}")]);
    }

    /// <summary>The tensor for each output; a single output takes a single tensor as it is.</summary>
    /// <exception cref="ShapeMismatchException">A dictionary lacks an output, or a list has another length.</exception>
    public Tensor?[] Pick(Tensors tensors, string what, bool optional)
    {
        if (tensors.IsLeaf)
            return Count == 1 || optional ? [.. Enumerable.Repeat(tensors.Single, Count)] : throw Mismatch(what, $"{Count} tensors, one for each of the outputs {Listed}", "one tensor");
        if (!tensors.IsDictionary)
            return tensors.Count == Count ? [.. tensors.Select(t => t.Single)] : throw Mismatch(what, $"{Count} tensors, one for each of the outputs {Listed}", $"{tensors.Count}");
        if (Count == 1 && (Names[0] is null || !tensors.ContainsKey(Names[0]!)) && tensors.Count == 1) return [tensors[0].Single];
        return [.. Names.Select(n => n is not null && tensors.TryGet(n, out var found) ? found.Single
            : optional ? null : throw Mismatch(what, $"an entry for each of the outputs {Listed}", $"entries {string.Join(", ", tensors.Keys)}"))];
    }

    /// <summary>The entry for each output in a compile argument that is a list or dictionary.</summary>
    /// <exception cref="ArgumentException">The list has another length, or a dictionary has a name that is not an output.</exception>
    public T?[] Pick<T>(IReadOnlyList<T?>? items, IReadOnlyDictionary<string, T?>? byOutput, string what, bool complete) where T : class
    {
        if (items is not null)
            return items.Count == Count ? [.. items] : throw new ArgumentException($"{what} has {items.Count} entries. Expected: one for each of the outputs {Listed}.");
        if (Count == 1 && Names[0] is null && byOutput!.Count == 1) return [byOutput.Values.Single()];
        var unknown = byOutput!.Keys.Where(k => !Names.Contains(k)).ToList();
        if (unknown.Count > 0) throw new ArgumentException($"{what} names {string.Join(", ", unknown)}, which is no output. Expected: {Listed}.");
        var missing = Names.Where(n => n is null || !byOutput.ContainsKey(n)).ToList();
        return complete && missing.Count > 0
            ? throw new ArgumentException($"{what} lacks {string.Join(", ", missing)}. Name every output; null stands for none.")
            : [.. Names.Select(n => n is not null && byOutput.TryGetValue(n, out var found) ? found : null)];
    }

    string Listed => string.Join(", ", Names.Select(n => $"'{n ?? "output"}'"));

    static ShapeMismatchException Mismatch(string what, string expected, string received) =>
        new($"{what} does not fit the model's outputs", null, expected, received);
}
