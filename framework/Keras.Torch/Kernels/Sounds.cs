using System.Buffers.Binary;
using System.Text;

namespace Keras.Engines.Torch;

/// <summary>Decodes and encodes WAV files of 16-bit PCM.</summary>
/// <remarks>Source: tensorflow/core/lib/wav/wav_io.cc.</remarks>
static unsafe class Sounds
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["DecodeWav"] = Decode,
        ["EncodeWav"] = Encode,
    };

    const int SampleBytes = sizeof(short), HeaderBytes = 44, FormatBytes = 16, Pcm = 1;
    const float Steps = 32768;

    /// <summary>The data of a file's header, and its samples.</summary>
    readonly record struct Sound(int Channels, uint Rate, ReadOnlyMemory<byte> Samples)
    {
        public long Count => Samples.Length / SampleBytes / Channels;
    }

    static Sound Read(KernelCall c, byte[] bytes)
    {
        var file = bytes.AsSpan();
        EngineException Wrong(string expected, string received) => c.Fail(expected, received, "A file is no sound that can be read");
        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8)) throw Wrong("a RIFF file of type WAVE", $"{file.Length} bytes of another kind");
        var (channels, rate, at) = (0, 0u, 12);
        while (file.Length - at >= 8)
        {
            var name = file.Slice(at, 4);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            at += 8;
            if (name.SequenceEqual("data"u8))
            {
                if (channels == 0) throw Wrong("a chunk 'fmt ' before the samples", "none");
                if (length > file.Length - at) throw Wrong($"{length} bytes of samples", $"{file.Length - at}");
                return new(channels, rate, bytes.AsMemory(at, (int)length));
            }
            if (length > file.Length - at) throw Wrong($"a chunk of {length} bytes", $"{file.Length - at}");
            if (name.SequenceEqual("fmt "u8))
            {
                if (length < FormatBytes) throw Wrong($"a format of at least {FormatBytes} bytes", $"{length}");
                var (kind, bits) = (BinaryPrimitives.ReadUInt16LittleEndian(file[at..]), BinaryPrimitives.ReadUInt16LittleEndian(file[(at + 14)..]));
                (channels, rate) = (BinaryPrimitives.ReadUInt16LittleEndian(file[(at + 2)..]), BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]));
                if (kind != Pcm || bits != 8 * SampleBytes || channels == 0) throw Wrong("16-bit PCM of at least one channel", $"format {kind} of {bits} bits, {channels} channels");
            }
            at += (int)length;
        }
        throw Wrong("a chunk 'data'", "none");
    }

    /// <summary>Decodes a file; channels beyond the file's repeat its last one, samples beyond its end are 0.</summary>
    static void Decode(KernelCall c)
    {
        var sound = Read(c, c.Strings(0).Values is [var file] ? file : throw c.Fail("one file", c.ShapeOf(0).ToString()));
        var (wantedChannels, wantedSamples) = (c.Get<long>("desired_channels"), c.Get<long>("desired_samples"));
        var (channels, samples) = (wantedChannels < 0 ? sound.Channels : wantedChannels, wantedSamples < 0 ? sound.Count : wantedSamples);
        var result = c.Result(0, new Shape(samples, channels));
        Structure.Clear(result);
        var wave = sound.Samples.Span;
        for (var i = 0L; i < Math.Min(samples, sound.Count); i++)
            for (var k = 0L; k < channels; k++)
            {
                var place = (int)(((i * sound.Channels) + Math.Min(k, sound.Channels - 1)) * SampleBytes);
                ((float*)result.Data)[(i * channels) + k] = BinaryPrimitives.ReadInt16LittleEndian(wave[place..]) / Steps;
            }
        Structure.WriteIntegers(c.Result(1, Shape.Scalar), [(int)sound.Rate]);
    }

    static void Encode(KernelCall c)
    {
        var (audio, rate) = (c.Tensor(0), c.Long(1));
        if (audio.Shape.Rank != 2) throw c.Fail("audio (samples, channels)", audio.Shape.ToString());
        if (rate <= 0) throw c.Fail("a sample rate above 0", $"{rate}");
        var channels = audio.Shape[1];
        if (channels is 0 or > ushort.MaxValue) throw c.Fail($"1 to {ushort.MaxValue} channels", audio.Shape.ToString());
        var length = checked((int)(audio.Count * SampleBytes));
        var file = new byte[checked(HeaderBytes + length)];
        var span = file.AsSpan();
        Encoding.ASCII.GetBytes("RIFF", span);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], (uint)(file.Length - 8));
        Encoding.ASCII.GetBytes("WAVEfmt ", span[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(span[16..], FormatBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(span[20..], Pcm);
        BinaryPrimitives.WriteUInt16LittleEndian(span[22..], (ushort)channels);
        BinaryPrimitives.WriteUInt32LittleEndian(span[24..], (uint)rate);
        BinaryPrimitives.WriteUInt32LittleEndian(span[28..], checked((uint)(rate * SampleBytes * channels)));
        BinaryPrimitives.WriteUInt16LittleEndian(span[32..], checked((ushort)(SampleBytes * channels)));
        BinaryPrimitives.WriteUInt16LittleEndian(span[34..], 8 * SampleBytes);
        Encoding.ASCII.GetBytes("data", span[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(span[40..], (uint)length);
        var values = audio.As<float>();
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(span[(HeaderBytes + (i * SampleBytes))..], (short)Math.Clamp(MathF.Round(values[i] * Steps, MidpointRounding.AwayFromZero), short.MinValue, short.MaxValue));
        c.Result(0, [file], Shape.Scalar);
    }
}
