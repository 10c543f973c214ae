using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Keras.SavedModels;
using Keras.Saving;

namespace Keras.Transformers;

/// <summary>The content of a weight file: safetensors, Keras' h5, PyTorch's pickle, an index of shards, a SavedModel, or a folder with one of them. Nothing is computed, and no pickle is run.</summary>
/// <param name="Location">The location that was read.</param>
/// <param name="Format">"safetensors", "h5", "pytorch" or "savedmodel".</param>
/// <param name="Metadata">The file's own remarks, such as format: pt.</param>
/// <param name="Weights">The weights in the file's order.</param>
public sealed record WeightInspection(string Location, string Format, IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<InspectedWeight> Weights)
{
    /// <summary>How many numbers there are.</summary>
    public long Elements => Weights.Sum(w => w.Elements);

    /// <summary>The number of bytes they take.</summary>
    public long Bytes => Weights.Sum(w => w.Bytes);

    /// <summary>How many numbers there are of each dtype.</summary>
    public IReadOnlyDictionary<string, long> ElementsByDType => Weights.GroupBy(w => w.DType).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(w => w.Elements));

    /// <summary>Reads what exists.</summary>
    /// <param name="path">The file, or the folder of a model or SavedModel.</param>
    /// <exception cref="JobOptionException">There is nothing, or no weights.</exception>
    /// <exception cref="FileFormatException">A file is damaged, or not what its name says.</exception>
    /// <exception cref="UnsupportedException">The format, or the type of a weight, is not supported.</exception>
    public static WeightInspection Of(string path)
    {
        using var file = WeightListing.Open(path);
        return file.Inspected();
    }

    /// <summary>How two files differ: in names, dtypes, shapes and values.</summary>
    /// <param name="first">A file or folder.</param>
    /// <param name="second">Another.</param>
    /// <param name="cancellation_token">Stops between two weights.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <inheritdoc cref="Of" path="/exception"/>
    public static WeightDifferences Diff(string first, string second, CancellationToken cancellation_token = default)
    {
        using var a = WeightListing.Open(first);
        using var b = WeightListing.Open(second);
        var differences = new List<WeightDifference>();
        var equal = 0;
        foreach (var name in a.Weights.Keys.Union(b.Weights.Keys))
        {
            cancellation_token.ThrowIfCancellationRequested();
            var difference = (a.Weights.GetValueOrDefault(name), b.Weights.GetValueOrDefault(name)) switch
            {
                ({ } one, null) => new WeightDifference(name, "only in the first", one.Entry.ToString(), null, null),
                (null, { } other) => new(name, "only in the second", null, other.Entry.ToString(), null),
                ({ } one, { } other) when !one.Entry.Shape.SequenceEqual(other.Entry.Shape) => new(name, "shape", one.Entry.ToString(), other.Entry.ToString(), null),
                ({ } one, { } other) => Compare(name, one, other),
                _ => null,
            };
            if (difference is null) equal++;
            else differences.Add(difference);
        }
        return new(a.Location, b.Location, equal, differences);
    }

    static WeightDifference? Compare(string name, ListedWeight a, ListedWeight b)
    {
        using var first = a.Read();
        using var second = b.Read();
        if (a.Entry.DType == b.Entry.DType && first.AsSpan().SequenceEqual(second.AsSpan())) return null;
        double? most = a.Integers(first) is { } n && b.Integers(second) is { } m ? MostApart(n, m) : a.Floats(first) is { } x && b.Floats(second) is { } y ? MostApart(x, y) : null;
        return new(name, a.Entry.DType == b.Entry.DType ? "values" : most == 0 ? "dtype" : "dtype and values", a.Entry.ToString(), b.Entry.ToString(), most);
    }

    static double MostApart(Int128[] a, Int128[] b) => a.Length == 0 ? 0 : (double)a.Zip(b, (x, y) => Int128.Abs(x - y)).Max();

    static double MostApart(float[] a, float[] b)
    {
        if (a.Length == 0) return 0;
        var apart = new float[a.Length];
        TensorPrimitives.Subtract(a, b, apart);
        return TensorPrimitives.MaxMagnitude<float>(apart) is var most ? Math.Abs((double)most) : 0;
    }
}

/// <summary>A weight of a file.</summary>
/// <param name="Name">Its key.</param>
/// <param name="DType">Its element type.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Bytes">Its size.</param>
public sealed record InspectedWeight(string Name, string DType, IReadOnlyList<long> Shape, long Bytes)
{
    /// <summary>How many numbers it has.</summary>
    public long Elements => Shape.Aggregate(1L, (n, d) => n * d);

    /// <summary>Its type and shape: "float32 (128, 64)".</summary>
    public override string ToString() => $"{DType} ({string.Join(", ", Shape)})";
}

/// <summary>How two files of weights differ.</summary>
/// <param name="First">One file.</param>
/// <param name="Second">The other.</param>
/// <param name="Equal">The number of weights that are equal to the last bit.</param>
/// <param name="Differences">Those that are not.</param>
public sealed record WeightDifferences(string First, string Second, int Equal, IReadOnlyList<WeightDifference> Differences);

