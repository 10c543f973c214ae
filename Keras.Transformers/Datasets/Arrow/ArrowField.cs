namespace Keras.Transformers;

/// <summary>A column of an Arrow file, or a part of one, as its buffers lie.</summary>
/// <param name="Type">What its values are; of a dictionary those that it holds.</param>
/// <param name="Children">The elements of lists, or the members of records.</param>
sealed record ArrowField(Feature Type, params ArrowField[] Children)
{
    /// <summary>Whether lists have offsets of 64 bits; of texts their type says so.</summary>
    public bool IsLarge { get; init; }

    /// <summary>Whether texts lie as views: short ones in place, long ones in one of several buffers.</summary>
    public bool IsView { get; init; }

    /// <summary>For values that are numbers of entries: the dictionary that they refer to, and the type of the numbers.</summary>
    public (long Id, ElementType Index)? Dictionary { get; init; }

    /// <summary>This field and all below.</summary>
    public IEnumerable<ArrowField> All => Children.SelectMany(c => c.All).Prepend(this);
}
