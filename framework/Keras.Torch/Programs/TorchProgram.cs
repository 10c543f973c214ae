using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>A function as a flat list of kernel calls over slots: each value is freed after its last use, or its memory reused by the next one.</summary>
sealed class TorchProgram
{
    readonly FunctionGraph _function;
    readonly List<Step> _steps = [];
    readonly List<TorchValue?> _constants = [];
    readonly int[] _outputs;

    /// <summary>One kernel call.</summary>
    /// <param name="Node">The node.</param>
    /// <param name="Ops">The node's op, or those of the chain that it ends.</param>
    /// <param name="Kernel">The node's kernel.</param>
    /// <param name="Inputs">The slots of its inputs.</param>
    /// <param name="Outputs">The slots of its outputs.</param>
    /// <param name="Own">The values last used here if the caller keeps the inputs.</param>
    /// <param name="All">The same if the program takes over the inputs.</param>
    /// <param name="DTypes">The outputs' dtypes.</param>
    /// <param name="Shapes">The outputs' shapes if all are known or the kernel determines them; null to infer them in each run.</param>
    sealed record Step(Node Node, string Ops, Kernel Kernel, int[] Inputs, int[] Outputs, LastUses Own, LastUses All, DType[] DTypes, Shape[]? Shapes);

    /// <summary>Compiles a function lowered for this engine.</summary>
    /// <param name="function">The function.</param>
    /// <param name="fuses">Whether chains of nodes run as one kernel where possible.</param>
    /// <exception cref="UnsupportedException">An op has no kernel here.</exception>
    public TorchProgram(FunctionGraph function, bool fuses = true)
    {
        _function = function;
        var builder = new ProgramBuilder(function, fuses);
        foreach (var item in builder.Items)
        {
            var shapes = Array.ConvertAll(item.Node.Outputs, o => o.shape);
            _steps.Add(new(item.Node, item.Chain ?? item.Node.Op.Name, item.Kernel, item.Inputs, item.Outputs, item.Own, item.All, Array.ConvertAll(item.Node.Outputs, o => o.dtype),
                item.Chain is not null || Array.TrueForAll(shapes, s => s.IsFullyKnown) ? shapes : null));
        }
        _constants = builder.Constants;
        _outputs = builder.Outputs;
    }

    /// <summary>Runs the function; outputs are new handles.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="outputs">Receives the results.</param>
    /// <param name="takesInputs">Whether the program takes over the inputs' handles, even if the run fails: each is disposed after its last use,
    /// and its memory may be changed in place if nobody else holds it. Otherwise the caller keeps them.</param>
    public void Run(ReadOnlySpan<TorchValue> inputs, Span<TorchValue> outputs, bool takesInputs = false)
    {
        var slots = new TorchValue?[_constants.Count];
        _constants.CopyTo(slots);
        inputs.CopyTo(slots!);
        var call = new KernelCall();
        try
        {
            foreach (var step in _steps) Run(step, takesInputs ? step.All : step.Own, slots, call);
            for (var i = 0; i < outputs.Length; i++) outputs[i] = slots[_outputs[i]]!.Share();
        }
        finally
        {
            // Dispose the slots' own handles of the outputs, and those left by a failure.
            for (var i = takesInputs ? 0 : inputs.Length; i < slots.Length; i++)
                if (!ReferenceEquals(slots[i], _constants[i]) && slots[i] is { } left and not TorchResource) left.Dispose();
            GC.KeepAlive(_constants);
        }
    }

    static void Run(Step step, LastUses uses, TorchValue?[] slots, KernelCall call)
    {
        var inputs = new TorchValue[step.Inputs.Length];
        for (var i = 0; i < inputs.Length; i++) inputs[i] = slots[step.Inputs[i]]!;
        var outputs = new TorchValue?[step.Outputs.Length];
        var shapes = step.Shapes ?? ShapesOf(step.Node, inputs);
        call.Set(step.Node.Op, step.Node.Name, step.Node.Attributes, inputs, step.DTypes, shapes, outputs, uses.Dying);
        try
        {
            if (KernelProfile.Current is { } profile) profile.Run(step.Ops, step.Kernel, call);
            else step.Kernel(call);
        }
        catch (Exception e)
        {
            // No slot holds these outputs yet.
            foreach (var made in outputs)
                if (made is not TorchResource) made?.Dispose();
            if (KernelErrors.Of(call, e) is { } error) throw error;
            throw;
        }
        for (var i = 0; i < outputs.Length; i++) slots[step.Outputs[i]] = outputs[i];
        foreach (var slot in uses.Freed)
        {
            if (slots[slot] is not TorchResource) slots[slot]?.Dispose();
            slots[slot] = null;
        }
    }

    /// <summary>Infers shapes that were unknown at compile time.</summary>
    /// <exception cref="EngineException">The shapes do not fit; in a compiled function this is a failure of the node, as on every engine.</exception>
    static Shape[] ShapesOf(Node node, TorchValue[] inputs)
    {
        try
        {
            return Inference.Shapes(node.Op, node.Attributes, inputs);
        }
        catch (ShapeMismatchException e)
        {
            throw new EngineException("Shapes do not fit an operation", node.Name, e.Expected, e.Received, inner: e) { IsOfInput = true };
        }
    }
}
