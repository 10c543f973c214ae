using Keras.Graphs;

namespace Keras;

public sealed partial class GradientTape
{
    /// <summary>The tapes of this asynchronous flow, innermost first.</summary>
    static readonly AsyncLocal<Recording?> Active = new();

    // Tasks started within the tape's block record into the same tape.
    readonly Lock _gate = new();
    readonly HashSet<Tensor> _tracked = new(ReferenceEqualityComparer.Instance);
    List<Entry>? _entries = [];
    Recording? _recording;

    /// <summary>One recorded call.</summary>
    readonly record struct Entry(OpDefinition? Op, Attributes Attributes, Tensor[] Inputs, Tensor[] Outputs, Func<Tensor?[], Tensor?[]>? Custom);

    /// <summary>A link in the chain of active tapes; emptied when its tape stops, so that threads the block has started, which still hold the chain, keep nothing alive.</summary>
    sealed class Recording(GradientTape tape, Recording? outer)
    {
        public GradientTape? Tape { get; set; } = tape;

        public Recording? Outer { get; } = outer;
    }

    /// <summary>Whether any tape is recording here.</summary>
    internal static bool IsActive => Innermost(Active.Value) is not null;

    bool IsRecording => _recording is not null;

    static Recording? Innermost(Recording? from)
    {
        while (from is { Tape: null }) from = from.Outer;
        return from;
    }

    static IEnumerable<GradientTape> Tapes()
    {
        for (var recording = Active.Value; recording is not null; recording = recording.Outer)
            if (recording.Tape is { } tape) yield return tape;
    }

    void Start() => Active.Value = _recording = new(this, Innermost(Active.Value));

    void Stop()
    {
        if (_recording is not { } recording) return;
        (recording.Tape, _recording) = (null, null);
        Active.Value = Innermost(Active.Value);
    }

    internal static void RecordAll(OpDefinition op, Attributes attributes, ReadOnlySpan<Tensor> inputs, Tensor[] outputs)
    {
        if (Active.Value is not { } recording || !op.IsDifferentiable) return;
        Tensor[]? copy = null;
        for (; recording is not null; recording = recording.Outer!)
            if (recording.Tape is { } tape && tape.Tracks(inputs)) tape.Record(new(op, attributes, copy ??= inputs.ToArray(), outputs, null));
    }

    /// <summary>Runs <paramref name="forward"/> unrecorded and records its result with a custom gradient.</summary>
    internal static Tensor[] Custom(Tensor[] inputs, Func<Tensor[], (Tensor[] Outputs, Func<Tensor?[], Tensor?[]> Gradient)> forward)
    {
        (Tensor[] Outputs, Func<Tensor?[], Tensor?[]> Gradient) result;
        using (Pause()) result = forward(inputs);
        RecordCustom(inputs, result.Outputs, result.Gradient);
        return result.Outputs;
    }

    /// <summary>
    /// Runs a user's function and records its result with the gradient that it gives. Its own computations are recorded as well, since its gradient may use them:
    /// derivatives of the gradient go through it.
    /// </summary>
    /// <param name="inputs">The function's arguments.</param>
    /// <param name="forward">Computes an output, and a function from the output's gradient and the variables read to the gradients of the inputs and those variables.</param>
    /// <param name="takesVariables">Whether the gradient function also returns gradients of variables.</param>
    /// <exception cref="UnsupportedException">A variable that a tape watches was read, and the gradient function returns none for variables.</exception>
    internal static Tensor CustomOfUser(Tensor[] inputs, bool takesVariables,
        Func<Tensor[], (Tensor Output, Func<Tensor, IReadOnlyList<Variable>, (Tensor?[] Inputs, Tensor?[] Variables)> Gradient)> forward)
    {
        using var reads = VariableReads.Note();
        var (computed, gradient) = forward(inputs);
        // The recorded result must be a new tensor: those the function computed have their own records, those it was given are inputs.
        Tensor output;
        using (Pause()) output = Tf.Identity(computed);
        Variable[] variables = [.. reads.Variables.Distinct().Where(v => Tapes().Any(t => t.IsTracked(v.Handle)))];
        if (variables.Length > 0 && !takesVariables)
            throw new UnsupportedException("The function of a custom gradient reads variables for which its gradient returns nothing", "custom_gradient",
                received: string.Join(", ", variables.Select(v => v.name)),
                remedy: "Pass their values as inputs, or let the gradient take (g, variables) and return gradients of both.");
        RecordCustom([.. inputs, .. variables.Select(v => v.Handle)], [output], arrived =>
        {
            var (ofInputs, ofVariables) = gradient(arrived[0] ?? Tf.ZerosLike(output), variables);
            if (ofInputs.Length != inputs.Length || ofVariables.Length != variables.Length)
                throw new ArgumentException($"A custom gradient returned {ofInputs.Length} gradients for {inputs.Length} inputs and {ofVariables.Length} for {variables.Length} "
                    + "variables. Return one for each, null where none flows.");
            return [.. ofInputs, .. ofVariables];
        });
        return output;
    }

    static void RecordCustom(Tensor[] inputs, Tensor[] outputs, Func<Tensor?[], Tensor?[]> gradient)
    {
        foreach (var tape in Tapes())
            if (tape.Tracks(inputs)) tape.Record(new(null, Attributes.None, inputs, outputs, gradient));
    }

    internal static void VariableRead(Variable variable)
    {
        if (!variable.trainable || Active.Value is null) return;
        foreach (var tape in Tapes())
            if (tape._watchVariables) tape.Track(variable.Handle);
    }

    /// <summary>Suspends recording by every tape here until disposed.</summary>
    internal static IDisposable Pause()
    {
        var paused = Active.Value;
        if (paused is null) return Engines.Scope.None;
        Active.Value = null;
        return new Engines.Scope(() => Active.Value = paused);
    }

    /// <summary>Starts recording what depends on a tensor or a variable's handle.</summary>
    internal void Track(Tensor tensor)
    {
        lock (_gate) _tracked.Add(tensor);
    }

    bool IsTracked(Tensor tensor)
    {
        lock (_gate) return _tracked.Contains(tensor);
    }

    bool Tracks(ReadOnlySpan<Tensor> inputs)
    {
        lock (_gate)
        {
            foreach (var input in inputs)
                if (_tracked.Contains(input)) return true;
            return false;
        }
    }

    void Record(Entry entry)
    {
        lock (_gate)
        {
            if (_entries is null) return;
            _entries.Add(entry);
            foreach (var output in entry.Outputs)
                if (CarriesGradients(output.dtype)) _tracked.Add(output);
        }
    }

    /// <summary>What has been recorded so far; a tape that is not persistent returns it only once.</summary>
    Entry[] TakeEntries()
    {
        Entry[] entries;
        lock (_gate)
        {
            entries = _entries?.ToArray() ?? throw new InvalidOperationException("Gradients were taken from this tape already. Make it with persistent: true to take several.");
            if (_persistent) return entries;
            _entries = null;
        }
        Stop();
        return entries;
    }

    /// <summary>Whether a tensor passes gradients on: lists of tensors have none themselves, but what is read from one depends on what was put in.</summary>
    static bool CarriesGradients(DType dtype) => IsDifferentiable(dtype) || dtype == DType.Variant;

    static bool IsDifferentiable(DType dtype) => dtype.IsFloating || dtype.IsComplex;
}
