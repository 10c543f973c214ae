using System.Reflection;

namespace Keras.Tests.Arguments;

/// <summary>Every number, choice, axis and size that a function of the facade takes: what is outside of its range is refused with the argument's name, before an engine sees it.</summary>
public sealed class FunctionRangeTests
{
    /// <summary>Arguments that every number fits, and texts that are no choice.</summary>
    static readonly HashSet<string> Free =
    [
        "seed", "verbose", "start_indices of slice_update", "ignore_class", "fill_value", "constant_values", "default_value", "nan", "posinf", "neginf", "initial", "decimals", "k of rot90", "k of diag", "k of diagflat", "k of eye", "k of tri", "k of tril",
        "k of triu", "offset", "shift", "order of map_coordinates", "mask_index", "subscripts", "pattern", "shape", "identifier", "config", "name", "value of pad_sequences", "fname", "origin", "cache_subdir", "file_hash", "cache_dir", "directory", "path",
        // Tolerances: one below 0 is met by nothing.
        "rtol", "atol", "rcond", "tol",
        // As in NumPy a window of no size is empty.
        "x of bartlett", "x of hanning", "x of hamming", "x of blackman", "x of kaiser",
    ];

    /// <summary>Finite numbers of either sign.</summary>
    static readonly HashSet<string> Signed =
    [
        "negative_slope", "alpha of elu", "alpha of elastic_transform", "alpha of celu", "alpha of categorical_focal_crossentropy", "threshold", "scale", "dx", "base", "beta of kaiser", "margin", "mean", "minval", "kth", "maxval", "mask_val",
        // Two of three settle the third.
        "bottom_cropping", "right_cropping", "bottom_padding", "right_padding",
    ];

    /// <summary>Of which an infinite one means something: norms, and bounds that bound nothing.</summary>
    static readonly HashSet<string> Unbounded = ["p", "order", "max_value"];

    /// <summary>Numbers of which 0 is one too few.</summary>
    static readonly HashSet<string> Counts =
    [
        "k of in_top_k", "k of top_k_categorical_accuracy", "k of sparse_top_k_categorical_accuracy", "bins", "sequence_length", "sequence_stride", "fft_length", "indices_or_sections", "block_size",
        "dilation_rate", "delta", "gamma of circle", "max_val", "filter_size", "filter_sigma", "beam_width", "top_paths", "attn_logits_soft_cap", "alpha of celu", "order",
    ];

    /// <summary>Of which none is forbidden: a limit below 0 leaves nothing, as in Keras.</summary>
    static readonly HashSet<string> AnySign = ["max_value", "maximum_iterations"];

    static readonly HashSet<string> Sizes = ["strides", "stride", "dilation_rate", "dilation", "pool_size", "kernel_size", "output_size", "size"];

    static readonly object[] Modules = [Api.ops, Api.ops.image, Api.keras.activations, Api.keras.losses, Api.keras.metrics, Api.keras.random, Api.keras.utils, Api.keras.utils.bounding_boxes, Api.keras.tree];

    /// <summary>Functions by a call that works: that of a reference vector, or else of a small matrix.</summary>
    static IEnumerable<TestCaseData> Functions
    {
        get
        {
            var golden = Golden().DistinctBy(c => c.Method).ToDictionary(c => c.Method, c => c.Values);
            foreach (var module in Modules)
                foreach (var method in module.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(m => char.IsLower(m.Name[0]) && m.GetParameters().Any(p => Outside(p).Any())).Select(m => m.IsGenericMethod ? m.MakeGenericMethod(typeof(int)) : m))
                {
                    var values = golden.TryGetValue(method, out var made) ? made : () => Small(method);
                    yield return new TestCaseData(module, method, values).SetArgDisplayNames(module.GetType().Name, string.Join(", ", method.GetParameters().Select(p => p.Name).Prepend(method.Name)));
                }
        }
    }

    static IEnumerable<(MethodInfo Method, Func<object?[]> Values)> Golden()
    {
        foreach (var list in GoldenList.Names("ops").Select(n => GoldenList.Find("ops", n)!).Where(l => l.Json.TryGetProperty("cases", out _)))
        {
            foreach (var golden in list.Json.GetProperty("cases").EnumerateArray().Where(c => !c.TryGetProperty("raises", out _)))
            {
                var name = golden.GetProperty("function").GetString()!;
                (object target, string method) = name.StartsWith("image.", StringComparison.Ordinal) ? (Api.ops.image, name[6..]) : ((object)Api.ops, name);
                var call = new GoldenCall(golden);
                if (call.Binding(target, method) is { } bound) yield return (bound, () => call.Bound(target, method, call.Inputs.Select(list.Tensor)).Values);
            }
        }
    }

    /// <summary>Arguments of a function: those of its own, and else a small matrix for each tensor.</summary>
    static object?[] Small(MethodInfo method) => [.. method.GetParameters().Select(p => Own.TryGetValue($"{p.Name} of {method.Name}", out var own) ? own()
        : p.ParameterType == typeof(string) && !p.HasDefaultValue && OwnEverywhere.TryGetValue(p.Name!, out var text) ? text()
        : p.HasDefaultValue ? p.DefaultValue : Makers.TryGetValue(p.ParameterType, out var maker) ? maker() : throw new AssertionException($"The test knows no {p.ParameterType} {p.Name} of {method.Name}: add it to {nameof(Own)}."))];

