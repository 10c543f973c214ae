using Keras.Graphs;

namespace Keras;

/// <summary>A key for one axis of a tensor in <c>x[...]</c>: a position, a range with a step, a new axis, or an ellipsis for all axes that are not named.</summary>
/// <remarks><c>x[.., 0]</c> is Python's <c>x[:, 0]</c>, <c>x[SliceKey.Ellipsis, ^1]</c> its <c>x[..., -1]</c>.</remarks>
public readonly struct SliceKey
{
    readonly Kind _kind;
    readonly int? _begin;
    readonly int? _end;
    readonly int _step;

    SliceKey(Kind kind, int? begin = null, int? end = null, int step = 1) => (_kind, _begin, _end, _step) = (kind, begin, end, step);

    enum Kind
    {
        Range,
        Position,
        NewAxis,
        Ellipsis,
    }

    /// <summary>A new axis of length 1.</summary>
    public static SliceKey NewAxis { get; } = new(Kind.NewAxis);

    /// <summary>All axes that other keys do not name.</summary>
    public static SliceKey Ellipsis { get; } = new(Kind.Ellipsis);

    /// <summary>Python's begin:end:step; negative positions count from the end, null leaves a side open.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is 0.</exception>
    public static SliceKey Of(int? begin = null, int? end = null, int step = 1) =>
        step != 0 ? new(Kind.Range, begin, end, step) : throw new ArgumentOutOfRangeException(nameof(step), "The step is 0. Expected: a positive or negative whole number.");

    /// <summary>A position; negative ones count from the end. Its axis is dropped.</summary>
    public static implicit operator SliceKey(int position) => new(Kind.Position, position);

    /// <summary>A position, counted as C# does. Its axis is dropped.</summary>
    public static implicit operator SliceKey(Index position) => new(Kind.Position, position.IsFromEnd ? -position.Value : position.Value);

    /// <summary>A range of positions.</summary>
    public static implicit operator SliceKey(Range range) => new(Kind.Range, Side(range.Start, 0), Side(range.End, int.MaxValue));

    static int? Side(Index side, int open) => !side.IsFromEnd ? side.Value == open ? null : side.Value : side.Value == 0 ? open == 0 ? int.MaxValue : null : -side.Value;

    /// <summary>The key's parts: a position, a range's bounds and step, a new axis, or an ellipsis.</summary>
    internal (bool IsPosition, bool IsNewAxis, bool IsEllipsis, int? Begin, int? End, int Step) Parts =>
        (_kind == Kind.Position, _kind == Kind.NewAxis, _kind == Kind.Ellipsis, _begin, _end, _step == 0 ? 1 : _step);

    internal static Tensor Apply(Tensor x, ReadOnlySpan<SliceKey> keys)
    {
        if (KeptOp.Of("get_item", x) is { } kept) return kept.Run<Tensor>(x, keys.ToArray());
        var (begins, ends, steps) = (new int[keys.Length], new int[keys.Length], new int[keys.Length]);
        var (beginMask, endMask, ellipsisMask, newMask, shrinkMask) = (0, 0, 0, 0, 0);
        for (var i = 0; i < keys.Length; i++)
        {
            var (key, bit) = (keys[i], 1 << i);
            (begins[i], ends[i], steps[i]) = (key._begin ?? 0, key._end ?? 0, key._kind == Kind.Range && key._step != 0 ? key._step : 1);
            switch (key._kind)
            {
                case Kind.NewAxis: newMask |= bit; break;
                case Kind.Ellipsis: ellipsisMask |= bit; break;
                case Kind.Position:
                    shrinkMask |= bit;
                    ends[i] = begins[i] == -1 ? int.MaxValue : begins[i] + 1;
                    break;
                default:
                    if (key._begin is null) beginMask |= bit;
                    if (key._end is null) endMask |= bit;
                    break;
            }
        }
        return Tf.StridedSlice(x, begins, ends, steps, beginMask, endMask, ellipsisMask, newMask, shrinkMask);
    }
}
