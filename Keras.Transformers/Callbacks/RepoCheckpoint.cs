using Keras.Callbacks;
using Keras.Files;
using Keras.Saving;

namespace Keras.Transformers;

/// <summary>The state that training resumes from: weights, optimizer state, random generators and the number of finished epochs, in the folder "checkpoint" beside the model.</summary>
static class RepoCheckpoint
{
    const string Folder = "checkpoint", Weights = "model.weights.h5", Extra = "extra_data.json", Epoch = "epoch", State = "state";

    /// <summary>The files of a checkpoint, as paths in the repository.</summary>
    public static IEnumerable<string> Files => [$"{Folder}/{Extra}", $"{Folder}/{Weights}"];

    public static void Save(Model model, string folder, int epochs)
    {
        using var files = new AtomicFileSet();
        KerasWeights.Save(model, files, Path.Combine(folder, Folder, Weights));
        files.WriteAllText(Path.Combine(folder, Folder, Extra), ConfigJson.Write(new Dictionary<string, object?> { [Epoch] = epochs, [State] = TrainingState.Save(model, withMetrics: false) }));
        files.Commit();
    }

    public static int Load(Model model, string folder)
    {
        var (weights, extra) = (Path.Combine(folder, Folder, Weights), Path.Combine(folder, Folder, Extra));
        foreach (var file in (string[])[weights, extra])
            if (!File.Exists(file)) throw new FileNotFoundException($"There is no checkpoint of training: '{file}' is missing. PushToHubCallback(checkpoint: true) writes it.", file);
        var data = ConfigJson.Read(File.ReadAllBytes(extra), extra);
        if (data.GetValueOrDefault(Epoch) is not (long epoch and >= 0 and <= int.MaxValue) || data.GetValueOrDefault(State) is not string state)
            throw new FileFormatException("A checkpoint does not say how far training was", extra, $"\"{Epoch}\": a number, \"{State}\": a text", $"{data.GetValueOrDefault(Epoch)}");
        KerasWeights.Load(model, weights, skipMismatch: false);
        TrainingState.Restore(model, state);
        return (int)epoch;
    }
}
