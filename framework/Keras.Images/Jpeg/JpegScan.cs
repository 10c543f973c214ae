using System.Runtime.CompilerServices;

namespace Keras.Images;

/// <summary>A component in a scan, with its Huffman tables.</summary>
sealed record JpegScanPart(JpegComponent Component, JpegHuffman? Sizes, JpegHuffman? Runs);

/// <summary>Decodes a scan into the coefficients of its components.</summary>
sealed class JpegScan
{
    /// <summary>The most blocks in a coded unit that the standard allows.</summary>
    const int MostBlocks = 10;

    /// <summary>The longest run: with size 0 it means 16 zeros within a block; shorter ones then mean that blocks end.</summary>
    public const int FullRun = 15;

    delegate void BlockDecoder(Span<short> block, int part);

    readonly JpegInput _input;
    readonly JpegFrame _frame;
    readonly JpegScanPart[] _parts;
    readonly int _first, _last, _bit, _restartInterval;
    readonly BlockDecoder _decode;
    readonly int[] _predictions;
    readonly JpegTransform[] _transforms;
    readonly short[] _block = new short[JpegBlock.Size];
    int _emptyBlocks;

    /// <summary>Creates a scan of a frame.</summary>
    /// <param name="input">The input, at the start of the coded bits.</param>
    /// <param name="frame">The picture.</param>
    /// <param name="parts">The components of the scan.</param>
    /// <param name="first">The first coefficient in a progressive scan, in coded order.</param>
    /// <param name="last">The last coefficient in a progressive scan.</param>
    /// <param name="bitsBefore">The number of low bits missing before a scan that adds one; 0 for a scan of the first bits.</param>
    /// <param name="bit">The number of low bits missing after the scan.</param>
    /// <param name="transforms">The transform of each component, to compute samples at once; empty if other scans add to the coefficients.</param>
    /// <param name="restartInterval">The number of coded units between restarts; 0 for none.</param>
    /// <exception cref="FileFormatException">The scan's parameters are wrong, or a table is missing.</exception>
    public JpegScan(JpegInput input, JpegFrame frame, JpegScanPart[] parts, int first, int last, int bitsBefore, int bit, JpegTransform[] transforms, int restartInterval)
    {
        _transforms = transforms;
        (_input, _frame, _parts, _first, _last, _bit, _restartInterval) = (input, frame, parts, first, last, bit, restartInterval);
        _predictions = new int[parts.Length];
        if (parts.Length > 1 && parts.Sum(p => p.Component.Across * p.Component.Down) > MostBlocks) throw JpegReader.Damaged("a unit of a scan has too many blocks", $"at most {MostBlocks}", null);
        if (!frame.IsProgressive)
        {
            // The scan's coefficient range and bits are ignored, as in libjpeg: some files have zeros there.
            foreach (var part in parts)
            {
                Ready(part.Sizes, isOfSizes: true);
                Ready(part.Runs, isOfSizes: false);
            }
            _decode = DecodeAll;
            return;
        }
        var isDc = first == 0;
        if ((isDc ? last != 0 : parts.Length != 1 || first > last || last >= JpegBlock.Size) || (bitsBefore != 0 && bit != bitsBefore - 1) || bit > 13)
            throw JpegReader.Damaged("a progressive scan has wrong parameters", null, $"coefficients {first} to {last}, bits {bitsBefore} to {bit}, {parts.Length} components");
        _decode = (isDc, bitsBefore == 0) switch { (true, true) => DecodeDc, (true, false) => RefineDc, (false, true) => DecodeAc, _ => RefineAc };
        foreach (var part in parts)
        {
            if (!isDc) Ready(part.Runs, isOfSizes: false);
            else if (bitsBefore == 0) Ready(part.Sizes, isOfSizes: true);
            for (var k = first; k <= last; k++) part.Component.MissingBits[k] = (sbyte)bit;
        }
    }

    static void Ready(JpegHuffman? table, bool isOfSizes) => (table ?? throw JpegReader.Damaged("a Huffman table is missing")).Ready(isOfSizes);

