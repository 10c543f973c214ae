namespace Keras.Engines.TensorFlow;

/// <summary>Entries outside the stable C API, which a library may lack: each has a way round it.</summary>
static unsafe class ExperimentalApi
{
    static readonly delegate* unmanaged<TFE_Op*, byte*, byte*, TF_Status*, void> OpReset =
        (delegate* unmanaged<TFE_Op*, byte*, byte*, TF_Status*, void>)Export("TFE_OpReset");

    /// <summary>Makes an op object stand for another op or function without inputs and attributes.</summary>
    public static TFE_Op* Reset(TFE_Op* op, TFE_Context* context, byte* name, byte* device, TF_Status* status)
    {
        if (op is not null && OpReset is not null)
        {
            OpReset(op, name, device, status);
            return op;
        }
        if (op is not null) CApi.TFE_DeleteOp(op);
        op = CApi.TFE_NewOp(context, name, status);
        if (op is not null && device is not null) CApi.TFE_OpSetDevice(op, device, status);
        return op;
    }

    static nint Export(string name) => TensorFlowLibrary.EnsureLoaded().OptionalExport(name);
}
