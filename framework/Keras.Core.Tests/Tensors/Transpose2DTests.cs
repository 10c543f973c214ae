using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace Keras.Tests;

sealed unsafe class Transpose2DTests
{
    static readonly (int Rows, int Columns)[] Shapes =
    [
        (0, 0), (0, 5), (5, 0), (1, 1), (1, 7), (7, 1), (3, 5), (4, 4), (8, 8), (16, 8), (8, 16), (16, 16), (17, 9), (31, 33), (64, 64), (63, 65), (128, 1), (1, 1000),
        (65, 129), (768, 768), (770, 1027), (1024, 513),
    ];

    [Test]
    public void Bytes_are_transposed([ValueSource(nameof(Shapes))] (int, int) shape) => Check<byte>(shape);

    [Test]
    public void Elements_of_2_bytes_are_transposed([ValueSource(nameof(Shapes))] (int, int) shape) => Check<ushort>(shape);

    [Test]
    public void Elements_of_4_bytes_are_transposed([ValueSource(nameof(Shapes))] (int, int) shape) => Check<uint>(shape);

    [Test]
    public void Elements_of_8_bytes_are_transposed([ValueSource(nameof(Shapes))] (int, int) shape) => Check<ulong>(shape);

    [Test]
    public void Elements_of_16_bytes_are_transposed([ValueSource(nameof(Shapes))] (int, int) shape) => Check<UInt128>(shape);

    static void Check<T>((int Rows, int Columns) shape) where T : unmanaged, INumber<T>
    {
        var (rows, columns) = shape;
        var source = Values<T>(rows * columns);
        var target = new T[source.Length];
        Transpose2D.Run<T>(source, target, rows, columns);
        AssertTransposed(source, target, rows, columns);
    }

    /// <summary>The widths that this machine would not choose by itself.</summary>
    [Test]
    public void Every_kind_of_register_gives_the_same([ValueSource(nameof(Shapes))] (int Rows, int Columns) shape, [Values(0, 1, 3)] int misaligned)
    {
        Assume.That(Transpose2D.CanZip);
        CheckTile<Zip4Bytes, uint>(shape, misaligned);
        CheckTile<Zip2Bytes, ushort>(shape, misaligned);
        CheckTile<OneByOne<uint>, uint>(shape, misaligned);
        if (!Avx2.IsSupported) return;
        CheckTile<Avx4Bytes, uint>(shape, misaligned);
        CheckTile<Avx2Bytes, ushort>(shape, misaligned);
    }

    static void CheckTile<TTile, T>((int Rows, int Columns) shape, int misaligned) where TTile : ITransposeTile<T> where T : unmanaged, INumber<T>
    {
        var (rows, columns) = shape;
        var source = Values<T>(rows * columns);
        using var from = new AlignedMemory(source.Length * sizeof(T) + misaligned);
        using var to = new AlignedMemory(source.Length * sizeof(T) + misaligned + 1);
        source.CopyTo(new Span<T>(from.Address + misaligned, source.Length));
        to.Address[misaligned + source.Length * sizeof(T)] = 0x5A;
        Transpose2D.RunIn<TTile, T>(from.Address + misaligned, to.Address + misaligned, rows, columns);
        AssertTransposed(source, new Span<T>(to.Address + misaligned, source.Length), rows, columns);
        Assert.That(to.Address[misaligned + source.Length * sizeof(T)], Is.EqualTo(0x5A), "wrote past the end");
    }

    [Test]
    public void Twice_is_the_matrix_itself()
    {
        var source = Values<float>(1_000 * 777);
        var (once, twice) = (new float[source.Length], new float[source.Length]);
        Transpose2D.Run<float>(source, once, 1_000, 777);
        Transpose2D.Run<float>(once, twice, 777, 1_000);
        Assert.That(twice.AsSpan().SequenceEqual(source));
    }

    [Test]
    public void Spans_of_another_size_are_refused() =>
        Assert.That(() => Transpose2D.Run<float>(new float[6], new float[5], 2, 3), Throws.ArgumentException.With.Message.Contains("2 x 3"));

    [Test]
    public void Elements_of_other_sizes_are_refused() =>
        Assert.That(() => { byte b = 0; Transpose2D.Run(&b, &b, 1, 1, 3); }, Throws.InstanceOf<ArgumentOutOfRangeException>());

    static T[] Values<T>(int count) where T : INumber<T>
    {
        var values = new T[count];
        for (var i = 0; i < count; i++) values[i] = T.CreateTruncating(i * 2654435761L >> 7);
        return values;
    }

    static void AssertTransposed<T>(T[] source, ReadOnlySpan<T> target, int rows, int columns) where T : INumber<T>
    {
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
                if (target[c * rows + r] != source[r * columns + c]) Assert.Fail($"row {r}, column {c}: {target[c * rows + r]}, {source[r * columns + c]} is right");
    }
}
