namespace Keras;

public sealed partial class UtilsApi
{
    /// <summary>Resets the automatic names, so that the next Dense is called "dense" again.</summary>
    /// <remarks>Models and tensors that are still held stay as they are; memory is freed with them, so Keras' <c>free_memory</c> has nothing to do here.</remarks>
    public void clear_session() => LayerNames.Clear();
}
