using Keras.Engines.Torch;

namespace Keras.Tests.Torch.Kernels;

/// <summary>Own products beside sums in float64.</summary>
sealed unsafe class GemmTests : TorchFixture
{
    /// <summary>Around the sizes of tiles, strips, parts of the depth and blocks of rows.</summary>
    static IEnumerable<int[]> Shapes =>
    [
        [1, 1, 1], [1, 7, 40], [3, 64, 31], [5, 33, 130], [6, 8, 16], [7, 100, 33], [8, 256, 32], [9, 257, 65], [12, 40, 48], [17, 513, 96], [24, 300, 1024], [31, 5, 200],
        [33, 1030, 70], [96, 64, 64], [97, 65, 63], [128, 200, 800], [130, 70, 2048], [260, 40, 96], [600, 50, 40],
    ];

    [TestCaseSource(nameof(Shapes))]
    public void EachShapeGivesTheProduct(int rows, int inner, int columns)
    {
        Require();
        var random = new Random(rows + (inner * 100) + columns);
        float[] a = Numbers(random, rows * inner), b = Numbers(random, inner * columns);
        foreach (var (ta, tb) in new[] { (false, false), (true, false), (false, true), (true, true) })
            Check(a, ta, b, tb, rows, inner, columns, Product(a, ta, b, tb, rows, inner, columns), $"{ta} {tb}");
    }

    [Test]
    public void ManyProductsAreEachTheirOwn([Values] bool ta, [Values] bool tb)
    {
        Require();
        const int batch = 5, rows = 100, inner = 37, columns = 70;
        var random = new Random(2);
        float[] a = Numbers(random, batch * rows * inner), b = Numbers(random, batch * inner * columns), result = new float[batch * rows * columns];
        fixed (float* pa = a, pb = b, pd = result)
            Products.Batched((byte*)pa, ta, (byte*)pb, tb, (byte*)pd, DType.Float32, batch, rows, inner, columns);
        for (var i = 0; i < batch; i++)
            Check(a[(i * rows * inner)..], ta, b[(i * inner * columns)..], tb, rows, inner, columns, result[(i * rows * columns)..], $"product {i}");
    }

    [Test]
    public void AnyNumberOfThreadsGivesTheSameBits([Values(20, 130, 700)] int rows)
    {
        Require();
        var random = new Random(3);
        float[] a = Numbers(random, rows * 700), b = Numbers(random, 700 * 500);
        var all = Product(a, false, b, false, rows, 700, 500);
        try
        {
            Workers.Threads = 1;
            Assert.That(Product(a, false, b, false, rows, 700, 500), Is.EqualTo(all));
            Workers.Threads = 5;
            Assert.That(Product(a, false, b, false, rows, 700, 500), Is.EqualTo(all));
            // So many that the pieces have other sizes.
            Workers.Threads = 40;
            Assert.That(Product(a, false, b, false, rows, 700, 500), Is.EqualTo(all));
        }
        finally
        {
            Workers.Threads = 0;
        }
    }

    [TestCase(40, 30, 200)]
    [TestCase(37, 1100, 90)]
    [TestCase(5, 30, 70)]
    public void ABiasIsAddedToItsOwnColumns(int rows, int inner, int columns)
    {
        Require();
        var random = new Random(4);
        // Eighths, whose sums are exact in any order.
        float[] Eighths(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(-8, 9) / 8f)];
        float[] a = Eighths(rows * inner), b = Eighths(inner * columns), bias = Eighths(columns);
        using var tensor = TorchTensor.Of(HostTensor.Of<float>(bias, new Shape(columns)));
        foreach (var transposed in new[] { false, true })
        {
            var plain = Product(a, false, b, transposed, rows, inner, columns);
            Assert.That(Product(a, false, b, transposed, rows, inner, columns, new Epilogue(tensor)), Is.EqualTo(plain.Select((p, i) => p + bias[i % columns])));
        }
    }

    [Test]
    public void AResultWithRoomHoldsTheSame([Values(3, 8, 21)] int rows, [Values(1, 16, 40, 64, 100)] int columns)
    {
        Require();
        const int inner = 20;
        var random = new Random(6);
        float[] a = Numbers(random, rows * inner), b = Numbers(random, inner * columns);
        var stride = (int)Gemm.RoundUp(columns, GemmTile.Columns);
        var result = new float[(int)Gemm.RoundUp(rows, GemmTile.Rows) * stride];
        var scratch = new float[Gemm.Scratch];
        foreach (var transposed in new[] { false, true })
        {
            fixed (float* pa = a, pb = b, pd = result, ps = scratch)
                Gemm.Alone(GemmProduct.Of((byte*)pa, false, (byte*)pb, transposed, (byte*)pd, rows, inner, columns) with { Result = new((nint)pd, stride), HasRoom = true }, ps);
            Check(a, false, b, transposed, rows, inner, columns, [.. Enumerable.Range(0, rows).SelectMany(r => result[(r * stride)..((r * stride) + columns)])], $"{transposed}");
        }
    }

    [Test]
    public void WhatIsNoNumberStaysInItsRowsAndColumns()
    {
        Require();
        var random = new Random(5);
        float[] a = Numbers(random, 40 * 30), b = Numbers(random, 30 * 70);
        a[(3 * 30) + 7] = float.NaN;
        b[(9 * 70) + 50] = float.PositiveInfinity;
        var result = Product(a, false, b, false, 40, 30, 70);
        for (var r = 0; r < 40; r++)
            for (var c = 0; c < 70; c++) Assert.That(float.IsFinite(result[(r * 70) + c]), Is.EqualTo(r != 3 && c != 50), $"row {r}, column {c}");
    }

    static void Require()
    {
        if (!Gemm.IsSupported) Assert.Ignore("This machine has no fused multiply-add.");
    }

    static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];

    static float[] Product(float[] a, bool ta, float[] b, bool tb, int rows, int inner, int columns, Epilogue epilogue = default)
    {
        const int guard = 40;
        var result = new float[(rows * columns) + guard];
        Array.Fill(result, -5f);
        fixed (float* pa = a, pb = b, pd = result)
            Gemm.Multiply(GemmProduct.Of((byte*)pa, ta, (byte*)pb, tb, (byte*)pd, rows, inner, columns) with { Epilogue = epilogue });
        Assert.That(result[(rows * columns)..], Is.All.EqualTo(-5f), "what lies behind is untouched");
        return result[..(rows * columns)];
    }

    static void Check(float[] a, bool ta, float[] b, bool tb, int rows, int inner, int columns, float[] result, string what)
    {
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
            {
                var (sum, size) = (0.0, 0.0);
                for (var k = 0; k < inner; k++)
                {
                    var product = (double)a[ta ? (k * rows) + r : (r * inner) + k] * b[tb ? (c * inner) + k : (k * columns) + c];
                    (sum, size) = (sum + product, size + Math.Abs(product));
                }
                if (Math.Abs(result[(r * columns) + c] - sum) > 1e-6 * size) Assert.Fail($"row {r}, column {c}: {result[(r * columns) + c]} instead of {sum}, {what}");
            }
    }
}
