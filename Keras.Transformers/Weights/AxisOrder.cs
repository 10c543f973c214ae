namespace Keras.Transformers;

/// <summary>Transposes arrays.</summary>
static unsafe class AxisOrder
{
    /// <summary>Writes an array with its axes permuted.</summary>
    /// <param name="from">The array, row-major.</param>
    /// <param name="to">The destination, of the same size.</param>
    /// <param name="shape">The array's shape.</param>
    /// <param name="axes">The source axis of each axis of the result.</param>
    /// <param name="size">The size of an element in bytes.</param>
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
