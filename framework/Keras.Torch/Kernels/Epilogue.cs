using System.Numerics.Tensors;

namespace Keras.Engines.Torch;

/// <summary>The steps that follow a product while its result is still in the cache; 16-bit floats are computed in float32 and rounded once.</summary>
/// <param name="Bias">The bias (columns,) added to each row, in the product's dtype; or null.</param>
/// <param name="Activation">What is applied to the sums, in float32; or null.</param>
readonly unsafe record struct Epilogue(TorchTensor? Bias, UnaryRow? Activation = null)
{
    const int Part = 512;

    public static readonly Epilogue None = new(null);

    /// <summary>Whether products of a dtype can have an epilogue.</summary>
    public static bool IsFor(DType dtype) => dtype == DType.Float32 || dtype.IsFloating && dtype.Size == 2;

    /// <summary>A part of the bias, in float32; empty without one.</summary>
    public ReadOnlySpan<float> BiasOf(long firstColumn, int count) => Bias is null ? default : new((float*)Bias.Data + firstColumn, count);

    /// <summary>Applies it to a part of a float32 row.</summary>
    public void Run(float* values, long firstColumn, int count)
    {
        var row = new Span<float>(values, count);
        if (Bias is not null) TensorPrimitives.Add(row, BiasOf(firstColumn, count), row);
        Activation?.Invoke((byte*)values, (byte*)values, count);
    }

    /// <summary>The work for an element.</summary>
    long Cost => Activation is null ? 8 : 32;

    /// <summary>Applies it to a whole product.</summary>
    public void Run(TorchTensor product, long columns)
    {
        if (this == None || product.Count == 0) return;
        if (product.DType != DType.Float32)
        {
            RunHalves(product, columns);
            return;
        }
        var epilogue = this;
        var values = (float*)product.Data;
        Workers.Run(product.Count / columns, columns * Cost, (begin, end) =>
        {
            for (var r = begin; r < end; r++) epilogue.Run(values + (r * columns), 0, (int)columns);
        });
    }

    void RunHalves(TorchTensor product, long columns)
    {
        using var bias = Bias is null ? null : HalfPrecision.Converted(Bias, DType.Float32);
        var (epilogue, dtype) = (this with { Bias = bias }, product.DType);
        Workers.Run(product.Count / columns, columns * Cost, (begin, end) =>
        {
            var part = stackalloc float[Part];
            for (var r = begin; r < end; r++)
                for (var first = 0L; first < columns; first += Part)
                {
                    var values = product.Data + (((r * columns) + first) * 2);
                    var count = (int)Math.Min(Part, columns - first);
                    Rows.Widen(dtype, values, part, count);
                    epilogue.Run(part, first, count);
                    Rows.Narrow(dtype, part, values, count);
                }
        });
    }
}
