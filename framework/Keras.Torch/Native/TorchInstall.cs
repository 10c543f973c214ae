using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Keras.Engines.Torch;

/// <summary>Downloads libtorch with NuGet, from the user's own sources, into the package folder that <see cref="TorchSearch"/> searches.</summary>
static class TorchInstall
{
    /// <summary>Returns the library's folder, after downloading it if it is missing.</summary>
    /// <exception cref="EngineNotFoundException">There is no package for this system, no .NET SDK to download it with, or NuGet failed; the message includes NuGet's output.</exception>
    public static string Run(CancellationToken cancellation)
    {
        if (TorchSearch.Find() is { } here) return here;
        // If the variable names a folder, only that one counts, and a package would not help.
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
            // A global.json or nuget.config in the current folder may belong to another project.
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

    /// <summary>The path of the SDK's program, beside the runtime of this process.</summary>
    static string Dotnet()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var dotnet = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(dotnet) && Directory.Exists(Path.Combine(root, "sdk")) ? dotnet
            : throw new EngineNotFoundException("libtorch cannot be fetched without the .NET SDK", TorchSearch.Package, "the .NET SDK 10", $"a runtime alone in {root}", $"Install the SDK, or set {TorchSearch.Variable} to a folder with the libraries of libtorch {TorchSearch.Version}.");
    }
}
