namespace Keras.Transformers;

/// <summary>The destination of a call's files.</summary>
abstract class HubPlace
{
    /// <summary>The user's folder, or the cache if none is given.</summary>
    /// <exception cref="ArgumentException">The folder's name is empty.</exception>
    public static HubPlace Of(HubFiles files, string? local_dir)
    {
        if (local_dir is null) return new CachePlace(files);
        ArgumentException.ThrowIfNullOrEmpty(local_dir);
        return new LocalPlace(files, new(local_dir));
    }

    /// <summary>The path of a file, downloaded if needed.</summary>
    /// <inheritdoc cref="HubFiles.GetAsync"/>
    public abstract Task<string> GetAsync(string file, string? commit, IProgress<long>? progress, CancellationToken cancellation);

    /// <summary>Lists the revision's files from the hub; if it is unreachable, those that are here.</summary>
    /// <exception cref="LocalEntryNotFoundException">The hub is unreachable, and there are no files here.</exception>
    public abstract Task<HubListing> ListAsync(CancellationToken cancellation);

    /// <summary>Whether a repository's file can be stored here.</summary>
    public abstract bool Takes(string file);

    /// <summary>Prepares the place for files of the commit.</summary>
    public abstract void Begin(string commit);

    /// <summary>Whether names are case-insensitive.</summary>
    public abstract bool IgnoresCase { get; }

    /// <summary>The folder of a commit's files.</summary>
    public abstract string FolderOf(string commit);
}

/// <summary>The cache.</summary>
sealed class CachePlace(HubFiles files) : HubPlace
{
    public override Task<string> GetAsync(string file, string? commit, IProgress<long>? progress, CancellationToken cancellation) => files.GetAsync(file, commit, progress, cancellation);

    public override Task<HubListing> ListAsync(CancellationToken cancellation) => files.ListAsync(null, cancellation);

    public override bool Takes(string file) => true;

    public override void Begin(string commit) => files.Cache.Note(files.Revision, commit);

    public override bool IgnoresCase
    {
        get
        {
            Directory.CreateDirectory(files.Cache.Folder);
            return Directory.Exists(Path.Combine(Path.GetDirectoryName(files.Cache.Folder)!, Path.GetFileName(files.Cache.Folder).ToUpperInvariant()));
        }
    }

    public override string FolderOf(string commit) => files.Cache.Snapshot(commit);
}
