namespace Keras.Transformers;

/// <summary>Arrays with their axes in another order.</summary>
static unsafe class AxisOrder
{
    /// <summary>Writes the elements of one array in another order of axes.</summary>
    /// <param name="from">The array, row-major.</param>
    /// <param name="to">The destination, of the same size.</param>
    /// <param name="shape">The array's shape.</param>
    /// <param name="axes">The array's axis of each axis of the result.</param>
    /// <param name="size">Bytes of an element.</param>
    public static void Permute(HostMemory from, HostMemory to, Shape shape, int[] axes, int size)
    {
        if (axes is [1, 0])
        {
            Transpose2D.Run(from.Address, to.Address, shape[0], shape[1], size);
            return;
        }
        var strides = new long[axes.Length];
        for (long i = axes.Length - 1, step = size; i >= 0; i--)
        {
            strides[i] = step;
            step *= shape[(int)i];
        }
        var index = new long[axes.Length];
        var at = 0L;
        for (var target = 0L; target < to.Length; target += size)
        {
            Buffer.MemoryCopy(from.Address + at, to.Address + target, size, size);
            for (var d = axes.Length - 1; d >= 0; d--)
            {
                at += strides[axes[d]];
                if (++index[d] < shape[axes[d]]) break;
                at -= shape[axes[d]] * strides[axes[d]];
                index[d] = 0;
            }
        }
    }
}
