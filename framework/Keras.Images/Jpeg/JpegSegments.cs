namespace Keras.Images;

/// <summary>Reads the segments of a JPEG file up to the end marker: tables, header, scans.</summary>
sealed class JpegSegments
{
    const int Tables = 4;
    const int MostComponentsOfScan = 4;
    const int MostBlocksOfByte = 1024;

    readonly JpegInput _input;
    readonly int _length;
    readonly ushort[]?[] _steps = new ushort[Tables][];
    readonly JpegHuffman?[] _sizes = new JpegHuffman[Tables];
    readonly JpegHuffman?[] _runs = new JpegHuffman[Tables];
    JpegFrame? _frame;
    int _restartInterval;
    int _scans;
    long _blocks;
    readonly bool _isAccurate;
    readonly long _mostPixels;
    readonly Scratch _scratch;
    bool _hasJfif, _isAllInOneScan;
    int? _adobeTransform;
    JpegColours _colours;

    JpegSegments(byte[] bytes, bool isAccurate, long mostPixels, Scratch scratch) =>
        (_input, _length, _isAccurate, _mostPixels, _scratch) = (new JpegInput(bytes), bytes.Length, isAccurate, mostPixels, scratch);

    /// <summary>Reads the picture of a file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="isAccurate">Whether to use the accurate transform, not the fast one.</param>
    /// <param name="mostPixels">The most pixels that an image may have.</param>
    /// <param name="scratch">Rents the arrays of coefficients and samples: the picture is valid until it is disposed.</param>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    /// <exception cref="UnsupportedException">The file uses a rare feature that is not supported.</exception>
    public static JpegPicture Read(byte[] bytes, bool isAccurate, long mostPixels, Scratch scratch) => new JpegSegments(bytes, isAccurate, mostPixels, scratch).ReadAll();

    JpegPicture ReadAll()
    {
        if (_input.TakeMarker() != JpegMarker.StartOfImage) throw JpegReader.Damaged("it does not begin as one");
        while (_input.TakeMarker() is not JpegMarker.EndOfImage and var marker)
            if (!JpegMarker.IsAlone(marker)) ReadSegment(marker);
        if (_frame is null || _scans == 0) throw JpegReader.Damaged("it has no picture");
        RefuseGuesses(_frame);
        foreach (var component in _frame.Components) component.Transform(_isAccurate, _scratch);
        return new JpegPicture(_frame, _colours, _adobeTransform is not null);
    }

    void ReadSegment(int marker)
    {
        switch (marker)
        {
            case JpegMarker.HuffmanTables: ReadHuffman(_input.Segment()); break;
            case JpegMarker.QuantizationTables: ReadSteps(_input.Segment()); break;
            case JpegMarker.RestartInterval: ReadRestartInterval(_input.Segment()); break;
            case JpegMarker.Scan: ReadScan(_input.Segment()); break;
            case JpegMarker.Jfif: ReadJfif(_input.Segment(isChecked: false)); break;
            case JpegMarker.Adobe: ReadAdobe(_input.Segment(isChecked: false)); break;
            case var _ when JpegMarker.IsFrame(marker): ReadFrame(marker, _input.Segment()); break;
            case var _ when JpegMarker.MayBeSkipped(marker): _input.Segment(isChecked: false); break;
            default: throw JpegReader.Damaged("a segment is of a kind that has no place there", null, $"0x{marker:X2}");
        }
    }

    void ReadJfif(ImageCursor segment) => _hasJfif |= segment.Remaining >= 14 && segment.Take(5).SequenceEqual("JFIF\0"u8);

    void ReadAdobe(ImageCursor segment)
    {
        if (segment.Remaining >= 12 && segment.Take(5).SequenceEqual("Adobe"u8)) _adobeTransform = segment.Take(7)[6];
    }

    void ReadRestartInterval(ImageCursor segment)
    {
        if (segment.Remaining != 2) throw BadLength("restarts", "2", segment.Remaining);
        _restartInterval = segment.Big16();
    }

