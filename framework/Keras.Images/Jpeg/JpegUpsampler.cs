using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Keras.Images;

/// <summary>Upsamples the rows of a component to the size of the picture, as libjpeg-turbo does.</summary>
/// <remarks>Components of half the size are interpolated: three parts of the nearest sample and one of the next, across, down, or both. At the edges the last
/// sample of the component is repeated. Halves are rounded up and down alternately. Other sizes repeat samples.</remarks>
sealed class JpegUpsampler
{
    readonly byte[] _samples;
    readonly int _stride, _width, _height, _across, _down;
    readonly bool _isSmooth;
    readonly ushort[] _sums;
    readonly byte[] _row;

    /// <summary>Prepares to upsample a component to the size of its picture.</summary>
    /// <exception cref="FileFormatException">The picture's sampling factors are not multiples of the component's.</exception>
    public JpegUpsampler(JpegComponent component, JpegFrame frame)
    {
        if (frame.Across % component.Across != 0 || frame.Down % component.Down != 0)
            throw JpegReader.Damaged("the sizes of its components do not fit", $"factors that divide {frame.Across} x {frame.Down}", $"{component.Across} x {component.Down}");
        (_samples, _stride, _width, _height) = (component.Samples, component.Stride, component.Width, component.Height);
        (_across, _down) = (frame.Across / component.Across, frame.Down / component.Down);
        // With two columns, libjpeg's loop over those between the first and the last has nothing to do.
        _isSmooth = (_across, _down) is (1, 2) || ((_across, _down) is (2, 1 or 2) && _width > 2);
        _sums = _isSmooth ? new ushort[_stride + 2] : [];
        _row = new byte[_stride * _across];
    }

    /// <summary>Computes a row of the picture, which is valid until the next call.</summary>
    public ReadOnlySpan<byte> Row(int y)
    {
        var near = Stored(y / _down);
        if (_across == 1 && _down == 1) return near;
        if (!_isSmooth) Repeat(near);
        else if (_down == 1)
        {
            Sum(near, default);
            Widen(2, 1, 2);
        }
        else
        {
            var far = Stored(Math.Clamp((y / 2) + (y % 2 == 0 ? -1 : 1), 0, _height - 1));
            if (_across == 2)
            {
                Sum(near, far);
                Widen(4, 8, 7);
            }
            else
            {
                var rounding = y % 2 == 0 ? 1 : 2;
                for (var x = 0; x < _stride; x++) _row[x] = (byte)(((near[x] * 3) + far[x] + rounding) >> 2);
            }
        }
        return _row;
    }

    /// <summary>Adds three parts of one row and one of another, or takes the row alone if there is no other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Sum(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far)
    {
        for (var x = 0; x < near.Length; x += Vector64<byte>.Count)
        {
            var row = Widened(near, x);
            if (!far.IsEmpty) row = (row * 3) + Widened(far, x);
            row.CopyTo(_sums.AsSpan(x + 1));
        }
    }

    static Vector128<ushort> Widened(ReadOnlySpan<byte> row, int x) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(MemoryMarshal.Read<ulong>(row[x..])).AsByte());

    ReadOnlySpan<byte> Stored(int y) => _samples.AsSpan(y * _stride, _stride);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Repeat(ReadOnlySpan<byte> row)
    {
        for (int x = 0, to = 0; x < row.Length; x++)
            for (var i = 0; i < _across; i++) _row[to++] = row[x];
    }

    /// <summary>Makes two samples from each sum: three parts of it plus one of its left, then its right neighbour.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Widen(int shift, ushort leftRounding, ushort rightRounding)
    {
        (_sums[0], _sums[_width + 1]) = (_sums[1], _sums[_width]);
        for (var x = 0; x < _stride; x += Vector128<ushort>.Count)
        {
            var (left, middle, right) = (Sums(x), Sums(x + 1) * 3, Sums(x + 2));
            var pairs = ((middle + left + Vector128.Create(leftRounding)) >> shift) | (((middle + right + Vector128.Create(rightRounding)) >> shift) << 8);
            pairs.AsByte().CopyTo(_row.AsSpan(x * 2));
        }
    }

    Vector128<ushort> Sums(int at) => Vector128.Create(_sums.AsSpan(at, Vector128<ushort>.Count));
}
