using System.Diagnostics;
using System.Reflection;

namespace Keras.Tests;

/// <summary>Runs a static method of the test assembly in a process of its own, for tests that kill one.</summary>
sealed class ChildProcess : IDisposable
{
    readonly Process _process;

    ChildProcess(Process process) => _process = process;

    static void Main(string[] args) =>
        typeof(ChildProcess).Assembly.GetType(args[0], throwOnError: true)!
            .GetMethod(args[1], BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!
            .Invoke(null, [args[2]]);

    /// <summary>Starts a static method with one argument; its standard input closes when the parent ends.</summary>
    /// <param name="method">What to run.</param>
    /// <param name="argument">What it is given.</param>
    /// <param name="assembly">A copy of this assembly to run instead.</param>
    /// <param name="environment">Variables to set, or with null to take away.</param>
    public static ChildProcess Start(Action<string> method, string argument, string? assembly = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(Repository.Dotnet) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argumentOfChild in (string[])["exec", assembly ?? typeof(ChildProcess).Assembly.Location, method.Method.DeclaringType!.FullName!, method.Method.Name, argument])
            start.ArgumentList.Add(argumentOfChild);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    public string? ReadLine() => _process.StandardOutput.ReadLine();

    /// <summary>Ends the child's wait in <see cref="Console.ReadLine"/>; gives its exit code.</summary>
    public int Finish()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }
}
