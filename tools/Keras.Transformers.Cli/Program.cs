using System.Runtime.InteropServices;
using Keras.Transformers.Cli;

// The first Ctrl-C asks the work to stop at a point where all files are complete; the second ends the process at once.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
});
return await CommandLine.RunAsync(args, Terminal.Create(), stop.Token);
