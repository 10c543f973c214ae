namespace Keras.Engines.TensorFlow;

/// <summary>What to provide and where from.</summary>
sealed record ProvisionOptions
{
    /// <summary>The version that is tested.</summary>
    public const string TestedVersion = "2.21.0";

    /// <summary>Names an archive of the library.</summary>
    public const string ArchiveVariable = "KERAS_LIBTENSORFLOW_ARCHIVE";

    /// <summary>The version of the library.</summary>
    public string Version { get; init; } = TestedVersion;

    /// <summary>A .tar.xz with the libraries; null takes the wheel from the package index that pip is set up for.</summary>
    public string? Archive { get; init; } = Environment.GetEnvironmentVariable(ArchiveVariable) is { Length: > 0 } path ? path : null;

    /// <summary>The archive's SHA-256; null takes the known one of this version and system.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The folder that holds one folder per version.</summary>
    public string CacheFolder { get; init; } = LibrarySearch.CacheFolder;

    /// <summary>The pip command, such as "python3.12 -m pip"; null looks for one.</summary>
    public string? Pip { get; init; }

    /// <summary>Whether the xz command may unpack; it is faster than managed code.</summary>
    public bool UsesXzCommand { get; init; } = true;
}

/// <summary>Puts libtensorflow into the user's cache, where <see cref="LibrarySearch"/> finds it.</summary>
static class Provisioning
{
    const string Partial = ".partial-";

    /// <summary>Provides the library unless it is there; an interrupted run leaves nothing that looks complete.</summary>
    /// <param name="options">What to provide.</param>
    /// <param name="output">Where to tell what is done.</param>
    /// <returns>The folder that holds the libraries.</returns>
    /// <exception cref="FileFormatException">The archive or wheel is not what it should be.</exception>
    /// <exception cref="EngineNotFoundException">There is no pip, or it could not get the wheel.</exception>
    /// <exception cref="UnsupportedException">There is no wheel for this system.</exception>
    public static string Provision(ProvisionOptions options, TextWriter output)
    {
        var target = Path.Combine(options.CacheFolder, options.Version);
        if (IsComplete(target))
        {
            output.WriteLine($"libtensorflow {options.Version} is already in {target}");
            return target;
        }
        Directory.CreateDirectory(options.CacheFolder);
        RemoveLeftovers(options.CacheFolder);
        var partial = Path.Combine(options.CacheFolder, Partial + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(partial);
        try
        {
            if (options.Archive is { } archive) ArchiveSource.Unpack(archive, options, partial, output);
            else WheelSource.Fetch(options, partial, output);
            if (!IsComplete(partial))
                throw new FileFormatException("The libraries are not there", options.Archive ?? "wheel", "libtensorflow_cc and libtensorflow_framework",
                    string.Join(", ", Directory.GetFiles(partial).Select(Path.GetFileName)));
            Publish(partial, target);
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        }
        output.WriteLine($"libtensorflow {options.Version} is in {target}");
        return target;
    }

    static bool IsComplete(string folder) => Directory.Exists(folder) && LibrarySearch.FilesIn(folder) is { Framework: not null };

    static void Publish(string partial, string target)
    {
        if (Directory.Exists(target) && !IsComplete(target)) Directory.Delete(target, recursive: true);
        try
        {
            Directory.Move(partial, target);
        }
        catch (IOException) when (IsComplete(target))
        {
            // Another process provided the same version meanwhile.
        }
    }

    /// <summary>What a killed run left behind long ago.</summary>
    static void RemoveLeftovers(string folder)
    {
        foreach (var left in Directory.GetDirectories(folder, Partial + "*"))
            if (Directory.GetCreationTimeUtc(left) < DateTime.UtcNow.AddHours(-6)) Directory.Delete(left, recursive: true);
    }
}
