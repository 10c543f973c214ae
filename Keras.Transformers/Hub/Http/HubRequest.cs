namespace Keras.Transformers;

/// <summary>A request that can be sent repeatedly.</summary>
/// <param name="Method">The method: GET, POST and so on.</param>
/// <param name="Uri">The address.</param>
sealed record HubRequest(HttpMethod Method, Uri Uri)
{
    /// <summary>Makes a new body for each time the request is sent; null for none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>Headers other than the token's.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Whether a redirect to another host is returned instead of followed.</summary>
    public bool StopsAtOtherHosts { get; init; }

    /// <summary>Whether the request may be repeated if its answer got lost.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>Whether to retry if the hub cannot be reached at all.</summary>
    public bool WaitsForHost { get; init; } = true;

    /// <summary>How long the headers of an answer may take.</summary>
    public required TimeSpan Timeout { get; init; }
}
