using Keras.Engines.Torch;

namespace Keras.Tests.Torch.Kernels;

/// <summary>Products of few rows beside sums in float64.</summary>
sealed unsafe class FewRowsTests : TorchFixture
{
    static IEnumerable<int[]> Shapes =>
        from rows in new[] { 1, 4, 7, 8, 16 }
        from inner in new[] { 1, 3, 4, 33, 130 }
        from columns in new[] { 1, 5, 16, 63, 193, 2100 }
        select new[] { rows, inner, columns };

    [TestCaseSource(nameof(Shapes))]
    public void EachShapeGivesTheProduct(int rows, int inner, int columns)
    {
        RequireFastProducts();
        foreach (var transposed in new[] { false, true })
            if (FewRows.Fits(DType.Float32, rows, inner, transposed)) Check(rows, inner, columns, transposed);
    }

    static void Check(int rows, int inner, int columns, bool transposed)
    {
        var random = new Random(rows + (inner * 100) + columns);
        float[] a = Numbers(random, rows * inner), b = Numbers(random, inner * columns);
        var result = Product(a, b, rows, inner, columns, transposed);
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
            {
                var (sum, size) = Sum(a, b, r, c, inner, columns, transposed);
                Assert.That(result[(r * columns) + c], Is.EqualTo(sum).Within(1e-6 * size), $"row {r}, column {c}, transposed {transposed}");
            }
        Assert.That(result[^1], Is.EqualTo(-5f), "what lies behind is untouched");
    }

    [Test]
    public void NoColumnsAreNoProduct([Values] bool transposed)
    {
        RequireFastProducts();
        Assert.That(Product(new float[4 * 8], [], 4, 8, 0, transposed), Is.EqualTo(new[] { -5f }));
    }

    [Test]
    public void AnyNumberOfThreadsGivesTheSameBits([Values] bool transposed)
    {
        RequireFastProducts();
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
        RequireFastProducts();
        var random = new Random(4);
        float[] a = Numbers(random, 5 * 40), b = Numbers(random, 40 * 2100), bias = Numbers(random, 2100);
        using var tensor = TorchTensor.Of(HostTensor.Of<float>(bias, new Shape(2100)));
        var plain = Product(a, b, 5, 40, 2100, transposed: false);
        Assert.That(Product(a, b, 5, 40, 2100, transposed: false, new Epilogue(tensor))[..^1], Is.EqualTo(plain[..^1].Select((p, i) => p + bias[i % 2100])));
    }

    [TestCaseSource(nameof(Shapes))]
    public void SixteenBitOperandsAreSummedInFloat32(int rows, int inner, int columns)
    {
        RequireFastProducts();
        var random = new Random(rows + inner + columns);
        using var a = TorchTensor.Of(HostTensor.Of<float>(Numbers(random, rows * inner), new Shape(rows, inner)));
        using var b = TorchTensor.Of(HostTensor.Of<float>(Numbers(random, inner * columns), new Shape(inner, columns)));
        using var bias = TorchTensor.Of(HostTensor.Of<float>(Numbers(random, columns), new Shape(columns)));
        foreach (var dtype in new[] { DType.BFloat16, DType.Float16 })
            foreach (var transposed in new[] { false, true })
            {
                Assert.That(FewRows.Fits(dtype, rows, inner, transposed), Is.True);
                using TorchTensor a16 = HalfPrecision.Converted(a, dtype), b16 = HalfPrecision.Converted(b, dtype), bias16 = HalfPrecision.Converted(bias, dtype);
                using TorchTensor wideA = HalfPrecision.Converted(a16, DType.Float32), wideB = HalfPrecision.Converted(b16, DType.Float32), wideBias = HalfPrecision.Converted(bias16, DType.Float32);
                using var result = TorchTensor.Allocate(dtype, new Shape(rows, columns));
                FewRows.MultiplyHalves(a16, b16, transposed, result, rows, inner, columns, new Epilogue(bias16));
                using var wide = HalfPrecision.Converted(result, DType.Float32);
                float* x = (float*)wideA.Data, y = (float*)wideB.Data, z = (float*)wide.Data, c = (float*)wideBias.Data;
                var step = dtype == DType.Float16 ? 1.0 / 2048 : 1.0 / 256;
                for (var r = 0; r < rows; r++)
                    for (var n = 0; n < columns; n++)
                    {
                        var (sum, size) = Sum(new(x, rows * inner), new(y, inner * columns), r, n, inner, columns, transposed);
                        (sum, size) = (sum + c[n], size + Math.Abs(c[n]));
                        if (!(Math.Abs(z[(r * columns) + n] - sum) <= (1e-6 * size) + (step * Math.Abs(sum)) + 1e-7)) Assert.Fail($"{dtype}, row {r}, column {n}, transposed {transposed}: {z[(r * columns) + n]} instead of {sum}");
                    }
            }
    }

