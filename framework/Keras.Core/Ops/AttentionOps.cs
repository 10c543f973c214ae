namespace Keras.Graphs;

/// <summary>Attention: one composite and its gradient.</summary>
static partial class Tf
{
    /// <summary>The score of masked keys: low enough that softmax gives them 0 beside any other score, and still finite when a bias is added.</summary>
    const double MaskedScore = 0.7 * float.MinValue;

    /// <summary>Values weighted by the softmax of scaled products of queries and keys. Probabilities are the softmax; weights are the factors of the values:
    /// probabilities after dropout and head mask.</summary>
    /// <remarks>Softmax, and the addition of masks and biases, run in float32 at least: float16's lowest number plus a score overflows.</remarks>
    static readonly OpDefinition AttentionOp = Define(
        $"scaled_dot_product_attention(query: Tscore, key: Tscore, value: T, optional: [Toptional]) -> (context: T, probabilities: T, weights: T) {AttentionForm.Signature}",
        c =>
        {
            var (query, key, value) = AttentionShapes(c);
            if (c.Get<float>("rate") > 0) ShapeRules.RequirePhilox(c, c.Inputs.Length - 2, c.Inputs.Length - 1);
            if (!query.HasRank || !key.HasRank || !value.HasRank) return [Shape.Unknown, Shape.Unknown, Shape.Unknown];
            var scores = query[..^1].Concat(key[^2..^1]);
            var inputs = AttentionInputs<Tensor>.Of(AttentionForm.Of(c.Attributes), c.Inputs, 3);
            foreach (var spread in new[] { inputs.Mask, inputs.Bias, inputs.HeadMask }.OfType<Tensor>())
                if (!ShapeRules.Broadcast(c, scores, spread.shape).IsCompatibleWith(scores)) throw c.Fail($"a mask or bias that broadcasts to {scores}", spread.shape.ToString());
            return [query[..^1].Concat(value[^1..]), scores, scores];
        }, AttentionGradient, decomposition: c =>
        {
            var form = AttentionForm.Of(c.Attributes);
            var x = AttentionInputs<Tensor>.Of(form, c.Inputs, 3);
            var perKey = HeadsPerKey(x);
            // A score may overflow float16; its softmax cannot.
            var (query, key) = x.Query.dtype == DType.Float16 ? (Wide(x.Query), Wide(x.Key)) : (x.Query, x.Key);
            var scores = Wide(Products(form.Scale == 1 ? query : query * form.Scale, key, perKey, transposed: true));
            if (x.Bias is not null) scores += Cast(x.Bias, scores.dtype);
            if (form.SoftCap > 0) scores = Tanh(scores * (1 / form.SoftCap)) * form.SoftCap;
            var probabilities = Cast(MaskedSoftmax(scores, Seen(form, x), form.Zeroes), x.Value.dtype);
            var weights = form.Rate > 0 ? Dropout(probabilities, form.Rate, x.Seed!, x.Counter!) : Identity(probabilities);
            if (x.HeadMask is not null) weights *= Cast(x.HeadMask, weights.dtype);
            return [Products(weights, x.Value, perKey), probabilities, weights];
        });

