using Keras.Graphs;

namespace Keras;

/// <summary>Einstein's summation by transposes, reshapes and one matrix product for each pair of operands.</summary>
/// <remarks>Works with unknown dimensions; the steps are chosen from labels alone. The forms of dense layers and attention
/// ("abc,cd->abd", "abc,cde->abde", "BTNH,BSNH->BNTS") become one MatMul or BatchMatMulV2.</remarks>
static class Einsum
{
    /// <summary>A tensor whose axes have labels: letters, and negative numbers for the axes of an ellipsis, counted from its end.</summary>
    readonly record struct Term(Tensor Tensor, int[] Labels)
    {
        public bool Has(int label) => Array.IndexOf(Labels, label) >= 0;

        public Dim DimOf(int label) => Dim.Of(Tensor, Array.IndexOf(Labels, label));
    }

    public static Tensor Compute(string equation, IReadOnlyList<Tensor> operands)
    {
        var (inputs, output) = Parse(equation, operands);
        var terms = new List<Term>();
        for (var i = 0; i < inputs.Length; i++) terms.Add(WithoutRepeats(new(operands[i], inputs[i])));
        while (true)
        {
            for (var i = 0; i < terms.Count; i++) terms[i] = Summed(terms[i], label => Needed(label, i));
            if (terms.Count == 1) return Ordered(terms[0], output).Tensor;
            int[] needed = [.. terms[0].Labels.Union(terms[1].Labels).Where(l => output.Contains(l) || terms.Skip(2).Any(t => t.Has(l)))];
            terms[0] = Product(terms[0], terms[1], [.. output.Where(needed.Contains), .. needed.Except(output)]);
            terms.RemoveAt(1);
        }

        bool Needed(int label, int own) => output.Contains(label) || terms.Where((_, i) => i != own).Any(t => t.Has(label));
    }

    /// <summary>Multiplies two tensors and sums over pairs of axes; the remaining axes of a come first, then those of b.</summary>
    public static Tensor Contract(Tensor a, Tensor b, int[] axesA, int[] axesB)
    {
        int[] labelsA = [.. Enumerable.Range(0, a.ndim)];
        int[] labelsB = [.. Enumerable.Range(a.ndim, b.ndim)];
        for (var i = 0; i < axesA.Length; i++) labelsB[axesB[i]] = axesA[i];
        int[] output = [.. labelsA.Where(l => !axesA.Contains(l)), .. labelsB.Where(l => l >= a.ndim)];
        return Product(new(a, labelsA), new(b, labelsB), output).Tensor;
    }