    [Test]
    public void EverySixteenBitNumberIsWidenedAsItIs([Values] bool wide)
    {
        ushort[] bits = [.. Enumerable.Range(0, 1 << 16).Select(i => (ushort)i)];
        float[] halves = new float[bits.Length], brains = new float[bits.Length];
        if (wide) Widen<WideFloats>(bits, halves, brains);
        else Widen<PlainFloats>(bits, halves, brains);
        Assert.That(halves, Is.EqualTo(bits.Select(b => (float)BitConverter.UInt16BitsToHalf(b))));
        Assert.That(brains, Is.EqualTo(bits.Select(b => (float)new BFloat16(b))));
        Assert.That(halves.Concat(brains).Select(float.IsNegative), Is.EqualTo(bits.Concat(bits).Select(b => b >> 15 == 1)), "signs of zeros and NaN too");
    }

    static void Widen<T>(ushort[] bits, float[] halves, float[] brains) where T : struct, IFloatLanes<T>
    {
        fixed (ushort* source = bits)
        fixed (float* h = halves, b = brains)
            for (var i = 0; i < bits.Length; i += T.Count)
            {
                T.LoadHalves(source + i).Store(h + i);
                T.LoadBrains(source + i).Store(b + i);
            }
    }

    /// <summary>What a machine without vectors of 512 bits computes.</summary>
    [TestCaseSource(nameof(Shapes))]
    public void EachWidthAndDTypeGivesTheProduct(int rows, int inner, int columns)
    {
        RequireFastProducts();
        CheckKernel<PlainFloats, Single32>(DType.Float32, rows, inner, columns);
        CheckKernel<PlainFloats, Brain16>(DType.BFloat16, rows, inner, columns);
        CheckKernel<PlainFloats, Half16>(DType.Float16, rows, inner, columns);
    }

    static void CheckKernel<TLanes, TStored>(DType dtype, int rows, int inner, int columns) where TLanes : struct, IFloatLanes<TLanes> where TStored : unmanaged, IStored<TStored>
    {
        var random = new Random(rows + inner + columns);
        using var a = TorchTensor.Of(HostTensor.Of<float>(Numbers(random, rows * inner), new Shape(rows, inner)));
        using var given = TorchTensor.Of(HostTensor.Of<float>(Numbers(random, inner * columns), new Shape(inner, columns)));
        using TorchTensor b = HalfPrecision.Converted(given, dtype), wide = HalfPrecision.Converted(b, DType.Float32), result = TorchTensor.Allocate(DType.Float32, new Shape(rows, columns));
        float* x = (float*)a.Data, y = (float*)wide.Data, z = (float*)result.Data;
        foreach (var transposed in new[] { false, true })
        {
            var p = GemmProduct.Of(a.Data, false, b.Data, transposed, result.Data, rows, inner, columns);
            for (var first = 0; first < columns; first += 512) FewRows<TLanes, TStored>.Run(p, first, Math.Min(512, columns - first));
            for (var r = 0; r < rows; r++)
                for (var n = 0; n < columns; n++)
                {
                    var (sum, size) = Sum(new(x, rows * inner), new(y, inner * columns), r, n, inner, columns, transposed);
                    if (!(Math.Abs(z[(r * columns) + n] - sum) <= 1e-6 * size)) Assert.Fail($"{dtype}, row {r}, column {n}, transposed {transposed}: {z[(r * columns) + n]} instead of {sum}");
                }
        }
    }

    [Test]
    public void RowsOfBfloat16AreConvertedAsSingleNumbersAre()
    {
        var random = new Random(6);
        float[] values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 1.00390625f, 1.01171875f, float.MaxValue, float.Epsilon, .. Enumerable.Range(0, 500).Select(_ => BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32)))];
        var narrow = new BFloat16[values.Length];
        var wide = new float[values.Length];
        fixed (float* v = values, w = wide)
        fixed (BFloat16* n = narrow)
        {
            BFloats.Narrow(v, n, values.Length);
            BFloats.Widen(n, w, values.Length);
        }
        Assert.That(narrow, Is.EqualTo(values.Select(v => (BFloat16)v)));
        Assert.That(wide, Is.EqualTo(narrow.Select(n => (float)n)));
    }

    /// <summary>An element of a product in float64, and the sum of the sizes of what it adds up.</summary>
    static (double Sum, double Size) Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int row, int column, int inner, int columns, bool transposed)
    {
        var (sum, size) = (0.0, 0.0);
        for (var k = 0; k < inner; k++)
        {
            var product = (double)a[(row * inner) + k] * b[transposed ? (column * inner) + k : (k * columns) + column];
            (sum, size) = (sum + product, size + Math.Abs(product));
        }
        return (sum, size);
    }

    static void RequireFastProducts()
    {
        if (!FewRows.Fits(DType.Float32, 1, 1, transposed: false)) Assert.Ignore("This machine has no vectors of 256 bits with fused multiply-add.");
    }

    static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];

    /// <summary>The product, and an element behind it.</summary>
    static float[] Product(float[] a, float[] b, int rows, int inner, int columns, bool transposed, Epilogue epilogue = default)
    {
        var result = new float[(rows * columns) + 1];
        result[^1] = -5;
        fixed (float* x = a, y = b, z = result) FewRows.Multiply(GemmProduct.Of((byte*)x, false, (byte*)y, transposed, (byte*)z, rows, inner, columns) with { Epilogue = epilogue }, DType.Float32);
        return result;
    }
}
