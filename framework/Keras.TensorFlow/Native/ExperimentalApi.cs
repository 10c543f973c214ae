namespace Keras.Engines.TensorFlow;

/// <summary>Functions outside the stable C API, which a library may lack; each has a fallback.</summary>
static unsafe class ExperimentalApi
{
    static readonly delegate* unmanaged<TFE_Op*, byte*, byte*, TF_Status*, void> OpReset =
        (delegate* unmanaged<TFE_Op*, byte*, byte*, TF_Status*, void>)TensorFlowLibrary.EnsureLoaded().OptionalExport("TFE_OpReset");

    /// <summary>Resets an op object to another op or function, without inputs and attributes; returns the object to use from now on.</summary>
    public static TFE_Op* Reset(TFE_Op* op, TFE_Context* context, byte* name, byte* device, TF_Status* status)
    {
        if (OpReset is not null)
        {
            OpReset(op, name, device, status);
            return op;
        }
        var fresh = CApi.TFE_NewOp(context, name, status);
        if (fresh is null) return op;
        CApi.TFE_DeleteOp(op);
        if (device is not null) CApi.TFE_OpSetDevice(fresh, device, status);
        return fresh;
    }
}
