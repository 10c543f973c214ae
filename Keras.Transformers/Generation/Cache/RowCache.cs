using Keras.Graphs;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>The cache of texts of different lengths, one new token each: each row is filled from its first position.</summary>
/// <remarks>The keys of a layer, and its values, are one resource each, (B · H · S, D). The call's mask says which positions a token sees.</remarks>
/// <param name="form">The form of keys and values.</param>
/// <param name="resources">The keys' resources, then the values'.</param>
/// <param name="rows">The rows of a resource for the new tokens, (B · H, 1), int32.</param>
/// <param name="batch">The number of texts, B.</param>
/// <param name="places">The number of positions of each text, S.</param>
/// <param name="dtype">The dtype of keys and values.</param>
sealed class RowCache(CacheForm form, IReadOnlyList<Tensor> resources, Tensor rows, Dim batch, Dim places, DType dtype) : KeyValueCache(form.Layers)
{
    /// <summary>0, because rows differ in length; each call gives the positions.</summary>
    public override Dim Length => 0;

    public override (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values) => (Write(resources[layer], keys), Write(resources[Layers + layer], values));

    Tensor Write(Tensor resource, Tensor added)
    {
        Tf.ResourceScatterNdUpdate(resource, rows, ops.cast(ops.reshape(added, [-1, form.Size]), dtype));
        return ops.reshape(Tf.ReadVariable(resource, dtype), [batch, form.Heads, places, form.Size]);
    }

    public override Tensor Visible(Dim added) => throw new InvalidOperationException("Rows of different lengths have a mask for each token.");

    public override Tensor Widen(Tensor mask) => mask;

    private protected override void Change(Func<Tensor, Tensor> change) => throw new InvalidOperationException("Rows of different lengths are not reordered inside a step.");

    private protected override (Tensor Keys, Tensor Values) Read(int layer) => throw new InvalidOperationException("Rows of different lengths are not one tensor.");
}