    void ReadHuffman(ImageCursor segment)
    {
        while (segment.Remaining > JpegHuffman.LongestCode)
        {
            var number = segment.Byte();
            var counts = segment.Take(JpegHuffman.LongestCode);
            var count = 0;
            foreach (var c in counts) count += c;
            if (count > 256 || (number & ~0x10) >= Tables) throw JpegReader.Damaged("a Huffman table is impossible", $"at most 256 codes, table 0 to {Tables - 1}", $"{count} codes, table {number & ~0x10}");
            ((number & 0x10) != 0 ? _runs : _sizes)[number & ~0x10] = new JpegHuffman(counts, segment.Take(count));
        }
        if (segment.Remaining != 0) throw BadLength("Huffman tables", "whole tables", segment.Remaining);
    }

    void ReadSteps(ImageCursor segment)
    {
        while (segment.Remaining > 0)
        {
            var head = segment.Byte();
            if ((head & 15) >= Tables) throw JpegReader.Damaged("a table of quantization has a wrong number", $"0 to {Tables - 1}", $"{head & 15}");
            var steps = new ushort[JpegBlock.Size];
            for (var i = 0; i < steps.Length; i++) steps[JpegBlock.Places[i]] = (ushort)(head >> 4 != 0 ? segment.Big16() : segment.Byte());
            _steps[head & 15] = steps;
        }
    }

    void ReadFrame(int marker, ImageCursor segment)
    {
        int depth = segment.Byte(), height = segment.Big16(), width = segment.Big16(), count = segment.Byte();
        if (marker > JpegMarker.ProgressiveFrame || depth != 8)
            throw new UnsupportedException("A JPEG image is of a rare kind that is not read", null, "baseline or progressive, Huffman codes, 8 bits", $"kind 0x{marker:X2}, {depth} bits", "Save it as an ordinary JPEG or PNG.");
        if (_frame is not null) throw JpegReader.Damaged("it has two headers");
        if (count is not (1 or 3 or 4)) throw JpegReader.Damaged("it has a wrong number of components", "1, 3 or 4", $"{count}");
        if (segment.Remaining != count * 3) throw BadLength("the header", $"{count * 3}", segment.Remaining);
        if (Math.Max(height, width) > JpegReader.LargestSide) throw JpegReader.Damaged("its size is impossible", $"sides up to {JpegReader.LargestSide}", $"{height} x {width}");
        Raster.Check(JpegReader.Kind, 1, height, width, count);
        Raster.CheckPixels(JpegReader.Kind, width, height, _mostPixels);
        var components = new JpegComponent[count];
        for (var i = 0; i < count; i++)
        {
            int id = segment.Byte(), factors = segment.Byte();
            var (across, down) = (factors >> 4, factors & 15);
            if (across is < 1 or > 4 || down is < 1 or > 4) throw JpegReader.Damaged("a component's factor is impossible", "1 to 4", $"{across} x {down}");
            components[i] = new JpegComponent(id, across, down, segment.Byte());
        }
        _frame = new JpegFrame(marker == JpegMarker.ProgressiveFrame, height, width, components);
    }

    void ReadScan(ImageCursor segment)
    {
        if (_frame is null) throw JpegReader.Damaged("a scan has no header before it");
        if (_isAllInOneScan) throw JpegReader.Damaged("it has two scans of all components");
        var count = segment.Byte();
        if (count is < 1 or > MostComponentsOfScan || segment.Remaining != (count * 2) + 3) throw BadLength("a scan", $"{(count * 2) + 3}", segment.Remaining);
        if (_scans++ == 0) StartPicture(_frame, count);
        var parts = ReadParts(ref segment, count);
        int first = segment.Byte(), last = segment.Byte(), bits = segment.Byte();
        var transforms = _isAllInOneScan ? new JpegTransform[count] : [];
        var scan = new JpegScan(_input, _frame, parts, first, last, bits >> 4, bits & 15, transforms, _restartInterval);
        foreach (var (i, part) in parts.Index())
        {
            part.Component.Steps ??= part.Component.Table < Tables && _steps[part.Component.Table] is { } steps ? steps : throw JpegReader.Damaged("a table of quantization is missing", null, $"{part.Component.Table}");
            if (!_isAllInOneScan) part.Component.Allocate(_scratch);
            else
            {
                part.Component.AllocateSamples(_scratch);
                transforms[i] = JpegTransform.Of(part.Component.Steps, _isAccurate);
            }
        }
        CountWork(parts);
        scan.Decode();
    }

