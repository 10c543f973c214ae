using System.Diagnostics;
using System.Reflection;

namespace Keras.Benchmarks;

/// <summary>Starts this program again as a separate process.</summary>
static class OwnProcess
{
    /// <summary>Starts the process with redirected input and output.</summary>
    public static Process Start(params string[] arguments)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        var start = new ProcessStartInfo(program, [.. isHost ? [Assembly.GetEntryAssembly()!.Location] : Array.Empty<string>(), .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return Process.Start(start)!;
    }
}
