namespace Keras.Engines.TensorFlow;

/// <summary>Puts libtensorflow into the user's cache, where <see cref="LibrarySearch"/> finds it.</summary>
static class Provisioning
{
    const string Partial = ".partial-";

    /// <summary>Installs the library unless it is present; an interrupted run leaves nothing that looks complete.</summary>
    /// <param name="options">What to install, and from where.</param>
    /// <param name="output">Where progress is written.</param>
    /// <returns>The folder that holds the libraries.</returns>
    /// <exception cref="FileFormatException">The archive or wheel is damaged or has the wrong contents.</exception>
    /// <exception cref="EngineNotFoundException">The source is not available: no pip, no such file or no such address.</exception>
    /// <exception cref="UnsupportedException">The version is too old, the archive's SHA-256 is not known, or there is no wheel for this system.</exception>
    public static string Provision(ProvisionOptions options, TextWriter output)
    {
        if (!Version.TryParse(options.Version, out var version))
            throw new UnsupportedException("The text is not a version of TensorFlow", "version", $"numbers such as {ProvisionOptions.TestedVersion}", options.Version);
        TensorFlowLibrary.RequireSupported(version, options.Version, "version");
        var target = Path.Combine(options.CacheFolder, options.Version);
        if (IsComplete(target))
        {
            output.WriteLine($"libtensorflow {options.Version} is already in {target}; delete that folder to provide it anew");
            return target;
        }
        Directory.CreateDirectory(options.CacheFolder);
        RemoveLeftovers(options.CacheFolder);
        var partial = Path.Combine(options.CacheFolder, Partial + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(partial);
        try
        {
            if (options.Source is { } source) Take(source, options, partial, output);
            else WheelSource.Fetch(options, partial, output);
            if (!IsComplete(partial))
                throw new FileFormatException("The libraries are missing", options.Source ?? "wheel", LibrarySearch.ExpectedNames,
                    Directory.GetFiles(partial) is { Length: > 0 } files ? string.Join(", ", files.Select(Path.GetFileName)) : "none of them");
            Publish(partial, target);
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        }
        output.WriteLine($"libtensorflow {options.Version} is in {target}");
        return target;
    }

    static void Take(string source, ProvisionOptions options, string folder, TextWriter output)
    {
        if (Directory.Exists(source)) Copy(source, options, folder, output);
        else if (Uri.TryCreate(source, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") WebSource.Fetch(address, options, folder, output);
        else ArchiveSource.Unpack(source, options, folder, output);
    }

    static void Copy(string source, ProvisionOptions options, string folder, TextWriter output)
    {
        if (options.Sha256 is not null)
            throw new UnsupportedException("A SHA-256 is given for a folder", source, "an archive, or no SHA-256", options.Sha256);
        output.WriteLine($"Copying {source} ...");
        foreach (var (file, name) in Directory.GetFiles(source).Select(f => (f, LibrarySearch.LibraryName(Path.GetFileName(f)))))
            if (name is not null) File.Copy(file, Path.Combine(folder, name), overwrite: true);
    }

    static bool IsComplete(string folder) => Directory.Exists(folder) && LibrarySearch.FilesIn(folder) is { } files && (files.Framework is not null || OperatingSystem.IsWindows());

    static void Publish(string partial, string target)
    {
        if (Directory.Exists(target) && !IsComplete(target)) Directory.Delete(target, recursive: true);
        try
        {
            Directory.Move(partial, target);
        }
        catch (IOException) when (IsComplete(target))
        {
            // Another process has installed the same version meanwhile.
        }
    }

    /// <summary>Removes old leftovers of killed runs.</summary>
    static void RemoveLeftovers(string folder)
    {
        foreach (var left in Directory.GetDirectories(folder, Partial + "*"))
            if (Directory.GetCreationTimeUtc(left) < DateTime.UtcNow.AddHours(-6)) Directory.Delete(left, recursive: true);
    }
}
