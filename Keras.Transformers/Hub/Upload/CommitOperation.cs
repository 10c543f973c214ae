using System.Security.Cryptography;

namespace Keras.Transformers;

/// <summary>One change of a commit: a file added, replaced or deleted.</summary>
public abstract class CommitOperation
{
    private protected CommitOperation(string path_in_repo)
    {
        RepoName.FileName(path_in_repo.TrimEnd('/'), nameof(path_in_repo));
        this.path_in_repo = path_in_repo;
    }

    /// <summary>The path of the file in the repository.</summary>
    public string path_in_repo { get; }
}

/// <summary>A file that a commit adds or replaces.</summary>
public sealed class CommitOperationAdd : CommitOperation
{
    const int SampleLength = 512;
    readonly Func<Stream> _open;

    /// <summary>Adds a local file.</summary>
    /// <param name="path_in_repo">The file's path in the repository.</param>
    /// <param name="path">The file's path on this machine.</param>
    /// <exception cref="HfValidationException">No file of a repository can have the path.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public CommitOperationAdd(string path_in_repo, string path) : base(path_in_repo ?? throw new ArgumentNullException(nameof(path_in_repo)))
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file '{path}' to upload.", path);
        _open = () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16);
    }

    /// <summary>Adds a file with these bytes.</summary>
    /// <param name="path_in_repo">The file's path in the repository.</param>
    /// <param name="content">The file's bytes.</param>
    /// <exception cref="HfValidationException">No file of a repository can have the path.</exception>
    public CommitOperationAdd(string path_in_repo, byte[] content) : base(path_in_repo ?? throw new ArgumentNullException(nameof(path_in_repo)))
    {
        ArgumentNullException.ThrowIfNull(content);
        _open = () => new MemoryStream(content, writable: false);
    }

    internal long Size { get; private set; }

    internal string Sha256 { get; private set; } = "";

    internal byte[] Sample { get; private set; } = [];

    /// <summary>How the hub wants the file; false until it was asked.</summary>
    internal bool IsLfs { get; set; }

    internal Stream Open() => _open();

    /// <summary>Reads the size, hash and beginning of the file, which the hub asks for first.</summary>
    internal async Task PrepareAsync(CancellationToken cancellation)
    {
        await using var content = Open();
        Size = content.Length;
        Sample = new byte[Math.Min(SampleLength, Size)];
        await content.ReadExactlyAsync(Sample, cancellation);
        content.Position = 0;
        Sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
    }

    /// <summary>The hash that a repository gives the file.</summary>
    internal async Task<string> HashAsync(CancellationToken cancellation)
    {
        if (IsLfs) return Sha256;
        await using var content = Open();
        return await ContentHash.OfGitAsync(content, cancellation);
    }
}

/// <summary>A file, or a whole folder, that a commit deletes.</summary>
public sealed class CommitOperationDelete : CommitOperation
{
    /// <summary>Deletes a file or folder.</summary>
    /// <param name="path_in_repo">Its path in the repository; a folder's ends with "/".</param>
    /// <exception cref="HfValidationException">No file of a repository can have the path.</exception>
    public CommitOperationDelete(string path_in_repo) : base(path_in_repo ?? throw new ArgumentNullException(nameof(path_in_repo))) { }

    /// <summary>Whether the path is a folder.</summary>
    public bool is_folder => path_in_repo.EndsWith('/');
}

/// <summary>The result of a commit.</summary>
/// <param name="commit_url">The address of the commit's page.</param>
/// <param name="commit_message">The commit's first line.</param>
/// <param name="oid">The commit's hash.</param>
/// <param name="pr_url">The page of the pull request that it made; null for none.</param>
public sealed record CommitInfo(string commit_url, string commit_message, string oid, string? pr_url)
{
    /// <summary>The revision of the pull request, "refs/pr/1"; null if there is none.</summary>
    public string? pr_revision => pr_url is null ? null : $"refs/pr/{pr_url[(pr_url.LastIndexOf('/') + 1)..]}";
}
