using Keras.Backend;
using Keras.Engines;
using Keras.SavedModels;

namespace Keras.Export.Tests;

/// <summary>An export, loaded in each way that there is on the engine that runs.</summary>
sealed class Loaded(string folder) : IDisposable
{
    readonly ISavedModelRunner[] _runners = [EngineSelection.LoadSavedModel(folder), SavedModelRunner.Load(folder, EngineSelection.Current)];

    public IEnumerable<string> Signatures => _runners[0].Signatures;

    /// <summary>Runs a signature in every way; all give the same.</summary>
    public Dictionary<string, double[]> Run(string signature, Dictionary<string, Tensor> inputs)
    {
        var host = inputs.ToDictionary(i => i.Key, i => i.Value.RequireEager().ToHost());
        var results = Array.ConvertAll(_runners, r => r.Run(signature, host).ToDictionary(o => o.Key, o => o.Value.ToDouble()));
        foreach (var other in results[1..])
            foreach (var (name, values) in results[0]) Assert.That(other[name], Is.EqualTo(values).Within(1e-5), name);
        return results[0];
    }

    public void Dispose() => Array.ForEach(_runners, r => r.Dispose());
}
