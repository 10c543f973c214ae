using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Keras.LocalHub;

/// <summary>A file of a commit.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="IsLarge">Whether it is kept as a large file.</param>
public sealed record HubFile(byte[] Content, bool IsLarge)
{
    /// <summary>The SHA-256 of a large file, git's SHA-1 for others.</summary>
    public string Oid { get; } = Convert.ToHexStringLower(IsLarge ? SHA256.HashData(Content) : HubRepository.Sha1([.. Encoding.ASCII.GetBytes($"blob {Content.Length}\0"), .. Content]));
}

/// <summary>A repository.</summary>
/// <param name="type">"model", "dataset" or "space".</param>
/// <param name="id">Its name.</param>
public sealed class HubRepository(string type, string id)
{
    readonly Lock _lock = new();
    int _count;

    /// <summary>"model", "dataset" or "space".</summary>
    public string Type => type;

    /// <summary>Its name.</summary>
    public string Id => id;

    /// <summary>Whether only logged-in users can see it.</summary>
    public bool Private { get; set; }

    /// <summary>Whether its files are inaccessible to everyone.</summary>
    public bool Gated { get; set; }

    /// <summary>The files of each commit.</summary>
    public ConcurrentDictionary<string, IReadOnlyDictionary<string, HubFile>> Commits { get; } = new();

    /// <summary>The commit of each branch.</summary>
    public ConcurrentDictionary<string, string> Branches { get; } = new();

    /// <summary>The messages of commits, in their order.</summary>
    public List<string> Messages { get; } = [];

    /// <summary>The commit of a revision; null for none.</summary>
    public string? CommitOf(string revision) => Branches.TryGetValue(revision, out var commit) ? commit : Commits.ContainsKey(revision) ? revision : null;

    /// <summary>Makes a commit.</summary>
    public string Commit(string branch, string message, Action<Dictionary<string, HubFile>> change)
    {
        lock (_lock)
        {
            var files = Branches.TryGetValue(branch, out var head) ? new Dictionary<string, HubFile>(Commits[head]) : [];
            change(files);
            var commit = Convert.ToHexStringLower(Sha1(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{type} {id} {branch} {++_count} {string.Concat(files.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Key + f.Value.Oid))}"))));
            Commits[commit] = files;
            Branches[branch] = commit;
            Messages.Add(message);
            return commit;
        }
    }

    /// <summary>Adds files; those with extensions from the hub's own rules become large.</summary>
    public string Add(IEnumerable<(string Path, byte[] Content)> files, string branch = "main") => Commit(branch, "add", all =>
    {
        foreach (var (path, content) in files) all[path] = new(content, IsLarge(path, content.Length));
    });

    /// <summary>Whether a file becomes a large one.</summary>
    public static bool IsLarge(string path, long length) => length > 10 << 20 || (Path.GetExtension(path) is ".safetensors" or ".bin" or ".h5" or ".parquet" or ".png" or ".jpg" or ".arrow" && length > 0);

    internal static byte[] Sha1(byte[] bytes)
    {
#pragma warning disable CA5350 // git's hashes of contents
        return SHA1.HashData(bytes);
#pragma warning restore CA5350
    }
}

/// <summary>All repositories of a hub.</summary>
public sealed class HubRepositories
{
    readonly ConcurrentDictionary<(string Type, string Id), HubRepository> _all = new();

    /// <summary>Old names and the new ones.</summary>
    public ConcurrentDictionary<string, string> Moved { get; } = new();

    /// <summary>All of them.</summary>
    public IEnumerable<HubRepository> All => _all.Values;

    /// <summary>A repository; null for none.</summary>
    public HubRepository? Find(string type, string id) => _all.GetValueOrDefault((type, id));

    /// <summary>Makes a repository; null if it exists.</summary>
    public HubRepository? Create(string type, string id)
    {
        var repository = new HubRepository(type, id);
        if (!_all.TryAdd((type, id), repository)) return null;
        repository.Commit("main", "initial commit", files => files[".gitattributes"] = new(Encoding.UTF8.GetBytes("*.safetensors filter=lfs diff=lfs merge=lfs -text\n"), false));
        return repository;
    }

    /// <summary>Removes a repository.</summary>
    public bool Remove(string type, string id) => _all.TryRemove((type, id), out _);

    /// <summary>A repository with the files of a folder.</summary>
    public HubRepository AddFolder(string type, string id, string folder)
    {
        var repository = Create(type, id) ?? Find(type, id)!;
        repository.Add(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => (Path.GetRelativePath(folder, f).Replace('\\', '/'), File.ReadAllBytes(f))));
        return repository;
    }
}
