namespace Keras.Engines.TensorFlow;

/// <summary>Extracts the libraries from an archive at an address.</summary>
static class WebSource
{
    static readonly HttpClient Http = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Downloads the archive and writes its libraries into a folder.</summary>
    /// <exception cref="EngineNotFoundException">The address cannot be read.</exception>
    /// <exception cref="FileFormatException">The archive has another hash or is damaged.</exception>
    public static void Fetch(Uri address, ProvisionOptions options, string folder, TextWriter output)
    {
        var file = Path.Combine(folder, "download");
        output.WriteLine($"Downloading {address} ...");
        try
        {
            using var target = File.Create(file);
            using var source = Http.GetStreamAsync(address).GetAwaiter().GetResult();
            source.CopyTo(target);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new EngineNotFoundException("TensorFlow's library could not be downloaded", address.ToString(), "an archive", e.Message, "Correct the address, or download it yourself and give the file.", e);
        }
        ArchiveSource.Unpack(file, options, folder, output);
        File.Delete(file);
    }
}
