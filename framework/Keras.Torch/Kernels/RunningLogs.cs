namespace Keras.Engines.Torch;

/// <summary>Running logarithms of sums of exponentials along an axis.</summary>
static class RunningLogs
{
    public static readonly Dictionary<string, Kernel> Kernels = new() { ["CumulativeLogsumexp"] = Run };

    static void Run(KernelCall c)
    {
        var (x, result) = (c.Tensor(0), c.Result(0, c.ShapeOf(0)));
        var rank = x.Shape.Rank;
        // As in TensorFlow, the sum of no elements is the lowest finite number.
        var least = x.DType == DType.Float64 ? double.MinValue : x.DType == DType.Float32 ? float.MinValue : x.DType == DType.Float16 ? (double)Half.MinValue : BitConverter.UInt32BitsToSingle(0xFF7F0000);
        var axis = rank == 0 ? 0 : c.Axis(1, rank);
        var (count, inner) = rank == 0 ? (1, 1) : (x.Shape[axis], Slicing.Product(x.Shape, axis + 1, rank));
        var (exclusive, reverse) = (c.Flag("exclusive"), c.Flag("reverse"));
        Workers.Run(count == 0 ? 0 : x.Count / count, count * 64, (begin, end) =>
        {
            for (var row = begin; row < end; row++)
            {
                var sum = least;
                for (var i = 0L; i < count; i++)
                {
                    var at = (row / inner * count * inner) + ((reverse ? count - 1 - i : i) * inner) + (row % inner);
                    var before = sum;
                    sum = Sum(sum, Numbers.Read(x, at));
                    SparseInput.Write(result, at, exclusive ? before : sum);
                }
            }
        });
    }

    static double Sum(double a, double b)
    {
        var (less, more) = (Math.Min(a, b), Math.Max(a, b));
        return double.IsFinite(more) ? more + Math.Log(1 + Math.Exp(less - more)) : more;
    }
}
