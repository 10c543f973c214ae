using System.Net;

namespace Keras.Transformers;

/// <summary>Thrown when the hub answers with an error or not at all. No message contains a token or the signature of an address.</summary>
public class HfHubHttpException : KerasException
{
    /// <summary>Creates an error from its parts.</summary>
    /// <inheritdoc cref="KerasException(string, string?, string?, string?, string?, Exception?)"/>
    public HfHubHttpException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
        : base(what, where, expected, received, remedy, inner) { }

    /// <summary>The HTTP status of the answer; null if there was none.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>The hub's own error message; null if it sent none.</summary>
    public string? ServerMessage { get; init; }

    /// <summary>The id of the request in the hub's logs; null if it sent none.</summary>
    public string? RequestId { get; init; }

    /// <summary>The commit that the answer was about; null if it named none.</summary>
    internal string? Commit { get; init; }
}

/// <summary>Thrown when the repository does not exist, or is private and the token has no access.</summary>
public class RepositoryNotFoundException : HfHubHttpException
{
    /// <inheritdoc/>
    public RepositoryNotFoundException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
        : base(what, where, expected, received, remedy, inner) { }
}

/// <summary>Thrown when the repository is gated: its authors must grant access first.</summary>
public sealed class GatedRepoException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : RepositoryNotFoundException(what, where, expected, received, remedy, inner);

/// <summary>Thrown when the hub has disabled the repository.</summary>
public sealed class DisabledRepoException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : HfHubHttpException(what, where, expected, received, remedy, inner);

/// <summary>Thrown when the repository has no such branch, tag or commit.</summary>
public sealed class RevisionNotFoundException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : HfHubHttpException(what, where, expected, received, remedy, inner);

/// <summary>Thrown when the repository has no such file.</summary>
public class EntryNotFoundException : HfHubHttpException
{
    /// <inheritdoc/>
    public EntryNotFoundException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
        : base(what, where, expected, received, remedy, inner) { }
}

/// <summary>Thrown when a file is not in the cache and the hub may not be asked or cannot be reached.</summary>
public sealed class LocalEntryNotFoundException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : EntryNotFoundException(what, where, expected, received, remedy, inner);

/// <summary>Thrown when the hub rejects a request as malformed.</summary>
public sealed class BadRequestException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : HfHubHttpException(what, where, expected, received, remedy, inner);

/// <summary>Thrown when HF_HUB_OFFLINE is set and an operation needs the hub itself.</summary>
public sealed class OfflineModeIsEnabledException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : HfHubHttpException(what, where, expected, received, remedy, inner);

/// <summary>Thrown when the hub does not identify a file's content, so that it cannot be cached.</summary>
public sealed class FileMetadataException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);

/// <summary>Thrown when a download does not match what the hub announced; the download is discarded.</summary>
public sealed class ConsistencyCheckException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);

/// <summary>Thrown when the name of a repository, revision or file is not valid at the hub, or not safe as a local path.</summary>
public sealed class HfValidationException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);

/// <summary>Thrown when a request needs a token and there is none.</summary>
public sealed class LocalTokenNotFoundException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);

/// <summary>Thrown when there is no cache at the given path.</summary>
public sealed class CacheNotFoundException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);
