using System.Text.Json;
using static Keras.Api;

namespace Keras.Tests.Models;

/// <summary>Operations between layers: remembered under Keras' names, written into configs and read again.</summary>
public sealed class KerasOperationTests
{
    /// <summary>Cases with a tensor where Keras' class takes a number: a config cannot hold them.</summary>
    static readonly string[] WithoutForm = ["bincount/2", "repeat/2"];

    static IEnumerable<TestCaseData> Cases => OperationCases.All.Select(c => new TestCaseData(c.List, c.Golden).SetArgDisplayNames(c.Id));

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static float[] Values(Tensor x) => [.. x.RequireEager().ToHost().ToDouble().Select(v => (float)v)];

    static Tensor Ramp(params int[] dims) => ops.reshape(ops.arange(dims.Aggregate((a, b) => a * b), dtype: DType.Float32), dims) / 10;

    /// <summary>A program that was compiled ahead of time makes only tuples that code names.</summary>
    [Test]
    public void EveryTupleOfAFunctionCanBeMade()
    {
        var types = typeof(OpsApi).GetMethods().Concat(typeof(ImageOpsApi).GetMethods()).Where(m => !m.ContainsGenericParameters).SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType))
            .Select(t => Nullable.GetUnderlyingType(t) ?? t).Where(t => t.IsGenericType && typeof(System.Runtime.CompilerServices.ITuple).IsAssignableFrom(t)).Distinct().ToArray();
        Assert.That(types, Does.Contain(typeof((Tensor, Tensor))));
        Assert.That(types.Except(OperationArguments.Tuples.Keys), Is.Empty);
    }

    [TestCaseSource(nameof(Cases))]
    [Category("Golden")]
    public void EveryFunctionIsOneStepThatAConfigHolds(object list, JsonElement golden)
    {
        if (OperationCases.Make((GoldenList)list, golden) is not var (model, inputs, expected)) return;
        if (WithoutForm.Contains(golden.GetProperty("id").GetString()))
        {
            Assert.That(() => model.get_config(), Throws.InstanceOf<UnsupportedException>());
            return;
        }
        Compare(model.Apply(inputs), expected, "the model");
        var again = (Functional)keras.models.model_from_json(model.to_json());
        Compare(again.Apply(inputs), expected, "the model of its config");
        Assert.That(again.to_json(), Is.EqualTo(model.to_json()));
    }

    static void Compare(Tensors actual, Tensor[] expected, string what)
    {
        Assert.That(actual.Count, Is.EqualTo(expected.Length), what);
        foreach (var (a, e) in actual.Flatten().Zip(expected))
        {
            Assert.That((a.dtype, a.shape), Is.EqualTo((e.dtype, e.shape)), what);
            if (!e.dtype.IsComplex) Assert.That(Values(a), Is.EqualTo(Values(e)).Within(1e-5).Percent.Or.EqualTo(Values(e)).Within(1e-6), what);
        }
    }

    [Test]
    public void EveryRowNamesAFunctionAndItsParameters()
    {
        foreach (var form in KerasOperations.All)
        {
            var methods = OperationArguments.MethodsOf(form.Function);
            Assert.That(methods, Is.Not.Empty, form.Function);
            Assert.That(methods.Any(m => form.Call.All(c => m.GetParameters().Any(p => p.Name == c.TrimStart('*')))), form.Function);
        }
    }

    [Test]
    public void OperatorsAndSlicesAreKerasOperations()
    {
        var x = keras.Input([4, 3], name: "x");
        var h = keras.layers.Dense(3, name: "d").Apply(x);
        Tensor a = h + 1, b = 1 - a, c = ops.relu(b);
        Tensor e = c[SliceKey.Ellipsis, ^1], f = c[.., 1..3, SliceKey.Of(step: 2)];
        Tensor[] outputs =
        [
            ops.concatenate([c[.., 0], e], axis: -1), ops.reshape(c, [-1, 12]), ops.sum(c, axis: (1, 2), keepdims: true), ops.where(c > 0.5, c, 0.0), ops.transpose(f, (0, 2, 1)),
            ops.cast(h > 0, "float32"), ops.einsum("btc,bsc->bts", h, c), ops.split(h, 3, axis: -1)[1], ops.top_k(h, 2).Values, h.Single + Ramp(3), h[.., SliceKey.NewAxis, 0], -h % 2,
            ops.cast(~(h > 0) & (h < 1) | (h >= 2), "float32"), ops.reshape(h, [ops.shape(h)[0], 12]),
        ];
        var model = keras.Model(x, outputs);
        var input = Ramp(2, 4, 3);
        var expected = model.Apply(input).Flatten().ToArray();
        using var folder = new TemporaryFolder();
        model.save(folder["m.keras"]);
        Compare(keras.models.load_model(folder["m.keras"]).Apply(input), expected, "loaded");
        var clone = keras.models.clone_model(model);
        clone.set_weights(model.get_weights());
        Compare(clone.Apply(input), expected, "cloned");
        using var json = JsonDocument.Parse(model.to_json());
        var forms = json.RootElement.GetProperty("config").GetProperty("layers").EnumerateArray().Where(l => l.GetProperty("module").GetString() != "keras.layers").ToArray();
        Assert.That(forms.Select(o => o.GetProperty("class_name").GetString()), Is.SupersetOf(new[] { "Add", "Subtract", "Relu", "GetItem", "Concatenate", "Reshape", "Sum", "Where", "Greater", "Transpose", "Cast", "Einsum", "Split", "TopK", "Negative", "Mod", "LogicalNot" }));
        var one = forms.First(o => o.GetProperty("name").GetString() == "add");
        Assert.That(one.GetProperty("module").GetString(), Is.EqualTo("keras.src.ops.numpy"));
        Assert.That(one.GetProperty("inbound_nodes")[0].GetProperty("args")[1].GetRawText(), Is.EqualTo("1.0"));
    }

    [Test]
    public void AModelOfKerasWithOperationsComputesTheSameHere()
    {
        using var made = JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("framework", "Keras.Tests", "Models", "operations_of_keras.json")));
        var model = (Functional)keras.models.model_from_json(made.RootElement.GetProperty("config").GetRawText());
        float[] Numbers(JsonElement value) => value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().SelectMany(Numbers)] : [value.GetSingle()];
        model.set_weights([.. model.weights.Zip(made.RootElement.GetProperty("weights").EnumerateArray(), (w, v) => ops.reshape(Numbers(v), (Dims)w.shape))]);
        var outputs = model.Apply(ops.reshape(Numbers(made.RootElement.GetProperty("input")), (2, 4, 3))).Flatten();
        JsonElement[] expected = [.. made.RootElement.GetProperty("outputs").EnumerateArray()];
        Assert.That(outputs, Has.Count.EqualTo(expected.Length));
        foreach (var (i, (actual, wanted)) in outputs.Zip(expected).Index()) Assert.That(Values(actual), Is.EqualTo(Numbers(wanted)).Within(1e-5), $"output {i}");
        Assert.That(keras.models.model_from_json(model.to_json()).count_params(), Is.EqualTo(model.count_params()));
    }

    [Test]
    public void WhatHasNoFormIsRefusedByNameAndLeavesNoFile()
    {
        using var folder = new TemporaryFolder();
        var x = keras.Input([3, 3]);
        Tensor h = ops.reshape(x, (-1, 3, 1, 3));
        var square = keras.Model(x, ops.scaled_dot_product_attention(h, h, h).Context);
        Assert.That(() => square.save(folder["m.keras"]), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("ops.scaled_dot_product_attention"));
        var clipped = keras.Model(x, ops.clip(x, ops.min(x), 1));
        Assert.That(() => clipped.save(folder["m.keras"]), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("ops.clip").And.Message.Contains("x_min"));
        Assert.That(Directory.GetFiles(folder.Path, "*.keras"), Is.Empty);
    }

    [Test]
    public void FeaturesOfAModelAreModels()
    {
        var x = keras.Input([3], name: "x");
        var hidden = keras.layers.Dense(4, activation: "relu", name: "hidden");
        var model = keras.Model(x, keras.layers.Dense(2, name: "head").Apply(hidden.Apply(x)));
        var features = keras.Model(model.input, model.get_layer("hidden").output);
        var input = Ramp(2, 3);
        Assert.That(Values(features.Apply(input)), Is.EqualTo(Values(hidden.Apply(input))));
        Assert.That(Values(keras.Model(model.get_layer(index: 2).input, model.output).Apply(hidden.Apply(input))), Is.EqualTo(Values(model.Apply(input))).Within(1e-6));

        var stack = keras.Sequential([keras.Input([3]), keras.layers.Dense(4, name: "first"), keras.layers.Dense(2)]);
        Assert.That(keras.Model(stack.input, stack.get_layer("first").output).Apply(input).Single.shape, Is.EqualTo(new Shape(2, 4)));
        Assert.That(keras.Model(stack.inputs!, stack.outputs!).Apply(input).Single.shape, Is.EqualTo(new Shape(2, 2)));

        var merged = keras.layers.Add(name: "sum");
        merged.Apply((x, x));
        Assert.That(merged.input, Has.Count.EqualTo(2));

        var twice = keras.layers.Dense(3, name: "twice");
        var first = twice.Apply(x);
        twice.Apply(first);
        Assert.That(twice.output.Single, Is.SameAs(first.Single), "of several applications the first, as in Keras 3");

        Assert.That(() => keras.layers.Dense(2, name: "never").output, Throws.InvalidOperationException.With.Message.Contains("never").And.Message.Contains("keras.Input"));
        Assert.That(() => keras.Sequential([keras.layers.Dense(2)]).input, Throws.InvalidOperationException);
    }
}
