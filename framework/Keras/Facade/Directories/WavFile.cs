using System.Buffers.Binary;

namespace Keras;

/// <summary>Reads WAV files with integer samples of 8 to 32 bits or float32 samples.</summary>
sealed class WavFile
{
    const int Pcm = 1, Float = 3, Extensible = 0xFFFE;

    WavFile(float[] samples, int channels, int rate) => (Samples, Channels, Rate) = (samples, channels, rate);

    /// <summary>The samples from -1 to 1, with channels interleaved.</summary>
    public float[] Samples { get; private init; }

    public int Channels { get; }

    /// <summary>Samples per second.</summary>
    public int Rate { get; private init; }

    public int Length => Samples.Length / Channels;

    /// <exception cref="FileFormatException">The file is not a WAV file, or damaged.</exception>
    public static WavFile Read(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        if (bytes.Length < 12 || !bytes.StartsWith("RIFF"u8) || !bytes[8..].StartsWith("WAVE"u8)) throw Wrong(path, "a file that begins with RIFF and WAVE", $"{bytes.Length} bytes that do not");
        var (form, channels, rate, bits) = (0, 0, 0, 0);
        for (var at = 12; at + 8 <= bytes.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            var body = bytes[(at + 8)..(int)Math.Min(bytes.Length, at + 8L + length)];
            if (bytes[at..].StartsWith("fmt "u8))
            {
                if (body.Length < 16) throw Wrong(path, "a format of 16 bytes or more", $"{body.Length}");
                (form, channels, rate, bits) = (U16(body), U16(body[2..]), BinaryPrimitives.ReadInt32LittleEndian(body[4..]), U16(body[14..]));
                if (form == Extensible && body.Length >= 26) form = U16(body[24..]);
            }
            else if (bytes[at..].StartsWith("data"u8))
            {
                if (channels is < 1 or > 256 || rate < 1 || (form, bits) is not ((Pcm, 8 or 16 or 24 or 32) or (Float, 32)))
                    throw Wrong(path, "whole numbers of 8, 16, 24 or 32 bits, or floats of 32, of 1 to 256 channels", $"format {form}, {bits} bits, {channels} channels, {rate} per second");
                var count = body.Length / (bits / 8) / channels * channels;
                var samples = new float[count];
                for (var i = 0; i < count; i++) samples[i] = Sample(body[(i * (bits / 8))..], form, bits);
                return new(samples, channels, rate);
            }
            at = (int)Math.Min(bytes.Length, at + 8L + length + (length & 1));
        }
        throw Wrong(path, "a part with samples", "none");
    }

    static int U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    static float Sample(ReadOnlySpan<byte> bytes, int form, int bits) => bits switch
    {
        8 => (bytes[0] - 128) / 128f,
        16 => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32768f,
        24 => ((bytes[0] << 8) | (bytes[1] << 16) | (bytes[2] << 24)) / 2147483648f,
        _ => form == Float ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : (float)(BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2147483648.0),
    };

    static FileFormatException Wrong(string path, string expected, string received) => new("A file is not a WAV file that can be read", path, expected, received, "Leave it out of the folder, or save it again as WAV.");

    /// <summary>The first samples, padded with silence if there are fewer.</summary>
    public WavFile Of(int length)
    {
        var samples = new float[length * Channels];
        Samples.AsSpan(0, Math.Min(samples.Length, Samples.Length)).CopyTo(samples);
        return new(samples, Channels, Rate);
    }

    /// <summary>Resamples to another rate with a windowed sinc filter that passes the frequencies both rates can hold.</summary>
    public WavFile At(int rate)
    {
        if (rate == Rate) return this;
        const int zeros = 32;
        var (ratio, length) = ((double)rate / Rate, (int)Math.Ceiling((double)Length * rate / Rate));
        var cut = Math.Min(1, ratio);
        var reach = zeros / cut;
        var samples = new float[length * Channels];
        for (var i = 0; i < length; i++)
        {
            var centre = i / ratio;
            var (first, last) = ((int)Math.Max(0, Math.Ceiling(centre - reach)), (int)Math.Min(Length - 1, Math.Floor(centre + reach)));
            for (var j = first; j <= last; j++)
            {
                var x = (j - centre) * cut;
                var weight = cut * (x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x)) * (0.5 + (0.5 * Math.Cos(Math.PI * x / zeros)));
                for (var c = 0; c < Channels; c++) samples[(i * Channels) + c] += (float)(weight * Samples[(j * Channels) + c]);
            }
        }
        return new(samples, Channels, rate);
    }
}
