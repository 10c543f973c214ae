using Microsoft.ML;
using Microsoft.ML.Data;

namespace Keras.Transformers;

/// <summary>A column of an ML.NET data view, with its feature and a reader of its values.</summary>
abstract class DataViewSource(Feature feature)
{
    public Feature Feature { get; } = feature;

    /// <summary>Makes a reader that appends the value in a cursor's row.</summary>
    public abstract Action<ColumnBuilder> Reader(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Reads the value of an annotation.</summary>
    public abstract ColumnData Read(DataViewSchema.Annotations annotations, DataViewSchema.Column column);
}

/// <param name="element">The feature of one element.</param>
/// <param name="append">Appends elements as rows.</param>
/// <param name="vector">The vector type; null for single values.</param>
sealed class DataViewSource<T>(Feature element, Action<ColumnBuilder, ReadOnlySpan<T>> append, VectorDataViewType? vector) : DataViewSource(vector is null ? element : Lists(element, vector))
{
    public override Action<ColumnBuilder> Reader(DataViewRow row, DataViewSchema.Column column) => vector is null ? Single(row.GetGetter<T>(column)) : Many(row.GetGetter<VBuffer<T>>(column));

    public override ColumnData Read(DataViewSchema.Annotations annotations, DataViewSchema.Column column)
    {
        var builder = new ColumnBuilder(Feature, column.Name);
        (vector is null ? Single(annotations.GetGetter<T>(column)) : Many(annotations.GetGetter<VBuffer<T>>(column)))(builder);
        return builder.Build();
    }

    Action<ColumnBuilder> Single(ValueGetter<T> get)
    {
        T value = default!;
        return builder =>
        {
            get(ref value);
            append(builder, new(in value));
        };
    }

    Action<ColumnBuilder> Many(ValueGetter<VBuffer<T>> get)
    {
        var buffer = default(VBuffer<T>);
        T[] dense = [];
        return builder =>
        {
            get(ref buffer);
            if (buffer.IsDense)
            {
                builder.AppendLists(buffer.GetValues(), append);
                return;
            }
            if (dense.Length < buffer.Length) dense = new T[buffer.Length];
            buffer.CopyTo(dense);
            builder.AppendLists(dense.AsSpan(0, buffer.Length), append);
        };
    }

    /// <summary>Nested lists if all dimensions are known, otherwise one list of all elements.</summary>
    static Feature Lists(Feature element, VectorDataViewType vector) =>
        vector.IsKnownSize ? vector.Dimensions.Reverse().Aggregate(element, (inner, length) => new Sequence(inner, length)) : new Sequence(element);
}
