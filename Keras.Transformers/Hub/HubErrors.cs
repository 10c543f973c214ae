using System.Net;

namespace Keras.Transformers;

/// <summary>The hub answered with an error, or not at all. No message holds a token or the signature of an address.</summary>
public class HfHubHttpException : KerasException
{
    /// <summary>An error told in parts.</summary>
    /// <inheritdoc cref="KerasException(string, string?, string?, string?, string?, Exception?)"/>
    public HfHubHttpException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
        : base(what, where, expected, received, remedy, inner) { }

    /// <summary>The status of the answer; null where there was none.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>What the hub said of the error; null where it said nothing.</summary>
    public string? ServerMessage { get; init; }

    /// <summary>The number of the request in the hub's own logs; null where it gave none.</summary>
    public string? RequestId { get; init; }

    /// <summary>The commit that the answer was about; null where it named none.</summary>
    internal string? Commit { get; init; }
}

/// <summary>There is no such repository, or it is private and the token does not open it.</summary>
public class RepositoryNotFoundException : HfHubHttpException
{
    /// <inheritdoc/>
    public RepositoryNotFoundException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
        : base(what, where, expected, received, remedy, inner) { }
}

/// <summary>The repository gives its files only to those whom its authors let in.</summary>
public sealed class GatedRepoException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : RepositoryNotFoundException(what, where, expected, received, remedy, inner);

/// <summary>The hub has closed the repository.</summary>
public sealed class DisabledRepoException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : HfHubHttpException(what, where, expected, received, remedy, inner);

/// <summary>The repository has no such branch, tag or commit.</summary>
public sealed class RevisionNotFoundException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : HfHubHttpException(what, where, expected, received, remedy, inner);

/// <summary>The repository has no such file.</summary>
public class EntryNotFoundException : HfHubHttpException
{
    /// <inheritdoc/>
    public EntryNotFoundException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
        : base(what, where, expected, received, remedy, inner) { }
}

/// <summary>The file is not in the cache, and the hub was not to be asked or could not be reached.</summary>
public sealed class LocalEntryNotFoundException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : EntryNotFoundException(what, where, expected, received, remedy, inner);

/// <summary>The hub did not understand a request.</summary>
public sealed class BadRequestException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : HfHubHttpException(what, where, expected, received, remedy, inner);

/// <summary>HF_HUB_OFFLINE is set, and something asked for the hub itself.</summary>
public sealed class OfflineModeIsEnabledException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : HfHubHttpException(what, where, expected, received, remedy, inner);

/// <summary>The hub did not say what a file's content is, so that it cannot be kept in the cache.</summary>
public sealed class FileMetadataException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);

/// <summary>What was downloaded is not what the hub said it would be; it was thrown away.</summary>
public sealed class ConsistencyCheckException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);

/// <summary>A name of a repository, revision or file is not one that the hub can have, or that may be a path here.</summary>
public sealed class HfValidationException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);

/// <summary>There is no token, and the request needs one.</summary>
public sealed class LocalTokenNotFoundException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);

/// <summary>There is no cache where one was to be looked at.</summary>
public sealed class CacheNotFoundException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);
