namespace Keras.Transformers;

/// <summary>A column of an Arrow file, or a part of one, as stored.</summary>
/// <param name="Type">The type of its values; for a dictionary, of its entries.</param>
/// <param name="Children">The elements of lists, or the members of records.</param>
sealed record ArrowField(Feature Type, params ArrowField[] Children)
{
    /// <summary>Whether lists have offsets of 64 bits; for texts, the type says so.</summary>
    public bool IsLarge { get; init; }

    /// <summary>Whether texts are stored as views: short ones inline, long ones in one of several buffers.</summary>
    public bool IsView { get; init; }

    /// <summary>For dictionary indices: the dictionary they refer to, and the type of the indices.</summary>
    public (long Id, ElementType Index)? Dictionary { get; init; }

    /// <summary>This field and all its descendants.</summary>
    public IEnumerable<ArrowField> All => Children.SelectMany(c => c.All).Prepend(this);
}
