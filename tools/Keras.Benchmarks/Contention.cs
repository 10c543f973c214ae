using System.Diagnostics;

namespace Keras.Benchmarks;

/// <summary>Processes that each keep a core busy, as other programs on a machine do, until disposal or the end of this process.</summary>
sealed class Contention : IDisposable
{
    /// <summary>The first argument of such a process.</summary>
    public const string Part = "_busy";

    readonly List<Process> _processes = [];

    /// <summary>Starts processes and waits until they run.</summary>
    public Contention(int processes)
    {
        for (var i = 0; i < processes; i++) _processes.Add(OwnProcess.Start(Part));
        foreach (var process in _processes) process.StandardOutput.ReadLine();
    }

    /// <summary>The loop of such a process: keeps a core busy until its input is closed.</summary>
    public static void BeBusy()
    {
        Console.WriteLine("busy");
        var end = Task.Run(Console.In.ReadToEnd);
        while (!end.IsCompleted) Thread.SpinWait(1000);
    }

    /// <summary>Ends the processes.</summary>
    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