/// <summary>A weight that differs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">"only in the first", "only in the second", "shape", "dtype", "values" or "dtype and values".</param>
/// <param name="First">Type and shape in the first.</param>
/// <param name="Second">Type and shape in the second.</param>
/// <param name="MostApart">The largest difference of two numbers; null if not applicable.</param>
public sealed record WeightDifference(string Name, string Kind, string? First, string? Second, double? MostApart);

/// <summary>A listed weight with a way to read it.</summary>
sealed record ListedWeight(InspectedWeight Entry, DType DType, Func<HostMemory> Read)
{
    /// <summary>The values of integers and bools, exactly; null for other dtypes.</summary>
    public Int128[]? Integers(HostMemory memory)
    {
        if (DType == DType.Int8) return Of<sbyte>(memory, v => v);
        if (DType == DType.UInt8 || DType == DType.Bool) return Of<byte>(memory, v => v);
        if (DType == DType.Int16) return Of<short>(memory, v => v);
        if (DType == DType.UInt16) return Of<ushort>(memory, v => v);
        if (DType == DType.Int32) return Of<int>(memory, v => v);
        if (DType == DType.UInt32) return Of<uint>(memory, v => v);
        if (DType == DType.Int64) return Of<long>(memory, v => v);
        return DType == DType.UInt64 ? Of<ulong>(memory, v => v) : null;
    }

    static Int128[] Of<T>(HostMemory memory, Converter<T, Int128> exactly) where T : struct => Array.ConvertAll(MemoryMarshal.Cast<byte, T>(memory.AsSpan()).ToArray(), exactly);

    /// <summary>The values as float32; null if they are not numbers.</summary>
    public float[]? Floats(HostMemory memory)
    {
        if (Integers(memory) is { } whole) return Array.ConvertAll(whole, n => (float)n);
        if (!DType.IsFloating) return null;
        var floats = new float[Entry.Elements];
        FloatBytes.Read(memory.AsSpan(), DType, floats);
        return floats;
    }
}

/// <summary>Weights by name, from a file of any format.</summary>
sealed record WeightListing(string Location, string Format, IReadOnlyDictionary<string, string> Metadata, OrderedDictionary<string, ListedWeight> Weights, IDisposable File) : IDisposable
{
    public WeightInspection Inspected() => new(Location, Format, Metadata, [.. Weights.Values.Select(w => w.Entry)]);

    public static WeightListing Open(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || !Path.Exists(path)) throw new JobOptionException("Path", "There is no such file or folder", "a file of weights, or the folder of a model", Known.Say(path));
        if (Directory.Exists(path))
        {
            if (System.IO.File.Exists(Path.Combine(path, SavedModelWriter.ModelFile))) return OfSavedModel(path);
            if (VersionFolder(path) is { } version) return OfSavedModel(version);
            try
            {
                return OfSource(WeightFiles.Find(path, fromPt: true));
            }
            catch (WeightLoadException e)
            {
                throw new JobOptionException("Path", "The folder holds no weights", "model.safetensors, tf_model.h5, pytorch_model.bin, saved_model.pb, or an index of shards", e.Received, "Name the file itself where it has another name.");
            }
        }
        return Path.GetFileName(path) == SavedModelWriter.ModelFile ? OfSavedModel(Path.GetDirectoryName(Path.GetFullPath(path))!) : OfSource(path);
    }

    /// <summary>The highest version in a folder of versions.</summary>
    static string? VersionFolder(string path) => Directory.GetDirectories(path)
        .Where(d => int.TryParse(Path.GetFileName(d), out _) && System.IO.File.Exists(Path.Combine(d, SavedModelWriter.ModelFile))).MaxBy(d => int.Parse(Path.GetFileName(d), System.Globalization.CultureInfo.InvariantCulture));

    static WeightListing OfSource(string path)
    {
        var source = WeightSource.OpenFile(path);
        var name = Path.GetFileName(path);
        var format = name.Contains(".safetensors", StringComparison.Ordinal) ? "safetensors" : name.Contains(".h5", StringComparison.Ordinal) ? "h5" : "pytorch";
        return new(path, format, source.Metadata, Listed(source.Entries.Values.Select(e => (e.Name, e.DType, e.Shape, e.Length, (Func<HostMemory>)e.GetMemory))), source);
    }

    static WeightListing OfSavedModel(string folder)
    {
        var reader = SavedModelReader.Open(folder);
        var remarks = reader.Signatures.ToDictionary(s => $"signature {s.Name}", s => $"{string.Join(", ", s.Inputs.Select(i => i.Name))} -> {string.Join(", ", s.Outputs.Select(o => o.Name))}");
        return new(folder, "savedmodel", remarks, Listed(reader.Variables.Select(v => (v.Name, v.Entry.DType, v.Entry.Shape, v.Entry.Size, (Func<HostMemory>)(() => reader.ReadVariable(v.Name))))), reader);
    }

    static OrderedDictionary<string, ListedWeight> Listed(IEnumerable<(string Name, DType DType, Shape Shape, long Bytes, Func<HostMemory> Read)> weights) =>
        new(weights.Select(w => KeyValuePair.Create(w.Name, new ListedWeight(new(w.Name, w.DType.Name, w.Shape.ToArray(), w.Bytes), w.DType, w.Read))));

    public void Dispose() => File.Dispose();
}
