namespace Keras;

/// <summary>keras.ops: operations on tensors, under Keras' names; they run at once, or become part of the function that is traced.</summary>
public sealed partial class OpsApi
{
    internal OpsApi() { }
}
