using System.Runtime.CompilerServices;
using Google.Protobuf;
using Keras.Graphs;

namespace Keras.Engines.TensorFlow;

/// <summary>The functions that this engine has added to its context.</summary>
sealed class FunctionRegistry(EagerContext context)
{
    readonly ConditionalWeakTable<FunctionGraph, RegisteredFunction> _nested = [];

    /// <summary>Adds a function and those nested in it.</summary>
    /// <param name="function">A function that was lowered for TensorFlow.</param>
    /// <param name="jit">Whether XLA must compile it.</param>
    /// <exception cref="EngineException">TensorFlow rejected a function.</exception>
    public RegisteredFunction Add(FunctionGraph function, bool jit)
    {
        RegisteredFunction? added = null;
        foreach (var proto in FunctionDefWriter.Write(function, jit))
        {
            var name = proto.Signature.Name;
            try
            {
                context.AddFunction(proto.ToByteArray(), name);
            }
            catch (KerasException)
            {
                added?.Dispose();
                throw;
            }
            added = new(context, new NativeText(name), added);
        }
        return added!;
    }

    /// <summary>The name of a function that an eager op calls (a loop's body, a branch), added when it is first used and kept as long as its graph.</summary>
    public NativeText NameOf(FunctionGraph function) =>
        _nested.GetValue(function, f => Add(SafeForms.Apply(Lowering.Lower(f, static _ => false)), jit: false)).Name;
}

/// <summary>A function in a context, removed when disposed, together with the one added before it, which it may call.</summary>
sealed unsafe class RegisteredFunction(EagerContext context, NativeText name, RegisteredFunction? callee)
    : NativeHandle(HandleKind.Function, name.Pointer, context)
{
    /// <summary>The name to call it by.</summary>
    public NativeText Name => name;

    /// <inheritdoc/>
    protected override void Delete()
    {
        context.RemoveFunction(name);
        callee?.Dispose();
    }
}
