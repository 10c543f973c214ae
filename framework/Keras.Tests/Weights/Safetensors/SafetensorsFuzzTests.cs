using System.Buffers.Binary;
using System.Text;
using Keras.Tests;

namespace Keras.Saving.Tests;

/// <summary>Thousands of broken files with fixed seeds: each opens with every byte readable, or is refused by a <see cref="FileFormatException"/>.</summary>
sealed class SafetensorsFuzzTests
{
    const int Tries = 300;

    static readonly string[] Words =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\ud83d", "\\u0000", "null", "true", "-1", "0", "1e9", "9223372036854775807", "18446744073709551616", "\"dtype\"",
        "\"shape\"", "\"data_offsets\"", "\"__metadata__\"", "\"F32\"", "\"BOOL\"", "\0", "\u00e9", " ",
    ];

    [Test]
    public void Random_bytes([Values(1, 2, 3)] int seed) => Run(seed, random =>
    {
        var bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        return bytes;
    });

    [Test]
    public void Random_bytes_behind_a_fitting_length([Values(1, 2, 3)] int seed) => Run(seed, random =>
    {
        var json = new byte[random.Next(1, 120)];
        random.NextBytes(json);
        json[0] = (byte)'{';
        return RawSafetensors.File(json, random.Next(40));
    });

    [Test]
    public void Random_words_of_the_language([Values(1, 2, 3)] int seed) => Run(seed, random =>
        RawSafetensors.File("{" + string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => Words[random.Next(Words.Length)])), random.Next(20)));

    [Test]
    public void Valid_files_with_changed_bytes([Values(1, 2, 3)] int seed) => Run(seed, random =>
    {
        var bytes = Valid(random);
        for (var n = random.Next(1, 4); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    });

    [Test]
    public void Valid_files_with_changed_digits([Values(1, 2, 3)] int seed) => Run(seed, random =>
    {
        var bytes = Valid(random, fewest: 1);
        var digits = Enumerable.Range(8, bytes.Length - 8).Where(i => bytes[i] is >= (byte)'0' and <= (byte)'9').ToArray();
        for (var n = random.Next(1, 3); n > 0; n--) bytes[digits[random.Next(digits.Length)]] = (byte)('0' + random.Next(10));
        return bytes;
    });

    [Test]
    public void Valid_files_cut_lengthened_or_with_words_put_in([Values(1, 2, 3)] int seed) => Run(seed, random =>
    {
        var bytes = Valid(random);
        var at = random.Next(bytes.Length);
        return random.Next(4) switch
        {
            0 => bytes[..at],
            1 => [.. bytes, .. new byte[random.Next(1, 20)]],
            2 => [.. bytes[..at], .. bytes[Math.Min(at + random.Next(1, 10), bytes.Length)..]],
            _ => WithWord(bytes, random),
        };
    });

    /// <summary>The length is put right, so that the words are met and not only their number.</summary>
    static byte[] WithWord(byte[] bytes, Random random)
    {
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var word = Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]);
        var at = 8 + random.Next(length);
        byte[] changed = [.. bytes[..at], .. word, .. bytes[at..]];
        BinaryPrimitives.WriteUInt64LittleEndian(changed, (ulong)(length + word.Length));
        return changed;
    }

    static byte[] Valid(Random random, int fewest = 0)
    {
        DType[] dtypes = [DType.Bool, DType.Int8, DType.Float16, DType.BFloat16, DType.Int32, DType.Float32, DType.Int64];
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, Enumerable.Range(0, random.Next(fewest, 4)).Select(i =>
        {
            var dtype = dtypes[random.Next(dtypes.Length)];
            var shape = new Shape([.. Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(4))]);
            return new SafetensorsTensor($"layer.{i}", dtype, shape, s => s.Write(new byte[shape.ElementCount * dtype.Size]));
        }), random.Next(2) == 0 ? null : new Dictionary<string, string> { ["format"] = "pt" });
        return stream.ToArray();
    }

    static void Run(int seed, Func<Random, byte[]> make)
    {
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var path = folder["fuzz.safetensors"];
        for (var i = 0; i < Tries; i++)
        {
            var bytes = make(random);
            File.WriteAllBytes(path, bytes);
            try
            {
                using var file = SafetensorsFile.Open(path);
                foreach (var entry in file.Entries.Values) Sum(file.GetBytes(entry.Name));
            }
            catch (FileFormatException e)
            {
                if (e.Where is null || !e.Where.StartsWith(path, StringComparison.Ordinal)) throw new AssertionException($"Try {i} does not say where: {e.Message}");
            }
            catch (Exception e)
            {
                throw new AssertionException($"Try {i} with {Convert.ToHexString(bytes)} throws {e}");
            }
        }
    }

    static long Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0L;
        foreach (var b in bytes) sum += b;
        return sum;
    }
}
