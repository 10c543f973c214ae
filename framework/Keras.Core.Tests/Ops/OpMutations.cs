using System.Text;

namespace Keras.Tests.Ops;

/// <summary>Makes calls that do not fit of calls that do: one input at a time gets another shape, dtype or value.</summary>
static class OpMutations
{
    static readonly DType[] DTypes = [DType.Float32, DType.Int32, DType.Int64, DType.Bool, DType.String, DType.Float64, DType.Complex64];

    /// <summary>Every change of one input of a case.</summary>
    public static IEnumerable<(string Name, OpInput[] Inputs)> Of(OpInput[] inputs) =>
        from i in Enumerable.Range(0, inputs.Length)
        from change in Shapes(inputs[i].Value).Concat(OfDTypes(inputs[i].Value)).Concat(Values(inputs[i]))
        select ($"input {i} {change.Name}", (OpInput[])[.. inputs[..i], inputs[i] with { Value = change.Value }, .. inputs[(i + 1)..]]);

    static IEnumerable<(string Name, HostTensor Value)> Shapes(HostTensor value)
    {
        var dims = value.Shape.ToArray();
        yield return ("with one more axis", Filled(value, [2, .. dims]));
        yield return ("with four more axes", Filled(value, [1, 1, 1, 1, .. dims]));
        if (dims.Length > 0) yield return ("without its first axis", Filled(value, dims[1..]));
        if (dims.Length > 1) yield return ("as a scalar", Filled(value, []));
        for (var k = 0; k < dims.Length; k++)
        {
            yield return ($"longer along axis {k}", Filled(value, [.. dims[..k], dims[k] + 1, .. dims[(k + 1)..]]));
            yield return ($"empty along axis {k}", Filled(value, [.. dims[..k], 0, .. dims[(k + 1)..]]));
        }
    }

    static IEnumerable<(string Name, HostTensor Value)> OfDTypes(HostTensor value) => DTypes.Where(d => d != value.DType).Select(d => ($"of {d}", Zeros(d, value.Shape)));

    /// <summary>Other numbers; none so great that it would be a size beyond all memory.</summary>
    static IEnumerable<(string Name, HostTensor Value)> Values(OpInput input)
    {
        var value = input.Value;
        if (value.DType != DType.Int32 && value.DType != DType.Int64 || value.Shape.ElementCount == 0) yield break;
        foreach (var number in (long[])[-1, 0, 100, .. input.IsConstant ? [] : (long[])[int.MinValue]])
        {
            var values = value.ToInt64();
            yield return ($"with {number} at its end", Numbers(value, [.. values[..^1], number]));
            if (values.Length > 1) yield return ($"with {number} everywhere", Numbers(value, [.. values.Select(_ => number)]));
        }
    }

    static HostTensor Numbers(HostTensor like, long[] values) => like.DType == DType.Int64 ? HostTensor.Of<long>(values, like.Shape)
        : HostTensor.Of<int>([.. values.Select(v => (int)v)], like.Shape);

    /// <summary>The elements over and over in another shape.</summary>
    static HostTensor Filled(HostTensor value, long[] dims)
    {
        var shape = new Shape(dims);
        var (from, to) = ((int)value.Shape.ElementCount, (int)shape.ElementCount);
        if (from == 0) return Zeros(value.DType, shape);
        if (value.Strings is { } strings) return HostTensor.OfStrings(shape, [.. Enumerable.Range(0, to).Select(i => strings[i % from])]);
        var size = value.DType.Size;
        return HostTensor.OfBytes(value.DType, shape, [.. Enumerable.Range(0, to).SelectMany(i => value.Data.AsSpan(i % from * size, size).ToArray())]);
    }

    static HostTensor Zeros(DType dtype, Shape shape) => dtype == DType.String
        ? HostTensor.OfStrings(shape, [.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => Encoding.UTF8.GetBytes("a"))])
        : HostTensor.OfBytes(dtype, shape, new byte[shape.ElementCount * dtype.Size]);
}
