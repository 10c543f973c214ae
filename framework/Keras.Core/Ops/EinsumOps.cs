namespace Keras.Graphs;

/// <summary>Einstein's summation of one or two tensors.</summary>
static partial class Tf
{
    const string Ellipsis = "...";

    static readonly OpDefinition EinsumOp = Define("Einsum(inputs: N*T) -> (output: T) { equation: string }", c =>
    {
        var (inputs, output) = EinsumTerms(c);
        var (dims, broadcast) = (new Dictionary<char, long>(), Shape.Scalar);
        for (var i = 0; i < inputs.Length; i++)
        {
            if (!c[i].HasRank) return [Shape.Unknown];
            broadcast = ShapeRules.Broadcast(c, broadcast, EinsumDims(c, c[i], inputs[i], dims));
        }
        var at = output.IndexOf(Ellipsis, StringComparison.Ordinal);
        Shape Named(string labels) => Shape.OfSymbolic([.. labels.Select(l => dims[l])]);
        return [at < 0 ? Named(output) : Named(output[..at]).Concat(broadcast).Concat(Named(output[(at + Ellipsis.Length)..]))];
    }, c => [.. Enumerable.Range(0, c.Inputs.Length).Select(i => c.IsNeeded(i) ? EinsumGradient(c, i) : null)], checksFirst: true);

    static (string[] Inputs, string Output) EinsumTerms(OpCall c)
    {
        var equation = c.Get<string>("equation").Replace(" ", "", StringComparison.Ordinal);
        if (equation.Split("->") is not [var left, var right] || left.Split(',') is not { } inputs || inputs.Length != c.Inputs.Length)
            throw new ShapeMismatchException("An equation does not fit its inputs", NameScope.Path(c.Op.Name),
                $"{c.Inputs.Length} terms, ->, and the output's term", $"'{equation}'");
        return (inputs, right);
    }

    /// <summary>Records the dimension of each label in a term; returns the dimensions that its ellipsis stands for.</summary>
    static Shape EinsumDims(ShapeContext c, Shape shape, string term, Dictionary<char, long> dims)
    {
        var at = term.IndexOf(Ellipsis, StringComparison.Ordinal);
        var labels = term.Replace(Ellipsis, "", StringComparison.Ordinal);
        if (at < 0 ? labels.Length != shape.Rank : labels.Length > shape.Rank) throw c.Fail($"as many dimensions as '{term}' has", shape.ToString());
        var skipped = shape.Rank - labels.Length;
        for (var i = 0; i < labels.Length; i++)
        {
            var dim = shape.Symbolic[at >= 0 && i >= at ? i + skipped : i];
            var known = dims.GetValueOrDefault(labels[i], -1);
            if (known >= 0 && dim >= 0 && known != dim) throw c.Fail($"one size for '{labels[i]}' in '{c.Get<string>("equation")}'", $"{known} and {dim}");
            dims[labels[i]] = known >= 0 ? known : dim >= 0 ? dim : Math.Min(known, dim);
        }
        return at < 0 ? Shape.Scalar : shape[at..(at + skipped)];
    }

    /// <summary>The gradient: the other operand contracted with it. Labels that were summed away come back by broadcasting, repeated ones on the diagonal.</summary>
    static Tensor EinsumGradient(GradientContext c, int input)
    {
        var (terms, output) = EinsumTerms(c);
        var (term, x) = (terms[input], c.Inputs[input]);
        var labels = term.Replace(Ellipsis, "", StringComparison.Ordinal);
        if (labels.Distinct().Count() < labels.Length)
        {
            if (term.Contains(Ellipsis, StringComparison.Ordinal))
                throw new UnsupportedException("An equation with repeated labels beside an ellipsis has no gradient", NameScope.Path(c.Op.Name),
                    received: $"'{c.Get<string>("equation")}'", remedy: "Name every axis.");
            var unique = string.Concat(labels.Distinct());
            return Einsum($"{unique}->{term}", Contracted(c, terms, output, input, unique, Einsum($"{term}->{unique}", x)));
        }
        // With the ellipsis in front, its broadcast axes are summed as in every other broadcast.
        var at = term.IndexOf(Ellipsis, StringComparison.Ordinal);
        if (at <= 0) return Contracted(c, terms, output, input, term, x);
        var front = Ellipsis + labels;
        return Einsum($"{front}->{term}", Contracted(c, terms, output, input, front, Einsum($"{term}->{front}", x)));
    }

    static Tensor Contracted(GradientContext c, string[] terms, string output, int input, string term, Tensor x)
    {
        var others = terms.Where((_, i) => i != input).ToArray();
        if (!term.Contains(Ellipsis, StringComparison.Ordinal) && output.Contains(Ellipsis, StringComparison.Ordinal))
        {
            // Only one operand has the ellipsis, so nothing is broadcast: its axes get names and are summed.
            var free = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".Except(string.Concat(terms) + output).Take(c.Gradient.ndim - output.Length + Ellipsis.Length).ToArray();
            others = [.. others.Select(o => o.Replace(Ellipsis, new string(free), StringComparison.Ordinal))];
            output = output.Replace(Ellipsis, new string(free), StringComparison.Ordinal);
        }
        var sources = string.Concat(others) + output;
        var kept = string.Concat(term.Where(l => l == '.' || sources.Contains(l, StringComparison.Ordinal)));
        var sum = Einsum($"{string.Join(',', [output, .. others])}->{kept}", [c.Gradient, .. c.Inputs.Where((_, i) => i != input)]);
        if (kept != term)
        {
            var labels = term.Replace(Ellipsis, "", StringComparison.Ordinal);
            for (var i = labels.Length - 1; i >= 0; i--)
                if (!kept.Contains(labels[i], StringComparison.Ordinal)) sum = ExpandDims(sum, i - labels.Length);
            sum *= OnesLike(x);
        }
        return term.StartsWith('.') ? SumTo(sum, x, sum) : sum;
    }

    /// <summary>Contracts tensors by an equation that names its output ("bij,bjk->bik"; "..." stands for any axes); more than two are contracted from left to right.</summary>
    public static Tensor Einsum(string equation, params ReadOnlySpan<Tensor> inputs)
    {
        if (inputs.Length <= 2) return Run(EinsumOp, inputs, ("equation", equation));
        var (left, output) = (equation[..equation.IndexOf("->", StringComparison.Ordinal)].Split(','),
            equation[(equation.IndexOf("->", StringComparison.Ordinal) + 2)..]);
        var rest = string.Concat(left[2..]) + output;
        var joined = string.Concat((left[0] + left[1]).Where(l => char.IsLetter(l) && rest.Contains(l, StringComparison.Ordinal)).Distinct());
        if ((left[0] + left[1]).Contains(Ellipsis, StringComparison.Ordinal)) joined = Ellipsis + joined;
        var first = Run(EinsumOp, inputs[..2], ("equation", $"{left[0]},{left[1]}->{joined}"));
        return Einsum($"{string.Join(',', [joined, .. left[2..]])}->{output}", [first, .. inputs[2..]]);
    }
}
