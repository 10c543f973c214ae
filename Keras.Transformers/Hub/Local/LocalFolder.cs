using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Keras.Files;

namespace Keras.Transformers;

/// <summary>A user's folder into which the hub's files are downloaded, with the metadata that huggingface_hub keeps in it.</summary>
/// <param name="local_dir">The folder.</param>
/// <remarks>.cache/huggingface/download holds for each file FILE.metadata (three lines: commit, hash, seconds since 1970), FILE.lock, and interrupted downloads. Source: huggingface_hub/_local_folder.py.</remarks>
sealed class LocalFolder(string local_dir)
{
    const string Notes = ".cache/huggingface";
    const int LongestNote = 1024;

    /// <summary>The tolerance in seconds: file systems store times less precisely than notes.</summary>
    const double Inexactness = 1;

    /// <summary>The folder's full path.</summary>
    public string Root { get; } = Path.GetFullPath(local_dir);

    /// <summary>Whether a repository's file would be among the notes.</summary>
    public static bool IsNote(string file) => file.Equals(Notes, StringComparison.OrdinalIgnoreCase) || file.StartsWith(Notes + "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The path of a repository's file in this folder.</summary>
    public string PathOf(string file) => Path.Combine(Root, Local(file));

    /// <summary>The lock file that must be held to download a file or write its note.</summary>
    public string Lock(string file) => Beside(file) + ".lock";

    /// <summary>Where an unfinished download is kept.</summary>
    public string Incomplete(string file, string etag)
    {
        var name = Path.GetFileName(Note(file));
#pragma warning disable CA5350 // a short name, not used for security
        var hash = Convert.ToBase64String(SHA1.HashData(Encoding.UTF8.GetBytes(name))).Replace('+', '-').Replace('/', '_');
#pragma warning restore CA5350
        return Path.Combine(Path.GetDirectoryName(Note(file))!, $"{hash}.{RepoCache.CheckedEtag(etag)}.incomplete");
    }

    /// <summary>Whether the folder holds anything besides our own notes.</summary>
    public bool HasAny => Directory.Exists(Root) && Directory.EnumerateFileSystemEntries(Root).Any(e => Path.GetFileName(e) != Notes.Split('/')[0]);

    /// <summary>Whether names in the folder are case-insensitive.</summary>
    public bool IgnoresCase => Directory.Exists(Path.Combine(Root, Path.GetDirectoryName(Notes)!.ToUpperInvariant()));

    /// <summary>Creates the folder, and makes git ignore the notes.</summary>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    public void Make()
    {
        try
        {
            var folder = Path.Combine(Root, Local(Notes));
            Directory.CreateDirectory(folder);
            if (Path.Combine(folder, ".gitignore") is var ignore && !File.Exists(ignore)) AtomicFile.WriteAllText(ignore, "*");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"A folder for files of the hub cannot be made. Expected: local_dir that is a folder, or nothing, where this user may write. Received: '{Root}': {e.Message.TrimEnd('.')}. Choose another local_dir.", e);
        }
    }

    /// <summary>Reads the note of a file; null if it is missing or damaged, or the file has changed since.</summary>
    public LocalNote? Read(string file)
    {
        try
        {
            var (note, path) = (new FileInfo(Note(file)), new FileInfo(PathOf(file)));
            if (!note.Exists || note.Length > LongestNote || !path.Exists || path.LinkTarget is not null) return null;
            var lines = File.ReadAllText(note.FullName).Split('\n');
            if (lines.Length < 3 || !RepoCache.IsCommit(lines[0].Trim()) || !RepoCache.IsEtag(lines[1].Trim()) || !double.TryParse(lines[2].Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var time) || !double.IsFinite(time)) return null;
            return SecondsOf(path.LastWriteTimeUtc) - Inexactness <= time ? new(lines[0].Trim(), lines[1].Trim()) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes the note that a file is now that of a commit. The caller must hold its lock.</summary>
    public void Write(string file, LocalNote note) => AtomicFile.WriteAllText(Note(file), string.Create(CultureInfo.InvariantCulture, $"{note.Commit}\n{note.Etag}\n{SecondsOf(DateTime.UtcNow):F6}\n"));

    string Note(string file) => Beside(file) + ".metadata";

    string Beside(string file) => Path.Combine(Root, Local(Notes), "download", Local(file));

    static string Local(string path) => path.Replace('/', Path.DirectorySeparatorChar);

    static double SecondsOf(DateTime time) => (time - DateTime.UnixEpoch).TotalSeconds;
}

/// <summary>Identifies the content of a file in a folder.</summary>
/// <param name="Commit">A commit that contains it.</param>
/// <param name="Etag">The content's hash.</param>
sealed record LocalNote(string Commit, string Etag);
