using System.Collections.Frozen;

namespace Keras.Graphs;

/// <summary>The ranks of inputs that say how an op works (axes, sizes, shapes), where its shape function takes them for granted.</summary>
static class InputRanks
{
    const int AtMostVector = -1;

    static readonly (int Rank, string Inputs)[] Table =
    [
        (0, "Range.start Range.limit Range.delta LinSpace.start LinSpace.stop LinSpace.num ArgMax.dimension ArgMin.dimension Cumsum.axis Cumprod.axis ConcatV2.axis Split.split_dim " +
            "GatherV2.axis PadV2.constant_values Fill.value OneHot.depth OneHot.on_value OneHot.off_value UnsortedSegmentSum.num_segments UnsortedSegmentMax.num_segments " +
            "UnsortedSegmentMin.num_segments UnsortedSegmentProd.num_segments UnsortedSegmentJoin.num_segments TopKV2.k InTopKV2.k DenseBincount.size HistogramFixedWidth.nbins " +
            "NonMaxSuppressionV3.max_output_size NonMaxSuppressionV3.iou_threshold NonMaxSuppressionV3.score_threshold MatrixBandPart.num_lower MatrixBandPart.num_upper " +
            "StringSplitV2.sep RegexReplace.pattern RegexReplace.rewrite RegexFullMatch.pattern StatelessMultinomial.num_samples SparseToDense.default_value ReadFile.filename"),
        (1, "UnicodeEncode.input_values UnicodeEncode.input_splits StringSplitV2.input SplitV.size_splits Reshape.shape Transpose.perm InvertPermutation.x BroadcastTo.shape Tile.multiples ReverseV2.axis ReverseSequence.seq_lengths Slice.begin Slice.size StridedSlice.begin " +
            "StridedSlice.end StridedSlice.strides StridedSliceGrad.shape StridedSliceGrad.begin StridedSliceGrad.end StridedSliceGrad.strides BroadcastGradientArgs.s0 " +
            "SparseSegmentSum.indices SparseSegmentMean.indices SparseSegmentSqrtN.indices SparseSegmentSum.segment_ids SparseSegmentMean.segment_ids SparseSegmentSqrtN.segment_ids " +
            "SparseToDense.output_shape XlaDynamicSlice.start_indices XlaDynamicSlice.size_indices XlaDynamicUpdateSlice.indices BroadcastGradientArgs.s1 BroadcastArgs.s0 BroadcastArgs.s1 ScatterNd.shape SpaceToBatchND.block_shape BatchToSpaceND.block_shape"),
        (AtMostVector, "Fill.dims SparseToDense.sparse_values RaggedRange.starts RaggedRange.limits RaggedRange.deltas RaggedTensorToTensor.shape"),
        (2, "Pad.paddings PadV2.paddings MirrorPad.paddings MirrorPadGrad.paddings SpaceToBatchND.paddings BatchToSpaceND.crops"),
    ];

    static readonly FrozenDictionary<string, int> ByInput = Table.SelectMany(t => t.Inputs.Split(' ').Select(i => KeyValuePair.Create(i, t.Rank))).ToFrozenDictionary();

    /// <summary>A shape function that checks ranks first, and fails with a typed error whatever it stumbles over.</summary>
    public static ShapeFunction Checked(string op, ArgumentDefinition[] inputs, ShapeFunction shapes)
    {
        int?[] ranks = [.. inputs.Select(i => ByInput.TryGetValue($"{op}.{i.Name}", out var rank) ? rank : (int?)null)];
        var hasRanks = ranks.Any(r => r is not null);
        return c =>
        {
            if (hasRanks) Check(c, inputs, ranks);
            try
            {
                return shapes(c);
            }
            catch (Exception e) when (e is IndexOutOfRangeException or ArgumentOutOfRangeException or OverflowException or InvalidOperationException or DivideByZeroException)
            {
                throw c.Fail("shapes and sizes that fit", string.Join(", ", c.Inputs.Select((t, i) => $"{t.shape}{(c.Known(i) is { } value ? $" of [{string.Join(", ", value)}]" : "")}")));
            }
        };
    }

    /// <summary>A list may stand before an input: then it is counted from the end.</summary>
    static void Check(ShapeContext c, ArgumentDefinition[] inputs, int?[] ranks)
    {
        var list = Array.FindIndex(inputs, i => i.IsList);
        for (var i = 0; i < ranks.Length; i++)
        {
            if (ranks[i] is not { } rank) continue;
            var at = list >= 0 && i > list ? c.Inputs.Length - (inputs.Length - i) : i;
            if (c[at] is { HasRank: true } shape && (rank == AtMostVector ? shape.Rank > 1 : shape.Rank != rank)) throw c.Fail($"'{inputs[i].Name}' as a {(rank == 0 ? "scalar" : rank is 1 or AtMostVector ? "vector" : "matrix")}", $"shape {shape}");
        }
    }
}
