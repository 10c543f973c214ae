using System.Globalization;
using Keras.SavedModelProtos;

namespace Keras.Checkpoints;

/// <summary>A part of a tensor in checkpoints of partitioned variables: a start and a length for each axis; length -1 means the whole axis.</summary>
sealed class TensorSlice(long[] starts, long[] lengths)
{
    const long Whole = -1;

    /// <summary>Reads a slice from an index.</summary>
    public TensorSlice(TensorSliceProto proto) : this([.. proto.Extent.Select(e => e.Start)], [.. proto.Extent.Select(e => e.HasLengthCase == TensorSliceProto.Types.Extent.HasLengthOneofCase.Length ? e.Length : Whole)]) { }

    /// <summary>Parses the text form that ops take, such as "4 3 0,2:-": rows 0 and 1 of a tensor of shape (4, 3).</summary>
    public static bool TryParse(string text, out Shape whole, out TensorSlice slice)
    {
        (whole, slice) = (Shape.Scalar, new([], []));
        var words = text.Split(' ');
        var extents = words[^1].Split(':');
        var (dims, starts, lengths) = (new long[words.Length - 1], new long[extents.Length], new long[extents.Length]);
        for (var i = 0; i < dims.Length; i++)
            if (!IsNumber(words[i], out dims[i])) return false;
        for (var i = 0; i < extents.Length; i++)
        {
            if (extents[i] == "-") lengths[i] = Whole;
            else if (extents[i].Split(',') is not [var start, var length] || !IsNumber(start, out starts[i]) || !IsNumber(length, out lengths[i]) || lengths[i] == 0) return false;
        }
        (whole, slice) = (new Shape(dims), new(starts, lengths));
        return dims.Length > 0;
    }

    /// <summary>The block of a tensor that the slice covers; null if it reaches beyond the tensor.</summary>
    public TensorBox? Within(Shape whole)
    {
        if (whole.Rank != starts.Length) return null;
        var extents = new long[lengths.Length];
        for (var i = 0; i < extents.Length; i++)
        {
            extents[i] = lengths[i] == Whole ? whole[i] : lengths[i];
            if (starts[i] < 0 || extents[i] < 0 || starts[i] > whole[i] || extents[i] > whole[i] - starts[i] || (lengths[i] == Whole && starts[i] != 0)) return null;
        }
        return new(starts, extents);
    }

    /// <summary>Writes the slice for an index, where a whole axis has no numbers.</summary>
    public TensorSliceProto ToProto()
    {
        var proto = new TensorSliceProto();
        for (var i = 0; i < starts.Length; i++)
            proto.Extent.Add(lengths[i] == Whole ? new TensorSliceProto.Types.Extent() : new TensorSliceProto.Types.Extent { Start = starts[i], Length = lengths[i] });
        return proto;
    }

    /// <summary>The key of the slice's own entry in an index.</summary>
    public byte[] KeyOf(string tensor)
    {
        var key = new OrderedKey();
        key.WriteNumber(0);
        key.WriteText(tensor);
        key.WriteNumber((ulong)starts.Length);
        for (var i = 0; i < starts.Length; i++)
        {
            key.WriteSigned(starts[i]);
            key.WriteSigned(lengths[i]);
        }
        return key.ToArray();
    }

    public override string ToString() => string.Join(':', starts.Zip(lengths, (s, l) => l == Whole ? "-" : string.Create(CultureInfo.InvariantCulture, $"{s},{l}")));

    static bool IsNumber(string word, out long number) => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>A block of a tensor's elements.</summary>
/// <param name="Starts">Where it starts along each axis.</param>
/// <param name="Lengths">Its length along each axis.</param>
sealed record TensorBox(long[] Starts, long[] Lengths)
{
    /// <summary>The block of all elements of a tensor.</summary>
    public static TensorBox All(Shape shape) => new(new long[shape.Rank], shape.ToArray());

    public Shape Shape => new(Lengths);

    /// <summary>Whether two blocks have the same elements.</summary>
    public bool Is(TensorBox other) => Starts.SequenceEqual(other.Starts) && Lengths.SequenceEqual(other.Lengths);

    /// <summary>The elements in both blocks; null if there are none.</summary>
    public TensorBox? Overlap(TensorBox other)
    {
        var (starts, lengths) = (new long[Starts.Length], new long[Starts.Length]);
        for (var i = 0; i < starts.Length; i++)
        {
            starts[i] = Math.Max(Starts[i], other.Starts[i]);
            lengths[i] = Math.Min(Starts[i] + Lengths[i], other.Starts[i] + other.Lengths[i]) - starts[i];
            if (lengths[i] <= 0) return null;
        }
        return new(starts, lengths);
    }

    /// <summary>Copies the elements in both blocks from this block's memory to another's.</summary>
    /// <param name="target">The other block.</param>
    /// <param name="copy">Copies contiguous elements: from, to, count.</param>
    public void CopyTo(TensorBox target, Action<long, long, long> copy)
    {
        if (Overlap(target) is not { } both) return;
        var place = (long[])both.Starts.Clone();
        var run = both.Lengths.Length > 0 ? both.Lengths[^1] : 1;
        while (true)
        {
            copy(Offset(place), target.Offset(place), run);
            var axis = place.Length - 2;
            while (axis >= 0 && ++place[axis] == both.Starts[axis] + both.Lengths[axis]) place[axis] = both.Starts[axis--];
            if (axis < 0) return;
        }
    }

    long Offset(long[] place)
    {
        var offset = 0L;
        for (var i = 0; i < place.Length; i++) offset = (offset * Lengths[i]) + place[i] - Starts[i];
        return offset;
    }
}
