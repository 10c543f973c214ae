namespace Keras.TensorFlowNet;

/// <summary>Rows or columns of a tensor, as in <c>x[new Slice(0, 100)]</c>; a range of C# (<c>x[..100]</c>) is the same.</summary>
/// <param name="start">The first; negative counts from the end.</param>
/// <param name="stop">The end, which is not included; default that of the tensor.</param>
public sealed class Slice(int start = 0, int? stop = null)
{
    /// <summary>The slice as a key of a tensor.</summary>
    public static implicit operator SliceKey(Slice slice) => slice.Range;

    Range Range => new(At(start), stop is { } end ? At(end) : ^0);

    static Index At(int position) => position < 0 ? ^-position : position;
}
