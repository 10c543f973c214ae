using System.Globalization;
using System.Text;

namespace Keras;

/// <summary>Writes tensors for people.</summary>
static class TensorText
{
    const int Edge = 3;

    public static string Describe(EagerTensor tensor)
    {
        if (!tensor.dtype.IsNumeric && tensor.dtype != DType.String) return $"<{tensor.dtype}>";
        var host = tensor.ToHost();
        var text = new StringBuilder($"<{tensor.dtype} {tensor.shape}: ");
        Append(text, host, 0, 0, checked((int)tensor.shape.ElementCount));
        return text.Append('>').ToString();
    }

    static void Append(StringBuilder text, HostTensor host, int axis, int start, int count)
    {
        if (axis == host.Shape.Rank)
        {
            text.Append(Element(host, start));
            return;
        }
        var size = checked((int)host.Shape[axis]);
        var step = size == 0 ? 0 : count / size;
        text.Append('[');
        for (var i = 0; i < size; i++)
        {
            if (i > 0) text.Append(", ");
            if (i == Edge && size > 2 * Edge)
            {
                text.Append("...");
                i = size - Edge - 1;
                continue;
            }
            Append(text, host, axis + 1, start + (i * step), step);
        }
        text.Append(']');
    }

    static string Element(HostTensor host, int index)
    {
        if (host.Strings is { } strings) return $"\"{Encoding.UTF8.GetString(strings[index])}\"";
        if (host.DType == DType.Bool) return host.Data[index] != 0 ? "true" : "false";
        if (host.DType.IsComplex) return "complex";
        var one = HostTensor.OfBytes(host.DType, Shape.Scalar, host.Data.AsSpan(index * host.DType.Size, host.DType.Size).ToArray());
        return one.DType.IsInteger ? one.ToInt64()[0].ToString(CultureInfo.InvariantCulture) : one.ToDouble()[0].ToString("G6", CultureInfo.InvariantCulture);
    }
}
