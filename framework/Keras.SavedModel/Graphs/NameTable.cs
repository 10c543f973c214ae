namespace Keras.Graphs;

/// <summary>Makes names that are valid in TensorFlow and unique in their graph.</summary>
sealed class NameTable
{
    readonly HashSet<string> _taken = [];

    /// <summary>Makes the wanted name valid and unique: replaces characters that TensorFlow rejects, and appends a number if the name is taken.</summary>
    public string Add(string wanted)
    {
        var clean = string.Concat(wanted.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '/' or '-' ? c : '_'));
        return AddClean(clean.Length > 0 && (char.IsAsciiLetterOrDigit(clean[0]) || clean[0] == '.') ? clean : "n" + clean);
    }

    /// <summary>Makes a name for a function argument: lower-case letters, digits and underscores.</summary>
    public string AddArgument(string wanted)
    {
        var clean = string.Concat(wanted.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_')).Trim('_');
        return AddClean(clean.Length > 0 && char.IsAsciiLetter(clean[0]) ? clean : "arg" + clean);
    }

    string AddClean(string clean)
    {
        var name = clean;
        for (var i = 1; !_taken.Add(name); i++) name = $"{clean}_{i}";
        return name;
    }
}
