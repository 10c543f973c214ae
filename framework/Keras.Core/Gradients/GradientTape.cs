using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras;

/// <summary>Records operations so that gradients can be taken through them, for training loops of your own.</summary>
/// <remarks>Trainable variables are watched when they are read, other tensors by <see cref="watch(Tensor)"/>. Tapes nest: a tape records
/// the gradients that another computes, which gives higher derivatives. A tape follows the code of its block: over an <c>await</c>, and into the tasks
/// that the block starts.</remarks>
/// <example>
/// <code>
/// var model = keras.Sequential([keras.Input(3), keras.layers.Dense(1)]);
/// var optimizer = keras.optimizers.SGD(0.1);
/// using var tape = new GradientTape();
/// var loss = ops.mean(ops.square(model.Apply(ops.ones((2, 3)), training: true).Single));
/// optimizer.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights);
/// </code>
/// </example>
public sealed partial class GradientTape : IDisposable
{
    readonly bool _persistent;
    readonly bool _watchVariables;

    /// <summary>Starts recording.</summary>
    /// <param name="persistent">Whether <see cref="gradient(Tensors, IReadOnlyList{Tensor}, Tensors?, string)"/> may be called more than once; default false.</param>
    /// <param name="watch_accessed_variables">Whether trainable variables are watched when they are read; default true.</param>
    public GradientTape(bool persistent = false, bool watch_accessed_variables = true)
    {
        (_persistent, _watchVariables) = (persistent, watch_accessed_variables);
        Start();
    }

