using System.Numerics.Tensors;

namespace Keras.Engines.Torch;

/// <summary>What follows a float32 product while its result is still in the cache.</summary>
/// <param name="Bias">(columns,), float32, added to each row; or null.</param>
/// <param name="Gelu">Whether gelu of the sum is the result.</param>
readonly unsafe record struct Epilogue(TorchTensor? Bias, bool Gelu)
{
    public static readonly Epilogue None = new(null, false);

    /// <summary>Finishes a part of a row.</summary>
    public void Run(float* values, long firstColumn, int count)
    {
        var row = new Span<float>(values, count);
        if (Bias is not null) TensorPrimitives.Add(row, new ReadOnlySpan<float>((float*)Bias.Data + firstColumn, count), row);
        if (Gelu) Composites.GeluPart(values, values, count);
    }

    /// <summary>Finishes a whole product.</summary>
    public void Run(TorchTensor product, long columns)
    {
        if (this == None || product.Count == 0) return;
        var epilogue = this;
        var values = (float*)product.Data;
        Workers.Run(product.Count / columns, columns * (Gelu ? 32 : 8), (begin, end) =>
        {
            for (var r = begin; r < end; r++) epilogue.Run(values + (r * columns), 0, (int)columns);
        });
    }
}
