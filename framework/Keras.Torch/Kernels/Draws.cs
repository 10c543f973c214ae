namespace Keras.Engines.Torch;

/// <summary>TensorFlow's random numbers from Philox bits, as its CPU kernels draw them.</summary>
static unsafe class Draws
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["StatelessRandomGetKeyCounter"] = KeyAndCounter,
        ["StatelessRandomGetAlg"] = c => Structure.Integers(c, RandomKernels.PhiloxAlgorithm),
        ["StatelessRandomUniformV2"] = Uniform,
        ["StatelessRandomNormalV2"] = Normal,
        ["StatelessTruncatedNormalV2"] = TruncatedNormal,
        ["StatelessRandomUniformIntV2"] = Integers,
        ["StatelessMultinomial"] = c =>
        {
            var (key, low, high) = Scrambled(c, 2);
            Multinomial(c, new(key, low, high));
        },
        ["Multinomial"] = c =>
        {
            const long groupsForEach = 256, doubles = 2;
            var (key, low, high) = DrawStream.Of(c).Take(checked((ulong)(c.ShapeOf(0)[0] * ((Math.Max(c.Long(1), 0) + 3) / 4 * 4) * doubles * groupsForEach)));
            Multinomial(c, new(key, low, high));
        },
    };

    static (ulong Key, ulong Low, ulong High) Scrambled(KernelCall c, int seed)
    {
        // TensorFlow's own constants: with others, an exported graph would draw other numbers.
        const ulong scramble = 0x02461E29_3EC8F720;
        var given = c.Longs(seed);
        if (given.Length != 2) throw c.Fail("a seed of two numbers", $"{given.Length}");
        var words = stackalloc uint[4];
        new Philox(scramble, (ulong)given[0], (ulong)given[1]).Each(0, 1, words);
        return (words[0] | ((ulong)words[1] << 32), 0, words[2] | ((ulong)words[3] << 32));
    }

    static void KeyAndCounter(KernelCall c)
    {
        var (key, low, high) = Scrambled(c, 0);
        *(ulong*)c.Result(0, new Shape(1)).Data = key;
        var counter = (ulong*)c.Result(1, new Shape(2)).Data;
        (counter[0], counter[1]) = (low, high);
    }

    /// <summary>The random words for a result, one or more for each element.</summary>
    static uint[] Words(KernelCall c, long count)
    {
        if (c.Long(3) is not (RandomKernels.PhiloxAlgorithm or RandomKernels.AnyAlgorithm)) throw c.Fail("algorithm 1, Philox", $"{c.Long(3)}");
        return Words(c, Philox.Of(c.Tensor(1), c.Tensor(2)), count);
    }

    static uint[] Words(KernelCall c, Philox philox, long count)
    {
        const int wordsInGroup = Philox.GroupBytes / sizeof(uint);
        var most = Array.MaxLength - wordsInGroup;
        if (count > most) throw c.Fail($"at most {most} random words", $"{count}", "More is drawn at once than fits in memory; draw it in parts");
        var groups = (count + wordsInGroup - 1) / wordsInGroup;
        var words = new uint[groups * wordsInGroup];
        fixed (uint* first = words) philox.Fill(0, groups, first);
        return words;
    }

    /// <summary>A number in [0, 1): random bits as the mantissa of a number in [1, 2), minus 1.</summary>
    static float Single(uint word) => BitConverter.UInt32BitsToSingle((word & 0x7FFFFF) | 0x3F800000) - 1;

    internal static double Double(uint upper, uint lower) => BitConverter.UInt64BitsToDouble(((ulong)(upper & 0xFFFFF) << 32) | lower | 0x3FF0000000000000) - 1;

    static void Uniform(KernelCall c)
    {
        var result = c.Result(0, new Shape(c.Longs(0)));
        var words = Words(c, result.Count * (result.DType == DType.Float64 ? 2 : 1));
        for (var i = 0L; i < result.Count; i++)
        {
            if (result.DType == DType.Float32) ((float*)result.Data)[i] = Single(words[i]);
            else if (result.DType == DType.Float64) ((double*)result.Data)[i] = Double(words[2 * i], words[(2 * i) + 1]);
            else if (result.DType == DType.Float16) ((Half*)result.Data)[i] = BitConverter.UInt16BitsToHalf((ushort)((words[i] & 0x3FF) | 0x3C00)) - Half.One;
            else throw c.NotFor(result.DType);
        }
    }

    /// <summary>Draws normal numbers by Box and Muller: two from two uniform ones.</summary>
    static void Normal(KernelCall c)
    {
        const double least = 1e-7;
        var result = c.Result(0, new Shape(c.Longs(0)));
        var isDouble = result.DType == DType.Float64;
        if (!isDouble && result.DType != DType.Float32) throw c.NotFor(result.DType);
        var words = Words(c, (result.Count + 1) * (isDouble ? 2 : 1));
        for (var i = 0L; i < result.Count; i += 2)
        {
            double Part(long k) => isDouble ? Double(words[2 * k], words[(2 * k) + 1]) : Single(words[k]);
            var (length, angle) = (Math.Sqrt(-2 * Math.Log(Math.Max(Part(i), least))), 2 * Math.PI * Part(i + 1));
            Write(i, Math.Sin(angle) * length);
            if (i + 1 < result.Count) Write(i + 1, Math.Cos(angle) * length);
        }

        void Write(long i, double value)
        {
            if (isDouble) ((double*)result.Data)[i] = value;
            else ((float*)result.Data)[i] = (float)value;
        }
    }

    /// <summary>Draws normal numbers between -2 and 2. As in TensorFlow, each group of results draws from its own words until it is full.</summary>
    static void TruncatedNormal(KernelCall c)
    {
        const double least = 1e-7, farthest = 2;
        const int reserved = 256;
        var result = c.Result(0, new Shape(c.Longs(0)));
        if (c.Long(3) is not (RandomKernels.PhiloxAlgorithm or RandomKernels.AnyAlgorithm)) throw c.Fail("algorithm 1, Philox", $"{c.Long(3)}");
        var isDouble = result.DType == DType.Float64;
        if (!isDouble && result.DType != DType.Float32) throw c.NotFor(result.DType);
        var (philox, size) = (Philox.Of(c.Tensor(1), c.Tensor(2)), isDouble ? 2 : 4);
        var words = stackalloc uint[4];
        for (var first = 0L; first < result.Count; first += size)
        {
            var (group, at) = ((ulong)(first / size * size * reserved / 4), 4);
            uint Word()
            {
                if (at == 4)
                {
                    philox.Fill(group++, 1, words);
                    at = 0;
                }
                return words[at++];
            }
            double Part()
            {
                var word = Word();
                return isDouble ? Double(word, Word()) : Single(word);
            }
            for (var i = first; i < Math.Min(first + size, result.Count);)
            {
                var (length, angle) = (Math.Sqrt(-2 * Math.Log(Math.Max(Part(), least))), 2 * Math.PI * Part());
                foreach (var value in (ReadOnlySpan<double>)[Math.Sin(angle) * length, Math.Cos(angle) * length])
                {
                    if (Math.Abs(value) >= farthest || i >= Math.Min(first + size, result.Count)) continue;
                    if (isDouble) ((double*)result.Data)[i++] = value;
                    else ((float*)result.Data)[i++] = (float)value;
                }
            }
        }
    }

    static void Integers(KernelCall c)
    {
        var result = c.Result(0, new Shape(c.Longs(0)));
        var (low, high) = (c.Long(4), c.Long(5));
        if (low >= high) throw c.Fail($"a maximum above {low}", $"{high}");
        var isLong = result.DType == DType.Int64;
        if (!isLong && result.DType != DType.Int32) throw c.NotFor(result.DType);
        var words = Words(c, result.Count * (isLong ? 2 : 1));
        for (var i = 0L; i < result.Count; i++)
        {
            if (isLong) ((long*)result.Data)[i] = low + (long)((words[2 * i] | ((ulong)words[(2 * i) + 1] << 32)) % (ulong)(high - low));
            else ((int*)result.Data)[i] = (int)(low + (words[i] % (high - low)));
        }
    }

    /// <summary>Draws classes by their logits; all rows draw from one stream, as TensorFlow does on one thread.</summary>
    static void Multinomial(KernelCall c, Philox philox)
    {
        var (logits, samples) = (c.Tensor(0), c.Long(1));
        var (rows, classes) = (logits.Shape[0], logits.Shape[1]);
        var result = c.Result(0, new Shape(rows, Math.Max(samples, 0)));
        if (classes == 0 && result.Count > 0) throw c.Fail("at least one class", "none");
        var (words, sums, drawn) = (Words(c, philox, result.Count * 2), new double[classes], new long[result.Count]);
        for (var row = 0L; row < rows; row++)
        {
            var most = double.NegativeInfinity;
            for (var k = 0L; k < classes; k++)
                if (Numbers.Read(logits, (row * classes) + k) is var logit && double.IsFinite(logit)) most = Math.Max(most, logit);
            var total = 0.0;
            for (var k = 0L; k < classes; k++)
            {
                var logit = Numbers.Read(logits, (row * classes) + k);
                if (double.IsFinite(logit)) total += Math.Exp(logit - most);
                sums[k] = total;
            }
            for (var s = row * samples; s < (row + 1) * samples; s++)
            {
                var sought = Double(words[2 * s], words[(2 * s) + 1]) * total;
                drawn[s] = Math.Min(Array.FindIndex(sums, sum => sum > sought) is >= 0 and var found ? found : classes, classes - 1);
            }
        }
        Structure.WriteIntegers(result, drawn);
    }
}