    /// <summary>Records operations that depend on a tensor.</summary>
    /// <exception cref="DTypeMismatchException">The tensor is not of a floating or complex dtype.</exception>
    public void watch(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!IsDifferentiable(tensor.dtype))
            throw new DTypeMismatchException("Only floating tensors have gradients", "GradientTape.watch", "a floating dtype", tensor.dtype.Name);
        Track(tensor);
    }

    /// <summary>Records operations that depend on a variable, trainable or not.</summary>
    public void watch(Variable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        Track(variable.Handle);
    }

    /// <summary>Stops recording; gradients can still be taken.</summary>
    public void Dispose() => Stop();

    /// <summary>Forgets everything recorded and watched, and starts over.</summary>
    public void reset()
    {
        Stop();
        lock (_gate)
        {
            _entries = [];
            _tracked.Clear();
        }
        Start();
    }

    /// <summary>Pauses this tape until the result is disposed.</summary>
    public IDisposable stop_recording()
    {
        if (!IsRecording) throw new InvalidOperationException("The tape does not record. Call stop_recording inside its block.");
        Stop();
        return new Engines.Scope(Start);
    }

    /// <summary>The gradients of <paramref name="target"/> (all its elements summed) with respect to variables.</summary>
    /// <param name="target">What to differentiate: a tensor of any shape, or a structure of tensors, which are summed. Integer tensors are ignored.</param>
    /// <param name="sources">The variables to differentiate with respect to.</param>
    /// <param name="output_gradients">A weight for each element of the target, in its structure and shapes; default ones.</param>
    /// <param name="unconnected_gradients">"none" (null where the target does not depend on a source) or "zero"; default "none".</param>
    /// <returns>A gradient in each source's shape, or null.</returns>
    /// <exception cref="InvalidOperationException">The tape is not persistent and was used already.</exception>
    /// <exception cref="ShapeMismatchException">There are more output gradients than targets, or fewer.</exception>
    // Preferred, since an array would also convert to one tensor.
    [OverloadResolutionPriority(1)]
    public Tensor?[] gradient(Tensors target, IReadOnlyList<Variable> sources, Tensors? output_gradients = null, string unconnected_gradients = "none")
    {
        ArgumentNullException.ThrowIfNull(sources);
        return Derive(target, output_gradients, [.. sources.Select(s => s.Handle)], unconnected_gradients, i => Tf.Zeros(sources[i].shape, sources[i].dtype));
    }

    /// <summary>The gradients of <paramref name="target"/> (all its elements summed) with respect to watched tensors.</summary>
    /// <inheritdoc cref="gradient(Tensors, IReadOnlyList{Variable}, Tensors?, string)"/>
    [OverloadResolutionPriority(1)]
    public Tensor?[] gradient(Tensors target, IReadOnlyList<Tensor> sources, Tensors? output_gradients = null, string unconnected_gradients = "none")
    {
        ArgumentNullException.ThrowIfNull(sources);
        return Derive(target, output_gradients, [.. sources], unconnected_gradients, i => Tf.ZerosLike(sources[i]));
    }

    /// <summary>The gradient of <paramref name="target"/> with respect to one watched tensor.</summary>
    /// <inheritdoc cref="gradient(Tensors, IReadOnlyList{Variable}, Tensors?, string)"/>
    public Tensor? gradient(Tensors target, Tensor source, Tensors? output_gradients = null, string unconnected_gradients = "none") =>
        gradient(target, [source ?? throw new ArgumentNullException(nameof(source))], output_gradients, unconnected_gradients)[0];

    /// <summary>The gradient of <paramref name="target"/> with respect to one variable.</summary>
    /// <inheritdoc cref="gradient(Tensors, IReadOnlyList{Variable}, Tensors?, string)"/>
    public Tensor? gradient(Tensors target, Variable source, Tensors? output_gradients = null, string unconnected_gradients = "none") =>
        gradient(target, [source ?? throw new ArgumentNullException(nameof(source))], output_gradients, unconnected_gradients)[0];

    /// <summary>The gradients of <paramref name="target"/> with respect to a dictionary of variables, by the same names.</summary>
    /// <inheritdoc cref="gradient(Tensors, IReadOnlyList{Variable}, Tensors?, string)"/>
    [OverloadResolutionPriority(1)]
    public Dictionary<string, Tensor?> gradient(Tensors target, IReadOnlyDictionary<string, Variable> sources, Tensors? output_gradients = null, string unconnected_gradients = "none")
    {
        ArgumentNullException.ThrowIfNull(sources);
        var found = gradient(target, sources.Values.ToArray(), output_gradients, unconnected_gradients);
        return sources.Keys.Zip(found).ToDictionary(p => p.First, p => p.Second);
    }

    /// <summary>The gradients of <paramref name="target"/> with respect to a structure of watched tensors.</summary>
    /// <returns>A structure like <paramref name="sources"/>.</returns>
    /// <exception cref="InvalidOperationException">The target does not depend on all sources, and <paramref name="unconnected_gradients"/> is "none"; or the tape was used already.</exception>
    /// <inheritdoc cref="gradient(Tensors, IReadOnlyList{Variable}, Tensors?, string)"/>
    public Tensors gradient(Tensors target, Tensors sources, Tensors? output_gradients = null, string unconnected_gradients = "none")
    {
        ArgumentNullException.ThrowIfNull(sources);
        var found = gradient(target, sources.Flatten(), output_gradients, unconnected_gradients);
        return sources.Pack(found.Select((g, i) => g ?? throw new InvalidOperationException(
            $"The target does not depend on tensor {i} of the structure. Watch it before it is used, or pass unconnected_gradients: \"zero\".")));
    }

    /// <summary>The gradients of several targets, each with its own output gradient.</summary>
    internal Tensor?[] Gradients(Tensor[] targets, Tensor?[] outputGradients, Tensor[] sources) => Backward(TakeEntries(), targets, outputGradients, sources);

    Tensor?[] Derive(Tensors target, Tensors? outputGradients, Tensor[] sources, string unconnected, Func<int, Tensor> zero)
    {
        ArgumentNullException.ThrowIfNull(target);
        CheckUnconnected(unconnected);
        var targets = target.Flatten();
        var given = outputGradients?.Flatten();
        if (given is not null && given.Count != targets.Count)
            throw new ShapeMismatchException("The number of output gradients is not the number of targets", "GradientTape.gradient", $"{targets.Count} tensors", $"{given.Count}");
        var derivable = Enumerable.Range(0, targets.Count).Where(i => IsDifferentiable(targets[i].dtype)).ToArray();
        var found = Backward(TakeEntries(), [.. derivable.Select(i => targets[i])], [.. derivable.Select(i => given?[i] ?? Tf.OnesLike(targets[i]))], sources);
        if (unconnected == "zero")
            for (var i = 0; i < found.Length; i++) found[i] ??= zero(i);
        return found;
    }

    static void CheckUnconnected(string unconnected)
    {
        if (unconnected is not ("none" or "zero"))
            throw new ArgumentException($"unconnected_gradients is unknown. Expected: \"none\" or \"zero\". Received: \"{unconnected}\".", "unconnected_gradients");
    }

    Tensor?[] Backward(Entry[] entries, Tensor[] targets, Tensor?[] outputGradients, Tensor[] sources)
    {
        var sums = new Dictionary<Tensor, List<Tensor>>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < targets.Length; i++)
            if (IsDifferentiable(targets[i].dtype) && (targets.Length == 1 || outputGradients[i] is not null))
                Accumulate(sums, targets[i], outputGradients[i] ?? Tf.OnesLike(targets[i]));
        var kept = new HashSet<Tensor>(sources, ReferenceEqualityComparer.Instance);
        for (var e = entries.Length - 1; e >= 0; e--)
        {
            var entry = entries[e];
            var arrived = Array.ConvertAll(entry.Outputs, o => Take(sums, o, kept));
            if (Array.TrueForAll(arrived, g => g is null)) continue;
            var inputGradients = InputGradients(entry, arrived);
            for (var i = 0; i < inputGradients.Length; i++)
                if (inputGradients[i] is { } gradient && IsTracked(entry.Inputs[i])) Accumulate(sums, entry.Inputs[i], gradient);
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
        var context = new GradientContext(op, entry.Attributes, entry.Inputs, entry.Outputs, arrived, i => IsTracked(entry.Inputs[i]));
        var rule = op.Gradient ?? (op.IsComposite ? ThroughDecomposition : throw new UnsupportedException(
            "An operation has no gradient rule", (entry.Outputs[0] as SymbolicTensor)?.Node.ToString() ?? op.Name,
                remedy: "Wrap its result in ops.stop_gradient if no gradient should flow, or use ops.custom_gradient."));
        return rule(context);
    }

    /// <summary>The gradient of a composite without its own rule: that of its primitive ops.</summary>
    internal static Tensor?[] ThroughDecomposition(GradientContext c)
    {
        using var tape = new GradientTape(watch_accessed_variables: false);
        foreach (var input in c.Inputs) tape.Track(input);
        var outputs = c.Op.Decomposition!(c);
        var gradients = tape.Gradients(outputs, c.Gradients, c.Inputs);
        // A tensor that is an input twice gets its whole gradient at its first position.
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
}
