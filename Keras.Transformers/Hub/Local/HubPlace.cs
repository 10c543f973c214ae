namespace Keras.Transformers;

/// <summary>Where the files of a call come to lie.</summary>
abstract class HubPlace
{
    /// <summary>A folder of the user's own, or the cache where none is named.</summary>
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

    /// <summary>The revision's files as the hub lists them; if it does not, those that are here have to do.</summary>
    /// <exception cref="LocalEntryNotFoundException">The hub does not, and nothing is here.</exception>
    public abstract Task<HubListing> ListAsync(CancellationToken cancellation);

    /// <summary>Whether a file of a repository can lie here.</summary>
    public abstract bool Takes(string file);

    /// <summary>Prepares the place for files of the commit.</summary>
    public abstract void Begin(string commit);

    /// <summary>Whether case does not count in names.</summary>
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