    static readonly Dictionary<Type, Func<object>> Makers = new()
    {
        [typeof(IReadOnlyList<int>)] = () => new[] { 1, 0 }, [typeof(TensorLike)] = () => (TensorLike)Matrix(), [typeof(Tensor)] = Matrix, [typeof(Tensors)] = () => (Tensors)Matrix(), [typeof(Dims)] = () => (Dims)new[] { 2, 4 }, [typeof(PyDataset)] = () => Api.keras.utils.timeseries_dataset_from_array(Matrix(), null, 1, batch_size: 1), [typeof(IEnumerable<Batch>)] = () => new Batch[] { new(Matrix()), new(Matrix()) }, [typeof(double)] = () => 0.5, [typeof(int)] = () => 2,
        [typeof(Model)] = () => Api.keras.Sequential([Api.keras.Input(2), Api.keras.layers.Dense(2)]),
        [typeof((TensorLike, TensorLike))] = () => ((TensorLike)Matrix(), (TensorLike)Matrix()), [typeof(Axes)] = () => (Axes)1,
        [typeof((Tensors, Tensors))] = () => ((Tensors)Matrix(), (Tensors)Matrix()), [typeof((Tensors, Tensors, Tensors))] = () => ((Tensors)Matrix(), (Tensors)Matrix(), (Tensors)Matrix()),
    };

    /// <summary>Arguments by name and function that are no small matrix.</summary>
    static readonly Dictionary<string, Func<object>> Own = new()
    {
        ["q of quantile"] = () => (TensorLike)0.5, ["q of nanquantile"] = () => (TensorLike)0.5, ["q of percentile"] = () => (TensorLike)0.5, ["q of nanpercentile"] = () => (TensorLike)0.5, ["x of dsplit"] = () => (TensorLike)Api.ops.ones((2, 2, 2)),
        ["x1 of correlate"] = () => (TensorLike)new float[] { 1, 2, 3 }, ["x2 of correlate"] = () => (TensorLike)new float[] { 0, 1 },
        ["target of ctc_loss"] = () => (TensorLike)new[,] { { 1, 2 }, { 2, 1 } }, ["output of ctc_loss"] = () => (TensorLike)Api.ops.ones((2, 4, 3)),
        ["target_length of ctc_loss"] = () => (TensorLike)new[] { 2, 2 }, ["output_length of ctc_loss"] = () => (TensorLike)new[] { 4, 4 },
        ["query of scaled_dot_product_attention"] = Heads, ["key of scaled_dot_product_attention"] = Heads, ["value of scaled_dot_product_attention"] = Heads,
        ["cond of while_loop"] = () => (Func<Tensors, Tensor>)(t => t.Single < 3), ["body of while_loop"] = () => (Func<Tensors, Tensors>)(t => t.Single + 1), ["loop_vars of while_loop"] = () => (Tensors)Api.ops.zeros(Shape.Scalar),
        ["pyfunc of vectorize"] = () => (Func<Tensor[], Tensors>)(a => a[0]),
        ["length of scan"] = () => 2, ["left_size of split_dataset"] = () => (SplitSize)1,
        ["f of scan"] = () => (Func<Tensors, Tensors?, (Tensors, Tensors)>)((carry, x) => (carry, carry)), ["f of associative_scan"] = () => (Func<Tensors, Tensors, Tensors>)((a, b) => a.Single + b.Single),
        ["y_true of sparse_categorical_crossentropy"] = Classes, ["y_true of sparse_top_k_categorical_accuracy"] = Classes, ["y_true of categorical_generalized_cross_entropy"] = Classes, ["y_true of circle"] = Classes,
        ["sequences of pad_sequences"] = () => new int[][] { [1, 2], [3] }, ["to_file of plot_model"] = () => Path.Combine(Path.GetTempPath(), $"keras-{Environment.ProcessId}.dot"), ["x of to_categorical"] = () => (TensorLike)new[] { 0, 1 },
        ["bounding_boxes of clip_to_image_size"] = () => (Tensors)new Dictionary<string, Tensors> { ["boxes"] = Matrix() }, ["height of clip_to_image_size"] = () => (TensorLike)3, ["width of clip_to_image_size"] = () => (TensorLike)3,
        ["boxes of affine_transform"] = () => (TensorLike)Api.ops.ones((1, 2, 4)), ["angle of affine_transform"] = Degrees, ["translate_x of affine_transform"] = Degrees, ["translate_y of affine_transform"] = Degrees, ["scale of affine_transform"] = Degrees,
        ["shear_x of affine_transform"] = Degrees, ["shear_y of affine_transform"] = Degrees, ["height of affine_transform"] = () => (TensorLike)3, ["width of affine_transform"] = () => (TensorLike)3,
        ["directory of text_dataset_from_directory"] = () => Folder("a.txt"), ["directory of image_dataset_from_directory"] = () => Folder("a.png"), ["directory of audio_dataset_from_directory"] = () => Folder("a.wav"),
        ["path of load_img"] = () => Path.Combine(Folder("a.png"), "a", "a.png"), ["path of save_img"] = () => Path.Combine(Folder("a.png"), "new.png"),
        ["x of array_to_img"] = () => (TensorLike)Api.ops.zeros((2, 2, 3)), ["x of save_img"] = () => (TensorLike)Api.ops.zeros((2, 2, 3)),
        ["images of elastic_transform"] = Picture, ["images of perspective_transform"] = Picture, ["start_points of perspective_transform"] = Corners, ["end_points of perspective_transform"] = Corners,
    };

