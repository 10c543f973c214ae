using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Keras.Engines.Torch;

/// <summary>Products of at most 16 rows, as each token of a generated text or one short text needs: the right operand is read once, in the order in which it lies, and widened from 16 bits on the way.</summary>
static unsafe class FewRows
{
    /// <summary>The most rows that this is for; fewer where a transposed right operand is read row by row, and where it is in the cache.</summary>
    const int MostRows = 16, MostRowsTransposed = 8, MostRowsAlone = 4;

    /// <summary>Columns of a piece, whose sums stay in the first cache. Narrow results have narrow pieces, so that there are some for each thread.</summary>
    const int WidePiece = 512, NarrowPiece = 192, WideResult = 2048;

    /// <summary>Columns of a piece where each lies without gaps, and what a piece is a multiple of otherwise.</summary>
    const int PieceLines = 64, Group = 64;

    delegate void Piece(in GemmProduct p, long first, int width);

    /// <summary>Whether this is the fast way.</summary>
    /// <param name="stored">The dtype of the right operand.</param>
    /// <param name="rows">Rows of the left one, which is float32.</param>
    /// <param name="inner">Elements that are added up.</param>
    /// <param name="transposed">Whether the right operand lies as (columns, inner).</param>
    public static bool Fits(DType stored, long rows, long inner, bool transposed) => Vector256.IsHardwareAccelerated && Fma.IsSupported && rows > 0 && inner > 0
        && (stored == DType.Float32 ? rows <= (transposed ? MostRowsTransposed : MostRows) : HalfPrecision.IsHalf(stored) && rows <= MostRows);

    /// <summary>Whether this is the fast way for a product of float32.</summary>
    public static bool Fits(in GemmProduct p) => !p.A.IsTransposed && Fits(DType.Float32, p.Rows, p.Inner, p.B.IsTransposed);

    /// <summary>Whether this is the fast way for a product of one thread whose operands are in the cache: as for one query of attention, where putting keys in order would be most of the work.</summary>
    public static bool FitsAlone(in GemmProduct p) => p.Rows <= MostRowsAlone && (p.B.IsTransposed || p.Columns <= WidePiece) && Fits(p);

    /// <summary>Computes a product by the calling thread alone.</summary>
    public static void Alone(in GemmProduct p) => PieceOf(DType.Float32)(p, 0, (int)p.Columns);

    /// <summary>A product of 16-bit operands, summed in float32 and rounded once.</summary>
    public static void MultiplyHalves(TorchTensor a, TorchTensor b, bool transposed, TorchTensor result, long rows, long inner, long columns, Epilogue epilogue)
    {
        using var wide = HalfPrecision.Converted(a, DType.Float32);
        using var bias = epilogue.Bias is { } given ? HalfPrecision.Converted(given, DType.Float32) : null;
        using var sums = TorchTensor.Allocate(DType.Float32, result.Shape);
        Multiply(GemmProduct.Of(wide.Data, false, b.Data, transposed, sums.Data, rows, inner, columns) with { Epilogue = epilogue with { Bias = bias } }, b.DType);
        Elementwise.Map(sums, result, Casts.Between(DType.Float32, result.DType));
    }

    /// <summary>Computes a product.</summary>
    /// <param name="p">The product, whose left operand and result are float32.</param>
    /// <param name="stored">The dtype of the right operand.</param>
    public static void Multiply(GemmProduct p, DType stored)
    {
        if (p.Columns == 0) return;
        var columns = p.B.IsTransposed ? PieceLines : ColumnsOf(p.Columns);
        var piece = PieceOf(stored);
        Workers.Run((p.Columns + columns - 1) / columns, columns * p.Inner * stored.Size, (begin, end) =>
        {
            for (var i = begin; i < end; i++) piece(p, i * columns, (int)Math.Min(columns, p.Columns - (i * columns)));
        });
    }

    /// <summary>Columns of a piece: an even number of pieces of one size, whole groups each.</summary>
    static long ColumnsOf(long columns)
    {
        var pair = 2L * (columns >= WideResult ? WidePiece : NarrowPiece);
        var pieces = 2 * ((columns + pair - 1) / pair);
        return (((columns + pieces - 1) / pieces) + Group - 1) & -Group;
    }

    static Piece PieceOf(DType stored) => Vector512.IsHardwareAccelerated ? Of<WideFloats>.Piece(stored) : Of<PlainFloats>.Piece(stored);

    /// <summary>The kernels of one width by what is stored, made once.</summary>
    static class Of<TLanes> where TLanes : struct, IFloatLanes<TLanes>
    {
        static readonly Piece Singles = FewRows<TLanes, Single32>.Run, Brains = FewRows<TLanes, Brain16>.Run, Halves = FewRows<TLanes, Half16>.Run;

        public static Piece Piece(DType stored) => stored == DType.Float32 ? Singles : stored == DType.BFloat16 ? Brains : Halves;
    }
}
