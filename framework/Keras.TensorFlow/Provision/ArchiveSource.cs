using System.Diagnostics;
using System.Formats.Tar;
using System.Security.Cryptography;
using SharpCompress.Compressors.Xz;

namespace Keras.Engines.TensorFlow;

/// <summary>Takes the libraries out of a .tar.xz whose SHA-256 is known.</summary>
static class ArchiveSource
{
    static readonly Dictionary<(string Version, string System), string> Known = new()
    {
        [("2.21.0", "linux-x64")] = "f1d2ce950a72e44f968ea8cb17a6f752ea6f4199ca57fb863f4548ac0b59bde8",
    };

    /// <summary>Checks the archive and writes its libraries into a folder.</summary>
    /// <exception cref="FileFormatException">The file is missing, has another hash, or is no .tar.xz.</exception>
    public static void Unpack(string archive, ProvisionOptions options, string folder, TextWriter output)
    {
        if (!File.Exists(archive))
            throw new FileFormatException("The archive of libtensorflow does not exist", archive, remedy: $"Correct {ProvisionOptions.ArchiveVariable}.");
        output.WriteLine($"Checking {archive}");
        RequireHash(archive, options);
        var watch = Stopwatch.StartNew();
        var usesCommand = options.UsesXzCommand && UserCommand.Starts("xz", "--version");
        output.WriteLine($"Unpacking with {(usesCommand ? "xz" : "SharpCompress")} ...");
        try
        {
            if (usesCommand) UserCommand.Read("xz", ["--decompress", "--stdout", "--", archive], stream => Extract(stream, folder));
            else ExtractManaged(archive, folder);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or SharpCompress.Common.SharpCompressException)
        {
            throw new FileFormatException("The archive is damaged", archive, "a .tar.xz", e.Message, inner: e);
        }
        output.WriteLine($"Unpacked in {watch.Elapsed.TotalSeconds:0} s");
    }

    static void RequireHash(string archive, ProvisionOptions options)
    {
        var expected = options.Sha256 ?? (Known.TryGetValue((options.Version, LibrarySearch.RuntimeId), out var known) ? known : null)
            ?? throw new UnsupportedException("The SHA-256 of this archive is not known", archive, string.Join(", ", Known.Keys.Select(k => $"{k.Version} for {k.System}")),
                $"{options.Version} for {LibrarySearch.RuntimeId}", "Give it with --sha256.");
        using var stream = File.OpenRead(archive);
        var received = Convert.ToHexStringLower(SHA256.HashData(stream));
        if (!received.Equals(expected, StringComparison.OrdinalIgnoreCase))
            throw new FileFormatException("The archive is not the one that it should be", archive, $"SHA-256 {expected}", received, "Fetch it again; nothing was unpacked.");
    }

    static void ExtractManaged(string archive, string folder)
    {
        using var file = File.OpenRead(archive);
        using var stream = new XZStream(file);
        Extract(stream, folder);
    }

    /// <summary>Only the libraries are taken, by their bare names, so that no entry can leave the folder.</summary>
    static void Extract(Stream stream, string folder)
    {
        using var tar = new TarReader(stream, leaveOpen: true);
        while (tar.GetNextEntry() is { } entry)
        {
            var name = Path.GetFileName(entry.Name);
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && LibrarySearch.IsLibraryName(name))
                entry.ExtractToFile(Path.Combine(folder, name), overwrite: false);
        }
        stream.CopyTo(Stream.Null);
    }
}
