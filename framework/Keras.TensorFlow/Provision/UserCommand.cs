using System.ComponentModel;
using System.Diagnostics;

namespace Keras.Engines.TensorFlow;

/// <summary>Runs commands installed on the user's machine.</summary>
static class UserCommand
{
    const int LinesInErrors = 8;

    /// <summary>Whether a command exists and succeeds.</summary>
    public static bool Starts(string command, params string[] arguments)
    {
        try
        {
            using var process = Start(command, arguments);
            process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Runs a command and passes on its output.</summary>
    /// <exception cref="EngineNotFoundException">The command failed; the message ends with its last output.</exception>
    public static void Run(string command, IReadOnlyList<string> arguments, TextWriter output)
    {
        using var process = Start(command, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        while (process.StandardOutput.ReadLine() is { } line) output.WriteLine("  " + line);
        Finish(process, errors);
    }

    /// <summary>Runs a command and reads its output as bytes.</summary>
    /// <exception cref="InvalidDataException">The command failed.</exception>
    public static void Read(string command, IReadOnlyList<string> arguments, Action<Stream> read)
    {
        using var process = Start(command, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            read(process.StandardOutput.BaseStream);
        }
        catch
        {
            process.Kill();
            throw;
        }
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidDataException(errors.Result.Trim());
    }

    static Process Start(string command, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        return Process.Start(start)!;
    }

    static void Finish(Process process, Task<string> errors)
    {
        process.WaitForExit();
        if (process.ExitCode == 0) return;
        var said = errors.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var reasons = said.Where(s => s.StartsWith("ERROR", StringComparison.Ordinal)).ToArray();
        throw new EngineNotFoundException("TensorFlow's package could not be downloaded", $"{process.StartInfo.FileName} ended with {process.ExitCode}", null,
            string.Join(" | ", (reasons.Length > 0 ? reasons : said).TakeLast(LinesInErrors)), $"Correct what pip says, or download the wheel or archive yourself and give the file: keras.config.provision_tensorflow(file, sha256), keras-provision --archive, or {ProvisionOptions.ArchiveVariable}.");
    }
}
