// Measures other libraries on the tasks of Keras.Benchmarks: README.md, Benchmarks.
using Keras.Benchmarks;

if (args is [Contention.Part])
{
    Contention.BeBusy();
    return 0;
}
try
{
    var options = PeerOptions.Parse(args);
    using var contention = new Contention(options.Number("--contention", 0));
    foreach (var line in options.Task == "infer" ? OnnxInference.Run(options) : TokenizerRace.Run(options)) Console.WriteLine(line.ToJsonString());
    return 0;
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
