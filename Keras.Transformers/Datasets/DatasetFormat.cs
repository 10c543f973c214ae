namespace Keras.Transformers;

/// <summary>The format of rows and batches: the target type and the columns, null for all.</summary>
sealed record DatasetFormat(string? Type, string[]? Columns, bool OutputAll)
{
    public static DatasetFormat None { get; } = new(null, null, false);

    /// <summary>The types by their accepted names; "python" means none.</summary>
    static readonly Dictionary<string, string?> Types = "python= arrow=arrow numpy=numpy np=numpy tensorflow=tensorflow tf=tensorflow".Split(' ').Select(t => t.Split('=')).ToDictionary(t => t[0], t => t[1].Length == 0 ? null : t[1]);

    /// <summary>The type named in a file; types of other libraries (torch, jax, pandas) count as none.</summary>
    public static string? OfFile(string? type) => type is not null && Types.GetValueOrDefault(type) == type ? type : null;

    /// <exception cref="ArgumentException">There is no such type.</exception>
    public static string? TypeOf(string? type) => type is null ? null : Types.TryGetValue(type, out var known) ? known : throw Known.NoneOf(type, "type", [.. Types.Keys]);
}
