namespace Keras.Saving;

/// <summary>The shape of a dataset or attribute.</summary>
/// <param name="Shape">Its shape; (0) if it is empty.</param>
/// <param name="Count">The number of elements, checked not to overflow.</param>
readonly record struct H5Dataspace(Shape Shape, long Count)
{
    const string What = "A shape";

    /// <summary>The format's own limit on dimensions.</summary>
    const int HighestRank = 32;

    public static H5Dataspace Read(ref H5Cursor cursor, H5Bytes file)
    {
        var at = cursor.Address;
        var version = cursor.Version(What, 1, 2);
        var rank = cursor.Byte();
        if (rank > HighestRank) throw file.Wrong("A shape of an HDF5 file has too many dimensions", at, $"up to {HighestRank}", $"{rank}");
        cursor.Skip(1);
        var isEmpty = version == 2 && cursor.Byte() == 2;
        if (version == 1) cursor.Skip(5);
        if (isEmpty) return new(new Shape(0), 0);
        var dims = new long[rank];
        Int128 count = 1, largest = 1;
        for (var i = 0; i < rank; i++)
        {
            dims[i] = cursor.Int64();
            count *= dims[i];
            largest *= Math.Max(dims[i], 1);
            if (dims[i] < 0 || largest > long.MaxValue / 16)
                throw file.Wrong("A shape of an HDF5 file is larger than any file can be", at, "dimensions whose product fits into a file", $"({string.Join(", ", dims[..(i + 1)])}{(i + 1 < rank ? ", ..." : "")})");
        }
        return new(new Shape(dims), (long)count);
    }
}
