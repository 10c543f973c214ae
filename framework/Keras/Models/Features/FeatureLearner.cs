using Keras.Layers;

namespace Keras.Utils;

/// <summary>Adapts the layers of a feature space to batches of its columns.</summary>
sealed class FeatureLearner
{
    readonly Dictionary<string, IAdaptable> _layers;
    bool _any;

    public FeatureLearner(Dictionary<string, IAdaptable> layers)
    {
        _layers = layers;
        foreach (var layer in layers.Values) layer.reset_state();
    }

    /// <summary>The columns that layers learn from.</summary>
    public Dictionary<string, Tensor> Columns(Tensors data)
    {
        if (!data.IsDictionary || _layers.Keys.FirstOrDefault(k => !data.Keys.Contains(k)) is not null)
            throw new ArgumentException($"A feature space cannot learn from these data. Expected: a dictionary of its columns {Known.List(_layers.Keys)}. Received: {(data.IsDictionary ? Known.List(data.Keys) : data.Structure)}.", nameof(data));
        // If nothing is learned, any column gives the number of rows.
        return (_layers.Count > 0 ? _layers.Keys.AsEnumerable() : data.Keys).ToDictionary(k => k, k => FeatureSpace.AsColumn(data[k].Single));
    }

    public void Learn(Dictionary<string, Tensor> columns)
    {
        foreach (var (name, layer) in _layers) layer.update_state(columns[name]);
        _any = true;
    }

    public void Finish()
    {
        if (!_any) throw new ArgumentException("There are no data to learn from: the table has no rows.", "dataset");
        foreach (var layer in _layers.Values) layer.finalize_state();
    }
}
