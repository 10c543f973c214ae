using Keras.Layers;
using Keras.Training;

namespace Keras;

// Decides which models get a smaller last batch padded: those where it changes nothing but saves XLA a compilation.
public abstract partial class Model
{
    /// <summary>The value in padding rows, by path (<see cref="Batch.Named"/>); null for the values of another row.</summary>
    internal virtual long? FillerOf(string path) => null;

    /// <summary>Whether the results of a row, including its part of the model's own loss, are independent of the other rows in a batch.</summary>
    internal virtual bool ComputesRowsApart => true;

    /// <summary>Whether rows are independent, and losses and metrics ignore padding rows: true if all classes are this library's and none uses the whole batch.</summary>
    bool CanFillBatches(CompiledState? state, bool trains) => jit_compile && state is { Loss: null or { IsByRows: true }, Metrics: null or { IsByRows: true }, WeightedMetrics: null or { IsByRows: true } }
        && AllLayers().Prepend(this).All(l => IsOurs(l) && l is not (Lambda or KerasOperation or Model { ComputesRowsApart: false } or RNN { stateful: true }) && l.activity_regularizer is null && !(trains && l is BatchNormalization));

    static bool IsOurs(Layer layer) => IsOurs(layer.GetType());

    internal static bool IsOurs(Type type) => OurAssemblies.Contains(type.Assembly.GetName().Name);

    static readonly string[] OurAssemblies = [typeof(Model).Assembly.GetName().Name!, "Keras.Transformers"];
}
