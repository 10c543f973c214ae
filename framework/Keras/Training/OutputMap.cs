namespace Keras.Training;

/// <summary>The outputs of a model in order, each with its name, and what belongs to each: truth, weights, losses, metrics.</summary>
/// <param name="Names">A name for each output; null where a model has a single output without a name.</param>
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

    /// <summary>The tensor of each output; what is given for one output alone serves a single-output model as it is.</summary>
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

    /// <summary>An entry for each output of a compile argument that is a list or a dictionary.</summary>
    /// <exception cref="ArgumentException">The list has another length, or a dictionary names what is no output.</exception>
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
