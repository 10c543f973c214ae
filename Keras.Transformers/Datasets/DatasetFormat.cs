namespace Keras.Transformers;

/// <summary>What rows and batches show: the type for which they are meant, and the columns; null for all.</summary>
sealed record DatasetFormat(string? Type, string[]? Columns, bool OutputAll)
{
    public static DatasetFormat None { get; } = new(null, null, false);

    /// <summary>The types by the names that they may be given; "python" is none.</summary>
    static readonly Dictionary<string, string?> Types = "python= arrow=arrow numpy=numpy np=numpy tensorflow=tensorflow tf=tensorflow".Split(' ').Select(t => t.Split('=')).ToDictionary(t => t[0], t => t[1].Length == 0 ? null : t[1]);

    /// <summary>The type that a file names; types of libraries that mean nothing here (torch's, jax's, pandas') are none.</summary>
    public static string? OfFile(string? type) => type is not null && Types.GetValueOrDefault(type) == type ? type : null;

    /// <exception cref="ArgumentException">There is no such type.</exception>
    public static string? TypeOf(string? type) => type is null ? null : Types.TryGetValue(type, out var known) ? known : throw Known.NoneOf(type, "type", [.. Types.Keys]);
}