    /// <summary>The gradients of the inputs, and of the scores before bias and scale.</summary>
    static readonly OpDefinition AttentionGradOp = Define(
        "scaled_dot_product_attention_grad(query: Tscore, key: Tscore, value: T, probabilities: T, weights: T, dcontext: T, optional: [Toptional]) " +
        $"-> (dquery: Tscore, dkey: Tscore, dvalue: T, dscores: Tscore) {AttentionForm.Signature}",
        c => [c[0], c[1], c[2], c[3]], decomposition: c =>
        {
            var form = AttentionForm.Of(c.Attributes);
            var x = AttentionInputs<Tensor>.Of(form, c.Inputs, 6);
            var (probabilities, weights, dcontext) = (c.Inputs[3], c.Inputs[4], c.Inputs[5]);
            var perKey = HeadsPerKey(x);
            // Sums of products may overflow float16 on the way.
            Tensor Summed(Tensor t) => t.dtype == DType.Float16 ? Wide(t) : t;
            var dprobabilities = Products(Summed(dcontext), Summed(x.Value), perKey, transposed: true);
            if (x.HeadMask is not null) dprobabilities *= Cast(x.HeadMask, dprobabilities.dtype);
            if (form.Rate > 0) dprobabilities = Dropout(dprobabilities, form.Rate, x.Seed!, x.Counter!);
            var dscores = SoftmaxGradient(Wide(probabilities), Wide(dprobabilities));
            // Where a query sees any key, masked keys have probability 0, and so a gradient of 0.
            if (!form.Zeroes && Seen(form, x) is { } seen && (form.HasMask || form.Causal == AttentionForm.LowerRight))
                dscores = SelectV2(seen, dscores, Constant(0, dscores.dtype));
            var (query, key) = (Summed(x.Query), Summed(x.Key));
            dscores = Cast(dscores, query.dtype);
            var (dquery, dkey) = (Products(dscores, key, perKey), SharedProducts(dscores, query, key, perKey));
            if (form.Scale != 1) (dquery, dkey) = (dquery * form.Scale, dkey * form.Scale);
            return [Cast(dquery, x.Query.dtype), Cast(dkey, x.Key.dtype), SharedProducts(weights, dcontext, x.Value, perKey), Cast(dscores, x.Query.dtype)];
        });

    static Tensor?[] AttentionGradient(GradientContext c)
    {
        var form = AttentionForm.Of(c.Attributes);
        var at = 3 + (form.HasMask ? 1 : 0);
        var headMask = at + (form.HasBias ? 1 : 0);
        if (c.Gradients[0] is null || c.Gradients[1] is not null || c.Gradients[2] is not null || form.SoftCap > 0 || (form.HasHeadMask && c.IsNeeded(headMask)))
            return GradientTape.ThroughDecomposition(c);
        var found = RunAll(AttentionGradOp!, [.. c.Inputs.Take(3), c.Outputs[1], c.Outputs[2], c.Gradient, .. c.Inputs.Skip(3)], form.Attributes);
        var gradients = new Tensor?[c.Inputs.Length];
        Array.Copy(found, gradients, 3);
        if (form.HasBias && c.IsNeeded(at)) gradients[at] = SumTo(Cast(found[3], c.Inputs[at].dtype), c.Inputs[at], found[3]);
        return gradients;
    }

    static (Shape Query, Shape Key, Shape Value) AttentionShapes(ShapeContext c)
    {
        Shape[] all = [c[0], c[1], c[2]];
        if (Array.Exists(all, s => !s.HasRank)) return (all[0], all[1], all[2]);
        var rank = c.Ranked(0, 3).Rank;
        var (query, key, value) = (all[0], c.Ranked(1, rank, rank), c.Ranked(2, rank, rank));
        static bool Differ(long a, long b) => a >= 0 && b >= 0 && a != b;
        if (Differ(query[-1], key[-1])) throw c.Fail($"keys of {query[-1]} features", key.ToString());
        if (!key[..^1].IsCompatibleWith(value[..^1])) throw c.Fail($"a value for each key of {key}", value.ToString());
        var shared = rank > 3 ? 3 : 2;
        if (!query[..^shared].IsCompatibleWith(key[..^shared])) throw c.Fail($"keys of batches {query[..^shared]}", key.ToString());
        if (rank > 3 && query[-3] >= 0 && key[-3] >= 0 && (key[-3] == 0 ? query[-3] != 0 : query[-3] % key[-3] != 0))
            throw c.Fail($"a number of key heads that divides {query[-3]}", key.ToString());
        return (query, key, value);
    }

    /// <summary>Converts 16-bit floats to float32.</summary>
    public static Tensor Wide(Tensor x) => x.dtype.Size < 4 ? Cast(x, DType.Float32) : x;

