using System.Collections;
using System.Globalization;
using Keras.Graphs;

namespace Keras;

/// <summary>Writes and reads constant tensors in configs: nested lists and a dtype.</summary>
/// <remarks>Source: keras/src/saving/serialization_lib.py.</remarks>
static class ConstantConfigs
{
    /// <exception cref="UnsupportedException">The values have no form in a config.</exception>
    public static Dictionary<string, object?> Form(Tensor tensor)
    {
        var next = 0;
        var values = Values(tensor);
        object? Nested(int axis) => axis == tensor.ndim ? values[next++] : Enumerable.Range(0, checked((int)tensor.shape[axis])).Select(_ => Nested(axis + 1)).ToArray();
        return new() { ["class_name"] = "__tensor__", ["config"] = new Dictionary<string, object?> { ["value"] = Nested(0), ["dtype"] = tensor.dtype.Name } };
    }

    static object?[] Values(Tensor tensor) =>
        tensor.dtype == DType.Bool ? [.. tensor.ToArray<bool>()]
        : tensor.dtype.IsFloating ? [.. tensor.RequireEager().ToHost().ToDouble()]
        : tensor.dtype.IsInteger ? [.. Tf.Cast(tensor, DType.Int64).ToArray<long>()]
        : throw new UnsupportedException("A constant among the arguments of a layer has no form in a config", null, "booleans, whole numbers or real numbers", tensor.dtype.Name, "Make it inside of a layer of your own.");

    /// <summary>Whether a form holds values.</summary>
    public static bool IsOne(IReadOnlyDictionary<string, object?> form) => form.GetValueOrDefault("class_name") is "__tensor__" or "__numpy__";

    /// <exception cref="FileFormatException">The form is damaged.</exception>
    public static Tensor Read(IReadOnlyDictionary<string, object?> form)
    {
        if (form.GetValueOrDefault("config") is not IReadOnlyDictionary<string, object?> config || config.GetValueOrDefault("dtype") is not string dtype)
            throw Damaged("no value and dtype");
        var (values, dims) = (new List<object?>(), new List<long>());
        Collect(config.GetValueOrDefault("value"), 0, values, dims);
        if (values.Count != dims.Aggregate(1L, (a, b) => a * b)) throw Damaged("rows of different lengths");
        var (type, shape) = (DType.Parse(dtype), Shape.Create([.. dims.Select(d => (long?)d)]));
        if (values.Exists(v => v is not (bool or long or int or double or float))) throw Damaged("something else");
        var host = values.Exists(v => v is double or float)
            ? HostTensor.Of<double>([.. values.Select(v => Convert.ToDouble(v, CultureInfo.InvariantCulture))], shape)
            : HostTensor.Of<long>([.. values.Select(v => Convert.ToInt64(v, CultureInfo.InvariantCulture))], shape);
        using (Graph.Suspend()) return Tf.Cast(Tf.Constant(host), type);
    }

    static void Collect(object? value, int depth, List<object?> values, List<long> dims)
    {
        if (value is string || value is not IEnumerable list)
        {
            values.Add(depth == dims.Count ? value : throw Damaged("rows of different lengths"));
            return;
        }
        object?[] items = [.. list.Cast<object?>()];
        if (depth == dims.Count && values.Count == 0) dims.Add(items.Length);
        else if (depth >= dims.Count || dims[depth] != items.Length) throw Damaged("rows of different lengths");
        foreach (var item in items) Collect(item, depth + 1, values, dims);
    }

    static FileFormatException Damaged(string received) => new("A constant in a model's config is damaged", "value", "nested lists of numbers, and their dtype", received);
}
