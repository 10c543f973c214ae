using System.Collections.Frozen;

namespace Keras.Graphs;

/// <summary>Required shapes of inputs that parametrise an op (axes, sizes, factors), which its shape function does not check.</summary>
static class InputShapes
{
    static readonly (Shape[] Allowed, string Inputs)[] Table =
    [
        ([Shape.Scalar], "Range.start Range.limit Range.delta LinSpace.start LinSpace.stop LinSpace.num ArgMax.dimension ArgMin.dimension Cumsum.axis Cumprod.axis ConcatV2.axis " +
            "Split.split_dim GatherV2.axis PadV2.constant_values Fill.value OneHot.depth OneHot.on_value OneHot.off_value UnsortedSegmentSum.num_segments UnsortedSegmentMax.num_segments " +
            "UnsortedSegmentMin.num_segments UnsortedSegmentProd.num_segments UnsortedSegmentJoin.num_segments TopKV2.k InTopKV2.k DenseBincount.size RaggedBincount.size " +
            "HistogramFixedWidth.nbins NonMaxSuppressionV3.max_output_size NonMaxSuppressionV3.iou_threshold NonMaxSuppressionV3.score_threshold NonMaxSuppressionV4.max_output_size NonMaxSuppressionV4.iou_threshold NonMaxSuppressionV4.score_threshold " +
            "NonMaxSuppressionV5.max_output_size NonMaxSuppressionV5.iou_threshold NonMaxSuppressionV5.score_threshold NonMaxSuppressionV5.soft_nms_sigma " +
            "NonMaxSuppressionWithOverlaps.max_output_size NonMaxSuppressionWithOverlaps.overlap_threshold NonMaxSuppressionWithOverlaps.score_threshold " +
            "CombinedNonMaxSuppression.max_output_size_per_class CombinedNonMaxSuppression.max_total_size CombinedNonMaxSuppression.iou_threshold CombinedNonMaxSuppression.score_threshold " +
            "StatelessTruncatedNormalV2.alg SparseCrossV2.sep SparseSplit.split_dim StatelessShuffle.alg RandomUniformInt.minval RandomUniformInt.maxval CumulativeLogsumexp.axis " +
            "MatrixBandPart.num_lower " +
            "MatrixBandPart.num_upper MatrixDiagV3.num_rows MatrixDiagV3.num_cols MatrixDiagV3.padding_value MatrixDiagPartV3.padding_value StringSplitV2.sep StringSplit.delimiter RegexReplace.pattern " +
            "RegexReplace.rewrite RegexFullMatch.pattern StatelessMultinomial.num_samples Multinomial.num_samples SparseToDense.default_value ReadFile.filename StatelessRandomUniformFullIntV2.alg " +
            "StatelessRandomUniformIntV2.alg StatelessRandomUniformIntV2.minval StatelessRandomUniformIntV2.maxval StatelessRandomUniformV2.alg StatelessRandomNormalV2.alg " +
            "AdjustContrastv2.contrast_factor AdjustHue.delta AdjustSaturation.scale ImageProjectiveTransformV3.fill_value"),
        ([Shape.OfRank(1)], "UnicodeEncode.input_values UnicodeEncode.input_splits StringSplitV2.input StringSplit.input SplitV.size_splits Reshape.shape Transpose.perm InvertPermutation.x BroadcastTo.shape " +
            "Tile.multiples ReverseV2.axis ReverseSequence.seq_lengths Slice.begin Slice.size StridedSlice.begin StridedSlice.end StridedSlice.strides StridedSliceGrad.shape " +
            "StridedSliceGrad.begin StridedSliceGrad.end StridedSliceGrad.strides BroadcastGradientArgs.s0 BroadcastGradientArgs.s1 BroadcastArgs.s0 BroadcastArgs.s1 ScatterNd.shape " +
            "SpaceToBatchND.block_shape BatchToSpaceND.block_shape SparseSegmentSum.indices SparseSegmentMean.indices SparseSegmentSqrtN.indices SparseSegmentSum.segment_ids " +
            "SparseSegmentMean.segment_ids SparseSegmentSqrtN.segment_ids SparseToDense.output_shape XlaDynamicSlice.start_indices XlaDynamicSlice.size_indices " +
            "XlaDynamicUpdateSlice.indices StatelessRandomUniformFullIntV2.shape StatelessRandomUniformIntV2.shape StatelessRandomUniformV2.shape StatelessRandomNormalV2.shape StatelessTruncatedNormalV2.shape " +
            "RandomUniform.shape RandomUniformInt.shape RandomStandardNormal.shape TruncatedNormal.shape Empty.shape UniqueWithCounts.x ListDiff.x ListDiff.y " +
            "Unique.x UniqueV2.axis UniqueWithCountsV2.axis RaggedBincount.splits InTopKV2.targets CropAndResize.box_ind FusedBatchNormV3.scale FusedBatchNormV3.offset " +
            "FusedBatchNormV3.mean FusedBatchNormV3.variance FusedBatchNormGradV3.scale Conv2DBackpropInput.input_sizes Conv2DBackpropFilter.filter_sizes " +
            "DepthwiseConv2dNativeBackpropInput.input_sizes DepthwiseConv2dNativeBackpropFilter.filter_sizes Conv3DBackpropInputV2.input_sizes Conv3DBackpropFilterV2.filter_sizes"),
        ([new Shape(2)], "StatelessRandomGetKeyCounter.seed StatelessMultinomial.seed ResizeBilinear.size ResizeBicubic.size ResizeNearestNeighbor.size ResizeNearestNeighborGrad.size " +
            "ResizeArea.size ScaleAndTranslate.size ScaleAndTranslate.scale ScaleAndTranslate.translation ScaleAndTranslateGrad.scale ScaleAndTranslateGrad.translation " +
            "CropAndResize.crop_size ImageProjectiveTransformV3.output_shape"),
        ([Shape.Scalar, Shape.OfRank(1)], "Fill.dims SparseToDense.sparse_values RaggedRange.starts RaggedRange.limits RaggedRange.deltas RaggedTensorToTensor.shape SparseReduceSum.reduction_axes " +
            "SparseReduceMax.reduction_axes SparseReduceSumSparse.reduction_axes SparseReduceMaxSparse.reduction_axes"),
        ([Shape.Scalar, new Shape(1), new Shape(2)], "MatrixDiagV3.k MatrixDiagPartV3.k MatrixSetDiagV3.k"),
        ([Shape.Scalar, Shape.OfRank(1), Shape.OfRank(2)], "SparseToDense.sparse_indices"),
        ([Shape.OfRank(2)], "Pad.paddings PadV2.paddings MirrorPad.paddings MirrorPadGrad.paddings SpaceToBatchND.paddings BatchToSpaceND.crops StatelessMultinomial.logits Multinomial.logits " +
            "LowerBound.sorted_inputs LowerBound.values UpperBound.sorted_inputs UpperBound.values InTopKV2.predictions"),
        ([new Shape(-1, 4)], "CropAndResize.boxes"),
        ([new Shape(-1, 8)], "ImageProjectiveTransformV3.transforms"),
    ];

