namespace Keras.Engines.Torch;

/// <summary>Scaled dot-product attention whose scores stay in the cache: a block of queries of one head at a time.</summary>
static unsafe class Attention
{
    /// <summary>The number of queries in a block.</summary>
    const int BlockRows = 64;

    /// <summary>An operand (B, H, T, D) whose last axis is contiguous.</summary>
    /// <param name="Data">Its first element.</param>
    /// <param name="Batch">The stride from one text to the next, in elements.</param>
    /// <param name="Head">The stride from one head to the next.</param>
    /// <param name="Row">The stride from one token to the next.</param>
    public readonly record struct View(nint Data, long Batch, long Head, long Row)
    {
        public GemmMatrix Matrix(long batch, long head, long row, bool transposed = false) => new((nint)((float*)Data + (batch * Batch) + (head * Head) + (row * Row)), Row, transposed);
    }

    /// <summary>A tensor added to the scores, broadcast along axes whose stride is 0.</summary>
    /// <param name="Data">Its first element; 0 for none.</param>
    /// <param name="Batch">The stride from one text to the next, in elements.</param>
    /// <param name="Head">The stride from one head to the next.</param>
    /// <param name="Row">The stride from one query to the next.</param>
    /// <param name="Column">The stride from one key to the next: 0 or 1.</param>
    /// <param name="Replaces">Whether masking values replace scores, whatever these are, instead of being added.</param>
    public readonly record struct Added(nint Data, long Batch, long Head, long Row, long Column, bool Replaces = false)
    {
        /// <summary>What is added to the scores of one query; 0 for nothing.</summary>
        public nint Of(long batch, long head, long row) => Data == 0 ? 0 : (nint)((float*)Data + (batch * Batch) + (head * Head) + (row * Row));
    }

    /// <summary>The sizes of the operands.</summary>
    public readonly record struct Sizes(long Batch, long Heads, long Rows, long Columns, long Features);

    /// <summary>Computes attention; every size is at least 1.</summary>
    public static void Run(View q, View k, View v, View result, Added mask, float scale, Sizes sizes)
    {
        var blocks = (sizes.Rows + BlockRows - 1) / BlockRows;
        var cost = Math.Min(sizes.Rows, BlockRows) * sizes.Columns * (16 + sizes.Features);
        var stride = Gemm.RoundUp(sizes.Columns, GemmTile.Columns);
        var scoresSize = Gemm.RoundUp(Math.Min(sizes.Rows, BlockRows), GemmTile.Rows) * stride;
        Workers.Run(sizes.Batch * sizes.Heads * blocks, cost, (begin, end) =>
        {
            var scores = (float*)BlockPool.Take((scoresSize + Gemm.Scratch) * sizeof(float), out var capacity);
            for (var i = begin; i < end; i++)
            {
                var (batch, head, first) = (i / blocks / sizes.Heads, i / blocks % sizes.Heads, i % blocks * BlockRows);
                var rows = Math.Min(BlockRows, sizes.Rows - first);
                Gemm.Alone(new(q.Matrix(batch, head, first), k.Matrix(batch, head, 0, transposed: true), new((nint)scores, stride), rows, sizes.Features, sizes.Columns) { HasRoom = true }, scores + scoresSize);
                for (var r = 0L; r < rows; r++)
                    Softmax.Run(scores + (r * stride), (int)sizes.Columns, new(scale, mask.Of(batch, head, first + r), mask.Column == 1, mask.Replaces));
                Gemm.Alone(new(new((nint)scores, stride), v.Matrix(batch, head, 0), result.Matrix(batch, head, first), rows, sizes.Columns, sizes.Features), scores + scoresSize);
            }
            BlockPool.Return((byte*)scores, capacity);
        });
    }
}
