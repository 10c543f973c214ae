// What build.cake asks of the packed packages beside running programs on them.
using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

/// <summary>What stands in each packed package: what a feed shows of it, what an editor shows of its members, what a debugger needs.</summary>
static class PackageContents
{
    const int IconSize = 128;

    /// <exception cref="CakeException">A package lacks something; the message lists all.</exception>
    public static void Check(string packed, string version)
    {
        var packages = System.IO.Directory.GetFiles(packed, $"*.{version}.nupkg");
        var faults = packages.SelectMany(p => Faults(p).Select(f => $"{System.IO.Path.GetFileName(p)}: {f}")).ToList();
        if (packages.Length == 0) faults.Add($"there is no package of version {version} in {packed}");
        if (faults.Count > 0) throw new CakeException($"Packages lack what they should have:\n    {string.Join("\n    ", faults)}");
        Console.WriteLine($"{packages.Length} packages have readme, icon, licence, repository, documentation and symbols");
    }

    static IEnumerable<string> Faults(string package)
    {
        using var zip = ZipFile.OpenRead(package);
        var files = zip.Entries.ToDictionary(e => Uri.UnescapeDataString(e.FullName));
        var metadata = Read(files.Single(f => f.Key.EndsWith(".nuspec", StringComparison.Ordinal)).Value, stream => XDocument.Load(stream)).Root.Elements().Single();
        string Value(string name) => (string)metadata.Element(metadata.Name.Namespace + name);

        foreach (var name in (string[])["description", "authors", "tags"])
            if (string.IsNullOrWhiteSpace(Value(name))) yield return $"it has no {name}";
        if (Value("license") != "Apache-2.0") yield return "its licence is not Apache-2.0";
        if (Value("readme") is not { } readme || !files.TryGetValue(readme, out var text) || text.Length < 500) yield return "it has no readme, or a short one";
        if (Value("icon") is not { } icon || !files.TryGetValue(icon, out var picture)) yield return "it has no icon";
        else if (Read(picture, Size) != (IconSize, IconSize)) yield return $"its icon is no PNG of {IconSize} by {IconSize}";
        if (!files.ContainsKey("THIRD-PARTY-NOTICES.md")) yield return "it has no notices of third parties";

        // A clone without a remote has a commit and no address.
        var repository = metadata.Element(metadata.Name.Namespace + "repository");
        if ((string)repository?.Attribute("type") != "git" || (string)repository.Attribute("commit") is not { Length: 40 }) yield return "it does not name the commit that it was built from";
        if (Remote() is { } remote && (string)repository?.Attribute("url") is not { Length: > 0 }) yield return $"it does not name its repository, {remote}";

        var own = files.Keys.Where(f => IsOurs(f) && f.EndsWith(".dll", StringComparison.Ordinal)).ToList();
        if (own.Count == 0) yield return "it has no assembly of ours";
        foreach (var assembly in own.Where(f => f.StartsWith("lib/", StringComparison.Ordinal) && !files.ContainsKey(System.IO.Path.ChangeExtension(f, ".xml")))) yield return $"{assembly} has no documentation";
        var symbols = System.IO.Path.ChangeExtension(package, ".snupkg");
        var debug = files.Keys.Concat(System.IO.File.Exists(symbols) ? Names(symbols) : []).ToHashSet();
        foreach (var assembly in own.Where(f => !debug.Contains(System.IO.Path.ChangeExtension(f, ".pdb")))) yield return $"{assembly} has no symbols";
    }

    static bool IsOurs(string file) => System.IO.Path.GetFileName(file) is var name && (name.StartsWith("Keras", StringComparison.Ordinal) || name.StartsWith("Cake.Keras", StringComparison.Ordinal) || name.StartsWith("keras-", StringComparison.Ordinal));

    static IReadOnlyList<string> Names(string archive)
    {
        using var zip = ZipFile.OpenRead(archive);
        return [.. zip.Entries.Select(e => e.FullName)];
    }

    static T Read<T>(ZipArchiveEntry entry, Func<Stream, T> read)
    {
        using var stream = entry.Open();
        return read(stream);
    }

    /// <summary>Width and height as a PNG's first chunk has them; zeros for what is none.</summary>
    static (int Width, int Height) Size(Stream png)
    {
        var head = new byte[24];
        png.ReadExactly(head);
        int Number(int at) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(at));
        return head.AsSpan(0, 8).SequenceEqual((byte[])[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? (Number(16), Number(20)) : (0, 0);
    }

    static string Remote()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["remote", "get-url", "origin"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true });
        var address = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return address.Contains("://", StringComparison.Ordinal) ? address : null;
    }
}
