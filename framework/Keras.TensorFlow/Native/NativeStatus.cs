using System.Runtime.InteropServices;

namespace Keras.Engines.TensorFlow;

/// <summary>TensorFlow's error codes (the canonical ones of absl).</summary>
enum StatusCode
{
    Ok = 0,
    Cancelled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Aborted = 10,
    OutOfRange = 11,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
}

/// <summary>The object in which the C API reports errors; each thread has its own.</summary>
sealed unsafe class NativeStatus : NativeHandle
{
    [ThreadStatic]
    static NativeStatus? t_current;

    NativeStatus(TF_Status* status) : base(HandleKind.Status, status) { }

    /// <summary>The calling thread's status, which is OK between calls.</summary>
    public static NativeStatus Current => t_current ??= Create();

    /// <summary>The pointer for the C API.</summary>
    public TF_Status* Pointer => (TF_Status*)handle;

    /// <summary>The code of the last call.</summary>
    public StatusCode Code => CApi.TF_GetCode(Pointer);

    /// <summary>Throws the error of the last call, if any, and resets the status.</summary>
    /// <exception cref="EngineException">The last call failed; the message is TensorFlow's.</exception>
    /// <exception cref="UnsupportedException">There is no kernel for a dtype.</exception>
    public void ThrowIfError(string where)
    {
        if (Code != StatusCode.Ok) throw Error(where);
    }

    /// <summary>Takes the code and message of the last call and resets the status.</summary>
    public (StatusCode Code, string Message) Take()
    {
        var result = (Code, Marshal.PtrToStringUTF8((nint)CApi.TF_Message(Pointer)) ?? "");
        fixed (byte* empty = "\0"u8) CApi.TF_SetStatus(Pointer, StatusCode.Ok, empty);
        return result;
    }

    /// <summary>Makes the typed error for the last call.</summary>
    public KerasException Error(string where)
    {
        var (code, message) = Take();
        return EngineErrors.Describe(code, message, where);
    }

    /// <inheritdoc/>
    protected override void Delete() => CApi.TF_DeleteStatus(Pointer);

    static NativeStatus Create()
    {
        TensorFlowLibrary.EnsureLoaded();
        return new NativeStatus(CApi.TF_NewStatus());
    }
}
