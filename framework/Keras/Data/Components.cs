namespace Keras.Data;

/// <summary>A value for each component of an element: one for all of them, a list by position, or a dictionary by name.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class Components<T>
{
    readonly T? _all;
    readonly T[]? _list;
    readonly Dictionary<string, T>? _byName;

    Components(T? all, T[]? list, Dictionary<string, T>? byName) => (_all, _list, _byName) = (all, list, byName);

    /// <summary>One value for all components.</summary>
    public static implicit operator Components<T>(T value) => new(value, null, null);

    /// <summary>Values by position, depth first.</summary>
    public static implicit operator Components<T>(T[] values) => new(default, values ?? throw new ArgumentNullException(nameof(values)), null);

    /// <summary>Values by name; in nested structures the last name of the path, or the whole path as "1/labels". Components left out have none.</summary>
    public static implicit operator Components<T>(Dictionary<string, T> values) => new(default, null, values ?? throw new ArgumentNullException(nameof(values)));

    /// <summary>The value for each component of a structure; default if none is given.</summary>
    /// <exception cref="ArgumentException">There are too many or too few, or a name is unknown.</exception>
    internal T?[] For(ElementStructure structure, string argument)
    {
        string[] paths = [.. structure.Paths()];
        if (_list is not null)
            return _list.Length == paths.Length ? _list : throw new ArgumentException($"{argument} has {_list.Length} entries for elements of {paths.Length} components: {structure.Text}.", argument);
        if (_byName is null) return [.. Enumerable.Repeat(_all, paths.Length)];
        static string Last(string path) => path[(path.LastIndexOf('/') + 1)..];
        if (_byName.Keys.FirstOrDefault(k => !paths.Any(p => p == k || Last(p) == k)) is { } unknown)
            throw Known.Unknown($"{argument} names a component that the elements do not have", unknown, argument, paths);
        return [.. paths.Select(p => _byName.TryGetValue(p, out var value) || _byName.TryGetValue(Last(p), out value) ? value : default)];
    }
}
