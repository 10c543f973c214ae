using System.Text.Json;
using Keras.Graphs;

namespace Keras.Tests;

/// <summary>The dtype of every recorded result: pairs of dtypes, plain numbers, functions of one tensor, new tensors.</summary>
[Category("Golden")]
public sealed class DTypePromotionGoldenTests
{
    static JsonElement? Golden => GoldenList.Find("ops", "dtype_promotion")?.Json;

    static string[] DTypes => Golden is { } golden ? [.. golden.GetProperty("dtypes").EnumerateArray().Select(d => d.GetString()!)] : [];

    static IEnumerable<TestCaseData> Binary => from op in Functions("binary")
                                               from row in DTypes
                                               select new TestCaseData(op, row).SetArgDisplayNames(op, row);

    static IEnumerable<TestCaseData> WithScalar => from op in Functions("with_python_scalar")
                                                   from dtype in DTypes
                                                   select new TestCaseData(op, dtype).SetArgDisplayNames(op, dtype);

    static IEnumerable<string> Unary => Functions("unary_and_reductions");

    static IEnumerable<string> Creation => Functions("creation");

    static IEnumerable<string> Functions(string kind) => Golden is { } golden && golden.TryGetProperty(kind, out var found) ? [.. found.EnumerateObject().Select(p => p.Name)] : [];

    static OpsApi Ops => Api.ops;

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TestCaseSource(nameof(Binary))]
    public void OfTwoTensors(string op, string row)
    {
        var expected = Golden!.Value.GetProperty("binary").GetProperty(op)[Array.IndexOf(DTypes, row)];
        for (var i = 0; i < DTypes.Length; i++) IsKeras(() => Call(op, row, DTypes[i]), expected[i].GetString()!, $"{op}({row}, {DTypes[i]})");
    }

    static string Call(string op, string a, string b)
    {
        var (x, y) = (Square(a), Square(b));
        return op switch
        {
            "result_type" => Ops.result_type(a, b),
            "where" => Ops.where(Square("bool"), x, y).dtype.Name,
            "concatenate" => Ops.concatenate([x, y]).dtype.Name,
            "einsum" => Ops.einsum("ij,jk->ik", x, y).dtype.Name,
            _ => Invoke(op, x, y),
        };
    }

    [TestCaseSource(nameof(WithScalar))]
    public void WithAPlainNumber(string op, string dtype)
    {
        var expected = Golden!.Value.GetProperty("with_python_scalar").GetProperty(op).GetProperty(dtype);
        foreach (var (kind, number) in (ReadOnlySpan<(string, TensorLike)>)[("int", 2), ("float", 2.5), ("bool", true)])
            if (expected.TryGetProperty(kind, out var name)) IsKeras(() => Invoke(op, Square(dtype), number), name.GetString()!, $"{op}({dtype}, {kind})");
    }

    [TestCaseSource(nameof(Unary))]
    public void OfOneTensor(string op)
    {
        foreach (var expected in Golden!.Value.GetProperty("unary_and_reductions").GetProperty(op).EnumerateObject())
            IsKeras(() => Invoke(op, Square(expected.Name)), expected.Value.GetString()!, $"{op}({expected.Name})");
    }

    [TestCaseSource(nameof(Creation))]
    public void OfANewTensor(string call)
    {
        var made = call switch
        {
            "arange(3)" => Ops.arange(3),
            "arange(3.0)" => Ops.arange(3.0),
            "zeros((2,))" => Ops.zeros(2),
            "full((2,), 1)" => Ops.full(2, 1),
            "full((2,), 1.0)" => Ops.full(2, 1.0),
            "full((2,), True)" => Ops.full(2, true),
            "linspace(0, 1, 3)" => Ops.linspace(0, 1, 3),
            "eye(2)" => Ops.eye(2),
            "one_hot([1], 3)" => Ops.one_hot(new[] { 1 }, 3),
            "convert_to_tensor(1)" => Ops.convert_to_tensor(1),
            "convert_to_tensor(1.0)" => Ops.convert_to_tensor(1.0),
            "convert_to_tensor(True)" => Ops.convert_to_tensor(true),
            "convert_to_tensor(float64 array)" => Ops.convert_to_tensor(new[] { 1.0 }),
            "array([1, 2])" => Ops.array(new[] { 1, 2 }),
            "array([1.0])" => Ops.array(new[] { 1f }),
            _ => null,
        };
        if (made is null) Assert.Ignore("A call that is not known here.");
        else Assert.That(made.dtype.Name, Is.EqualTo(Golden!.Value.GetProperty("creation").GetProperty(call).GetString()));
    }

    static Tensor Square(string dtype) => Tf.Cast(Tf.Constant(HostTensor.Of<float>([1, 1, 1, 1], new Shape(2, 2))), dtype);

    static string Invoke(string op, params TensorLike[] args)
    {
        var method = typeof(OpsApi).GetMethods().Where(m => m.Name == op).First(m =>
            m.GetParameters() is var p && p.Length >= args.Length && p.Take(args.Length).All(a => a.ParameterType == typeof(TensorLike)) && p.Skip(args.Length).All(a => a.HasDefaultValue));
        object?[] values = [.. args.Select(a => (object)a), .. method.GetParameters().Skip(args.Length).Select(p => p.DefaultValue)];
        return ((Tensor)GoldenCall.Flatten(method.Invoke(Ops, System.Reflection.BindingFlags.DoNotWrapExceptions, null, values, null)).First()!).dtype.Name;
    }

    /// <summary>Where Keras on TensorFlow raises, ours raises an error of its own or works.</summary>
    static void IsKeras(Func<string> call, string expected, string what)
    {
        if (!expected.StartsWith("raises", StringComparison.Ordinal))
        {
            Assert.That(call(), Is.EqualTo(expected), what);
            return;
        }
        try
        {
            Assert.That(DType.TryParse(call(), out _), what);
        }
        catch (KerasException e)
        {
            Assert.That(e.Message, Is.Not.Empty);
        }
    }
}
