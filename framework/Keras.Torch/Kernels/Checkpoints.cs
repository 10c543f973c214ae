using System.Text;
using Keras.Checkpoints;

namespace Keras.Engines.Torch;

/// <summary>Saves tensors to TensorFlow's checkpoints and restores them.</summary>
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
                var (name, slice) = names[i];
                var part = slice.Length == 0 ? null : PartOf(c, slice);
                if (part is not null && part.Slice.Within(part.Whole)?.Shape != c.ShapeOf(firstTensor + i)) throw c.Fail($"a tensor as the slice '{slice}' says", $"'{name}' of {c.ShapeOf(firstTensor + i)}");
                if (c.Inputs[firstTensor + i] is TorchStrings strings) bundle.AddStrings(name, strings.Shape, strings.Values, part);
                else if (c.Inputs[firstTensor + i] is TorchTensor tensor) bundle.Add(name, tensor.DType, tensor.Shape, tensor.Data, tensor.ByteLength, part);
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
            c.Outputs[i] = Read(bundle, entry, slice.Length > 0 ? BoxOf(c, slice, entry) : TensorBox.All(entry.Shape));
        }
    }

    static TorchValue Read(TensorBundleReader bundle, BundleEntry entry, TensorBox part) => entry.DType == DType.String
        ? new TorchStrings(bundle.ReadStrings(entry, part), part.Shape)
        : TorchTensor.On(new Block(bundle.Read(entry, part, length => new PoolMemory(length))), entry.DType, part.Shape);

    static TensorPart PartOf(KernelCall c, string text) => TensorSlice.TryParse(text, out var whole, out var slice) ? new(whole, slice)
        : throw c.Fail("dimensions and a slice, such as '4 3 0,2:-'", text, "A slice of a tensor is malformed");

    static TensorBox BoxOf(KernelCall c, string text, BundleEntry entry)
    {
        var part = PartOf(c, text);
        if (part.Whole != entry.Shape) throw c.Fail($"{entry.Shape} of '{entry.Name}'", text, "A slice is of another shape than the tensor in the checkpoint");
        return part.Slice.Within(entry.Shape) ?? throw c.Fail($"a slice within {entry.Shape}", text);
    }

    /// <summary>Reads the names and slices, one of each for every tensor.</summary>
    static (string Name, string Slice)[] Names(KernelCall c, int tensors)
    {
        var (names, slices) = (Texts(c, 1), Texts(c, 2));
        return names.Length == tensors && slices.Length == tensors ? [.. names.Zip(slices)]
            : throw c.Fail($"{tensors} names and {tensors} slices", $"{names.Length} names and {slices.Length} slices");
    }

    static string[] Texts(KernelCall c, int input) => Array.ConvertAll(c.Strings(input).Values, Encoding.UTF8.GetString);

    static string Text(KernelCall c, int input) => Texts(c, input) is [var one] ? one : throw c.Fail("one path", $"{c.Strings(input).Values.Length} paths");

    /// <summary>Reports file errors as this engine's own, as TensorFlow does.</summary>
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