    /// <summary>Softmax over the last axis of the elements that a mask keeps.</summary>
    /// <param name="scores">float32 or float64.</param>
    /// <param name="mask">Bool, broadcast to the scores: false masks a score; null for none.</param>
    /// <param name="zeroes">Whether fully masked rows are 0; otherwise their elements are equal.</param>
    public static Tensor MaskedSoftmax(Tensor scores, Tensor? mask, bool zeroes = false)
    {
        if (mask is null) return Softmax(scores);
        var softmax = Softmax(SelectV2(mask, scores, Constant(MaskedScore, scores.dtype)));
        return zeroes ? SelectV2(mask, softmax, Constant(0, softmax.dtype)) : softmax;
    }

    /// <summary>Which keys the queries see, bool; null for all.</summary>
    static Tensor? Seen(AttentionForm form, AttentionInputs<Tensor> x)
    {
        if (form.Causal == AttentionForm.All) return x.Mask;
        var causal = CausalMask(DimOf(x.Query, -2), DimOf(x.Key, -2), lowerRight: form.Causal == AttentionForm.LowerRight);
        return x.Mask is null ? causal : LogicalAnd(x.Mask, causal);
    }

    /// <summary>A bool mask (T, S): whether a key is no later than a query. With <paramref name="lowerRight"/> the last query is aligned with the last key.</summary>
    public static Tensor CausalMask(Tensor queries, Tensor keys, bool lowerRight = false)
    {
        var (zero, one) = (Int32Scalar(0), Int32Scalar(1));
        var rows = Range(zero, queries, one);
        if (lowerRight) rows += keys - queries;
        return GreaterEqual(ExpandDims(rows, 1), ExpandDims(Range(zero, keys, one), 0));
    }

    /// <summary>How many query heads share a key head; where they share, the numbers of heads must be known.</summary>
    static int HeadsPerKey(AttentionInputs<Tensor> x) =>
        x.Query.ndim > 3 && x.Query.shape[-3] is > 0 and var heads && x.Key.shape[-3] is > 0 and var shared ? checked((int)(heads / shared)) : 1;

    /// <summary>Multiplies matrices of query heads by those of the key heads they share.</summary>
    static Tensor Products(Tensor x, Tensor shared, int perKey, bool transposed = false) => perKey == 1 ? BatchMatMul(x, shared, adj_y: transposed)
        : Reshape(BatchMatMul(Together(x, shared, perKey), shared, adj_y: transposed), Stack([.. Dimensions(x, 1), DimOf(shared, transposed ? -2 : -1)], 0));

    /// <summary>Transposed products summed over the query heads that share a key head, in the shape of <paramref name="shared"/>.</summary>
    static Tensor SharedProducts(Tensor x, Tensor y, Tensor shared, int perKey) =>
        perKey == 1 ? BatchMatMul(x, y, adj_x: true) : BatchMatMul(Together(x, shared, perKey), Together(y, shared, perKey), adj_x: true);

    /// <summary>The rows of all heads that share a key head as one matrix: (..., H, T, D) as (..., G, H / G · T, D).</summary>
    static Tensor Together(Tensor x, Tensor shared, int perKey) =>
        Reshape(x, Stack([.. Dimensions(shared, 2), DimOf(x, -2) * Int32Scalar(perKey), DimOf(x, -1)], 0));

    /// <summary>The dimensions of a tensor without the last few.</summary>
    static Tensor[] Dimensions(Tensor x, int without) => [.. Enumerable.Range(0, x.ndim - without).Select(axis => DimOf(x, axis))];

    /// <summary>Runs attention; the form's flags about optional inputs are set from the inputs.</summary>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    public static (Tensor Context, Tensor Probabilities, Tensor Weights) Attention(AttentionInputs<Tensor> x, AttentionForm form)
    {
        // Attributes are float32, too coarse for a float64 scale.
        if (x.Query.dtype == DType.Float64 && form.Scale != 1) (x, form) = (x with { Query = x.Query * form.Scale }, form with { Scale = 1 });
        if (form.Rate == 0) x = x with { Seed = null, Counter = null };
        form = form with { HasMask = x.Mask is not null, HasBias = x.Bias is not null, HasHeadMask = x.HeadMask is not null, Rate = x.Seed is null ? 0 : form.Rate };
        return Triple(RunAll(AttentionOp, [x.Query, x.Key, x.Value, .. x.Optional], form.Attributes));
    }
}
