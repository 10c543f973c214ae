using Microsoft.ML;
using Microsoft.ML.Data;

namespace Keras.Transformers;

/// <summary>A column that a transform adds, computed from the model's floats for a row.</summary>
abstract class OutputColumn(string name, DataViewType type, DataViewSchema.Annotations? annotations)
{
    public string Name { get; } = name;

    public DataViewType Type { get; } = type;

    public DataViewSchema.Annotations? Annotations { get; } = annotations;

    /// <summary>Makes a getter of the value in a cursor's row.</summary>
    public abstract Delegate Getter(Func<float[]> values);

    /// <summary>Makes an annotation of names, "KeyValues" or "SlotNames".</summary>
    protected static DataViewSchema.Annotations? Names(string annotation, IReadOnlyList<string>? names)
    {
        if (names is null) return null;
        var values = new VBuffer<ReadOnlyMemory<char>>(names.Count, [.. names.Select(n => n.AsMemory())]);
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(annotation, new VectorDataViewType(TextDataViewType.Instance, names.Count), (ref VBuffer<ReadOnlyMemory<char>> value) => values.CopyTo(ref value));
        return builder.ToAnnotations();
    }
}

/// <summary>All floats: an embedding, or the probabilities of classes.</summary>
sealed class VectorColumn(string name, int length, IReadOnlyList<string>? slots) : OutputColumn(name, new VectorDataViewType(NumberDataViewType.Single, length), Names("SlotNames", slots))
{
    public override Delegate Getter(Func<float[]> values) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
    {
        var row = values();
        var editor = VBufferEditor.Create(ref value, row.Length);
        row.CopyTo(editor.Values);
        value = editor.Commit();
    });
}

/// <summary>The most probable class, as a key, which counts from 1.</summary>
sealed class LabelColumn(string name, IReadOnlyList<string> labels) : OutputColumn(name, new KeyDataViewType(typeof(uint), labels.Count), Names("KeyValues", labels))
{
    public override Delegate Getter(Func<float[]> values) => (ValueGetter<uint>)((ref uint value) =>
    {
        var row = values();
        value = (uint)Array.IndexOf(row, row.Max()) + 1;
    });
}

/// <summary>The probability of the second of two classes.</summary>
sealed class ProbabilityColumn(string name) : OutputColumn(name, NumberDataViewType.Single, null)
{
    public override Delegate Getter(Func<float[]> values) => (ValueGetter<float>)((ref float value) => value = values()[1]);
}