    /// <summary>Reads the coded bits.</summary>
    /// <exception cref="FileFormatException">The file ends within them.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Decode()
    {
        _input.StartBits();
        var isSingle = _parts.Length == 1;
        var (rows, columns) = isSingle ? (_parts[0].Component.BlockRows, _parts[0].Component.BlockColumns) : (_frame.UnitRows, _frame.UnitColumns);
        var untilRestart = _restartInterval;
        var restarts = 0;
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
            {
                if (_restartInterval > 0 && untilRestart-- == 0)
                {
                    _input.Restart(restarts++ % 8);
                    Array.Clear(_predictions);
                    (_emptyBlocks, untilRestart) = (0, _restartInterval - 1);
                }
                if (_input.IsExhausted)
                {
                    // Missing data stays zero; only a restart can give more.
                    if (_restartInterval == 0 || _input.IsAtEndOfScan) return;
                    continue;
                }
                if (isSingle) DecodeBlock(row, column, 0);
                else DecodeUnit(row, column);
            }
    }

    void DecodeUnit(int row, int column)
    {
        for (var i = 0; i < _parts.Length; i++)
        {
            var component = _parts[i].Component;
            for (var y = 0; y < component.Down; y++)
                for (var x = 0; x < component.Across; x++) DecodeBlock((row * component.Down) + y, (column * component.Across) + x, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void DecodeBlock(int row, int column, int part)
    {
        var component = _parts[part].Component;
        if (_transforms.Length == 0)
        {
            _decode(component.Block(row, column), part);
            return;
        }
        var block = _block.AsSpan();
        block.Clear();
        DecodeAll(block, part);
        if (component.SamplesOf(row, column) is { IsEmpty: false } samples) _transforms[part].Apply(block, samples, component.Stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int NextDc(int part)
    {
        var size = _input.Symbol(_parts[part].Sizes!);
        if (size != 0) _predictions[part] += _input.Number(size);
        return _predictions[part];
    }

    void DecodeAll(Span<short> block, int part)
    {
        block[0] = (short)NextDc(part);
        _input.Numbers(_parts[part].Runs!, block);
    }

    void DecodeDc(Span<short> block, int part) => block[0] = (short)(NextDc(part) << _bit);

    void RefineDc(Span<short> block, int part)
    {
        if (_input.Bits(1) != 0) block[0] |= (short)(1 << _bit);
    }

    void DecodeAc(Span<short> block, int part)
    {
        if (_emptyBlocks > 0)
        {
            _emptyBlocks--;
            return;
        }
        var runs = _parts[part].Runs!;
        for (var k = _first; k <= _last; k++)
        {
            var symbol = _input.Symbol(runs);
            var (run, size) = (symbol >> 4, symbol & 15);
            if (size == 0 && run != FullRun)
            {
                _emptyBlocks = EmptyBlocks(run) - 1;
                return;
            }
            k += run;
            if (size != 0) block[JpegBlock.Places[k]] = (short)(_input.Number(size) << _bit);
        }
    }

    /// <summary>The number of blocks that end here in this scan, including this one.</summary>
    int EmptyBlocks(int run) => run == 0 ? 1 : (1 << run) + _input.Bits(run);

    void RefineAc(Span<short> block, int part)
    {
        var k = _first;
        if (_emptyBlocks == 0)
        {
            var runs = _parts[part].Runs!;
            for (; k <= _last; k++)
            {
                var symbol = _input.Symbol(runs);
                var (run, size) = (symbol >> 4, symbol & 15);
                if (size == 0 && run != FullRun)
                {
                    _emptyBlocks = EmptyBlocks(run);
                    break;
                }
                // A new coefficient has one bit, whatever its size field holds.
                var value = size == 0 ? 0 : _input.Bits(1) != 0 ? 1 << _bit : -1 << _bit;
                k = Refine(block, k, run);
                if (value != 0) block[JpegBlock.Places[k]] = (short)value;
            }
        }
        if (_emptyBlocks == 0) return;
        Refine(block, k, JpegBlock.Size);
        _emptyBlocks--;
    }

    /// <summary>Adds a bit to each nonzero coefficient, skipping a number of zero ones.</summary>
    /// <returns>The position of the next zero coefficient.</returns>
    int Refine(Span<short> block, int k, int unknown)
    {
        for (; k <= _last; k++)
        {
            ref var coefficient = ref block[JpegBlock.Places[k]];
            if (coefficient == 0)
            {
                if (unknown-- == 0) break;
            }
            else if (_input.Bits(1) != 0 && (coefficient & (1 << _bit)) == 0) coefficient += (short)(coefficient >= 0 ? 1 << _bit : -1 << _bit);
        }
        return k;
    }
}
