namespace Keras;

/// <summary>keras.utils: helpers.</summary>
public sealed partial class UtilsApi
{
    internal UtilsApi() { }
}
