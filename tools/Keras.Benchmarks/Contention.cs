using System.Diagnostics;

namespace Keras.Benchmarks;

/// <summary>Processes that keep a core busy each, as other programs of a machine do, until this is disposed or its process ends.</summary>
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

    /// <summary>What such a process does: nothing of use, until nobody holds the other end of its input.</summary>
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
