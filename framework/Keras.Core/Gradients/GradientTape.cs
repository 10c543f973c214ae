using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras;

/// <summary>Records operations so that gradients can be taken through them.</summary>
/// <remarks>Variables that are trainable are watched when they are read; other tensors by <see cref="watch(Tensor)"/>. Tapes nest: a tape records
/// the gradients that another computes, which gives higher derivatives. A tape belongs to the thread that made it.</remarks>
public sealed class GradientTape : IDisposable
{
    [ThreadStatic] static List<GradientTape>? _active;
    [ThreadStatic] static ISet<Variable>? _reads;

    readonly bool _persistent;
    readonly bool _watchVariables;
    readonly HashSet<Tensor> _tracked = new(ReferenceEqualityComparer.Instance);
    List<Entry>? _entries = [];

    /// <summary>Starts to record.</summary>
    /// <param name="persistent">Whether <see cref="gradient(Tensor, IReadOnlyList{Tensor}, Tensor?, string)"/> may be called more than once; default false.</param>
    /// <param name="watch_accessed_variables">Whether trainable variables are watched when they are read; default true.</param>
    public GradientTape(bool persistent = false, bool watch_accessed_variables = true)
    {
        (_persistent, _watchVariables) = (persistent, watch_accessed_variables);
        (_active ??= []).Add(this);
    }

    /// <summary>One recorded call.</summary>
    readonly record struct Entry(OpDefinition? Op, Attributes Attributes, Tensor[] Inputs, Tensor[] Outputs, Func<Tensor?[], Tensor?[]>? Custom);

