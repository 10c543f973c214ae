using Keras.Graphs;

namespace Keras.Backend;

/// <summary>Runs a layer so that its inner values are not kept for gradients but computed again when they are needed (gradient checkpointing).</summary>
/// <remarks>Chen et al. 2016 (arXiv:1604.06174). The second pass takes the inputs through a barrier together with the arriving gradients, so that no
/// optimizer of a graph can merge it with the first or begin it early. Random draws of the first pass are used again. Writes of the layer to
/// variables other than seeds would happen twice.</remarks>
static class Recompute
{
    /// <summary>Applies a layer; without an active tape as ever.</summary>
    public static Tensors Run(Layer layer, CallArguments args)
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
            return ([.. structure.Flatten()], gradients => Gradients(layer, args, inputs, variables, draws, gradients));
        });
        return structure!.Pack(outputs);
    }

    static Tensor?[] Gradients(Layer layer, CallArguments args, Tensor[] inputs, Tensor[] variables, List<Tensor> draws, Tensor?[] arrived)
    {
        Tensor[] needed = [.. arrived.OfType<Tensor>()];
        var behind = Tf.OptimizationBarrier([.. inputs, .. needed]);
        var (again, late) = (behind[..inputs.Length], behind[inputs.Length..]);
        using var tape = new GradientTape(watch_accessed_variables: false);
        foreach (var source in again.Concat(variables)) tape.Track(source);
        Tensor[] outputs;
        using (SeedGenerator.Replay(draws)) outputs = [.. layer.Apply(args.With(again)).Flatten()];
        var next = 0;
        return tape.Gradients(outputs, Array.ConvertAll(arrived, g => g is null ? null : late[next++]), [.. again, .. variables]);
    }
}
