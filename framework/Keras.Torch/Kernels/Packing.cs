using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Keras.Engines.Torch;

/// <summary>Puts parts of matrices in the order in which a tile of a product reads them.</summary>
static unsafe class Packing
{
    /// <summary>Lines of a matrix side by side: element k of line l comes to <c>target[k * width + l]</c>, lines that are missing are 0.</summary>
    /// <param name="source">The first line.</param>
    /// <param name="stride">From a line to the next, in elements.</param>
    /// <param name="lines">How many there are, at most <paramref name="width"/>.</param>
    /// <param name="depth">Elements of a line.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="width">Lines that the target has room for.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Across(float* source, long stride, int lines, int depth, float* target, int width)
    {
        var line = 0;
        if (Avx.IsSupported)
            for (; line + 8 <= lines; line += 8)
            {
                var from = source + (line * stride);
                var to = target + line;
                var k = 0;
                for (; k + 8 <= depth; k += 8) Turn8(from + k, stride, to + ((long)k * width), width);
                for (; k < depth; k++)
                    for (var l = 0; l < 8; l++) to[((long)k * width) + l] = from[(l * stride) + k];
            }
        for (; line < Math.Min(width, lines + 7 & ~7); line++)
            for (var k = 0; k < depth; k++) target[((long)k * width) + line] = line < lines ? source[(line * stride) + k] : 0;
        for (; line < width; line += 8)
            for (var k = 0; k < depth; k++) Vector256<float>.Zero.Store(target + ((long)k * width) + line);
    }

    /// <summary>A part of each row of a matrix, one row after the other: element l of row k comes to <c>target[k * width + l]</c>, elements that are missing are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Along(float* source, long stride, int elements, int depth, float* target, int width)
    {
        for (var k = 0; k < depth; k++, source += stride, target += width)
        {
            var at = 0;
            for (; at + 8 <= elements; at += 8) Vector256.Load(source + at).Store(target + at);
            for (; at < width; at++) target[at] = at < elements ? source[at] : 0;
        }
    }

    /// <summary>A part of each row of a matrix, a tile of columns after the other, each as <see cref="Along"/> puts it.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="stride">From a row to the next, in elements.</param>
    /// <param name="elements">Elements of a row.</param>
    /// <param name="depth">Rows.</param>
    /// <param name="target">Where the tiles go.</param>
    /// <param name="width">Columns of a tile, 4 to 8.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tiles(float* source, long stride, long elements, int depth, float* target, int width)
    {
        // Several tiles at once read whole lines of the cache.
        const int together = 4;
        var size = (long)width * depth;
        for (; elements >= together * width; elements -= together * width, source += together * width, target += together * size)
        {
            float* from = source, to = target;
            for (var k = 0; k < depth; k++, from += stride, to += width)
                for (var tile = 0; tile < together; tile++)
                {
                    Vector128.Load(from + (tile * width)).Store(to + (tile * size));
                    // The second half begins within the first where a tile is narrower than both.
                    Vector128.Load(from + (tile * width) + width - 4).Store(to + (tile * size) + width - 4);
                }
        }
        for (; elements > 0; elements -= width, source += width, target += size) Along(source, stride, (int)Math.Min(elements, width), depth, target, width);
    }

    /// <summary>Turns 8 lines of 8 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Turn8(float* source, long stride, float* target, long width)
    {
        Vector256<float> r0 = Vector256.Load(source), r1 = Vector256.Load(source + stride), r2 = Vector256.Load(source + (2 * stride)), r3 = Vector256.Load(source + (3 * stride));
        source += 4 * stride;
        Vector256<float> r4 = Vector256.Load(source), r5 = Vector256.Load(source + stride), r6 = Vector256.Load(source + (2 * stride)), r7 = Vector256.Load(source + (3 * stride));
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xEE), b2 = Avx.Shuffle(a1, a3, 0x44), b3 = Avx.Shuffle(a1, a3, 0xEE);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44), b5 = Avx.Shuffle(a4, a6, 0xEE), b6 = Avx.Shuffle(a5, a7, 0x44), b7 = Avx.Shuffle(a5, a7, 0xEE);
        Avx.Permute2x128(b0, b4, 0x20).Store(target);
        Avx.Permute2x128(b1, b5, 0x20).Store(target + width);
        Avx.Permute2x128(b2, b6, 0x20).Store(target + (2 * width));
        Avx.Permute2x128(b3, b7, 0x20).Store(target + (3 * width));
        target += 4 * width;
        Avx.Permute2x128(b0, b4, 0x31).Store(target);
        Avx.Permute2x128(b1, b5, 0x31).Store(target + width);
        Avx.Permute2x128(b2, b6, 0x31).Store(target + (2 * width));
        Avx.Permute2x128(b3, b7, 0x31).Store(target + (3 * width));
    }
}
