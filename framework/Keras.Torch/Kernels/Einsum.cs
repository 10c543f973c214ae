namespace Keras.Engines.Torch;

/// <summary>Einstein's summation: each operand is brought into (batch, own, contracted) order by its strides, and one batched product does the rest.</summary>
static unsafe class Einsum
{
    public static void Run(KernelCall c)
    {
        var equation = c.Get<string>("equation").Replace(" ", "", StringComparison.Ordinal).Split("->");
        var terms = equation[0].Split(',');
        var sizes = new Dictionary<string, long>();
        var stretched = 0;
        var operands = new List<Operand>();
        for (var i = 0; i < terms.Length; i++)
        {
            operands.Add(Operand.Of(c.Tensor(i), terms[i]));
            stretched = Math.Max(stretched, operands[^1].Stretched);
            foreach (var (label, dim) in operands[^1].Axes)
                sizes[label] = !sizes.TryGetValue(label, out var known) || known == 1 ? dim : dim == 1 || dim == known ? known : throw c.Fail($"one size for '{label}'", $"{known} and {dim}");
        }
        var output = Labels(equation[1], stretched);
        var shape = new Shape([.. output.Select(l => sizes[l])]);
        var result = c.Result(0, shape);
        Structure.Clear(result);
        if (result.Count == 0) return;
        if (operands.Count == 1) Alone(operands[0], output, sizes, result);
        else Pair(operands[0], operands[1], output, sizes, result);
    }

    /// <summary>Labels the axes of a term; those of an ellipsis are numbered from the end.</summary>
    static List<string> Labels(string term, int stretched)
    {
        var labels = new List<string>();
        for (var i = 0; i < term.Length; i++)
        {
            if (term[i] != '.')
            {
                labels.Add(term[i].ToString());
                continue;
            }
            for (var k = stretched; k > 0; k--) labels.Add($"#{k}");
            i += 2;
        }
        return labels;
    }

    sealed record Operand(TorchTensor Tensor, List<(string Label, long Dim)> Axes, Dictionary<string, long> Strides, int Stretched)
    {
        public static Operand Of(TorchTensor tensor, string term)
        {
            var named = term.Replace("...", "", StringComparison.Ordinal).Length;
            var stretched = tensor.Shape.Rank - named;
            var own = Movement.StridesOf(tensor.Shape.ToArray());
            var axes = new List<(string, long)>();
            var strides = new Dictionary<string, long>();
            foreach (var (label, i) in Labels(term, stretched).Select((l, i) => (l, i)))
            {
                axes.Add((label, tensor.Shape[i]));
                // A label that occurs twice means the diagonal: one step moves along both axes.
                strides[label] = strides.GetValueOrDefault(label) + (tensor.Shape[i] == 1 ? 0 : own[i]);
            }
            return new(tensor, axes, strides, stretched);
        }

        public bool Has(string label) => Strides.ContainsKey(label);

        /// <summary>Reorders the elements by labels, and sums over labels that are not listed.</summary>
        public TorchTensor Ordered(string[] labels, Dictionary<string, long> sizes)
        {
            string[] summed = [.. Strides.Keys.Except(labels)];
            long[] dims = [.. labels.Select(l => sizes[l]), .. summed.Select(l => sizes[l])];
            long[] strides = [.. labels.Select(l => Strides[l]), .. summed.Select(l => Strides[l])];
            var ordered = TorchTensor.Allocate(Tensor.DType, new Shape(dims));
            Movement.Copy(Tensor.Data, strides, ordered.Data, Movement.StridesOf(dims), dims, Tensor.DType.Size);
            if (summed.Length == 0) return ordered;
            var sums = TorchTensor.Allocate(Tensor.DType, new Shape(dims.AsSpan(0, labels.Length)));
            using (ordered)
                if (!Reductions.Reduce<Reductions.Sums>(ordered, [.. Enumerable.Range(labels.Length, summed.Length)], sums))
                    throw new UnsupportedException("Sums of this dtype are not supported in Einsum", "Einsum", received: Tensor.DType.Name);
            return sums;
        }
    }

    static void Alone(Operand x, List<string> output, Dictionary<string, long> sizes, TorchTensor result)
    {
        string[] labels = [.. output.Distinct().Where(x.Has)];
        using var ordered = x.Ordered(labels, sizes);
        Write(ordered, labels, output, sizes, result);
    }

    static void Pair(Operand x, Operand y, List<string> output, Dictionary<string, long> sizes, TorchTensor result)
    {
        string[] both = [.. x.Strides.Keys.Where(y.Has)];
        string[] batch = [.. both.Where(output.Contains)];
        string[] contracted = [.. both.Except(output)];
        string[] left = [.. x.Strides.Keys.Except(both).Where(output.Contains)];
        string[] right = [.. y.Strides.Keys.Except(both).Where(output.Contains)];
        using var a = x.Ordered([.. batch, .. left, .. contracted], sizes);
        using var b = y.Ordered([.. batch, .. contracted, .. right], sizes);
        long Size(string[] labels) => labels.Aggregate(1L, (n, l) => n * sizes[l]);
        string[] labels = [.. batch, .. left, .. right];
        using var product = TorchTensor.Allocate(a.DType, new Shape([.. labels.Select(l => sizes[l])]));
        if (Size(contracted) == 0) Structure.Clear(product);
        else Products.Batched(a.Data, false, b.Data, false, product.Data, a.DType, Size(batch), Size(left), Size(contracted), Size(right));
        Write(product, labels, output, sizes, result);
    }

    /// <summary>Writes in the output's order; a label that occurs twice in the output fills the diagonal.</summary>
    static void Write(TorchTensor source, string[] labels, List<string> output, Dictionary<string, long> sizes, TorchTensor result)
    {
        var own = Movement.StridesOf(result.Shape.ToArray());
        var target = labels.Select(l => output.Select((o, i) => o == l ? own[i] : 0).Sum()).ToArray();
        long[] dims = [.. labels.Select(l => sizes[l])];
        Movement.Copy(source.Data, Movement.StridesOf(dims), result.Data, target, dims, source.DType.Size);
    }
}
