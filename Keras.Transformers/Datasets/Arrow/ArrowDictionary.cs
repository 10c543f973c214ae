using System.Collections.Immutable;

namespace Keras.Transformers;

/// <summary>A dictionary's values at one point of a file: a first piece, and those added by later messages.</summary>
sealed class ArrowDictionary(ArrowDictionary? before, Func<ColumnData> load)
{
    readonly WeakReference<ColumnData> _values = new(null!);

    public ColumnData Values
    {
        get
        {
            if (_values.TryGetTarget(out var values)) return values;
            var pieces = new Stack<Func<ColumnData>>();
            for (var piece = this; piece is not null; piece = piece.Before) pieces.Push(piece.Load);
            values = pieces.Pop()();
            if (pieces.Count > 0)
            {
                var builder = new ColumnBuilder(values.Type, "");
                builder.Append(values, 0, values.Length);
                foreach (var piece in pieces.Select(load => load())) builder.Append(piece, 0, piece.Length);
                values = builder.Build();
            }
            _values.SetTarget(values);
            return values;
        }
    }

    ArrowDictionary? Before { get; } = before;

    Func<ColumnData> Load { get; } = load;

    /// <summary>Replaces a column of indices by the dictionary's entries.</summary>
    /// <exception cref="InvalidDataException">There is no such dictionary, or no such entry.</exception>
    public static ColumnData Decoded(ColumnData numbers, ArrowField field, ImmutableDictionary<long, ArrowDictionary> dictionaries, ColumnOrigin origin)
    {
        var builder = new ColumnBuilder(field.Type, origin.Column);
        var entries = dictionaries.TryGetValue(field.Dictionary!.Value.Id, out var dictionary) ? dictionary.Values : null;
        for (var row = 0; row < numbers.Length; row++)
        {
            if (numbers.IsNull(row))
            {
                builder.AppendNull();
                continue;
            }
            var entry = numbers.Int64(row);
            if (entries is null) throw new InvalidDataException($"column \"{origin.Column}\" refers to a dictionary that is not there");
            if (entry < 0 || entry >= entries.Length) throw new InvalidDataException($"column \"{origin.Column}\" refers to entry {entry} of a dictionary of {entries.Length}");
            builder.Append(entries, (int)entry, 1);
        }
        return builder.Build().Of(origin);
    }
}
