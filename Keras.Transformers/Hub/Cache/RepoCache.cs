using System.Text.RegularExpressions;
using Keras.Files;

namespace Keras.Transformers;

/// <summary>A repository's folder in the cache, laid out as huggingface_hub lays it out, so that Python and this library share it.</summary>
/// <param name="root">The cache.</param>
/// <param name="name">The repository.</param>
/// <remarks>blobs/ETAG are contents, snapshots/COMMIT/FILE links to them (copies if links cannot be made), refs/REVISION holds the commit of a branch, .no_exist/COMMIT/FILE marks files
/// missing in a commit. A blob appears by renaming a complete, checked file. Source: huggingface_hub/file_download.py.</remarks>
sealed partial class RepoCache(string root, RepoName name)
{
    /// <summary>The repository's folder.</summary>
    public string Folder { get; } = Path.Combine(Path.GetFullPath(root), name.Folder);

    public string Blobs => Path.Combine(Folder, "blobs");

    public string Snapshots => Path.Combine(Folder, "snapshots");

    /// <summary>The content of this hash.</summary>
    /// <exception cref="FileMetadataException">The hash cannot be a file's name.</exception>
    public string Blob(string etag) => Path.Combine(Blobs, CheckedEtag(etag));

    /// <summary>The lock file for downloading a content.</summary>
    public string Lock(string etag) => Path.Combine(Path.GetFullPath(root), ".locks", name.Folder, CheckedEtag(etag) + ".lock");

    /// <summary>A commit's folder.</summary>
    public string Snapshot(string commit) => Path.Combine(Snapshots, commit);

    /// <summary>The path of a commit's file.</summary>
    public string Pointer(string commit, string file) => Path.Combine(Snapshot(commit), Local(file));

    string NoExist(string commit, string file) => Path.Combine(Folder, ".no_exist", commit, Local(file));

    string Ref(string revision) => Path.Combine(Folder, "refs", Local(revision));

    static string Local(string path) => path.Replace('/', Path.DirectorySeparatorChar);

    /// <summary>Whether a text is a full commit hash.</summary>
    public static bool IsCommit(string? text) => text is not null && Commit().IsMatch(text);

    /// <summary>The commit of a revision in the cache; null if unknown. A damaged record counts as unknown.</summary>
    public string? CommitOf(string revision) => IsCommit(revision) ? revision : NotedCommit(Ref(revision));

    /// <summary>The commit in a file of refs; null if there is none.</summary>
    public static string? NotedCommit(string path)
    {
        try
        {
            return File.Exists(path) && ContentLength.Of(path) < 256 && File.ReadAllText(path).Trim() is var commit && IsCommit(commit) ? commit : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The path of a commit's file; null if it is not in the cache.</summary>
    public string? Find(string? commit, string file) => commit is not null && Pointer(commit, file) is var path && ContentLength.Exists(path) ? path : null;

    /// <summary>Whether the commit is known to have no such file.</summary>
    public bool HasNot(string commit, string file) => File.Exists(NoExist(commit, file));

    /// <summary>Records the commit of a revision.</summary>
    public void Note(string revision, string commit)
    {
        if (revision != commit && CommitOf(revision) != commit) AtomicFile.WriteAllText(Ref(revision), commit);
    }

    /// <summary>Records that a commit has no such file.</summary>
    public void NoteAbsence(string commit, string file)
    {
        var path = NoExist(commit, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
    }

    /// <summary>Makes a blob a file of a commit: by a link, or, if links are not possible, by moving or copying it.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="file">The file.</param>
    /// <param name="isNew">Whether no other commit uses the blob.</param>
    /// <returns>The path of the file.</returns>
    public string Point(string blob, string commit, string file, bool isNew)
    {
        var pointer = Pointer(commit, file);
        var folder = Path.GetDirectoryName(pointer)!;
        Directory.CreateDirectory(folder);
        if (new FileInfo(pointer).LinkTarget is { } target && Path.GetFullPath(target, folder) == blob) return pointer;
        var temporary = Path.Combine(folder, $".{Guid.NewGuid():n}.tmp");
        try
        {
            if (Links && TryLink(temporary, Path.GetRelativePath(folder, blob))) File.Move(temporary, pointer, overwrite: true);
            else if (isNew) File.Move(blob, pointer, overwrite: true);
            else
            {
                File.Copy(blob, temporary);
                File.Move(temporary, pointer, overwrite: true);
            }
        }
        finally
        {
            File.Delete(temporary);
        }
        return pointer;
    }

    /// <summary>Whether to try links; tests turn this off.</summary>
    internal static bool Links { get; set; } = true;

    static bool TryLink(string path, string target)
    {
        try
        {
            File.CreateSymbolicLink(path, target);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // Windows allows links only to developers and administrators, and some file systems do not support them.
            return false;
        }
    }

    /// <summary>Whether a text can be the name of a content.</summary>
    public static bool IsEtag(string text) => Etag().IsMatch(text);

    /// <summary>The name of a content, to be used for a file.</summary>
    /// <exception cref="FileMetadataException">The hash cannot be a file's name.</exception>
    public static string CheckedEtag(string etag) => IsEtag(etag) ? etag
        : throw new FileMetadataException("The hub's name of a content cannot be a file's name", "ETag", "letters, digits, \"-\", \"_\" and \".\"", Known.Say(RepoName.Printable(etag)), "Check HF_ENDPOINT.");

    [GeneratedRegex(@"^[0-9a-f]{40}\z")]
    private static partial Regex Commit();

    [GeneratedRegex(@"^[0-9A-Za-z_-][0-9A-Za-z._-]{0,127}\z")]
    private static partial Regex Etag();
}
