namespace Keras.Transformers;

/// <summary>How a file's array becomes a variable's, and back: by reordering its axes, and by leading axes of 1 that only the file has.</summary>
public sealed class WeightTransform
{
    /// <summary>The file's axis for each of ours; null if all are in order.</summary>
    readonly int[]? _axes;
    readonly int _leading;

    WeightTransform(int[]? axes, int leading) => (_axes, _leading) = (axes, leading);

    /// <summary>Leaves the weight as it is.</summary>
    public static WeightTransform None { get; } = new(null, 0);

    /// <summary>A dense kernel: PyTorch keeps (O, I), Keras (I, O).</summary>
    public static WeightTransform Transpose { get; } = Permute(1, 0);

    /// <summary>A kernel of a convolution over images: PyTorch keeps (O, I, H, W), Keras (H, W, I, O).</summary>
    public static WeightTransform Conv2D { get; } = Permute(2, 3, 1, 0);

    /// <summary>The file has an axis of 1 before ours.</summary>
    public static WeightTransform LeadingOne { get; } = new(null, 1);

    /// <summary>Puts the axes in another order.</summary>
    /// <param name="axes">The file's axis of each of ours.</param>
    /// <exception cref="ArgumentException">An axis is missing or there twice.</exception>
    public static WeightTransform Permute(params int[] axes)
    {
        ArgumentNullException.ThrowIfNull(axes);
        return axes.Order().SequenceEqual(Enumerable.Range(0, axes.Length)) ? new([.. axes], 0)
            : throw new ArgumentException($"The axes are not an order of axes. Expected: each of 0 to {axes.Length - 1} once. Received: {Known.List(axes)}.", nameof(axes));
    }

    /// <summary>Whether a file's elements have the variable's layout, so that they can be mapped.</summary>
    internal bool KeepsElements => _axes is null;

    /// <summary>The shape in the file for a variable's shape.</summary>
    internal Shape FileShape(Shape own)
    {
        if (_axes is null) return new([.. Enumerable.Repeat(1L, _leading), .. own.ToArray()]);
        if (own.Rank != _axes.Length) throw new ArgumentException($"A weight has another rank than its row says. Expected: {_axes.Length}. Received: {own}.", nameof(own));
        var file = new long[own.Rank];
        for (var i = 0; i < _axes.Length; i++) file[_axes[i]] = own[i];
        return new(file);
    }

    /// <summary>Converts a file's elements to the variable's order; consumes the argument.</summary>
    /// <param name="memory">The file's elements.</param>
    /// <param name="own">The variable's shape.</param>
    /// <param name="size">The size of an element in bytes.</param>
    /// <param name="allocate">Allocates the result's memory.</param>
    internal HostMemory FromFile(HostMemory memory, Shape own, int size, Func<HostMemory> allocate) => _axes is null ? memory : Ordered(memory, FileShape(own), _axes, size, allocate());

    /// <summary>Converts a variable's elements to the file's order; consumes the argument.</summary>
    internal HostMemory ToFile(HostMemory memory, Shape own, int size)
    {
        if (_axes is null) return memory;
        var inverse = new int[_axes.Length];
        for (var i = 0; i < _axes.Length; i++) inverse[_axes[i]] = i;
        return Ordered(memory, own, inverse, size, new AlignedMemory(memory.Length));
    }

    static HostMemory Ordered(HostMemory memory, Shape shape, int[] axes, int size, HostMemory target)
    {
        using (memory) AxisOrder.Permute(memory, target, shape, axes, size);
        return target;
    }
}
