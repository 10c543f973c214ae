namespace Keras;

/// <summary>The data of one step: inputs, and where known the truth and the sample weights.</summary>
/// <remarks>Bare inputs, and tuples (x, y) and (x, y, sample_weight), convert to it implicitly.</remarks>
public sealed class Batch
{
    /// <summary>The data of one step: inputs, and where known the truth and the sample weights.</summary>
    /// <param name="x">The inputs, each (B, ...): one tensor, a list or a dictionary by name.</param>
    /// <param name="y">The truth, each (B, ...); default none.</param>
    /// <param name="sample_weight">The weight of each sample, (B), or one such tensor for each output; default 1.</param>
    public Batch(Tensors x, Tensors? y = null, Tensors? sample_weight = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        (this.x, this.y, this.sample_weight) = (x, y, sample_weight);
    }

    /// <summary>The inputs.</summary>
    public Tensors x { get; }

    /// <summary>The truth; null if there is none.</summary>
    public Tensors? y { get; }

    /// <summary>The weight of each sample; null for equal weights.</summary>
    public Tensors? sample_weight { get; }

    /// <summary>Whether the step that uses the batch may free its tensors, because nothing else holds them; default false.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>1 for samples, 0 for rows that pad the batch, float32 (B); null if all rows are samples.</summary>
    internal Tensor? Counted { get; init; }

    /// <summary>Splits the batch: <c>var (x, y, sample_weight) = data;</c></summary>
    public void Deconstruct(out Tensors x, out Tensors? y, out Tensors? sample_weight) => (x, y, sample_weight) = (this.x, this.y, this.sample_weight);

    /// <summary>Splits the batch: <c>var (x, y) = data;</c></summary>
    public void Deconstruct(out Tensors x, out Tensors? y) => (x, y) = (this.x, this.y);

    /// <summary>Only inputs.</summary>
    public static implicit operator Batch(Tensors x) => new(x);

    /// <summary>Inputs and truth.</summary>
    public static implicit operator Batch((Tensors x, Tensors? y) batch) => new(batch.x, batch.y);

    /// <summary>Inputs, truth and sample weights.</summary>
    public static implicit operator Batch((Tensors x, Tensors? y, Tensors? sample_weight) batch) => new(batch.x, batch.y, batch.sample_weight);

    /// <inheritdoc/>
    public override string ToString() => $"<Batch x={x}, y={y?.ToString() ?? "none"}, sample_weight={sample_weight?.ToString() ?? "none"}>";

    /// <summary>All parts as one structure, which a traced function takes; <see cref="FromTensors"/> is the inverse.</summary>
    internal Tensors ToTensors()
    {
        var parts = new List<KeyValuePair<string, Tensors>>(4) { new("x", x) };
        if (y is not null) parts.Add(new("y", y));
        if (sample_weight is not null) parts.Add(new("sample_weight", sample_weight));
        if (Counted is not null) parts.Add(new("counted", Counted));
        return new(parts);
    }

    internal static Batch FromTensors(Tensors parts) =>
        new(parts["x"], parts.TryGet("y", out var y) ? y : null, parts.TryGet("sample_weight", out var weight) ? weight : null)
        { Counted = parts.TryGet("counted", out var counted) ? counted.Single : null };

    /// <summary>Every tensor with its path: "x" or its name within x, "y" or "y/name", "sample_weight".</summary>
    internal IEnumerable<(string Path, Tensor Tensor)> Named()
    {
        foreach (var item in Paths(x, x.IsLeaf ? "x" : "")) yield return item;
        foreach (var item in y is null ? [] : Paths(y, "y")) yield return item;
        foreach (var item in sample_weight is null ? [] : Paths(sample_weight, "sample_weight")) yield return item;
    }

    static IEnumerable<(string Path, Tensor Tensor)> Paths(Tensors tensors, string path)
    {
        if (tensors.IsLeaf) return [(path, tensors.Single)];
        return Enumerable.Range(0, tensors.Count).SelectMany(i =>
            Paths(tensors[i], $"{(path.Length == 0 ? "" : path + "/")}{(tensors.IsDictionary ? tensors.Keys[i] : i)}"));
    }

    internal void Release()
    {
        if (!IsTemporary) return;
        foreach (var (_, tensor) in Named()) (tensor as IDisposable)?.Dispose();
        (Counted as IDisposable)?.Dispose();
    }
}
