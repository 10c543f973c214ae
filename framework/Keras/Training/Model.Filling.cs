using Keras.Layers;
using Keras.Training;

namespace Keras;

// Which models have a last batch of fewer rows filled up, because it changes nothing but the time that XLA would compile for it.
public abstract partial class Model
{
    /// <summary>What rows hold that fill a batch up, by path (<see cref="Batch.Named"/>); null for the values of another row.</summary>
    internal virtual long? FillerOf(string path) => null;

    /// <summary>Whether what is computed of a row, and its part of the model's own loss, does not depend on the other rows of a batch.</summary>
    internal virtual bool ComputesRowsApart => true;

    /// <summary>Whether every row is computed by itself, and losses and metrics heed which rows count: true where all classes are this library's, and none looks at a whole batch.</summary>
    bool CanFillBatches(CompiledState? state, bool trains) => jit_compile && state is { Loss: null or { IsByRows: true }, Metrics: null or { IsByRows: true }, WeightedMetrics: null or { IsByRows: true } }
        && AllLayers().Prepend(this).All(l => IsOurs(l) && l is not (Lambda or KerasOperation or Model { ComputesRowsApart: false } or RNN { stateful: true }) && l.activity_regularizer is null && !(trains && l is BatchNormalization));

    static bool IsOurs(Layer layer) => IsOurs(layer.GetType());

    internal static bool IsOurs(Type type) => OurAssemblies.Contains(type.Assembly.GetName().Name);

    static readonly string[] OurAssemblies = [typeof(Model).Assembly.GetName().Name!, "Keras.Transformers"];
}
