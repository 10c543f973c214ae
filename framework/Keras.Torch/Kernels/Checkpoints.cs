using System.Globalization;
using System.Text;
using Keras.Checkpoints;

namespace Keras.Engines.Torch;

/// <summary>TensorFlow's checkpoints: tensors to files and back.</summary>
static class CheckpointKernels
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["SaveV2"] = c => OnFiles(c, () => Save(c)),
        ["RestoreV2"] = c => OnFiles(c, () => Restore(c)),
        ["MergeV2Checkpoints"] = c => OnFiles(c, () => TensorBundleMerger.Merge(Texts(c, 0), Text(c, 1), c.Flag("delete_old_dirs"), c.Flag("allow_missing_files"))),
    };

    static unsafe void Save(KernelCall c)
    {
        const int firstTensor = 3;
        var names = Names(c, c.Inputs.Length - firstTensor);
        TensorBundleWriter.Write(Text(c, 0), bundle =>
        {
            for (var i = 0; i < names.Length; i++)
            {
                if (names[i].Slice.Length > 0)
                    throw new UnsupportedException("A part of a tensor cannot be saved", $"{c.Where}, tensor '{names[i].Name}'", "an empty slice", names[i].Slice,
                        "Save the whole tensor, or run on TensorFlow (KERAS_BACKEND=tensorflow).");
                if (c.Inputs[firstTensor + i] is TorchStrings strings) bundle.AddStrings(names[i].Name, strings.Shape, strings.Values);
                else if (c.Inputs[firstTensor + i] is TorchTensor tensor) bundle.Add(names[i].Name, tensor.DType, tensor.Shape, tensor.Data, tensor.ByteLength);
                else throw c.NotFor(c.DTypeOf(firstTensor + i));
            }
        });
    }

    static void Restore(KernelCall c)
    {
        var names = Names(c, c.Outputs.Length);
        using var bundle = TensorBundleReader.Open(Text(c, 0));
        for (var i = 0; i < names.Length; i++)
        {
            var (name, slice) = names[i];
            if (!bundle.TryGet(name, out var entry)) throw c.Fail("a tensor of the checkpoint", name, $"The checkpoint '{Text(c, 0)}' has no tensor of this name");
            if (entry.DType != c.DTypes[i]) throw c.Fail(c.DTypes[i].Name, $"{entry.DType} of '{name}'", "A tensor of a checkpoint has another dtype");
            var part = slice.Length > 0 ? CheckpointSlice.Parse(c, slice, entry) : null;
            c.Outputs[i] = part?.Of(Read(bundle, entry)) ?? Read(bundle, entry);
        }
    }

    static TorchValue Read(TensorBundleReader bundle, BundleEntry entry)
    {
        if (entry.DType == DType.String) return new TorchStrings(bundle.ReadStrings(entry), entry.Shape);
        var memory = new PoolMemory(entry.Size);
        try
        {
            bundle.Read(entry, memory);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
        return TorchTensor.On(new Block(memory), entry.DType, entry.Shape);
    }

    /// <summary>The names and slices, one of each for every tensor, and no name twice where they are written.</summary>
    static (string Name, string Slice)[] Names(KernelCall c, int tensors)
    {
        var (names, slices) = (Texts(c, 1), Texts(c, 2));
        return names.Length == tensors && slices.Length == tensors ? [.. names.Zip(slices)]
            : throw c.Fail($"{tensors} names and {tensors} slices", $"{names.Length} names and {slices.Length} slices");
    }

    static string[] Texts(KernelCall c, int input) => Array.ConvertAll(c.Strings(input).Values, Encoding.UTF8.GetString);

    static string Text(KernelCall c, int input) => Texts(c, input) is [var one] ? one : throw c.Fail("one path", $"{c.Strings(input).Values.Length} paths");

    /// <summary>Errors of files as this engine's own, as on TensorFlow.</summary>
    static void OnFiles(KernelCall c, Action use)
    {
        try
        {
            use();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FileFormatException or ArgumentException)
        {
            throw new EngineException("A checkpoint could not be read or written", c.Where, received: e.Message, inner: e);
        }
    }
}

/// <summary>A part of a tensor as TensorFlow's partitioned variables name it: "4 3 0,2:-" is rows 0 and 1 of (4, 3).</summary>
sealed class CheckpointSlice(long[] starts, long[] lengths)
{
    /// <summary>Reads a specification and holds it against the stored tensor.</summary>
    /// <exception cref="EngineException">It is malformed or does not fit.</exception>
    public static CheckpointSlice Parse(KernelCall c, string text, BundleEntry entry)
    {
        var words = text.Split(' ');
        var dims = words[..^1].Select(w => Number(c, text, w)).ToArray();
        if (!dims.AsSpan().SequenceEqual(entry.Shape.ToArray())) throw c.Fail($"{entry.Shape} of '{entry.Name}'", text, "A slice is of another shape than the tensor in the checkpoint");
        var extents = words[^1].Split(':');
        if (extents.Length != dims.Length) throw Malformed(c, text);
        var (starts, lengths) = (new long[dims.Length], new long[dims.Length]);
        for (var i = 0; i < dims.Length; i++)
        {
            (starts[i], lengths[i]) = extents[i] == "-" ? (0, dims[i]) : extents[i].Split(',') is [var start, var length] ? (Number(c, text, start), Number(c, text, length)) : throw Malformed(c, text);
            if (starts[i] > dims[i] || lengths[i] > dims[i] - starts[i]) throw c.Fail($"a slice within {entry.Shape}", text);
        }
        return new(starts, lengths);
    }

    /// <summary>The part of a tensor, which is disposed.</summary>
    public unsafe TorchValue Of(TorchValue whole)
    {
        var shape = new Shape(lengths);
        if (whole is TorchStrings strings)
        {
            var values = new byte[shape.ElementCount][];
            Copy(whole.Shape, (from, to, count) => Array.Copy(strings.Values, from, values, to, count));
            return new TorchStrings(values, shape);
        }
        using var source = (TorchTensor)whole;
        var part = TorchTensor.Allocate(source.DType, shape);
        long size = source.DType.Size;
        Copy(whole.Shape, (from, to, count) => Buffer.MemoryCopy(source.Data + (from * size), part.Data + (to * size), count * size, count * size));
        return part;
    }

    /// <summary>Calls <paramref name="run"/> for each run of elements that lie together: from, to, count.</summary>
    void Copy(Shape whole, Action<long, long, long> run)
    {
        var dims = whole.ToArray();
        if (lengths.Contains(0)) return;
        if (dims.Length == 0)
        {
            run(0, 0, 1);
            return;
        }
        var (place, to) = (new long[dims.Length], 0L);
        while (true)
        {
            var from = 0L;
            for (var axis = 0; axis < dims.Length; axis++) from = (from * dims[axis]) + starts[axis] + place[axis];
            run(from, to, lengths[^1]);
            to += lengths[^1];
            var next = dims.Length - 2;
            while (next >= 0 && ++place[next] == lengths[next]) place[next--] = 0;
            if (next < 0) return;
        }
    }

    static long Number(KernelCall c, string text, string word) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Malformed(c, text);

    static EngineException Malformed(KernelCall c, string text) => c.Fail("dimensions and a slice, such as '4 3 0,2:-'", text, "A slice of a tensor is malformed");
}
