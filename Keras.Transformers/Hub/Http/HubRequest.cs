namespace Keras.Transformers;

/// <summary>A request that can be sent again.</summary>
/// <param name="Method">The method: GET, POST and so on.</param>
/// <param name="Uri">The address.</param>
sealed record HubRequest(HttpMethod Method, Uri Uri)
{
    /// <summary>Makes the body, anew for each time that it is sent; null for none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>Headers other than the token's.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Whether an answer that points to another host is the answer; else it is followed.</summary>
    public bool StopsAtOtherHosts { get; init; }

    /// <summary>Whether a request whose answer got lost may be sent again.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>Whether a hub that cannot be reached at all is tried again.</summary>
    public bool WaitsForHost { get; init; } = true;

    /// <summary>How long the beginning of an answer may take.</summary>
    public required TimeSpan Timeout { get; init; }
}
