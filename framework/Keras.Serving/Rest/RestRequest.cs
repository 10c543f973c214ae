using System.Globalization;
using System.Text.RegularExpressions;

namespace Keras.Serving;

/// <summary>The request that a path expresses.</summary>
/// <param name="Spec">The model, with version or label.</param>
/// <param name="Verb">"predict", "classify", "regress", "metadata"; null for the status.</param>
sealed partial record RestRequest(ModelSpec Spec, string? Verb)
{
    /// <summary>Parses a path; null if it is not a request.</summary>
    public static RestRequest? Parse(string path)
    {
        if (PathForm().Match(path) is not { Success: true } match) return null;
        var version = match.Groups["version"] is { Success: true } number ? long.TryParse(number.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : throw new ServingException(TFServingStatus.NotFound, $"There is no version {number.Value[..Math.Min(40, number.Length)]}: versions have at most 63 bits.") : (long?)null;
        var verb = match.Groups["verb"] is { Success: true } given ? given.Value : match.Groups["metadata"].Success ? "metadata" : null;
        return new(new(match.Groups["name"].Value, version, match.Groups["label"] is { Success: true } label ? label.Value : null), verb);
    }

    [GeneratedRegex(@"\A/v1/models/(?<name>[^/:]+)(/versions/(?<version>[0-9]+)|/labels/(?<label>[^/:]+))?(:(?<verb>predict|classify|regress)|(?<metadata>/metadata))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex PathForm();
}
