using System.Collections;
using System.Runtime.CompilerServices;

namespace Keras.Transformers;

/// <summary>One token id, several, or none: <c>eos_token_id = 50256</c>, <c>eos_token_id = [11, 23]</c>.</summary>
[CollectionBuilder(typeof(TokenIds), nameof(Create))]
public sealed class TokenIds : IReadOnlyList<int>, IEquatable<TokenIds>
{
    readonly int[] _ids;

    TokenIds(int[] ids) => _ids = ids;

    /// <summary>An empty set of token ids.</summary>
    public static TokenIds None { get; } = new([]);

    /// <summary>Creates a list of these ids, in their order.</summary>
    public static TokenIds Create(ReadOnlySpan<int> ids) => ids.IsEmpty ? None : new(ids.ToArray());

    /// <summary>The number of ids.</summary>
    public int Count => _ids.Length;

    /// <summary>The id at an index.</summary>
    public int this[int index] => _ids[index];

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_ids).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Converts one id.</summary>
    public static implicit operator TokenIds(int id) => new([id]);

    /// <summary>Converts one id, or null to none.</summary>
    public static implicit operator TokenIds(int? id) => id is { } one ? one : None;

    /// <summary>Several ids; null for none.</summary>
    public static implicit operator TokenIds(int[]? ids) => Create(ids);

    /// <inheritdoc/>
    public bool Equals(TokenIds? other) => other is not null && _ids.AsSpan().SequenceEqual(other._ids);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TokenIds);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var id in _ids) hash.Add(id);
        return hash.ToHashCode();
    }

    /// <summary>The ids in brackets.</summary>
    public override string ToString() => Known.Say(_ids);
}