    static (int[][] Inputs, int[] Output) Parse(string equation, IReadOnlyList<Tensor> operands)
    {
        var text = equation.Replace(" ", "", StringComparison.Ordinal);
        var sides = text.Split("->");
        var terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != operands.Count || text.Any(c => !char.IsAsciiLetter(c) && c is not ('.' or ',' or '-' or '>')))
            throw new ShapeMismatchException("The equation does not fit its operands", "ops.einsum", $"{operands.Count} terms of letters and '...', and one for the output", $"'{equation}'");
        int[][] inputs = [.. terms.Select((t, i) => Labels(t, operands[i].ndim, equation))];
        var ellipsis = inputs.SelectMany(l => l).Where(l => l < 0).DefaultIfEmpty(0).Min();
        var output = sides.Length == 2 ? Labels(sides[1], null, equation, -ellipsis) : Implicit(inputs, -ellipsis);
        if (output.FirstOrDefault(l => !Array.Exists(inputs, i => i.Contains(l))) is not 0 and var strange)
            throw new ShapeMismatchException("The output has a label that no operand has", "ops.einsum", "labels of the operands", $"'{(char)strange}' in '{equation}'");
        if (output.Distinct().Count() != output.Length) throw new ShapeMismatchException("The output has a label twice", "ops.einsum", "different labels", $"'{equation}'");
        return (inputs, output);
    }

    static int[] Labels(string term, int? rank, string equation, int ellipsis = 0)
    {
        var at = term.IndexOf("...", StringComparison.Ordinal);
        int[] letters = [.. term.Where(c => c != '.').Select(c => (int)c)];
        if (term.Count(c => c == '.') != (at < 0 ? 0 : 3)) throw new ShapeMismatchException("A term is malformed", "ops.einsum", "at most one '...'", $"'{term}' in '{equation}'");
        if (rank is { } r) ellipsis = at < 0 ? 0 : r - letters.Length;
        if (ellipsis < 0 || (rank is { } axes && at < 0 && axes != letters.Length))
            throw new ShapeMismatchException("A term does not fit its operand", "ops.einsum", $"rank {letters.Length}{(at < 0 ? "" : " or more")} for '{term}'", $"rank {rank}");
        return at < 0 ? letters : [.. letters[..at], .. Enumerable.Range(-ellipsis, ellipsis), .. letters[at..]];
    }

    static int[] Implicit(int[][] inputs, int ellipsis)
    {
        var once = inputs.SelectMany(l => l).Where(l => l > 0).GroupBy(l => l).Where(g => g.Count() == 1).Select(g => g.Key).Order();
        return [.. Enumerable.Range(-ellipsis, ellipsis), .. once];
    }

    /// <summary>Reduces axes with equal labels to their diagonal.</summary>
    static Term WithoutRepeats(Term term)
    {
        while (term.Labels.GroupBy(l => l).FirstOrDefault(g => g.Count() > 1) is { Key: var label })
        {
            var (first, second) = (Array.IndexOf(term.Labels, label), Array.LastIndexOf(term.Labels, label));
            var diagonal = OpsApi.Instance.diagonal(term.Tensor, 0, first, second);
            term = new(diagonal, [.. term.Labels.Where((_, i) => i != first && i != second), label]);
        }
        return term;
    }

    static Term Summed(Term term, Func<int, bool> needed)
    {
        int[] axes = [.. Enumerable.Range(0, term.Labels.Length).Where(i => !needed(term.Labels[i]))];
        return axes.Length == 0 ? term : new(Tf.Sum(term.Tensor, axes), [.. term.Labels.Where(needed)]);
    }

    static Term Ordered(Term term, int[] labels)
    {
        if (term.Labels.AsSpan().SequenceEqual(labels)) return term;
        return new(Tf.Transpose(term.Tensor, [.. labels.Select(l => Array.IndexOf(term.Labels, l))]), labels);
    }

    /// <summary>Multiplies two terms and sums over labels that are not in the output.</summary>
    static Term Product(Term a, Term b, int[] output)
    {
        int[] summed = [.. a.Labels.Where(l => b.Has(l) && !output.Contains(l))];
        int[] batch = [.. output.Where(l => a.Has(l) && b.Has(l))];
        int[] freeA = [.. output.Where(l => a.Has(l) && !b.Has(l))];
        int[] freeB = [.. output.Where(l => b.Has(l) && !a.Has(l))];
        if (summed.Length == 0) return Multiplied(a, b, output);
        if (freeA.Length == 0 && freeB.Length == 0)
        {
            var product = Multiplied(a, b, [.. batch, .. summed]);
            return new(Tf.Sum(product.Tensor, [.. Enumerable.Range(batch.Length, summed.Length)]), batch);
        }
        // The operand whose own axes come first in the output is the left factor: the product then needs no transpose.
        var swaps = freeA.Length > 0 && freeB.Length > 0 && Array.IndexOf(output, freeB[0]) < Array.IndexOf(output, freeA[0]);
        return Ordered(swaps ? MatrixProduct(b, a, batch, freeB, freeA, summed) : MatrixProduct(a, b, batch, freeA, freeB, summed), output);
    }

    static Term Multiplied(Term a, Term b, int[] labels) => new(Spread(a, labels) * Spread(b, labels), labels);

    /// <summary>Expands a term to these labels, with axes of size 1 for those it lacks.</summary>
    static Tensor Spread(Term term, int[] labels)
    {
        var tensor = Ordered(term, [.. labels.Where(term.Has)]).Tensor;
        // Broadcasting adds leading axes of size 1 by itself.
        var first = Array.FindIndex(labels, term.Has);
        for (var i = first; i >= 0 && i < labels.Length; i++)
            if (!term.Has(labels[i])) tensor = Tf.ExpandDims(tensor, i - first);
        return tensor;
    }

    static Term MatrixProduct(Term a, Term b, int[] batch, int[] rows, int[] columns, int[] summed)
    {
        var left = Matrices(a, batch, rows, summed, out var transposeLeft);
        var right = Matrices(b, batch, summed, columns, out var transposeRight);
        var product = batch.Length == 0 ? Tf.MatMul(left, right, transposeLeft, transposeRight) : Tf.BatchMatMul(left, right, transposeLeft, transposeRight);
        int[] labels = [.. batch, .. rows, .. columns];
        if (rows.Length == 1 && columns.Length == 1) return new(product, labels);
        Dims dims = [.. Enumerable.Range(0, batch.Length).Select(i => Dim.Of(product, i)), .. rows.Select(a.DimOf), .. columns.Select(b.DimOf)];
        return new(Tf.Reshape(product, WithOneOpen(dims)), labels);
    }

    /// <summary>A term as matrices, with one axis for the row labels and one for the column labels; marked as transposed if that saves a transpose.</summary>
    static Tensor Matrices(Term term, int[] batch, int[] rows, int[] columns, out bool isTransposed)
    {
        isTransposed = term.Labels.AsSpan().SequenceEqual([.. batch, .. columns, .. rows]) && !term.Labels.AsSpan().SequenceEqual([.. batch, .. rows, .. columns]);
        var (first, second) = isTransposed ? (columns, rows) : (rows, columns);
        var ordered = Ordered(term, [.. batch, .. first, .. second]);
        if (first.Length == 1 && second.Length == 1) return ordered.Tensor;
        Dims dims = [.. batch.Select(ordered.DimOf), Joined(ordered, first), Joined(ordered, second)];
        return Tf.Reshape(ordered.Tensor, WithOneOpen(dims));
    }

    static Dim Joined(Term term, int[] labels) => labels.Aggregate((Dim)1, (product, l) => product * term.DimOf(l));

    /// <summary>A shape as a constant if at most one dimension is unknown.</summary>
    static Tensor WithOneOpen(Dims dims) => dims.Count(d => d.Known is null) == 1 && dims.All(d => d.Known is not 0) ? dims.ToShapeTensor() : dims.ToTensor();
}