    /// <summary>Records what depends on a tensor.</summary>
    /// <exception cref="DTypeMismatchException">The tensor is not of a floating or complex dtype.</exception>
    public void watch(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!IsDifferentiable(tensor.dtype))
            throw new DTypeMismatchException("Only floating tensors have gradients", "GradientTape.watch", "a floating dtype", tensor.dtype.Name);
        _tracked.Add(tensor);
    }

    /// <summary>Records what depends on a variable, trainable or not.</summary>
    public void watch(Variable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        _tracked.Add(variable.Handle);
    }

    /// <summary>Records what depends on a tensor or a variable's handle.</summary>
    internal void Track(Tensor tensor) => _tracked.Add(tensor);

    /// <summary>Stops recording; gradients can still be taken.</summary>
    public void Dispose() => _active?.Remove(this);

    /// <summary>The gradients of <paramref name="target"/> (summed, if it is no scalar) with respect to variables.</summary>
    /// <param name="target">The tensor to derive, any shape.</param>
    /// <param name="sources">The variables to derive by.</param>
    /// <param name="output_gradients">A weight for each element of the target, of its shape; default ones.</param>
    /// <param name="unconnected_gradients">"none" (null where the target does not depend on a source) or "zero"; default "none".</param>
    /// <returns>A gradient of each source's shape, or null.</returns>
    // Arrays convert to tensors too; here they are lists.
    [OverloadResolutionPriority(1)]
    public Tensor?[] gradient(Tensor target, IReadOnlyList<Variable> sources, Tensor? output_gradients = null, string unconnected_gradients = "none")
    {
        ArgumentNullException.ThrowIfNull(sources);
        return Derive([target], [output_gradients], [.. sources.Select(s => s.Handle)], unconnected_gradients,
            i => Tf.Zeros(sources[i].shape, sources[i].dtype));
    }

    /// <summary>The gradients of <paramref name="target"/> (summed, if it is no scalar) with respect to watched tensors.</summary>
    /// <inheritdoc cref="gradient(Tensor, IReadOnlyList{Variable}, Tensor?, string)"/>
    [OverloadResolutionPriority(1)]
    public Tensor?[] gradient(Tensor target, IReadOnlyList<Tensor> sources, Tensor? output_gradients = null, string unconnected_gradients = "none")
    {
        ArgumentNullException.ThrowIfNull(sources);
        return Derive([target], [output_gradients], [.. sources], unconnected_gradients, i => Tf.ZerosLike(sources[i]));
    }

    /// <summary>The gradient of <paramref name="target"/> with respect to one watched tensor.</summary>
    public Tensor? gradient(Tensor target, Tensor source) => gradient(target, [source])[0];

    /// <summary>The gradient of <paramref name="target"/> with respect to one variable.</summary>
    public Tensor? gradient(Tensor target, Variable source) => gradient(target, [source])[0];

    /// <summary>The gradients of several targets, each with its own output gradient.</summary>
    internal Tensor?[] Gradients(Tensor[] targets, Tensor?[] outputGradients, Tensor[] sources) =>
        Derive(targets, outputGradients, sources, "none", i => Tf.ZerosLike(sources[i]));

    Tensor?[] Derive(Tensor[] targets, Tensor?[] outputGradients, Tensor[] sources, string unconnected, Func<int, Tensor> zero)
    {
        if (unconnected is not ("none" or "zero"))
            throw new ArgumentException($"Expected: \"none\" or \"zero\". Received: \"{unconnected}\".", nameof(unconnected));
        var entries = _entries ?? throw new InvalidOperationException("The tape was used already. Make it with persistent: true to take several gradients.");
        if (!_persistent) _entries = null;
        var wasActive = _active?.Remove(this) ?? false;
        try
        {
            var found = Backward(entries, targets, outputGradients, sources);
            if (unconnected == "zero")
                for (var i = 0; i < found.Length; i++) found[i] ??= zero(i);
            return found;
        }
        finally
        {
            if (wasActive && _persistent) _active!.Add(this);
        }
    }

    Tensor?[] Backward(List<Entry> entries, Tensor[] targets, Tensor?[] outputGradients, Tensor[] sources)
    {
        var sums = new Dictionary<Tensor, List<Tensor>>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < targets.Length; i++)
            if (IsDifferentiable(targets[i].dtype) && (targets.Length == 1 || outputGradients[i] is not null))
                Accumulate(sums, targets[i], outputGradients[i] ?? Tf.OnesLike(targets[i]));
        var kept = new HashSet<Tensor>(sources, ReferenceEqualityComparer.Instance);
        for (var e = entries.Count - 1; e >= 0; e--)
        {
            var entry = entries[e];
            var arrived = Array.ConvertAll(entry.Outputs, o => Take(sums, o, kept));
            if (Array.TrueForAll(arrived, g => g is null)) continue;
            var inputGradients = InputGradients(entry, arrived);
            for (var i = 0; i < inputGradients.Length; i++)
                if (inputGradients[i] is { } gradient && _tracked.Contains(entry.Inputs[i])) Accumulate(sums, entry.Inputs[i], gradient);
        }
        return Array.ConvertAll(sources, s => Take(sums, s, kept));
    }

    Tensor?[] InputGradients(Entry entry, Tensor?[] arrived)
    {
        if (entry.Custom is { } custom)
        {
            var gradients = custom(arrived);
            return gradients.Length == entry.Inputs.Length ? gradients : throw new ArgumentException(
                $"A custom gradient returned {gradients.Length} gradients for {entry.Inputs.Length} inputs. Return one for each input, null where none flows.");
        }
        var op = entry.Op!;
        var context = new GradientContext(op, entry.Attributes, entry.Inputs, entry.Outputs, arrived, i => _tracked.Contains(entry.Inputs[i]));
        var rule = op.Gradient ?? (op.IsComposite ? ThroughDecomposition : throw new UnsupportedException(
            "An operation has no gradient rule", (entry.Outputs[0] as SymbolicTensor)?.Node.ToString() ?? op.Name,
                remedy: "Wrap its result in ops.stop_gradient if no gradient should flow, or use ops.custom_gradient."));
        return rule(context);
    }

    /// <summary>The gradient of a composite without a rule of its own: that of its primitive ops.</summary>
    internal static Tensor?[] ThroughDecomposition(GradientContext c)
    {
        using var tape = new GradientTape(watch_accessed_variables: false);
        foreach (var input in c.Inputs) tape._tracked.Add(input);
        var outputs = c.Op.Decomposition!(c);
        var gradients = tape.Gradients(outputs, c.Gradients, c.Inputs);
        // A tensor that goes in twice gets its whole gradient at the first place.
        for (var i = 1; i < gradients.Length; i++)
            if (Array.FindIndex(c.Inputs, input => ReferenceEquals(input, c.Inputs[i])) < i) gradients[i] = null;
        return gradients;
    }

    static void Accumulate(Dictionary<Tensor, List<Tensor>> sums, Tensor tensor, Tensor gradient)
    {
        if (sums.TryGetValue(tensor, out var parts)) parts.Add(gradient);
        else sums[tensor] = [gradient];
    }

    static Tensor? Take(Dictionary<Tensor, List<Tensor>> sums, Tensor tensor, HashSet<Tensor> kept)
    {
        if (!sums.TryGetValue(tensor, out var parts)) return null;
        var sum = parts.Count == 1 ? parts[0] : Tf.AddN(parts.ToArray());
        if (kept.Contains(tensor)) sums[tensor] = [sum];
        else sums.Remove(tensor);
        return sum;
    }

    internal static void RecordAll(OpDefinition op, Attributes attributes, ReadOnlySpan<Tensor> inputs, Tensor[] outputs)
    {
        if (_active is not { Count: > 0 } tapes || !op.IsDifferentiable) return;
        Tensor[]? copy = null;
        foreach (var tape in tapes)
            if (tape.Tracks(inputs)) tape.Record(new(op, attributes, copy ??= inputs.ToArray(), outputs, null));
    }

    /// <summary>Runs <paramref name="forward"/> unrecorded and records its result with a gradient of its own.</summary>
    internal static Tensor[] Custom(Tensor[] inputs, Func<Tensor[], (Tensor[] Outputs, Func<Tensor?[], Tensor?[]> Gradient)> forward)
    {
        (Tensor[] Outputs, Func<Tensor?[], Tensor?[]> Gradient) result;
        using (Pause()) result = forward(inputs);
        foreach (var tape in _active ?? [])
            if (tape.Tracks(inputs)) tape.Record(new(null, Attributes.None, inputs, result.Outputs, result.Gradient));
        return result.Outputs;
    }

    internal static void VariableRead(Variable variable)
    {
        if (!variable.trainable) return;
        _reads?.Add(variable);
        foreach (var tape in _active ?? [])
            if (tape._watchVariables) tape._tracked.Add(variable.Handle);
    }

    /// <summary>Collects the trainable variables that this thread reads until disposed, whether tapes record or not.</summary>
    internal static IDisposable CollectReads(ISet<Variable> reads)
    {
        var before = _reads;
        _reads = reads;
        return new Engines.Scope(() => _reads = before);
    }

    /// <summary>Whether a tape of this thread records anything now.</summary>
    internal static bool IsActive => _active is { Count: > 0 };

    /// <summary>Suspends every tape of this thread until disposed.</summary>
    internal static IDisposable Pause()
    {
        var paused = _active;
        _active = null;
        return new Engines.Scope(() => _active = paused);
    }

    bool Tracks(ReadOnlySpan<Tensor> inputs)
    {
        foreach (var input in inputs)
            if (_tracked.Contains(input)) return true;
        return false;
    }

    void Record(Entry entry)
    {
        if (_entries is null) return;
        _entries.Add(entry);
        foreach (var output in entry.Outputs)
            if (CarriesGradients(output.dtype)) _tracked.Add(output);
    }

    /// <summary>Lists of tensors have no gradient, but what is read from one depends on what was put in.</summary>
    static bool CarriesGradients(DType dtype) => IsDifferentiable(dtype) || dtype == DType.Variant;

    static bool IsDifferentiable(DType dtype) => dtype.IsFloating || dtype.IsComplex;
}
