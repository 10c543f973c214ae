using System.Security.Cryptography;
using Keras.Files;

namespace Keras;

public sealed partial class UtilsApi
{
    static readonly HttpClient Http = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Downloads a file once, keeps it in the cache, and returns its path. A download that fails, or has a wrong hash, leaves no file.</summary>
    /// <param name="fname">Its name in the cache; default the last part of the address.</param>
    /// <param name="origin">The address, http, https or file.</param>
    /// <param name="cache_subdir">The folder in the cache; default "datasets".</param>
    /// <param name="file_hash">The hash that the file must have, SHA-256 in hexadecimal digits; by default none is checked.</param>
    /// <param name="cache_dir">The cache; default the environment variable KERAS_HOME, then .keras in the home folder.</param>
    /// <param name="force_download">Whether to download a file again that is in the cache; default false.</param>
    /// <exception cref="ArgumentException">The address or the name does not fit.</exception>
    /// <exception cref="FileFormatException">What was downloaded has another hash.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached, or has no such file.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public string get_file(string? fname = null, string? origin = null, string cache_subdir = "datasets", string? file_hash = null, string? cache_dir = null, bool force_download = false)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https" or "file"))
            throw new ArgumentException($"The address of the file is missing or not supported. Expected: http, https or file. Received: {(origin is null ? "null" : $"\"{origin}\"")}.", nameof(origin));
        var name = fname ?? Path.GetFileName(address.LocalPath);
        if (name.Length == 0 || name != Path.GetFileName(name) || name is "." or "..")
            throw new ArgumentException($"The file has no usable name for the cache. Expected: a name without folders. Received: \"{name}\". Give {nameof(fname)}.", nameof(fname));
        if (file_hash is not (null or { Length: 64 }))
            throw new ArgumentException($"The hash has the wrong length. Expected: the 64 hexadecimal digits of SHA-256. Received: {file_hash.Length} characters.", nameof(file_hash));
        var root = cache_dir ?? Environment.GetEnvironmentVariable("KERAS_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".keras");
        var path = Path.Combine(root, cache_subdir, name);
        if (!force_download && File.Exists(path) && (file_hash is null || HasHash(path, file_hash))) return path;
        AtomicFile.Write(path, stream => Download(address, stream, file_hash));
        return path;
    }

    static void Download(Uri address, Stream target, string? expected)
    {
        using var source = address.IsFile ? File.OpenRead(address.LocalPath) : Http.GetStreamAsync(address).GetAwaiter().GetResult();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        while (source.Read(buffer) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            target.Write(buffer, 0, read);
        }
        var received = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (expected is not null && !received.Equals(expected, StringComparison.OrdinalIgnoreCase))
            throw new FileFormatException("A downloaded file is not the expected one", address.ToString(), $"the hash {expected}", received, "Correct file_hash if the file has changed; nothing was kept.");
    }

    static bool HasHash(string path, string expected)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream)).Equals(expected, StringComparison.OrdinalIgnoreCase);
    }
}
