using System.Runtime.CompilerServices;

namespace Keras.Engines.TensorFlow;

/// <summary>A thread's reusable TFE_Op of one context: between calls it holds no inputs and keeps the op that it ran last.</summary>
sealed unsafe class OpSlot : NativeHandle
{
    [ThreadStatic]
    static OpSlot? t_last;

    [ThreadStatic]
    static ConditionalWeakTable<EagerContext, OpSlot>? t_all;

    readonly EagerContext _context;
    NativeText? _name;
    NativeText? _device;

    OpSlot(EagerContext context, TFE_Op* op, NativeText name) : base(HandleKind.Op, op, context) => (_context, _name) = (context, name);

    /// <summary>The pointer for the C API.</summary>
    public TFE_Op* Pointer => (TFE_Op*)handle;

    /// <summary>Sets this thread's op object to an op or function, without inputs and attributes.</summary>
    /// <exception cref="EngineException">There is no such op, function or device.</exception>
    public static OpSlot Prepare(EagerContext context, NativeText name, NativeText? device)
    {
        var slot = t_last is { } last && last._context == context ? last : Find(context, name);
        if (slot._name != name || slot._device != device) slot.Reset(name, device);
        return slot;
    }

    /// <summary>Adds one input.</summary>
    public void AddInput(EagerHandle input, NativeStatus status)
    {
        CApi.TFE_OpAddInput(Pointer, input.Pointer, status.Pointer);
        status.ThrowIfError(_name!.Text);
    }

    /// <summary>Adds the inputs of an argument that is a list.</summary>
    public void AddInputs(ReadOnlySpan<ITensorHandle> inputs, NativeStatus status)
    {
        var pointers = stackalloc TFE_TensorHandle*[inputs.Length + 1];
        for (var i = 0; i < inputs.Length; i++) pointers[i] = EagerHandle.Of(inputs[i]).Pointer;
        CApi.TFE_OpAddInputList(Pointer, pointers, inputs.Length, status.Pointer);
        status.ThrowIfError(_name!.Text);
    }

    /// <summary>Sets an attribute that is a dtype.</summary>
    public void SetType(NativeText attribute, DType value) => CApi.TFE_OpSetAttrType(Pointer, attribute.Pointer, value.Number);

    /// <summary>Sets an attribute that is a list of functions.</summary>
    public void SetFunctions(byte* attribute, NativeText[] functions, NativeStatus status)
    {
        var calls = stackalloc TFE_Op*[functions.Length + 1];
        var made = 0;
        try
        {
            for (; made < functions.Length; made++)
            {
                calls[made] = CApi.TFE_NewOp(_context.Pointer, functions[made].Pointer, status.Pointer);
                status.ThrowIfError(functions[made].Text);
            }
            CApi.TFE_OpSetAttrFunctionList(Pointer, attribute, calls, functions.Length);
        }
        finally
        {
            while (made > 0) CApi.TFE_DeleteOp(calls[--made]);
        }
    }

    /// <summary>Runs the prepared call; each output becomes a new handle.</summary>
    /// <exception cref="EngineException">TensorFlow reported an error.</exception>
    public void Execute(Span<ITensorHandle> outputs, NativeStatus status)
    {
        var results = stackalloc TFE_TensorHandle*[outputs.Length + 1];
        var count = outputs.Length;
        CApi.TFE_Execute(Pointer, results, &count, status.Pointer);
        status.ThrowIfError(_name!.Text);
        for (var i = 0; i < count; i++) outputs[i] = new EagerHandle(_context, results[i]);
    }

    /// <summary>Drops inputs and attributes: an input left here would count as a reader and make the next update copy.</summary>
    public void Clear()
    {
        if (_name is null) return;
        var status = NativeStatus.Current;
        ResetTo(_name, _device, status);
        if (status.Code != StatusCode.Ok) _ = Forget(status);
    }

    /// <inheritdoc/>
    protected override void Delete() => CApi.TFE_DeleteOp(Pointer);

    static OpSlot Find(EagerContext context, NativeText name)
    {
        t_all ??= [];
        if (!t_all.TryGetValue(context, out var slot))
        {
            var status = NativeStatus.Current;
            var op = CApi.TFE_NewOp(context.Pointer, name.Pointer, status.Pointer);
            status.ThrowIfError(name.Text);
            slot = new(context, op, name);
            t_all.Add(context, slot);
        }
        return t_last = slot;
    }

    void Reset(NativeText name, NativeText? device)
    {
        var status = NativeStatus.Current;
        ResetTo(name, device, status);
        if (status.Code == StatusCode.Ok) return;
        var (code, message) = Forget(status);
        throw EngineErrors.Describe(code, message, name.Text);
    }

    void ResetTo(NativeText name, NativeText? device, NativeStatus status)
    {
        (_name, _device) = (name, device);
        SetHandle((nint)ExperimentalApi.Reset(Pointer, _context.Pointer, name.Pointer, device is null ? null : device.Pointer, status.Pointer));
    }

    /// <summary>Forgets the op after a failed reset, so that the object is reset before it is used again.</summary>
    (StatusCode Code, string Message) Forget(NativeStatus status)
    {
        _name = null;
        return status.Take();
    }
}
