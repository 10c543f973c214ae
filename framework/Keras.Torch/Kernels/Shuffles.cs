using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Keras.Engines.Torch;

/// <summary>Stateful random draws and shuffles. With seeds, a node's calls give TensorFlow's numbers; without, new ones each time.</summary>
/// <remarks>Source: tensorflow/core/util/guarded_philox_random.cc and tensorflow/core/kernels/random_shuffle_op.cc.</remarks>
static unsafe class Shuffles
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["RandomUniform"] = c => Draw(c, "StatelessRandomUniformV2"),
        ["RandomUniformInt"] = c => Draw(c, "StatelessRandomUniformIntV2"),
        ["RandomStandardNormal"] = c => Draw(c, "StatelessRandomNormalV2"),
        ["TruncatedNormal"] = c => Draw(c, "StatelessTruncatedNormalV2"),
        ["RandomShuffle"] = c => Shuffle(c, () => DrawStream.Of(c).TakeWords(Math.Max(c.ShapeOf(0)[0] - 1, 0))),
        ["StatelessShuffle"] = c =>
        {
            if (c.Long(3) is not (RandomKernels.PhiloxAlgorithm or RandomKernels.AnyAlgorithm)) throw c.Fail("algorithm 1, Philox", $"{c.Long(3)}");
            Shuffle(c, () => Philox.Of(c.Tensor(1), c.Tensor(2)));
        },
        ["Empty"] = Empty,
    };

    /// <summary>Runs a stateless draw with a key and a counter from the stream.</summary>
    static void Draw(KernelCall c, string stateless)
    {
        const int groupsForEach = 256;
        var (key, low, high) = DrawStream.Of(c).Take(checked((ulong)(new Shape(c.Longs(0)).ElementCount * groupsForEach)));
        KernelTable.TryGet(stateless, out var kernel);
        using var keys = TorchTensor.Of(HostTensor.Vector(key));
        using var counter = TorchTensor.Of(HostTensor.Vector(low, high));
        using var algorithm = TorchTensor.Of(HostTensor.Scalar(RandomKernels.PhiloxAlgorithm));
        kernel!(new KernelCall().Set(c.Op, c.Where, c.Attributes, [c.Inputs[0], keys, counter, algorithm, .. c.Inputs[1..]], c.DTypes, c.Shapes, c.Outputs));
    }

    /// <summary>Shuffles rows: swaps each with itself or a random later one.</summary>
    static void Shuffle(KernelCall c, Func<Philox> philox)
    {
        var value = c.Inputs[0];
        if (value.Shape.Rank == 0 || value.Shape.ElementCount <= 1 || value.Shape[0] <= 1)
        {
            c.Outputs[0] = value.Share();
            return;
        }
        var order = new int[checked((int)value.Shape[0])];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Permute(philox(), order);
        var inner = Slicing.Product(value.Shape, 1, value.Shape.Rank);
        if (value is TorchStrings texts)
        {
            c.Result(0, [.. order.SelectMany(row => texts.Values.AsSpan((int)(row * inner), (int)inner).ToArray())], value.Shape);
            return;
        }
        var (x, result) = ((TorchTensor)value, c.Result(0, value.Shape));
        var bytes = inner * x.DType.Size;
        for (var i = 0L; i < order.Length; i++) Buffer.MemoryCopy(x.Data + (order[i] * bytes), result.Data + (i * bytes), bytes, bytes);
    }

    /// <summary>Shuffles with one random word for each element except the last.</summary>
    public static void Permute<T>(Philox philox, T[] values)
    {
        const int inGroup = Philox.GroupBytes / sizeof(uint);
        var words = stackalloc uint[inGroup];
        for (var i = 0; i < values.Length - 1; i++)
        {
            if (i % inGroup == 0) philox.Each((ulong)(i / inGroup), 1, words);
            var other = i + (int)(words[i % inGroup] % (uint)(values.Length - i));
            (values[i], values[other]) = (values[other], values[i]);
        }
    }

    static void Empty(KernelCall c)
    {
        var shape = new Shape(c.Longs(0));
        if (c.DTypes[0] != DType.String) Structure.Clear(c.Result(0, shape));
        else if (shape.ElementCount > Array.MaxLength) throw c.Fail($"at most {Array.MaxLength} strings", shape.ToString());
        else c.Result(0, [.. Enumerable.Repeat(Array.Empty<byte>(), (int)shape.ElementCount)], shape);
    }
}

/// <summary>The stream of random words that one node takes, call after call.</summary>
sealed class DrawStream(ulong key, ulong high)
{
    static readonly ConditionalWeakTable<Graphs.Attributes, DrawStream> OfNodes = [];

    readonly Lock _lock = new();
    ulong _taken;

    /// <summary>The stream of a call's node; a new one if it has no seeds.</summary>
    public static DrawStream Of(KernelCall c)
    {
        var (seed, second) = ((ulong)c.Get<long>("seed"), (ulong)c.Get<long>("seed2"));
        if (seed != 0 || second != 0) return OfNodes.GetValue(c.Attributes, _ => new(seed, second));
        Span<ulong> random = stackalloc ulong[2];
        RandomNumberGenerator.Fill(System.Runtime.InteropServices.MemoryMarshal.AsBytes(random));
        return new(random[0], random[1]);
    }

    /// <summary>Takes groups of four words; returns the key and the counter of the first.</summary>
    public (ulong Key, ulong Low, ulong High) Take(ulong groups)
    {
        lock (_lock)
        {
            var first = _taken;
            _taken += groups;
            return (key, first, high);
        }
    }

    /// <summary>Takes single words.</summary>
    public Philox TakeWords(long words)
    {
        var (k, low, upper) = Take(((ulong)words + 3) / 4);
        return new(k, low, upper);
    }
}
