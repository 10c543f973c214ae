namespace Keras.Transformers.Tests.Cli;

/// <summary>Files that commands work on: a table of animals and plants, and a model that was trained on it by the command line, once for all tests.</summary>
[SetUpFixture]
public sealed class CommandFixture
{
    static TemporaryFolder? s_folder;

    public static string Bert => Repository.PathOf("models", "bert-tiny");

    public static string Gpt2 => Repository.PathOf("models", "gpt2-tiny");

    public static string Train => Repository.PathOf("examples", "CakePipeline", "train.csv");

    public static string Test => Repository.PathOf("examples", "CakePipeline", "test.csv");

    public static string Cache => s_folder!["cache"];

    /// <summary>The model, which tells animals from plants.</summary>
    public static string TrainedModel => s_folder!["model"];

    /// <summary>How its training ended.</summary>
    internal static CommandRun Trained { get; private set; } = null!;

    [OneTimeSetUp]
    public void TrainModel()
    {
        EngineFixture.SkipWithoutEngine();
        s_folder = new();
        Trained = CommandRun.Of("train", "--task", "text-classification", "--model", Bert, "--data", Train, "--eval-data", Test, "--output", TrainedModel, "--epochs", "8", "--batch-size", "8", "--lr", "1e-3", "--max-length", "32", "--cache-dir", Cache, "--json");
    }

    [OneTimeTearDown]
    public void Remove() => s_folder?.Dispose();

    /// <summary>Writes a file of lines into a folder.</summary>
    internal static string Lines(TemporaryFolder folder, string name, params IEnumerable<string> lines)
    {
        File.WriteAllLines(folder[name], lines);
        return folder[name];
    }

    internal static double Number(System.Text.Json.JsonElement json, params string[] path) => path.Aggregate(json, (at, name) => at.GetProperty(name)).GetDouble();
}
