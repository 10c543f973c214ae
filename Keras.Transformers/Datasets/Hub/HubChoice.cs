namespace Keras.Transformers;

/// <summary>The arguments of <c>load_dataset</c> that only apply to data sets on the hub.</summary>
/// <param name="Name">The configuration; null for the default.</param>
/// <param name="Splits">The splits that are needed; null for all.</param>
/// <param name="Revision">A branch, tag or commit; null for "main".</param>
/// <param name="Token">The token; null for the user's own.</param>
sealed record HubChoice(string? Name, IEnumerable<string>? Splits, string? Revision, string? Token)
{
    /// <summary>Throws if such an argument is given for local files.</summary>
    /// <exception cref="ArgumentException">An option that only the hub knows was given.</exception>
    public void Refuse(string path)
    {
        foreach (var (value, name) in ((string?, string)[])[(Name, "name"), (Revision, "revision")])
            if (value is not null) throw new ArgumentException($"{name} is for data sets of the hub, and {Known.Say(path)} is a format or a folder. Received: {Known.Say(value)}.{(name == "name" ? SplitName.Hint(value) : "")}", name);
    }
}
