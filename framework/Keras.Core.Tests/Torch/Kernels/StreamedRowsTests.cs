using System.Runtime.Intrinsics;
using Keras.Engines.Torch;

namespace Keras.Tests.Torch.Kernels;

/// <summary>Products of few rows beside sums in float64.</summary>
sealed unsafe class StreamedRowsTests : TorchFixture
{
    static IEnumerable<int[]> Shapes =>
        from rows in new[] { 1, 4, 7, 8, 16 }
        from inner in new[] { 1, 3, 4, 33, 130 }
        from columns in new[] { 1, 5, 16, 63, 193, 2100 }
        select new[] { rows, inner, columns };

    [TestCaseSource(nameof(Shapes))]
    public void EachShapeGivesTheProduct(int rows, int inner, int columns)
    {
        if (!Vector512.IsHardwareAccelerated) Assert.Ignore("This machine has no vectors of 512 bits.");
        foreach (var transposed in new[] { false, true })
            if (StreamedRows.Fits(rows, inner, transposed)) Check(rows, inner, columns, transposed);
    }

    static void Check(int rows, int inner, int columns, bool transposed)
    {
        var random = new Random(rows + (inner * 100) + columns);
        float[] a = Numbers(random, rows * inner), b = Numbers(random, inner * columns);
        var result = Product(a, b, rows, inner, columns, transposed);
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
            {
                var (sum, size) = (0.0, 0.0);
                for (var k = 0; k < inner; k++)
                {
                    var product = (double)a[(r * inner) + k] * b[transposed ? (c * inner) + k : (k * columns) + c];
                    (sum, size) = (sum + product, size + Math.Abs(product));
                }
                Assert.That(result[(r * columns) + c], Is.EqualTo(sum).Within(1e-6 * size), $"row {r}, column {c}, transposed {transposed}");
            }
        Assert.That(result[^1], Is.EqualTo(-5f), "what lies behind is untouched");
    }

    [Test]
    public void AnyNumberOfThreadsGivesTheSameBits([Values] bool transposed)
    {
        if (!Vector512.IsHardwareAccelerated) Assert.Ignore("This machine has no vectors of 512 bits.");
        var random = new Random(3);
        float[] a = Numbers(random, 5 * 700), b = Numbers(random, 700 * 3000);
        var all = Product(a, b, 5, 700, 3000, transposed);
        try
        {
            Workers.Threads = 1;
            Assert.That(Product(a, b, 5, 700, 3000, transposed), Is.EqualTo(all));
        }
        finally
        {
            Workers.Threads = 0;
        }
    }

    [Test]
    public void ABiasIsAddedToItsOwnColumns()
    {
        if (!Vector512.IsHardwareAccelerated) Assert.Ignore("This machine has no vectors of 512 bits.");
        var random = new Random(4);
        float[] a = Numbers(random, 5 * 40), b = Numbers(random, 40 * 2100), bias = Numbers(random, 2100);
        using var tensor = TorchTensor.Of(HostTensor.Of<float>(bias, new Shape(2100)));
        var plain = Product(a, b, 5, 40, 2100, transposed: false);
        Assert.That(Product(a, b, 5, 40, 2100, transposed: false, new Epilogue(tensor, Gelu: false))[..^1], Is.EqualTo(plain[..^1].Select((p, i) => p + bias[i % 2100])));
    }

    static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];

    /// <summary>The product, and an element behind it.</summary>
    static float[] Product(float[] a, float[] b, int rows, int inner, int columns, bool transposed, Epilogue epilogue = default)
    {
        var result = new float[(rows * columns) + 1];
        result[^1] = -5;
        fixed (float* x = a, y = b, z = result) StreamedRows.Multiply(new((nint)x, (nint)y, transposed, (nint)z, rows, inner, columns), epilogue);
        return result;
    }
}
