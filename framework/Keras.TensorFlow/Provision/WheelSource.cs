namespace Keras.Engines.TensorFlow;

/// <summary>Extracts the libraries from TensorFlow's Python package, which the user's own pip downloads.</summary>
static class WheelSource
{
    static readonly Dictionary<string, string> Packages = new()
    {
        ["linux-x64"] = "tensorflow-cpu",
        ["linux-arm64"] = "tensorflow",
        ["osx-arm64"] = "tensorflow",
    };

    static readonly string[] PipCommands = ["python3 -m pip", "pip3", "pip", "python -m pip"];

    /// <summary>A Python version for which every supported TensorFlow has a wheel; the version that pip itself runs on does not matter.</summary>
    const string PythonVersion = "3.12";

    /// <summary>Downloads the wheel and writes its libraries into a folder.</summary>
    /// <exception cref="UnsupportedException">There is no wheel for this system.</exception>
    /// <exception cref="EngineNotFoundException">There is no pip, or it could not get the wheel.</exception>
    /// <exception cref="FileFormatException">The wheel is damaged.</exception>
    public static void Fetch(ProvisionOptions options, string folder, TextWriter output)
    {
        if (!Packages.TryGetValue(LibrarySearch.RuntimeId, out var package))
            throw new UnsupportedException("TensorFlow has no Python package with its C library for this system", LibrarySearch.RuntimeId,
                string.Join(", ", Packages.Keys), LibrarySearch.RuntimeId, $"Reference SciSharp.TensorFlow.Redist 2.16.0 (Windows and Linux on x64), or set {LibrarySearch.Variable} to a folder with the library, or use KERAS_BACKEND=torch.");
        var pip = FindPip(options.Pip);
        var download = Directory.CreateDirectory(Path.Combine(folder, "wheel"));
        output.WriteLine($"Downloading {package} {options.Version} with {string.Join(' ', pip)} ...");
        UserCommand.Run(pip[0], [.. pip[1..], "download", $"{package}=={options.Version}", "--no-deps", "--only-binary=:all:",
            "--python-version", PythonVersion, "--disable-pip-version-check", "--dest", download.FullName], output);
        var wheels = download.GetFiles("*.whl");
        if (wheels.Length != 1)
            throw new FileFormatException("pip did not leave one wheel", download.FullName, "1 file", $"{wheels.Length}");
        ArchiveSource.Extract(wheels[0].FullName, options, folder, output);
        download.Delete(recursive: true);
    }

    static string[] FindPip(string? named)
    {
        string[] candidates = named is null ? PipCommands : [named];
        var found = Array.Find(candidates, c => c.Split(' ') is var words && UserCommand.Starts(words[0], [.. words[1..], "--version"]));
        return found?.Split(' ') ?? throw new EngineNotFoundException("pip was not found, so TensorFlow's package cannot be downloaded", null,
            "one of " + string.Join(", ", candidates), "none of them starts",
            $"Install pip, or download TensorFlow's wheel or archive yourself and give the file: keras.config.provision_tensorflow(file, sha256), keras-provision --archive, or {ProvisionOptions.ArchiveVariable}.");
    }
}
