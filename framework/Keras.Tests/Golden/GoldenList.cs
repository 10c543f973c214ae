using System.Buffers.Binary;
using System.Text.Json;
using Keras.Backend;
using Keras.Engines;
using Keras.Graphs;

namespace Keras.Tests;

/// <summary>How a case is run.</summary>
public enum RunMode
{
    Eager,
    Graph,
    Xla,
}

/// <summary>One list of golden cases: JSON, and the arrays beside it.</summary>
/// <remarks>Use: <c>[TestCaseSource]</c> over <see cref="Cases(string, string, RunMode[])"/> (one test for each case and mode), <see cref="UseEngine"/> in SetUp,
/// <see cref="Tensor"/> for inputs, <see cref="Run"/> to compute eagerly, in a graph or under XLA, <see cref="Compare"/> for results. Functions and
/// constructors are called with a case's args and kwargs by <see cref="GoldenCall"/>. KERAS_GOLDEN names another folder of the same form.</remarks>
sealed class GoldenList
{
    static readonly Dictionary<string, GoldenList?> Lists = [];

    readonly byte[]? _arrays;
    readonly Dictionary<string, (long From, long To)> _offsets = [];

    GoldenList(string path)
    {
        Json = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        if (!Json.TryGetProperty("tensors", out var file) || file.ValueKind != JsonValueKind.String) return;
        _arrays = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(path)!, file.GetString()!));
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(_arrays);
        foreach (var array in JsonDocument.Parse(_arrays.AsMemory(8, length)).RootElement.EnumerateObject())
            if (array.Name != "__metadata__" && array.Value.GetProperty("data_offsets") is var o) _offsets[array.Name] = (8 + length + o[0].GetInt64(), 8 + length + o[1].GetInt64());
    }

    public JsonElement Json { get; }

    public static GoldenList? Find(string folder, string name)
    {
        var path = GoldenFolder.PathOf("keras", folder, name + ".json");
        lock (Lists) return Lists.TryGetValue(path, out var list) ? list : Lists[path] = File.Exists(path) ? new(path) : null;
    }

    public static IEnumerable<TestCaseData> Cases(string folder, string name, params RunMode[] modes) =>
        from c in Find(folder, name)?.Json.GetProperty("cases").EnumerateArray().ToArray() ?? []
        from mode in modes
        select new TestCaseData(c, mode).SetArgDisplayNames(c.GetProperty("id").GetString()!, mode.ToString()).SetCategory("Golden");

    /// <summary>The engine of the process; without one the test is skipped.</summary>
    public static void UseEngine()
    {
        if (!EngineSelection.IsPresent) Assert.Ignore("no engine is installed: run ./build.sh provision, set KERAS_LIBTENSORFLOW, or restore libtorch");
    }

    /// <summary>The names of all lists of a folder.</summary>
    public static IEnumerable<string> Names(string folder)
    {
        var path = GoldenFolder.PathOf("keras", folder);
        return Directory.Exists(path) ? Directory.GetFiles(path, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal) : [];
    }

    /// <summary>A folder of lists, for files beside them.</summary>
    public static string FolderOf(string folder) => GoldenFolder.PathOf("keras", folder);

    /// <summary>A part of a case, or null: any part may be absent, and is not checked then.</summary>
    public static JsonElement? Part(JsonElement owner, string key) => owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(key, out var part) && part.ValueKind != JsonValueKind.Null ? part : null;

    /// <summary>The items of a list that may be absent.</summary>
    public static JsonElement[] Items(JsonElement owner, string key) => Part(owner, key) is { } list ? [.. list.EnumerateArray()] : [];

    /// <summary>The arguments that a case gives to a constructor or a call.</summary>
    public static Dictionary<string, object?> Kwargs(JsonElement golden) => Part(golden, "kwargs") is { } kwargs ? Object(kwargs) : [];

    /// <summary>A value in its Keras dtype; complex numbers as pairs (..., 2).</summary>
    public HostTensor Host(JsonElement value)
    {
        var shape = new Shape([.. value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())]);
        if (value.TryGetProperty("strings", out var strings)) return HostTensor.OfStrings(shape, [.. strings.EnumerateArray().Select(t => System.Text.Encoding.UTF8.GetBytes(t.GetString()!))]);
        var dtype = DType.Parse(value.GetProperty("dtype").GetString()!);
        if (value.TryGetProperty("value", out var number)) return HostTensor.Scalar(Number(number), dtype);
        if (value.TryGetProperty("empty", out _)) return HostTensor.OfBytes(dtype, shape, []);
        if (dtype.IsComplex) (dtype, shape) = (DType.Float32, shape.Concat(new Shape(2)));
        var (from, to) = _offsets[value.GetProperty("tensor").GetString()!];
        return FromStored(_arrays![(int)from..(int)to], dtype, shape);
    }

    /// <summary>Floats are stored as float32, small whole numbers as int32, uint32 as int64.</summary>
    static HostTensor FromStored(byte[] bytes, DType dtype, Shape shape)
    {
        var stored = dtype.IsFloating ? DType.Float32 : dtype == DType.UInt32 || dtype == DType.UInt64 ? DType.Int64 : dtype == DType.Bool || dtype == DType.Int64 ? dtype : DType.Int32;
        var host = HostTensor.OfBytes(stored, shape, bytes);
        return stored == dtype ? host : HostTensor.OfBytes(dtype, shape, [.. host.ToDouble().SelectMany(v => HostTensor.Scalar(v, dtype).Data)]);
    }

    public Tensor Tensor(JsonElement value) => Tf.Constant(Host(value));

    static double Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String => value.GetString() switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, _ => double.NegativeInfinity },
        _ => value.GetDouble(),
    };

    /// <summary>JSON as C# values: Keras' kwargs and configs.</summary>
    public static object? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? (object)whole : value.GetDouble(),
        JsonValueKind.Array => value.EnumerateArray().Select(Plain).ToList(),
        _ => Object(value),
    };

    /// <summary>An object; {class, kwargs} becomes Keras' serialized form.</summary>
    public static Dictionary<string, object?> Object(JsonElement value) => value.TryGetProperty("class", out var name) && value.TryGetProperty("kwargs", out var kwargs)
        ? SerializedObject.Of("", name.GetString()!, Object(kwargs))
        : value.EnumerateObject().ToDictionary(p => p.Name, p => Plain(p.Value));

    /// <summary>Computes eagerly, in a compiled graph, or under XLA.</summary>
    /// <param name="mode">How.</param>
    /// <param name="inputs">What goes into the function.</param>
    /// <param name="body">The function.</param>
    /// <param name="opensFirst">In a graph without XLA: whether it is traced with unknown first dimensions.</param>
    public static Tensors Run(RunMode mode, Tensors inputs, Func<Tensors, Tensors> body, bool opensFirst = false)
    {
        if (mode == RunMode.Eager) return body(inputs);
        if (mode == RunMode.Graph && opensFirst) return RunOpen(inputs, body);
        using var function = new TracedFunction("golden", body, new(Jit: mode == RunMode.Xla));
        return function.Call(inputs);
    }

    static Tensors RunOpen(Tensors inputs, Func<Tensors, Tensors> body)
    {
        var (engine, flat) = (Engine.Current, inputs.Flatten());
        Tensors? outputs = null;
        var function = FunctionGraph.Trace("golden", flat.Select((t, i) => (t.dtype, t.ndim == 0 ? t.shape : t.shape.With(0, Symbol.New()), $"x{i}")), given =>
        {
            outputs = body(inputs.Pack(given));
            return outputs.Flatten();
        });
        using var compiled = engine.Compile(Lowering.Lower(function, engine.RunsNatively), new(Jit: false));
        var results = new ITensorHandle[function.Outputs.Count];
        compiled.Run([.. flat.Concat(function.CapturedSources).Select(t => t.RequireEager().Handle)], results);
        return outputs!.Pack(results.Select(r => (Tensor)new EagerTensor(r, engine)));
    }

    /// <summary>Compares elements: |actual - expected| at most absolute + relative · |expected|; not-a-number and infinities must be the same.</summary>
    public void Compare(Tensor actual, JsonElement expected, double relative, double absolute, string what)
    {
        var host = Host(expected);
        if (actual.dtype.IsComplex) actual = Tf.Stack([Tf.Real(actual), Tf.Imag(actual)], actual.ndim);
        Assert.That(actual.shape, Is.EqualTo(host.Shape), $"shape of {what}");
        Assert.That(actual.dtype, Is.EqualTo(host.DType), $"dtype of {what}");
        var (a, e) = (actual.RequireEager().ToHost().ToDouble(), host.ToDouble());
        for (var i = 0; i < e.Length; i++)
        {
            if (a[i].Equals(e[i])) continue;
            Assert.That(Math.Abs(a[i] - e[i]), Is.LessThanOrEqualTo(absolute + (relative * Math.Abs(e[i]))), $"element {i} of {what}: {a[i]} instead of {e[i]}");
        }
    }

    /// <summary>Compares a config with Keras'.</summary>
    public static void CompareConfig(object? actual, JsonElement expected, string where)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                var map = (IReadOnlyDictionary<string, object?>)actual!;
                Assert.That(map.Keys, Is.EquivalentTo(expected.EnumerateObject().Select(p => p.Name)), $"keys of {where}");
                foreach (var property in expected.EnumerateObject()) CompareConfig(map[property.Name], property.Value, $"{where}.{property.Name}");
                break;
            case JsonValueKind.Array:
                var items = ((System.Collections.IEnumerable)actual!).Cast<object?>().ToArray();
                Assert.That(items, Has.Length.EqualTo(expected.GetArrayLength()), where);
                for (var i = 0; i < items.Length; i++) CompareConfig(items[i], expected[i], $"{where}[{i}]");
                break;
            case JsonValueKind.Number:
                Assert.That(Convert.ToDouble(actual, System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(expected.GetDouble()).Within(1e-7).Percent, where);
                break;
            case JsonValueKind.String when where == "config.name":
                // Automatic names count per process.
                Assert.That(expected.GetString(), Does.Match($"^{actual}(_\\d+)?$"), where);
                break;
            case JsonValueKind.String when expected.GetString()!.StartsWith("tf.Tensor(", StringComparison.Ordinal):
                // A tensor that Python printed is no configuration.
                break;
            default:
                Assert.That(actual, Is.EqualTo(Plain(expected)), where);
                break;
        }
    }
}
