using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using SharpCompress.Compressors.Xz;

namespace Keras.Engines.TensorFlow;

/// <summary>Extracts the libraries from an archive whose SHA-256 is known or given.</summary>
static class ArchiveSource
{
    static readonly Dictionary<(string Version, string System), string[]> Known = new()
    {
        [("2.21.0", "linux-x64")] = ["f1d2ce950a72e44f968ea8cb17a6f752ea6f4199ca57fb863f4548ac0b59bde8"],
    };

    /// <summary>Archive formats, recognised by their first bytes, not by the file's name.</summary>
    static readonly (byte[] Start, string Name, Action<string, string, bool> Extract)[] Formats =
    [
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "xz", ExtractXz),
        ([0x1F, 0x8B], "gzip", (archive, folder, _) => Decompress(archive, folder, file => new GZipStream(file, CompressionMode.Decompress))),
        ([(byte)'P', (byte)'K', 3, 4], "zip", (archive, folder, _) => ExtractZip(archive, folder)),
    ];

    /// <summary>The folders inside zip archives that hold the libraries; a wheel has other files of the same names elsewhere.</summary>
    static readonly string[] ZipFolders = ["", "lib", "tensorflow"];

    /// <summary>Checks the archive and writes its libraries into a folder.</summary>
    /// <exception cref="EngineNotFoundException">The file is missing.</exception>
    /// <exception cref="UnsupportedException">The hash of the archive is neither given nor known.</exception>
    /// <exception cref="FileFormatException">The file has another hash, is not an archive, or is damaged.</exception>
    public static void Unpack(string archive, ProvisionOptions options, string folder, TextWriter output)
    {
        if (!File.Exists(archive))
            throw new EngineNotFoundException("The archive of libtensorflow does not exist", archive, remedy: $"Correct the path, which may come from {ProvisionOptions.ArchiveVariable}.");
        output.WriteLine($"Checking {archive}");
        RequireHash(archive, options);
        Extract(archive, options, folder, output);
    }

    /// <summary>Extracts the libraries of an archive into a folder.</summary>
    /// <exception cref="FileFormatException">The file is not an archive, or is damaged.</exception>
    public static void Extract(string archive, ProvisionOptions options, string folder, TextWriter output)
    {
        var (_, name, extract) = FormatOf(archive);
        var watch = Stopwatch.StartNew();
        output.WriteLine($"Unpacking {name} ...");
        try
        {
            extract(archive, folder, options.UsesXzCommand);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or SharpCompress.Common.SharpCompressException)
        {
            throw new FileFormatException("The archive is damaged", archive, name, e.Message, inner: e);
        }
        output.WriteLine($"Unpacked in {watch.Elapsed.TotalSeconds:0} s");
    }

    static void RequireHash(string archive, ProvisionOptions options)
    {
        using var stream = File.OpenRead(archive);
        var received = Convert.ToHexStringLower(SHA256.HashData(stream));
        var expected = options.Sha256 is { } given ? [given] : Known.GetValueOrDefault((options.Version, LibrarySearch.RuntimeId))
            ?? throw new UnsupportedException($"The SHA-256 of libtensorflow {options.Version} for {LibrarySearch.RuntimeId} is not known", archive,
                "that of " + string.Join(", ", Known.Keys.Select(k => $"{k.Version} for {k.System}")), received, "Compare it with what the source says, and give it (sha256, or --sha256).");
        if (!expected.Contains(received, StringComparer.OrdinalIgnoreCase))
            throw new FileFormatException("The archive has another SHA-256 than expected", archive, $"SHA-256 {string.Join(" or ", expected)}", received,
                options.Sha256 is null ? "Fetch it again, or, if it comes from elsewhere, compare the SHA-256 and give it (sha256, or --sha256); nothing was unpacked." : "Fetch it again; nothing was unpacked.");
    }

    static (byte[] Start, string Name, Action<string, string, bool> Extract) FormatOf(string archive)
    {
        Span<byte> start = stackalloc byte[8];
        using (var file = File.OpenRead(archive)) start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        foreach (var format in Formats)
            if (start.StartsWith(format.Start)) return format;
        throw new FileFormatException("The archive is of no known format", archive, ".tar.xz, .tar.gz, .zip or .whl", $"first bytes {Convert.ToHexString(start)}");
    }

    static void ExtractXz(string archive, string folder, bool usesCommand)
    {
        if (usesCommand && UserCommand.Starts("xz", "--version")) UserCommand.Read("xz", ["--decompress", "--stdout", "--", archive], stream => ExtractTar(stream, folder));
        else Decompress(archive, folder, file => new XZStream(file));
    }

    static void Decompress(string archive, string folder, Func<Stream, Stream> open)
    {
        using var file = File.OpenRead(archive);
        using var stream = open(file);
        ExtractTar(stream, folder);
    }

    /// <summary>Extracts only the libraries, by their bare names, so that no entry can leave the folder.</summary>
    static void ExtractTar(Stream stream, string folder)
    {
        using var tar = new TarReader(stream, leaveOpen: true);
        while (tar.GetNextEntry() is { } entry)
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && LibrarySearch.LibraryName(Path.GetFileName(entry.Name)) is { } name)
                entry.ExtractToFile(Path.Combine(folder, name), overwrite: true);
        stream.CopyTo(Stream.Null);
    }

    static void ExtractZip(string archive, string folder)
    {
        using var zip = ZipFile.OpenRead(archive);
        foreach (var entry in zip.Entries)
            if (LibrarySearch.LibraryName(entry.Name) is { } name && ZipFolders.Contains(entry.FullName[..^entry.Name.Length].TrimEnd('/')))
                entry.ExtractToFile(Path.Combine(folder, name), overwrite: true);
    }
}
