using System.Collections.Frozen;

namespace Keras.Backend;

/// <summary>A type in promotion: a dtype, or the type of a plain number, which gives way to any dtype of its kind.</summary>
/// <param name="Name">The name in the lattice.</param>
/// <param name="DType">The dtype; null for plain numbers.</param>
readonly record struct PromotionType(string Name, DType? DType)
{
    public static readonly PromotionType WeakInt = new("int", null);
    public static readonly PromotionType WeakFloat = new("float", null);

    public static PromotionType Of(string name) => new(name, DType.TryParse(name, out var dtype) ? dtype : null);

    public static implicit operator PromotionType(DType dtype) => new(dtype.Name, dtype);
}

/// <summary>Keras' rules for the dtype of a result of several inputs: their least common type in a lattice.</summary>
static class DTypePromotion
{
    /// <summary>The types directly above each type.</summary>
    static readonly FrozenDictionary<string, string[]> Above = new Dictionary<string, string[]>
    {
        ["bool"] = ["int"],
        ["int"] = ["uint8", "int8"],
        ["uint8"] = ["int16", "uint16"], ["uint16"] = ["int32", "uint32"], ["uint32"] = ["int64", "uint64"], ["uint64"] = ["float"],
        ["int8"] = ["int16"], ["int16"] = ["int32"], ["int32"] = ["int64"], ["int64"] = ["float"],
        ["float"] = ["bfloat16", "float16"],
        ["bfloat16"] = ["float32"], ["float16"] = ["float32"], ["float32"] = ["float64"], ["float64"] = ["complex128"],
        ["complex64"] = ["complex128"], ["complex128"] = [],
    }.ToFrozenDictionary();

    /// <summary>Each type with all above it, nearest first.</summary>
    static readonly FrozenDictionary<string, string[]> AllAbove = Above.Keys.ToFrozenDictionary(t => t, Climb);

    static readonly FrozenDictionary<(string, string), string> Joined = (from a in Above.Keys from b in Above.Keys select (a, b)).ToFrozenDictionary(p => p, p => Join(p.a, p.b));

    static string[] Climb(string type)
    {
        var found = new List<string> { type };
        for (var i = 0; i < found.Count; i++)
            foreach (var above in Above[found[i]])
                if (!found.Contains(above)) found.Add(above);
        return [.. found];
    }

    /// <summary>The least common type of two: the lowest one in the lattice that is above both.</summary>
    static string Join(string a, string b)
    {
        if (a == "complex64" || b == "complex64") return a == "complex128" || b == "complex128" || a == "float64" || b == "float64" ? "complex128" : "complex64";
        var common = AllAbove[a].Intersect(AllAbove[b]).ToArray();
        return common.First(c => common.All(o => AllAbove[c].Contains(o)));
    }

    /// <summary>The type of a result computed from two types.</summary>
    /// <exception cref="DTypeMismatchException">A type is not a number.</exception>
    public static PromotionType Common(PromotionType a, PromotionType b)
    {
        if (a == b) return a;
        return Joined.TryGetValue((a.Name, b.Name), out var common) ? PromotionType.Of(common)
            : throw new DTypeMismatchException("Two dtypes have no common dtype", null, "numeric dtypes", $"{a.Name} and {b.Name}");
    }

    /// <summary>The dtype of a result computed from several types.</summary>
    public static DType Result(params ReadOnlySpan<PromotionType> types)
    {
        var common = types[0];
        for (var i = 1; i < types.Length; i++) common = Common(common, types[i]);
        return Resolve(common);
    }

    /// <summary>The dtype of a floating-point result: the common type, or <c>floatx</c> where that is an integer.</summary>
    public static DType Floating(params ReadOnlySpan<PromotionType> types)
    {
        var dtype = Result(types);
        return dtype.IsFloating || dtype.IsComplex ? dtype : ConfigApi.FloatX;
    }

    /// <summary>The dtype of a type; plain numbers become int32 or <c>floatx</c>.</summary>
    public static DType Resolve(PromotionType type) => type.DType ?? (type == PromotionType.WeakInt ? DType.Int32 : ConfigApi.FloatX);
}
