using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Keras.Transformers;

/// <summary>Reads records of any kind as named columns.</summary>
static class Records
{
    /// <exception cref="ArgumentException">The record is null, or has no columns.</exception>
    public static IEnumerable<KeyValuePair<string, object?>> Members(object? record, int index) => record switch
    {
        null => throw new ArgumentException($"Record {index} is null. Expected: a dictionary, or an object with public properties."),
        IEnumerable<KeyValuePair<string, object?>> pairs => pairs,
        IDictionary pairs => pairs.Keys.Cast<object>().Select(k => KeyValuePair.Create($"{k}", pairs[k])),
        string or IEnumerable or IConvertible => throw new ArgumentException($"Record {index} has no columns. Expected: a dictionary, or an object with public properties. Received: {record.GetType().Name}."),
        _ => Properties(record),
    };

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Trimming keeps the assemblies of layers and records whole: Keras.Torch.targets.")]
    static IEnumerable<KeyValuePair<string, object?>> Properties(object record)
    {
        var type = record.GetType();
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
            if (property.CanRead && property.GetIndexParameters().Length == 0) yield return new(property.Name, property.GetValue(record));
        if (!type.IsValueType) yield break;
        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public)) yield return new(field.Name, field.GetValue(record));
    }
}
