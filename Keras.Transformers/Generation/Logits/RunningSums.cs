using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Finds where sums along rows pass a number.</summary>
static class RunningSums
{
    /// <summary>The number of values summed first; summing blocks and then these sums is faster than one long sum, with smaller rounding errors.</summary>
    const int Block = 256;

    /// <summary>The first index at which the cumulative sum of a row passes a target, int32 (R, 1).</summary>
    /// <param name="values">Non-negative values, (R, K); K is known.</param>
    /// <param name="target">Gives the target for the sum of each whole row, (R, 1).</param>
    public static Tensor Passed(Tensor values, Func<Tensor, Tensor> target)
    {
        var count = (int)values.shape[1];
        var blocks = (count + Block - 1) / Block;
        values = ops.reshape(ops.pad(values, [[0, 0], [0, (blocks * Block) - count]]), [-1, blocks, Block]);
        var sums = ops.cumsum(ops.sum(values, -1), -1);
        var wanted = target(sums[.., (blocks - 1)..]);
        var block = ops.expand_dims(ops.minimum(NotPassed(sums, wanted), blocks - 1), 1);
        var before = ops.take_along_axis(ops.pad(sums, [[0, 0], [1, 0]]), block, 1);
        var within = ops.squeeze(ops.take_along_axis(values, ops.expand_dims(block, 2), 1), 1);
        var found = NotPassed(ops.cumsum(within, -1), wanted - before);
        // Because of rounding, the sum within a block may stay below the target; then the last index that adds something is taken.
        var last = Block - 1 - ops.cast(ops.argmax(ops.flip(ops.cast(within > 0, "int32"), 1), -1), "int32");
        return (block * Block) + ops.expand_dims(ops.minimum(found, last), 1);
    }

    /// <summary>Counts the sums that are not above a target.</summary>
    static Tensor NotPassed(Tensor sums, Tensor target) => ops.sum(ops.cast(sums <= target, "int32"), -1);
}
