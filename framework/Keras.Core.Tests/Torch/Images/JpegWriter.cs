using System.Buffers.Binary;

namespace Keras.Tests.Torch.Images;

/// <summary>A component of a written file: its name, its factors, and the scan that has it.</summary>
readonly record struct WrittenComponent(byte Id, int Across, int Down, int Scan = 0);

/// <summary>Writes baseline JPEG files of made-up coefficients, with whatever sizes of components, scans and segments a test wants: no encoder at hand writes those.</summary>
sealed class JpegWriter(Random random)
{
    const int Side = 8;

    /// <summary>Codes of 8, 9 and 12 bits, so that short and long ones are met.</summary>
    static readonly (int Bits, int Count)[] RunCodes = [(8, 100), (9, 100), (12, 56)];
    static readonly (int Bits, int Count)[] SizeCodes = [(5, 16)];


    readonly MemoryStream _file = new();
    ulong _bits;
    int _count;

    public int Height { get; init; } = 16;

    public int Width { get; init; } = 16;

    public required IReadOnlyList<WrittenComponent> Components { get; init; }

    /// <summary>After how many units the bits begin anew; 0 for never.</summary>
    public int RestartInterval { get; init; }

    public bool HasJfif { get; init; }

    public int? AdobeTransform { get; init; }

    /// <summary>Whether the steps of quantization are written in 16 bits.</summary>
    public bool HasWideSteps { get; init; }

    /// <summary>The largest step of quantization.</summary>
    public int LargestStep { get; init; } = 40;

    /// <summary>How many coefficients of a block are not 0, at most.</summary>
    public int MostCoefficients { get; init; } = 12;

    public byte[] Write()
    {
        Bytes(0xFF, 0xD8);
        if (HasJfif) Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        if (AdobeTransform is { } transform) Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, (byte)transform]);
        for (byte table = 0; table < 2; table++) Segment(0xDB, Steps(table));
        Segment(0xC1, [8, .. Big(Height), .. Big(Width), (byte)Components.Count, .. Components.SelectMany((c, i) => (byte[])[c.Id, (byte)((c.Across << 4) | c.Down), (byte)(i > 0 ? 1 : 0)])]);
        Segment(0xC4, [.. Codes(0x00, SizeCodes), .. Codes(0x11, RunCodes)]);
        if (RestartInterval > 0) Segment(0xDD, Big(RestartInterval));
        foreach (var scan in Components.GroupBy(c => c.Scan).OrderBy(g => g.Key)) WriteScan([.. scan]);
        Bytes(0xFF, 0xD9);
        return _file.ToArray();
    }

    void WriteScan(WrittenComponent[] components)
    {
        Segment(0xDA, [(byte)components.Length, .. components.SelectMany(c => (byte[])[c.Id, 0x01]), 0, 63, 0]);
        var (across, down) = (Components.Max(c => c.Across), Components.Max(c => c.Down));
        var isSingle = components.Length == 1;
        // A scan of one component has only blocks with a sample of the picture, one to a unit.
        var (columns, rows) = isSingle
            ? (Ceiling(Ceiling(Width * components[0].Across, across), Side), Ceiling(Ceiling(Height * components[0].Down, down), Side))
            : (Ceiling(Width, across * Side), Ceiling(Height, down * Side));
        var last = new int[components.Length];
        for (var unit = 0; unit < rows * columns; unit++)
        {
            if (RestartInterval > 0 && unit > 0 && unit % RestartInterval == 0)
            {
                Flush();
                Bytes(0xFF, (byte)(0xD0 + (((unit / RestartInterval) - 1) % 8)));
                Array.Clear(last);
            }
            for (var i = 0; i < components.Length; i++)
                for (var n = isSingle ? 1 : components[i].Across * components[i].Down; n > 0; n--) WriteBlock(ref last[i]);
        }
        Flush();
    }

    void WriteBlock(ref int last)
    {
        var dc = random.Next(-60, 61);
        var size = Size(dc - last);
        Code(SizeCodes, size);
        Extra(dc - last, size);
        last = dc;
        var run = 0;
        var density = random.Next(MostCoefficients + 1) / 63.0;
        for (var k = 1; k < 64; k++)
        {
            var value = random.NextDouble() < density ? random.Next(-20, 21) * random.Next(1, 4) : 0;
            if (value == 0)
            {
                run++;
                continue;
            }
            for (; run > 15; run -= 16) Code(RunCodes, 0xF0);
            size = Size(value);
            Code(RunCodes, (run << 4) | size);
            Extra(value, size);
            run = 0;
        }
        if (run > 0) Code(RunCodes, 0);
    }

    static int Size(int value) => 32 - int.LeadingZeroCount(Math.Abs(value));

    void Extra(int value, int size) => Put(value < 0 ? value + (1 << size) - 1 : value, size);

    /// <summary>Symbols are numbered in the order of their codes.</summary>
    void Code((int Bits, int Count)[] codes, int symbol)
    {
        var (code, bits) = (0, 0);
        foreach (var (length, count) in codes)
        {
            (code, bits) = (code << (length - bits), length);
            if (symbol < count)
            {
                Put(code + symbol, length);
                return;
            }
            (code, symbol) = (code + count, symbol - count);
        }
        throw new ArgumentOutOfRangeException(nameof(symbol));
    }

    void Put(int value, int bits)
    {
        _bits = (_bits << bits) | (uint)value;
        for (_count += bits; _count >= 8; _count -= 8)
        {
            var next = (byte)(_bits >> (_count - 8));
            _file.WriteByte(next);
            if (next == 0xFF) _file.WriteByte(0);
        }
    }

    void Flush()
    {
        if (_count > 0) Put((1 << (8 - _count)) - 1, 8 - _count);
    }

    byte[] Steps(byte table)
    {
        var steps = new byte[HasWideSteps ? 128 : 64];
        for (var i = 0; i < 64; i++)
        {
            var step = random.Next(1, LargestStep + 1);
            if (HasWideSteps) BinaryPrimitives.WriteUInt16BigEndian(steps.AsSpan(i * 2), (ushort)step);
            else steps[i] = (byte)step;
        }
        return [(byte)((HasWideSteps ? 0x10 : 0) | table), .. steps];
    }

    static byte[] Codes(byte name, (int Bits, int Count)[] codes)
    {
        var counts = new byte[16];
        foreach (var (bits, count) in codes) counts[bits - 1] = (byte)count;
        return [name, .. counts, .. Enumerable.Range(0, codes.Sum(c => c.Count)).Select(s => (byte)s)];
    }

    void Segment(byte marker, byte[] content)
    {
        Bytes(0xFF, marker);
        Bytes(Big(content.Length + 2));
        Bytes(content);
    }

    void Bytes(params byte[] bytes) => _file.Write(bytes);

    static byte[] Big(int value) => [(byte)(value >> 8), (byte)value];

    static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;
}
