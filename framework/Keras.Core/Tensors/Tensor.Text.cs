namespace Keras;

/// <summary>Writes a tensor's values into text: <c>$"{loss:F3}"</c>, <c>"loss: " + loss</c>. <see cref="object.ToString"/> also gives dtype and shape.</summary>
public abstract partial class Tensor : IFormattable
{
    /// <summary>The values: a number for a scalar, otherwise nested lists, shortened if long; a symbolic tensor describes itself.</summary>
    /// <param name="format">The format of each number, as for <see cref="double"/>; default up to six digits.</param>
    /// <param name="formatProvider">The culture; default the invariant one, whose decimal points differ from list separators.</param>
    public string ToString(string? format, IFormatProvider? formatProvider) => this is EagerTensor eager ? TensorText.Values(eager, format, formatProvider) : ToString()!;

    /// <summary>The text followed by the values. (Tensors of strings are joined by <c>ops</c>.)</summary>
    public static string operator +(string text, Tensor tensor) => text + tensor?.ToString(null, null);

    /// <summary>The values followed by the text.</summary>
    public static string operator +(Tensor tensor, string text) => tensor?.ToString(null, null) + text;
}

public partial class Tensors : IFormattable
{
    /// <summary>The values of one tensor, as <see cref="Tensor.ToString(string, IFormatProvider)"/> writes them; for a list or dictionary its items.</summary>
    /// <param name="format">The format of each number.</param>
    /// <param name="formatProvider">The culture.</param>
    public string ToString(string? format, IFormatProvider? formatProvider) => _leaf?.ToString(format, formatProvider)
        ?? (_keys is null ? $"[{string.Join(", ", _items!.Select(i => i.ToString(format, formatProvider)))}]"
            : $"{{{string.Join(", ", _keys.Zip(_items!, (k, i) => $"{k}: {i.ToString(format, formatProvider)}"))}}}");

    /// <summary>The text followed by the values.</summary>
    public static string operator +(string text, Tensors tensors) => text + tensors?.ToString(null, null);

    /// <summary>The values followed by the text.</summary>
    public static string operator +(Tensors tensors, string text) => tensors?.ToString(null, null) + text;
}

public sealed partial class Variable : IFormattable
{
    /// <summary>The values in a format; without one the result of <see cref="ToString()"/>.</summary>
    /// <param name="format">The format of each number.</param>
    /// <param name="formatProvider">The culture.</param>
    public string ToString(string? format, IFormatProvider? formatProvider) => format is null ? ToString() : value.ToString(format, formatProvider);

    /// <summary>The text followed by the result of <see cref="ToString()"/>.</summary>
    public static string operator +(string text, Variable variable) => text + variable?.ToString();

    /// <summary>The result of <see cref="ToString()"/>, followed by the text.</summary>
    public static string operator +(Variable variable, string text) => variable?.ToString() + text;
}
