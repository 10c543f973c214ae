using System.ComponentModel;
using System.Globalization;

namespace Keras.Transformers;

/// <summary>Labels of zero-shot classification: a list, <c>["sport", "politics"]</c>, or one comma-separated text, <c>"sport, politics"</c>.</summary>
[TypeConverter(typeof(Converter))]
public sealed class CandidateLabels : List<string>
{
    /// <summary>No labels yet.</summary>
    public CandidateLabels() { }

    CandidateLabels(IEnumerable<string> labels) : base(labels) { }

    /// <summary>Splits a text into labels at commas, without surrounding spaces and empty labels.</summary>
    public static implicit operator CandidateLabels?(string? labels) => labels is null ? null : new(labels.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Labels as they are.</summary>
    public static implicit operator CandidateLabels?(string[]? labels) => labels is null ? null : new(labels);

    /// <summary>The labels, comma-separated.</summary>
    public override string ToString() => string.Join(", ", this);

    /// <summary>Converts a text or a list from configuration files.</summary>
    sealed class Converter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => value is string text ? (CandidateLabels?)text : base.ConvertFrom(context, culture, value);
    }
}