    /// <summary>Bounds the time by a multiple of the file's length: a few bytes can make a scan of a large picture, and there may be many scans.</summary>
    void CountWork(JpegScanPart[] parts)
    {
        foreach (var part in parts) _blocks += (long)part.Component.BlockColumns * part.Component.BlockRows;
        if (_blocks > (long)MostBlocksOfByte * _length)
            throw new UnsupportedException("A JPEG image has very many scans", null, $"at most {MostBlocksOfByte} blocks in all scans for each byte", $"{_blocks} blocks, {_length} bytes", "Save it with fewer scans.");
    }

    /// <summary>Reads the components of a scan with their Huffman tables.</summary>
    JpegScanPart[] ReadParts(ref ImageCursor segment, int count)
    {
        var (parts, taken) = (new JpegScanPart[count], new JpegComponent?[MostComponentsOfScan]);
        for (var i = 0; i < count; i++)
        {
            int id = segment.Byte(), tables = segment.Byte();
            // As in libjpeg, each component may be used once: a wrong order is rejected, and two components with the same id are told apart.
            var component = _frame!.Components.Where((c, place) => c.Id == id && taken[place] is null).FirstOrDefault();
            if (component is null || taken.Contains(component)) throw JpegReader.Damaged("a scan has a component that the header has not, or has it twice", null, $"{id}");
            taken[i] = component;
            parts[i] = new JpegScanPart(component, _sizes.ElementAtOrDefault(tables >> 4), _runs.ElementAtOrDefault(tables & 15));
        }
        return parts;
    }

    /// <summary>Starts the picture at its first scan: determines whether others follow, and whether the file is long enough for the picture.</summary>
    void StartPicture(JpegFrame frame, int count)
    {
        _isAllInOneScan = !frame.IsProgressive && count == frame.Components.Length;
        // Each block takes at least one bit.
        var blocks = frame.Components.Max(c => (long)c.BlockColumns * c.BlockRows);
        if (blocks > 8L * _input.Remaining) throw JpegReader.Damaged("it has less data than its size needs", $"{(blocks + 7) / 8} bytes", $"{_input.Remaining} bytes");
        _colours = Colours(frame);
        if (frame.IsProgressive) return;
        FillGaps(_sizes, JpegStandardTables.Sizes());
        FillGaps(_runs, JpegStandardTables.Runs());
    }

    static void FillGaps(JpegHuffman?[] tables, JpegHuffman[] standard)
    {
        for (var i = 0; i < standard.Length; i++) tables[i] ??= standard[i];
    }

    static FileFormatException BadLength(string what, string expected, int received) => JpegReader.Damaged($"the segment of {what} has a wrong length", expected, $"{received} bytes");

    JpegColours Colours(JpegFrame frame) => frame.Components switch
    {
        { Length: 1 } => JpegColours.Grey,
        { Length: 4 } => _adobeTransform is null or 0 ? JpegColours.Cmyk : JpegColours.Ycck,
        _ when _hasJfif => JpegColours.YCbCr,
        _ when _adobeTransform is { } transform => transform == 0 ? JpegColours.Rgb : JpegColours.YCbCr,
        [{ Id: 'R' }, { Id: 'G' }, { Id: 'B' }] => JpegColours.Rgb,
        _ => JpegColours.YCbCr,
    };

    /// <summary>Rejects a progressive file that lacks bits of the low-frequency coefficients, which libjpeg estimates from neighbouring blocks.</summary>
    /// <exception cref="UnsupportedException">Such bits are missing.</exception>
    static void RefuseGuesses(JpegFrame frame)
    {
        const int guessed = 10;
        bool CanBeGuessed(JpegComponent component)
        {
            if (component.Steps is null || component.MissingBits[0] < 0) return false;
            for (var k = 0; k < guessed; k++)
                if (component.Steps[JpegBlock.Places[k]] == 0) return false;
            return true;
        }
        if (frame.IsProgressive && frame.Components.All(CanBeGuessed) && frame.Components.Any(c => c.MissingBits.AsSpan(1, guessed - 1).ContainsAnyExcept((sbyte)0)))
            throw new UnsupportedException("A progressive JPEG image lacks scans", null, "all bits of its coefficients", null, "Save or download the file again.");
    }
}
