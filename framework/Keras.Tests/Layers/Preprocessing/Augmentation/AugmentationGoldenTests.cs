using System.Text.Json;
using Keras.Graphs;
using Keras.Layers;

namespace Keras.Tests.Layers;

/// <summary>With one transformation, layers make of images, labels, boxes and masks what Keras 3 makes of them. augmentations_of_keras.py makes the cases.</summary>
[Category("Golden")]
public sealed class AugmentationGoldenTests
{
    const string List = "augmentations";

    /// <summary>Compiling takes its time: the first cases of each class stand for the others.</summary>
    static IEnumerable<TestCaseData> Cases => [.. Once, .. FirstOfClasses(RunMode.Graph, 2), .. FirstOfClasses(RunMode.Xla, 1)];

    static IEnumerable<TestCaseData> FirstOfClasses(RunMode mode, int count) =>
        GoldenList.Cases(List, List, mode).GroupBy(c => ((JsonElement)c.Arguments[0]!).GetProperty("class").GetString()).SelectMany(c => c.Take(count));

    static IEnumerable<TestCaseData> Once => GoldenList.Cases(List, List, RunMode.Eager);

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static GoldenList Golds => GoldenList.Find(List, List)!;

    static BaseImagePreprocessingLayer Layer(JsonElement golden) =>
        (BaseImagePreprocessingLayer)Api.keras.layers.deserialize(SerializedObject.Of("keras.layers", golden.GetProperty("class").GetString()!, GoldenList.Kwargs(golden)));

    /// <summary>A value, or a dictionary or list of such.</summary>
    static Tensors Structure(JsonElement json) => json.ValueKind == JsonValueKind.Array ? new(json.EnumerateArray().Select(Structure))
        : GoldenCall.IsArray(json) ? Golds.Tensor(json) : new Tensors(json.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Structure(p.Value))));

    static readonly string[] Kinds = ["images", "masks", "labels", "boxes"];

    [TestCaseSource(nameof(Cases))]
    public void TransformsAsKeras(JsonElement golden, RunMode mode)
    {
        var layer = Layer(golden);
        string[] given = [.. Kinds.Where(k => GoldenList.Part(golden, k) is not null)];
        var inputs = new Tensors(given.Select(k => KeyValuePair.Create(k, Structure(golden.GetProperty(k)))));
        var isDrawn = GoldenList.Part(golden, "transformation") is not null;
        if (isDrawn) inputs = new(inputs.Named().Append(KeyValuePair.Create("transformation", Structure(golden.GetProperty("transformation")))));

        var outputs = GoldenList.Run(mode, inputs, all => Transformed(layer, given, all, isDrawn ? all["transformation"] : null));

        foreach (var kind in given) Compare(outputs[kind], golden.GetProperty($"{kind}_after"), kind);
    }

    static Tensors Transformed(BaseImagePreprocessingLayer layer, string[] kinds, Tensors inputs, Tensors? transformation)
    {
        var isSingle = inputs["images"].Single.ndim == 3;
        Tensors One(string kind) => kind switch
        {
            "images" => isSingle ? layer.transform_single_image(inputs[kind], transformation) : layer.transform_images(inputs[kind], transformation),
            "masks" => isSingle ? layer.transform_single_segmentation_mask(inputs[kind], transformation) : layer.transform_segmentation_masks(inputs[kind], transformation),
            "labels" => layer.transform_labels(inputs[kind], transformation),
            _ => layer.transform_bounding_boxes(inputs[kind], transformation),
        };
        return new(kinds.Select(k => KeyValuePair.Create(k, One(k).Map(Tf.Identity))));
    }

    static void Compare(Tensors actual, JsonElement expected, string what)
    {
        if (GoldenCall.IsArray(expected)) Golds.Compare(actual, expected, 1e-4, 1e-4, what);
        else foreach (var part in expected.EnumerateObject()) Compare(actual[part.Name], part.Value, $"{what}, {part.Name}");
    }

    [TestCaseSource(nameof(Once))]
    public void ConfigIsKerasAndMakesTheSameLayer(JsonElement golden, RunMode _)
    {
        if (GoldenList.Part(golden, "config") is not { } expected) return;
        var layer = Layer(golden);
        GoldenList.CompareConfig(layer.get_config(), expected, "config");
        GoldenList.CompareConfig(LayerConfigs.Make(layer.GetType(), layer.get_config()).get_config(), expected, "config");
    }

    static IEnumerable<TestCaseData> Functions => (GoldenList.Find(List, List)?.Json.GetProperty("functions").EnumerateArray().ToArray() ?? [])
        .Select(f => new TestCaseData(f).SetArgDisplayNames(f.GetProperty("id").GetString()!));

    [TestCaseSource(nameof(Functions))]
    public void FunctionsOfBoxesAreKeras(JsonElement golden)
    {
        var values = golden.GetProperty("kwargs").EnumerateObject().ToDictionary(k => k.Name, k => k.Value);
        var method = typeof(BoundingBoxesApi).GetMethod(golden.GetProperty("function").GetString()!)!;
        object?[] arguments = [.. method.GetParameters().Select(p => values.Remove(p.Name!, out var json) ? Argument(json, p.ParameterType) : p.HasDefaultValue ? p.DefaultValue : throw new AssertionException($"Nothing is given for {p.Name}."))];
        Assert.That(values, Is.Empty, "Keras' names are ours");

        var result = method.Invoke(Api.keras.utils.bounding_boxes, System.Reflection.BindingFlags.DoNotWrapExceptions, null, arguments, null)!;

        Compare(result as Tensors ?? (Tensor)result, golden.GetProperty("result"), "result");
    }

    static object? Argument(JsonElement json, Type type)
    {
        var isTensor = type == typeof(Tensors) || type == typeof(TensorLike) || type == typeof(TensorLike?);
        if (json.ValueKind == JsonValueKind.Object) return type == typeof(Tensors) ? (object)Structure(json) : (TensorLike)Structure(json);
        if (isTensor) return (TensorLike)json.GetDouble();
        if (type == typeof(double[])) return json.Deserialize<double[]>();
        return type == typeof(Shape) ? new Shape(json.Deserialize<long[]>()!) : Convert.ChangeType(GoldenList.Plain(json), Nullable.GetUnderlyingType(type) ?? type, System.Globalization.CultureInfo.InvariantCulture);
    }
}
