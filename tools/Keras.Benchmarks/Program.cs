// Measures one task of one model and prints the figures: README.md, Benchmarks.
using Keras;
using Keras.Backend;
using Keras.Benchmarks;
using static Keras.Api;

if (args is [Contention.Part])
{
    Contention.BeBusy();
    return 0;
}
try
{
    var options = BenchmarkOptions.Parse(args);
    EngineSelection.Threads = options.Threads;
    keras.utils.set_random_seed(1);
    using var contention = new Contention(options.Contention);
    Report.Print(options, TaskTable.Run(options));
    return 0;
}
catch (OptionException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
catch (Exception e) when (e is KerasException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"{e.GetType().Name}: {e.Message}");
    return 1;
}
