using Keras.Graphs;

namespace Keras.Backend;

/// <summary>Runs layers, one after another, so that their inner values are not kept for gradients but computed again when these are needed (gradient checkpointing).</summary>
/// <remarks>
/// Chen et al. 2016 (arXiv:1604.06174). The second pass of a layer takes its inputs plus a zero that is computed from the arriving gradients and from the
/// weights' gradients of the layer behind: so no optimizer of a graph can merge it with the first pass, and no scheduler begins it while the layer behind
/// still holds its values. (XLA on CPUs takes its own optimization barrier out before it merges equal computations: measured, nothing was saved.)
/// Random draws of the first pass are used again. Writes of a layer to variables other than seeds would happen twice.
/// </remarks>
sealed class Recompute
{
    Tensor[] _behind = [];

    /// <summary>Applies a layer; without an active tape as ever.</summary>
    public Tensors Run(Layer layer, CallArguments args)
    {
        if (!GradientTape.IsActive || !layer.built) return layer.Apply(args);
        // The second pass runs outside of the calls that say whether this is training.
        args.Training ??= CallContext.Current?.Training;
        var inputs = args.AllTensors().ToArray();
        var weights = layer.trainable_weights;
        // They are read with tapes paused, which have to know them all the same.
        foreach (var weight in weights) GradientTape.VariableRead(weight);
        var variables = weights.Select(w => (Tensor)w.Handle).ToArray();
        Tensors? structure = null;
        var outputs = GradientTape.Custom([.. inputs, .. variables], _ =>
        {
            var draws = new List<Tensor>();
            using (SeedGenerator.Record(draws)) structure = layer.Apply(args);
            return ([.. structure.Flatten()], arrived => Gradients(layer, args, inputs, variables, draws, arrived));
        });
        return structure!.Pack(outputs);
    }

    Tensor?[] Gradients(Layer layer, CallArguments args, Tensor[] inputs, Tensor[] variables, List<Tensor> draws, Tensor?[] arrived)
    {
        var zero = ZeroAfter([.. arrived.OfType<Tensor>(), .. _behind]);
        Tensor Late(Tensor tensor) => tensor.dtype.IsFloating || tensor.dtype == DType.Int64 ? tensor + Tf.Cast(zero, tensor.dtype) : tensor;
        var again = Array.ConvertAll(inputs, Late);
        using var tape = new GradientTape(watch_accessed_variables: false);
        foreach (var source in again.Concat(variables)) tape.Track(source);
        Tensor[] outputs;
        using (SeedGenerator.Replay(draws.ConvertAll(Late))) outputs = [.. layer.Apply(args.With(again)).Flatten()];
        var gradients = tape.Gradients(outputs, arrived, [.. again, .. variables]);
        _behind = [.. gradients.Skip(inputs.Length).OfType<Tensor>()];
        return gradients;
    }

    /// <summary>min(|x|, 0) of an element of each tensor: a zero that nobody knows before all of them.</summary>
    static Tensor ZeroAfter(Tensor[] tensors)
    {
        var elements = Array.ConvertAll(tensors, t => Tf.Slice(Tf.Reshape(Tf.Cast(t, DType.Float32), Tf.Int32(-1)), [0], [1]));
        return Tf.Minimum(Tf.Min(Tf.Abs(Tf.Concat(elements, 0)), [0]), Tf.Constant(0, DType.Float32));
    }
}
