namespace Keras.Transformers;

/// <summary>Matches described features with those stored in a file.</summary>
static class FeatureFit
{
    /// <summary>The described features, in the order of the file, with the file's own width of offsets.</summary>
    /// <exception cref="FileFormatException">The described features do not fit those of the file.</exception>
    public static Features Fit(Features described, Features stored, string file)
    {
        if (described.Count != stored.Count || stored.Keys.Any(n => !described.ContainsKey(n)))
            throw new FileFormatException("The columns of a file differ from its description", file, Known.List(described.Keys), Known.List(stored.Keys));
        return new(stored.Select(c => KeyValuePair.Create(c.Key, Fit(described[c.Key], c.Value, $"{file}, column \"{c.Key}\""))));
    }

    static Feature Fit(Feature described, Feature stored, string where) => (described, stored) switch
    {
        (ClassLabel, Value { dtype: "int64" }) => described,
        (Image, Features) when described.Storage.Equals(stored) => described,
        (Value d, Value s) when d.dtype == s.dtype || d.Element.HasBytes && d.Element.Kind == s.Element.Kind => s,
        (Sequence d, Sequence s) when d.length == s.length => new Sequence(Fit(d.feature, s.feature, where), d.length),
        (Features d, Features s) => Fit(d, s, where),
        _ => throw new FileFormatException("A column of a file has another type than its description says", where, $"{described}", $"{stored}"),
    };
}
