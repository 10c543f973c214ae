using System.Net;
using System.Text.Json;

namespace Keras.Transformers;

/// <summary>Reads headers and errors of the hub's answers.</summary>
/// <remarks>Source: huggingface_hub/utils/_http.py, hf_raise_for_status.</remarks>
static class HubAnswers
{
    const int LongestMessage = 500;

    /// <summary>A header's value; null if there is none.</summary>
    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? values.FirstOrDefault() : null;

    /// <summary>Makes the error for a failed answer.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="what">The repository, file or call that was asked for.</param>
    /// <param name="body">The beginning of its body.</param>
    /// <param name="hadToken">Whether a token was sent.</param>
    /// <param name="redact">Removes secrets from a text.</param>
    public static HfHubHttpException ErrorOf(HttpResponseMessage response, string what, string body, bool hadToken, Func<string, string> redact)
    {
        var where = redact(response.RequestMessage?.RequestUri is { } uri ? $"{what}, {HubHttp.Plain(uri)}" : what);
        var (code, said, id) = (Header(response, "X-Error-Code"), Said(response, body) is { } text ? redact(text) : null, Header(response, "X-Request-Id") is { } number ? RepoName.Printable(redact(number)) : null);
        var received = $"{(int)response.StatusCode} {redact(RepoName.Printable(response.ReasonPhrase ?? ""))}{(said is null ? "" : $": {said.TrimEnd('.')}")}";
        var login = hadToken ? "Check that the token may read it." : "If it is private, log in with login(token), set HF_TOKEN, or pass token.";
        HfHubHttpException error = (code, response.StatusCode) switch
        {
            ("RevisionNotFound", _) => new RevisionNotFoundException("The repository has no such revision", where, "a branch, tag or commit of it", received, "Look at the repository's branches.") { StatusCode = response.StatusCode, ServerMessage = said, RequestId = id },
            ("EntryNotFound", _) => new EntryNotFoundException("The repository has no such file", where, "one of its files", received) { StatusCode = response.StatusCode, ServerMessage = said, RequestId = id, Commit = Header(response, "X-Repo-Commit") },
            ("GatedRepo", _) => new GatedRepoException("The repository is gated, and its authors have not granted access", where, "a token of somebody with access", received, hadToken ? "Ask for access on the repository's page." : "Ask for access on the repository's page, then log in with login(token), set HF_TOKEN, or pass token.")
            { StatusCode = response.StatusCode, ServerMessage = said, RequestId = id },
            _ when said == "Access to this resource is disabled." => new DisabledRepoException("The hub has disabled the repository", where, "one that is open", received) { StatusCode = response.StatusCode, ServerMessage = said, RequestId = id },
            (_, HttpStatusCode.Unauthorized) when said == "Invalid credentials in Authorization header" => Plain("The hub does not know the token", where, "a token that is valid", received, said, "Make a token in the hub's settings and log in with it."),
            ("RepoNotFound", _) or (null, HttpStatusCode.Unauthorized) => new RepositoryNotFoundException("There is no such repository, or it is private", where, "a repository that the token may read", received, login) { StatusCode = response.StatusCode, ServerMessage = said, RequestId = id },
            (_, HttpStatusCode.BadRequest) => new BadRequestException("The hub rejected the request", where, "a request that it takes", received) { StatusCode = response.StatusCode, ServerMessage = said, RequestId = id },
            (_, HttpStatusCode.Forbidden) => Plain("The hub does not allow this", where, "a token with the right to do it", received, said, hadToken ? "Make a token with the right to write." : "Log in with login(token), set HF_TOKEN, or pass token."),
            (_, HttpStatusCode.TooManyRequests) => Plain("The hub was asked too often", where, "fewer requests", received, said, "Wait some minutes."),
            _ => Plain("The hub answered with an error", where, "an answer of 200", received, said, "Try again later."),
        };
        return error;

        HfHubHttpException Plain(string what, string where, string expected, string received, string? said, string remedy) => new(what, where, expected, received, remedy) { StatusCode = response.StatusCode, ServerMessage = said, RequestId = id };
    }

    static string? Said(HttpResponseMessage response, string body)
    {
        if (Header(response, "X-Error-Message") is { Length: > 0 } message) return Short(message);
        if (!body.StartsWith('{')) return null;
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String ? Short(error.GetString()!) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // half of a surrogate pair
        {
            return null;
        }
    }

    static string Short(string text) => RepoName.Printable(text.Length > LongestMessage ? text[..LongestMessage] : text);
}
