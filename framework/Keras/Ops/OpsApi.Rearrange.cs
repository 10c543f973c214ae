using Keras.Graphs;

namespace Keras;

/// <content>Axes by name.</content>
public sealed partial class OpsApi
{
    /// <summary>Axes split, reordered and joined by a pattern (einops): "b (h w) c -> b c h w".</summary>
    /// <param name="tensor">A tensor.</param>
    /// <param name="pattern">Names of axes on both sides of "->"; brackets join axes.</param>
    /// <param name="axes_lengths">Lengths of axes that brackets on the left join; one of each bracket may be missing.</param>
    /// <exception cref="ShapeMismatchException">The pattern does not fit.</exception>
    public Tensor rearrange(TensorLike tensor, string pattern, IReadOnlyDictionary<string, int>? axes_lengths = null)
    {
        if (Kept(tensor) is { } kept) return kept.Run<Tensor>(tensor, pattern, axes_lengths);
        ArgumentNullException.ThrowIfNull(pattern);
        var x = tensor.Tensor;
        if (pattern.Split("->") is not [var left, var right]) throw Misfit(pattern, x, "two sides of '->'");
        var (source, target) = (Groups(left), Groups(right));
        if (source.Length != x.ndim) throw Misfit(pattern, x, $"{source.Length} axes");
        var lengths = new Dictionary<string, Dim>();
        for (var i = 0; i < source.Length; i++) Split(source[i], Dim.Of(x, i), axes_lengths, lengths);
        string[] names = [.. source.SelectMany(g => g)];
        string[] wanted = [.. target.SelectMany(g => g)];
        if (!names.Order().SequenceEqual(wanted.Order()) || names.Distinct().Count() != names.Length) throw Misfit(pattern, x, "the same names on both sides, each once");
        var split = Tf.Reshape(x, Dims.Create([.. names.Select(n => lengths[n])]).ToTensor());
        var ordered = Tf.Transpose(split, [.. wanted.Select(n => Array.IndexOf(names, n))]);
        return Tf.Reshape(ordered, Dims.Create([.. target.Select(g => g.Aggregate((Dim)1, (product, n) => product * lengths[n]))]).ToTensor());
    }

    static void Split(string[] group, Dim size, IReadOnlyDictionary<string, int>? given, Dictionary<string, Dim> lengths)
    {
        var open = group.Where(n => given is null || !given.ContainsKey(n)).ToArray();
        if (open.Length > 1) throw new ArgumentException($"Too many lengths of ({string.Join(' ', group)}) are unknown: one can be found, the others are needed. Missing: {Known.List(open)}.", nameof(group));
        Dim known = 1;
        foreach (var name in group.Except(open))
        {
            lengths[name] = given![name];
            known *= given[name];
        }
        if (size.Known is { } total && (open.Length == 0 ? total != known.Known : total % known.Known != 0))
            throw new ShapeMismatchException("Lengths do not divide an axis", "ops.rearrange", $"({string.Join(' ', group)}) of {total}", $"{known}");
        if (open is [var rest]) lengths[rest] = size / known;
    }

    static string[][] Groups(string side)
    {
        var groups = new List<string[]>();
        List<string>? joined = null;
        foreach (var token in side.Replace("(", " ( ", StringComparison.Ordinal).Replace(")", " ) ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (token == "(") joined = [];
            else if (token == ")")
            {
                groups.Add([.. joined ?? throw new ArgumentException($"A bracket is closed but never opened: '{side}'.")]);
                joined = null;
            }
            else if (joined is not null) joined.Add(token);
            else groups.Add([token]);
        }
        return [.. groups];
    }

    static ShapeMismatchException Misfit(string pattern, Tensor x, string expected) => new("A pattern does not fit a tensor", $"ops.rearrange '{pattern}'", expected, x.shape.ToString());
}
