using System.Security.Cryptography;
using System.Text;

namespace Keras.Transformers;

/// <summary>Computes the hashes by which the hub identifies contents.</summary>
static class ContentHash
{
    /// <summary>A file's hash, of the same kind as a name; null if the name is not a hash.</summary>
    public static async Task<string?> OfAsync(string path, string etag, CancellationToken cancellation)
    {
        if (!etag.All(char.IsAsciiHexDigitLower) || etag.Length is not (40 or 64)) return null;
        await using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 20);
        return etag.Length == 64 ? Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation)) : await OfGitAsync(content, cancellation);
    }

    /// <summary>The hash that git gives a content.</summary>
    public static async Task<string> OfGitAsync(Stream content, CancellationToken cancellation)
    {
#pragma warning disable CA5350 // identifies a content in git, not used for security
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {content.Length}\0"));
        var buffer = new byte[1 << 16];
        while (await content.ReadAsync(buffer, cancellation) is > 0 and var read) hash.AppendData(buffer, 0, read);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
