using System.Globalization;
using System.Text;

namespace Keras;

/// <summary>Writes tensors for humans to read.</summary>
static class TensorText
{
    const int Edge = 3;

    public static string Describe(EagerTensor tensor)
    {
        if (!tensor.dtype.IsNumeric && tensor.dtype != DType.String) return $"<{tensor.dtype}>";
        if (tensor.dtype.IsQuantized) return $"<{tensor.dtype} {tensor.shape}>";
        return $"<{tensor.dtype} {tensor.shape}: {Values(tensor, null, null)}>";
    }

    /// <summary>The values alone: a number for a scalar, otherwise nested lists, shortened in the middle.</summary>
    public static string Values(EagerTensor tensor, string? format, IFormatProvider? provider)
    {
        if ((!tensor.dtype.IsNumeric && tensor.dtype != DType.String) || tensor.dtype.IsQuantized) return Describe(tensor);
        var host = tensor.ToHost();
        if (host.Shape.Rank == 0 && host.Strings is [var only]) return Encoding.UTF8.GetString(only);
        var text = new StringBuilder();
        Append(text, host, 0, 0, checked((int)tensor.shape.ElementCount), new(format, provider));
        return text.ToString();
    }

    readonly record struct Style(string? Format, IFormatProvider? Provider)
    {
        public string Of<T>(T number, string? format) where T : IFormattable => number.ToString(Format ?? format, Provider ?? CultureInfo.InvariantCulture);
    }

    static void Append(StringBuilder text, HostTensor host, int axis, int start, int count, Style style)
    {
        if (axis == host.Shape.Rank)
        {
            text.Append(Element(host, start, style));
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
            Append(text, host, axis + 1, start + (i * step), step, style);
        }
        text.Append(']');
    }

    static string Element(HostTensor host, int index, Style style)
    {
        if (host.Strings is { } strings) return $"\"{Encoding.UTF8.GetString(strings[index])}\"";
        if (host.DType == DType.Bool) return host.Data[index] != 0 ? "true" : "false";
        var bytes = host.Data.AsSpan(index * host.DType.Size, host.DType.Size);
        if (host.DType.IsComplex) return Complex(bytes, style);
        var one = HostTensor.OfBytes(host.DType, Shape.Scalar, bytes.ToArray());
        return one.DType.IsInteger ? style.Of(one.ToInt64()[0], null) : style.Of(one.ToDouble()[0], "G6");
    }

    static string Complex(ReadOnlySpan<byte> bytes, Style style)
    {
        var (real, imaginary) = bytes.Length == 8
            ? (BitConverter.ToSingle(bytes), BitConverter.ToSingle(bytes[4..]))
            : (BitConverter.ToDouble(bytes), BitConverter.ToDouble(bytes[8..]));
        return $"{style.Of(real, "G6")}{(imaginary < 0 ? "-" : "+")}{style.Of(Math.Abs(imaginary), "G6")}j";
    }
}
