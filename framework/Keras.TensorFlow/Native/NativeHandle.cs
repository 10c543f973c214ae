using System.Runtime.InteropServices;

namespace Keras.Engines.TensorFlow;

/// <summary>A counted native handle that keeps the handle it depends on alive until it is itself released.</summary>
abstract class NativeHandle : SafeHandle
{
    readonly HandleKind _kind;
    readonly SafeHandle? _parent;

    /// <summary>Takes ownership of a pointer that the C API returned.</summary>
    protected unsafe NativeHandle(HandleKind kind, void* pointer, SafeHandle? parent = null) : base(0, ownsHandle: true)
    {
        if (pointer is null) throw new EngineException($"TensorFlow returned no {kind} handle", remedy: "This is usually exhausted memory.");
        _kind = kind;
        if (parent is not null)
        {
            var added = false;
            parent.DangerousAddRef(ref added);
            _parent = parent;
        }
        SetHandle((nint)pointer);
        LiveHandles.Created(kind);
    }

    /// <inheritdoc/>
    public sealed override bool IsInvalid => handle == 0;

    /// <summary>Returns the pointer to TensorFlow, which frees it.</summary>
    protected abstract void Delete();

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle()
    {
        if (NativeCalls.AreClosed) return true;
        Delete();
        LiveHandles.Released(_kind);
        _parent?.DangerousRelease();
        return true;
    }
}
