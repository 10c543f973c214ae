namespace Keras.Transformers;

/// <summary>x</summary>
public abstract class StoppingCriteria
{
    /// <summary>x</summary>
    public abstract bool Apply(ReadOnlySpan<int> input_ids);
}