    /// <summary>Arguments by name that are the same for all functions.</summary>
    static readonly Dictionary<string, Func<object>> OwnEverywhere = new()
    {
        ["source"] = () => "xyxy", ["target"] = () => "xywh", ["bounding_box_format"] = () => "xyxy", ["anchor_format"] = () => "xyxy", ["box_format"] = () => "xyxy",
    };

    static object Degrees() => (TensorLike)new float[] { 3 };

    static object Picture() => (TensorLike)Api.ops.ones((4, 4, 3));

    static object Corners() => (TensorLike)new float[,] { { 0, 0 }, { 3, 0 }, { 0, 3 }, { 3, 3 } };

    static readonly Lazy<TemporaryFolder> Files = new();

    /// <summary>A folder of two classes with a file each.</summary>
    static string Folder(string file)
    {
        var folder = Files.Value[Path.GetExtension(file)[1..]];
        foreach (var name in new[] { "a", "b" })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            var path = Path.Combine(folder, name, file);
            if (file.EndsWith("png", StringComparison.Ordinal)) Api.keras.utils.save_img(path, Api.ops.zeros((2, 2, 3)));
            else File.WriteAllText(path, "text");
        }
        return folder;
    }

    [OneTimeTearDown]
    public void RemoveFiles()
    {
        if (Files.IsValueCreated) Files.Value.Dispose();
    }

    static object Heads() => (TensorLike)Api.ops.ones((1, 2, 2, 3));

    static object Classes() => (Tensor)new[] { 0, 1 };

    static Tensor Matrix() => Api.ops.reshape(Api.ops.arange(1.0, 9) / 10, (2, 4));

    static IEnumerable<object> Outside(ParameterInfo p)
    {
        bool Is(HashSet<string> names) => names.Contains(p.Name!) || names.Contains($"{p.Name} of {p.Member.Name}");
        var type = Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType;
        if (Is(Free)) return [];
        if (type == typeof(string)) return ["", "no such"];
        if (p.Name!.StartsWith("ax", StringComparison.Ordinal) || p.Name is "source" or "destination")
            return type == typeof(int) ? [-9, 99] : type == typeof(Axes) ? [(Axes)9, (Axes)(-9), (Axes)new[] { 0, 0 }] : [];
        if (type == typeof(Axes)) return Is(Sizes) ? [(Axes)0, (Axes)(-2), (Axes)new[] { 1, 1, 1, 1, 1 }] : p.Name is "output_padding" or "padding" ? [(Axes)(-1), (Axes)new[] { 0, 0, 0, 0, 0 }] : [];
        if (type == typeof(SplitSize)) return [(SplitSize)0, (SplitSize)(-1), (SplitSize)99, (SplitSize)0.0, (SplitSize)1.0, (SplitSize)double.NaN];
        if (type == typeof((double, double))) return p.Name == "range" ? [(3.0, 1.0), (double.NaN, 1.0), (0.0, double.PositiveInfinity)] : [(double.NaN, 1.0), (0.0, 1.0), (1.0, 0.0)];
        if (type == typeof((int, int))) return [(0, 2), (2, -1)];
        if (type == typeof(Dims)) return [(Dims)new[] { -2, 2 }];
        if (type != typeof(int) && type != typeof(double)) return [];
        List<double> values = type == typeof(int) ? [] : Is(Unbounded) ? [double.NaN] : [double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        if (!Is(Signed) && !Is(AnySign)) values.Add(-3);
        if (Is(Counts)) values.Add(0);
        return values.Select(v => type == typeof(int) ? (int)v : (object)v);
    }

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TestCaseSource(nameof(Functions))]
    public void WhatIsOutsideIsRefused(object module, MethodInfo method, Func<object?[]> make)
    {
        Assert.That(() => ArgumentFaults.Call(method, module, make()), Throws.Nothing, "the valid arguments");
        var found = new List<string>();
        foreach (var parameter in method.GetParameters())
        {
            foreach (var value in Outside(parameter))
            {
                object?[] arguments = make();
                arguments[parameter.Position] = value;
                if (ArgumentFaults.Of(method, module, arguments, parameter) is { } fault) found.Add($"{parameter.Name} = {value}: {fault}");
            }
        }
        Assert.That(found, Is.Empty, string.Join("\n", found));
    }
}
