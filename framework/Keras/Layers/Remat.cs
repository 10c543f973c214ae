using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras;

public sealed partial class KerasApi
{
    /// <summary>Saves memory in training: the returned function computes the same, but is computed again for gradients instead of keeping its inner values (gradient checkpointing).</summary>
    /// <param name="f">Maps inputs to outputs, of any shapes and dtypes; it may read variables and apply layers. Tensors that it uses beside its inputs get no gradient,
    /// and what it changes (a cache, variables other than seeds) is changed twice.</param>
    /// <remarks>Random draws are the same in both passes. Source: keras/src/backend/common/remat.py; Chen et al. 2016 (arXiv:1604.06174).</remarks>
    public Func<Tensors, Tensors> remat(Func<Tensors, Tensors> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return inputs => Recompute.Run([.. inputs.Flatten()], tensors => f(inputs.Pack(tensors)));
    }

    /// <summary>Saves memory in training: the returned call of a layer computes the same, but is computed again for gradients instead of keeping its inner values (gradient checkpointing).</summary>
    /// <typeparam name="TArguments">The layer's arguments.</typeparam>
    /// <typeparam name="TOut">The layer's outputs.</typeparam>
    /// <param name="f">The layer.</param>
    /// <inheritdoc cref="remat(Func{Tensors, Tensors})" path="/remarks"/>
    public Func<TArguments, TOut> remat<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TArguments, TOut>(Layer<TArguments, TOut> f)
        where TArguments : LayerArguments, new()
        where TOut : Tensors
    {
        ArgumentNullException.ThrowIfNull(f);
        return arguments =>
        {
            var call = LayerArguments.ToCall(arguments);
            return (TOut)Recompute.Run([.. call.AllTensors()], tensors => f.Apply(call.With(tensors)));
        };
    }
}

/// <summary>Runs functions without keeping inner values for gradients; they are recomputed when needed.</summary>
/// <remarks>
/// The second pass of a function takes its inputs plus a zero computed from the incoming gradients and from the variable gradients of the function after it. So no graph
/// optimizer can merge it with the first pass, and no scheduler starts it while the later function still holds its values. (XLA on CPUs removes its own optimization
/// barrier before it merges equal computations: measured, it saved nothing.)
/// </remarks>
static class Recompute
{
    /// <summary>For each graph, the variable gradients of the function whose second pass came last.</summary>
    static readonly ConditionalWeakTable<Graph, Tensor[]> Behind = [];

    /// <summary>Runs a function; without an active tape, simply calls it.</summary>
    public static Tensors Run(Tensor[] inputs, Func<Tensor[], Tensors> function)
    {
        if (!GradientTape.IsActive) return function(inputs);
        var draws = new List<Tensor>();
        Tensors structure;
        Variable[] read;
        using (GradientTape.Pause())
        using (SeedGenerator.Record(draws))
        using (var reads = VariableReads.Note())
        {
            structure = function(inputs);
            read = [.. reads.Variables.Where(v => v.trainable).Distinct()];
        }
        // These variables were read while tapes were paused, but the tapes must know them.
        foreach (var variable in read) GradientTape.VariableRead(variable);
        Tensor[] variables = [.. read.Select(v => v.Handle)];
        var (training, dtype) = (CallContext.Given, Autocast.Current);
        // The second pass runs outside the calls that set the compute dtype and training mode.
        Tensors Again(Tensor[] tensors)
        {
            using (CallContext.Resume(training))
            using (Autocast.Enter(dtype)) return function(tensors);
        }

        return structure.Pack(GradientTape.Custom([.. inputs, .. variables],
            _ => ([.. structure.Flatten()], arrived => Gradients(Again, inputs, variables, draws, arrived))));
    }

    static Tensor?[] Gradients(Func<Tensor[], Tensors> function, Tensor[] inputs, Tensor[] variables, List<Tensor> draws, Tensor?[] arrived)
    {
        var behind = Graph.Current is { } graph ? Behind.GetValue(graph, _ => []) : [];
        var zero = ZeroAfter([.. arrived.OfType<Tensor>(), .. behind]);
        Tensor Late(Tensor tensor) => tensor.dtype.IsFloating || tensor.dtype == DType.Int64 ? tensor + Tf.Cast(zero, tensor.dtype) : tensor;
        var again = Array.ConvertAll(inputs, Late);
        using var tape = new GradientTape(watch_accessed_variables: false);
        foreach (var source in again.Concat(variables)) tape.Track(source);
        Tensor[] outputs;
        using (SeedGenerator.Replay(draws.ConvertAll(Late))) outputs = [.. function(again).Flatten()];
        var gradients = tape.Gradients(outputs, arrived, [.. again, .. variables]);
        if (Graph.Current is { } current) Behind.AddOrUpdate(current, [.. gradients.Skip(inputs.Length).OfType<Tensor>()]);
        return gradients;
    }

    /// <summary>min(|x|, 0) of an element of each tensor: a zero that is only known after all of them.</summary>
    static Tensor ZeroAfter(Tensor[] tensors)
    {
        var elements = Array.ConvertAll(tensors, t => Tf.Slice(Tf.Reshape(Tf.Cast(t, DType.Float32), Tf.Int32(-1)), [0], [1]));
        return Tf.Minimum(Tf.Min(Tf.Abs(Tf.Concat(elements, 0)), [0]), Tf.Constant(0, DType.Float32));
    }
}
