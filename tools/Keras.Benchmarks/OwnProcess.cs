using System.Diagnostics;
using System.Reflection;

namespace Keras.Benchmarks;

/// <summary>This program once more, as a process of its own.</summary>
static class OwnProcess
{
    /// <summary>Starts it; what it reads and prints is ours.</summary>
    public static Process Start(params string[] arguments)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        var start = new ProcessStartInfo(program, [.. isHost ? [Assembly.GetEntryAssembly()!.Location] : Array.Empty<string>(), .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return Process.Start(start)!;
    }
}