    static readonly FrozenDictionary<string, Shape[]> ByInput = Table.SelectMany(t => t.Inputs.Split(' ').Select(i => KeyValuePair.Create(i, t.Allowed))).ToFrozenDictionary();

    /// <summary>Wraps a shape function: checks these shapes first, and turns any failure into a typed error.</summary>
    public static ShapeFunction Checked(string op, ArgumentDefinition[] inputs, ShapeFunction shapes)
    {
        Shape[]?[] allowed = [.. inputs.Select(i => ByInput.GetValueOrDefault($"{op}.{i.Name}"))];
        var hasSome = allowed.Any(a => a is not null);
        return c =>
        {
            if (hasSome) Check(c, inputs, allowed);
            try
            {
                return Countable(c, shapes(c));
            }
            catch (Exception e) when (e is IndexOutOfRangeException or ArgumentOutOfRangeException or OverflowException or InvalidOperationException or DivideByZeroException)
            {
                throw c.Fail("shapes and sizes that fit", string.Join(", ", c.Inputs.Select((t, i) => $"{t.shape}{(c.Known(i) is { } value ? $" of [{string.Join(", ", value)}]" : "")}")));
            }
        };
    }

    /// <summary>Fails where a tensor's size would overflow: inside a function that ends TensorFlow's process.</summary>
    static Shape[] Countable(ShapeContext c, Shape[] shapes)
    {
        const long Most = long.MaxValue / 16;
        foreach (var shape in shapes)
        {
            if (!shape.IsFullyKnown) continue;
            var count = 1L;
            foreach (var dim in shape.Symbolic) count = dim == 0 || count == 0 ? 0 : count > Most / dim ? long.MaxValue : count * dim;
            if (count > Most) throw c.Fail($"a tensor of at most {Most} elements", $"{shape}");
        }
        return shapes;
    }

    /// <summary>Checks the inputs; those after a list are counted from the end.</summary>
    static void Check(ShapeContext c, ArgumentDefinition[] inputs, Shape[]?[] allowed)
    {
        var list = Array.FindIndex(inputs, i => i.IsList);
        for (var i = 0; i < allowed.Length; i++)
        {
            if (allowed[i] is not { } shapes) continue;
            var at = list >= 0 && i > list ? c.Inputs.Length - (inputs.Length - i) : i;
            var shape = c[at];
            var fits = false;
            foreach (var one in shapes) fits |= one.IsCompatibleWith(shape);
            if (!fits) throw c.Fail($"'{inputs[i].Name}' as {string.Join(" or ", shapes.Select(Name))}", $"shape {shape}");
        }
    }

    static string Name(Shape shape) => shape.Rank == 0 ? "a scalar" : shape.IsFullyKnown || shape.Rank > 2 || shape[^1] >= 0 ? $"shape {shape}" : shape.Rank == 1 ? "a vector" : "a matrix";
}
