using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Keras.Engines.Torch;

/// <summary>Fetches libtorch by NuGet, from the user's own sources, into the folder of packages that <see cref="TorchSearch"/> looks into.</summary>
static class TorchInstall
{
    /// <summary>The folder of the library, fetched where it is not here.</summary>
    /// <exception cref="EngineNotFoundException">There is no package for this system, no .NET SDK to fetch it with, or NuGet failed; the message has what it said.</exception>
    public static string Run(CancellationToken cancellation)
    {
        if (TorchSearch.Find() is { } here) return here;
        // A folder that is named is the only one that counts, so a package would help nothing.
        if (Environment.GetEnvironmentVariable(TorchSearch.Variable) is { Length: > 0 } named)
            throw new EngineNotFoundException("A folder without libtorch is named", TorchSearch.Variable, string.Join(" and ", TorchFiles.Current.Required), named, "Take the variable away, or name another folder.");
        var system = TorchSearch.RuntimeId;
        if (!TorchSearch.Packaged.Contains(system)) throw new EngineNotFoundException("libtorch cannot be fetched", TorchSearch.Package, string.Join(", ", TorchSearch.Packaged), system, TorchSearch.Remedy(system));
        Download(cancellation);
        return TorchSearch.Require();
    }

    static void Download(CancellationToken cancellation)
    {
        var package = $"{TorchSearch.Package}@{TorchSearch.Version}";
        var start = new ProcessStartInfo(Dotnet(), ["package", "download", package, "--output", Path.GetFullPath(TorchSearch.PackagesFolder)])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            // A global.json or nuget.config of the current folder is another project's.
            WorkingDirectory = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        };
        using var process = Process.Start(start)!;
        using var stop = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
            throw new EngineNotFoundException("NuGet could not fetch libtorch", package, "a source that has it (dotnet nuget list source)", (said + error.GetAwaiter().GetResult()).Trim(), "Look at the network and the sources, and try again.");
    }

    /// <summary>The program of the SDK that lies beside the runtime of this process.</summary>
    static string Dotnet()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var dotnet = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(dotnet) && Directory.Exists(Path.Combine(root, "sdk")) ? dotnet
            : throw new EngineNotFoundException("libtorch cannot be fetched without the .NET SDK", TorchSearch.Package, "the .NET SDK 10", $"a runtime alone in {root}", $"Install the SDK, or set {TorchSearch.Variable} to a folder with the libraries of libtorch {TorchSearch.Version}.");
    }
}
