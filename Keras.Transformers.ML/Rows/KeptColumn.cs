using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Keras.Transformers;

/// <summary>The values of a column of the data for the rows of a batch.</summary>
abstract class KeptColumn
{
    /// <summary>Stores the value in the source's current row.</summary>
    public abstract void Keep(int row);

    /// <summary>Makes a getter of the value in the batch's current row.</summary>
    public abstract Delegate Getter(Func<int> row);

    public static KeptColumn Of(DataViewRow source, DataViewSchema.Column column, int rows)
    {
        var type = column.Type.RawType;
        var kept = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>) ? typeof(KeptVectors<>).MakeGenericType(type.GetGenericArguments()) : typeof(KeptValues<>).MakeGenericType(type);
        return (KeptColumn)Activator.CreateInstance(kept, source, column, rows)!;
    }
}

sealed class KeptValues<T>(DataViewRow source, DataViewSchema.Column column, int rows) : KeptColumn
{
    readonly ValueGetter<T> _get = source.GetGetter<T>(column);
    readonly T[] _values = new T[rows];

    public override void Keep(int row)
    {
        // An image of the previous batch belongs to whoever read it; a getter would dispose it.
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) _values[row] = default!;
        _get(ref _values[row]);
    }

    public override Delegate Getter(Func<int> row) => (ValueGetter<T>)((ref T value) => value = _values[row()]);
}

sealed class KeptVectors<T>(DataViewRow source, DataViewSchema.Column column, int rows) : KeptColumn
{
    readonly ValueGetter<VBuffer<T>> _get = source.GetGetter<VBuffer<T>>(column);
    readonly VBuffer<T>[] _values = new VBuffer<T>[rows];

    public override void Keep(int row) => _get(ref _values[row]);

    public override Delegate Getter(Func<int> row) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[row()].CopyTo(ref value));
}
