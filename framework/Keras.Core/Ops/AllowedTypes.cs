using System.Collections.Frozen;

namespace Keras.Graphs;

/// <summary>The dtypes that TensorFlow's registry allows for each type attribute, so that the same mistake is the same error on every engine.</summary>
/// <remarks>Each line of dtypes is followed by indented lines of the attributes that take them, as TensorFlow 2.21 lists them.</remarks>
static class AllowedTypes
{
    const string Text = """
        int32 int64
          softmax_cross_entropy.Tlabels
          All.Tidx Any.Tidx ArgMin.Tidx ArgMin.output_type BatchToSpaceND.Tblock_shape BatchToSpaceND.Tcrops BroadcastArgs.T BroadcastGradientArgs.T
          BroadcastTo.Tidx ConcatV2.Tidx Conv3DBackpropInputV2.Tshape Cumprod.Tidx Cumsum.Tidx CumulativeLogsumexp.Tidx DenseBincount.Tidx
          DenseCountSparseOutput.T EmptyTensorList.shape_type ExpandDims.Tdim Fill.index_type GatherV2.Taxis HistogramFixedWidth.dtype InTopKV2.T
          InvertPermutation.T LinSpace.Tidx ListDiff.out_idx LowerBound.out_type Lu.output_idx_type MatrixBandPart.Tindex Max.Tidx MaxPoolWithArgmax.Targmax
          Mean.Tidx Min.Tidx MirrorPad.Tpaddings MirrorPadGrad.Tpaddings Multinomial.output_dtype Pad.Tpaddings PadV2.Tpaddings
          ParseExampleV2.ragged_split_types ParseSequenceExampleV2.context_ragged_split_types ParseSequenceExampleV2.feature_list_ragged_split_types Prod.Tidx
          RaggedBincount.Tidx RaggedCross.out_row_splits_type RaggedCross.ragged_splits_types RaggedGather.Tindices RaggedGather.Tsplits RaggedRange.Tsplits
          RaggedTensorFromVariant.Tsplits RaggedTensorToSparse.Tsplits RaggedTensorToTensor.Tindex RaggedTensorToTensor.Tshape RaggedTensorToVariant.Tsplits
          RandomStandardNormal.T RandomUniform.T RandomUniformInt.T RandomUniformInt.Tout Reshape.Tshape ResourceGather.Tindices ResourceGatherNd.Tindices
          ResourceScatterAdd.Tindices ResourceScatterMax.Tindices ResourceScatterMin.Tindices ResourceScatterNdAdd.Tindices ResourceScatterNdSub.Tindices
          ResourceScatterNdUpdate.Tindices ResourceScatterSub.Tindices ResourceScatterUpdate.Tindices ReverseSequence.Tlen ReverseV2.Tidx Roll.Taxis Roll.Tshift
          SegmentMax.Tindices SegmentMean.Tindices SegmentMin.Tindices SegmentProd.Tindices SegmentSum.Tindices Shape.out_type Size.out_type Slice.Index
          SpaceToBatchND.Tblock_shape SpaceToBatchND.Tpaddings SparseSegmentMean.Tidx SparseSegmentMean.Tsegmentids SparseSegmentSqrtN.Tidx
          SparseSegmentSqrtN.Tsegmentids SparseSegmentSum.Tidx SparseSegmentSum.Tsegmentids SparseSoftmaxCrossEntropyWithLogits.Tlabels
          SparseTensorDenseAdd.Tindices SparseTensorDenseMatMul.Tindices SparseToDense.Tindices StatelessMultinomial.Tseed StatelessMultinomial.output_dtype
          StatelessRandomGetKeyCounter.Tseed StatelessRandomNormalV2.Tshape StatelessRandomUniformFullIntV2.Tshape StatelessRandomUniformIntV2.Tshape
          StatelessRandomUniformV2.Tshape StatelessTruncatedNormalV2.Tshape StridedSliceGrad.Index StringNGrams.Tsplits Substr.T Sum.Tidx
          TensorListConcatV2.shape_type TensorListElementShape.shape_type TensorListFromTensor.shape_type TensorListGetItem.Tshape TensorListReserve.shape_type
          TensorListScatter.shape_type TensorListScatterV2.shape_type TensorListSplit.shape_type TensorScatterAdd.Tindices TensorScatterMax.Tindices
          TensorScatterMin.Tindices TensorScatterSub.Tindices Tile.Tmultiples Transpose.Tperm TruncatedNormal.T UnicodeDecode.Tsplits
          UnicodeDecodeWithOffsets.Tsplits UnicodeEncode.Tsplits Unique.out_idx UniqueV2.Taxis UniqueV2.out_idx UniqueWithCounts.out_idx
          UniqueWithCountsV2.Taxis UniqueWithCountsV2.out_idx UnsortedSegmentJoin.Tindices UnsortedSegmentJoin.Tnumsegments UnsortedSegmentMax.Tindices
          UnsortedSegmentMax.Tnumsegments UnsortedSegmentMin.Tindices UnsortedSegmentMin.Tnumsegments UnsortedSegmentProd.Tindices
          UnsortedSegmentProd.Tnumsegments UnsortedSegmentSum.Tnumsegments UpperBound.out_type VariableShape.out_type XlaDynamicSlice.Tindices
          XlaDynamicUpdateSlice.Tindices
        bfloat16 float16 float32 float64
          Atan2.T AvgPool.T AvgPool3D.T AvgPool3DGrad.T AvgPoolGrad.T BesselI0.T BesselI0e.T BesselI1.T BesselI1e.T BesselJ0.T BesselJ1.T BesselK0.T BesselK0e.T
          BesselK1.T BesselK1e.T BesselY0.T BesselY1.T Ceil.T CheckNumerics.T Conv2DBackpropFilter.T Conv3D.T Conv3DBackpropFilterV2.T Conv3DBackpropInputV2.T
          CumulativeLogsumexp.T Dawsn.T DepthwiseConv2dNative.T DepthwiseConv2dNativeBackpropFilter.T DepthwiseConv2dNativeBackpropInput.T Digamma.T Elu.T
          EluGrad.T Erf.T Erfc.T Erfinv.T Expint.T Floor.T FresnelCos.T FresnelSin.T HSVToRGB.T Igamma.T Igammac.T IsFinite.T IsInf.T IsNan.T L2Loss.T
          LeakyRelu.T LeakyReluGrad.T Lgamma.T LinSpace.T LogSoftmax.T Ndtri.T QuantizeAndDequantizeV2.T QuantizeAndDequantizeV3.T QuantizeAndDequantizeV4.T
          RGBToHSV.T RandomStandardNormal.dtype RandomUniform.dtype ResizeBilinearGrad.T Rint.T Selu.T SeluGrad.T Softmax.T SoftmaxCrossEntropyWithLogits.T
          Softplus.T Softsign.T SparseSegmentMean.T SparseSegmentSqrtN.T SparseSoftmaxCrossEntropyWithLogits.T Spence.T StatelessRandomNormalV2.dtype
          StatelessRandomUniformV2.dtype StatelessTruncatedNormalV2.dtype TruncatedNormal.dtype
        bfloat16 complex128 complex64 float16 float32 float64 int16 int32 int64 int8 uint16 uint32 uint64 uint8
          AddV2.T BiasAdd.T BiasAddGrad.T Bitcast.T Bitcast.type ClipByValue.T Cumprod.T Cumsum.T FloorDiv.T Mean.T Mul.T Prod.T RealDiv.T ResourceApplyAdaMax.T
          ResourceApplyAdadelta.T ResourceApplyAdagradV2.T ResourceApplyAdam.T ResourceApplyAdamWithAmsgrad.T ResourceApplyCenteredRMSProp.T
          ResourceApplyFtrlV2.T ResourceApplyGradientDescent.T ResourceApplyKerasMomentum.T ResourceApplyMomentum.T ResourceApplyRMSProp.T
          ResourceScatterAdd.dtype ResourceScatterMax.dtype ResourceScatterMin.dtype ResourceScatterSub.dtype SegmentMean.T SegmentProd.T SegmentSum.T
          SparseAdd.T SparseDenseCwiseAdd.T SparseDenseCwiseDiv.T SparseDenseCwiseMul.T SparseReduceSum.T SparseReduceSumSparse.T SparseSparseMinimum.T
          SparseTensorDenseAdd.T Square.T Sub.T Sum.T TruncateDiv.T UnsortedSegmentProd.T UnsortedSegmentSum.T
        bfloat16 complex128 complex64 float16 float32 float64
          Acos.T Acosh.T Asin.T Asinh.T Atan.T Atanh.T Cos.T Cosh.T DivNoNan.T Exp.T Expm1.T Log.T Log1p.T MatrixTriangularSolve.T MulNoNan.T Rsqrt.T Sigmoid.T
          SigmoidGrad.T Sin.T Sinh.T Sqrt.T Tan.T Tanh.T TanhGrad.T Xdivy.T Xlog1py.T Xlogy.T
        bfloat16 float16 float32 float64 int16 int32 int64 int8 uint16 uint32 uint64 uint8
          Cross.T Dilation2D.T FloorMod.T Greater.T GreaterEqual.T Less.T LessEqual.T Max.T MaxPool3DGradGrad.T MaxPoolGrad.T MaxPoolGradGrad.T
          MaxPoolWithArgmax.T Maximum.T Min.T Minimum.T Multinomial.T Relu.T Relu6.T Relu6Grad.T ReluGrad.T SegmentMax.T SegmentMin.T SparseAdd.Treal
          SparseReduceMax.T SparseReduceMaxSparse.T SparseSegmentSum.T SparseSparseMaximum.T StatelessMultinomial.T TopKV2.T UnsortedSegmentMax.T
          UnsortedSegmentMin.T
        complex128 complex64
          Angle.T Complex.Tout ComplexAbs.T Eig.Tout FFT.Tcomplex FFT2D.Tcomplex FFT3D.Tcomplex IFFT.Tcomplex IFFT2D.Tcomplex IFFT3D.Tcomplex IRFFT.Tcomplex
          IRFFT2D.Tcomplex IRFFT3D.Tcomplex Imag.T MatrixLogarithm.T RFFT.Tcomplex RFFT2D.Tcomplex RFFT3D.Tcomplex Real.T
        float32 float64
          Angle.Tout Betainc.T CTCBeamSearchDecoder.T CTCGreedyDecoder.T Complex.T ComplexAbs.Tout IRFFT.Treal IRFFT2D.Treal IRFFT3D.Treal Imag.Tout NextAfter.T
          Polygamma.T RFFT.Treal RFFT2D.Treal RFFT3D.Treal Real.Tout ResizeBicubicGrad.T Zeta.T
        complex128 complex64 float16 float32 float64
          Cholesky.T LogMatrixDeterminant.T Lu.T MatrixDeterminant.T MatrixInverse.T MatrixSolve.T MatrixSquareRoot.T Qr.T SelfAdjointEigV2.T Svd.T
        int16 int32 int64
          ArgMax.Tidx GatherNd.Tindices GatherV2.Tindices ScatterNd.Tindices StridedSlice.Index TopKV2.Tk TopKV2.index_type UnsortedSegmentSum.Tindices
        bfloat16 float16 float32
          FusedBatchNormGradV3.T FusedBatchNormV3.T LRN.T MaxPool3D.T MaxPool3DGrad.T MaxPool3DGrad.TInput
        int16 int32 int64 int8 uint16 uint32 uint64 uint8
          BitwiseAnd.T BitwiseOr.T BitwiseXor.T Invert.T LeftShift.T PopulationCount.T RightShift.T
        bfloat16 complex128 complex64 float16 float32 float64 int16 int32 int64 int8
          Neg.T Pow.T Reciprocal.T Round.T Sign.T
        bfloat16 float16 float32 float64 int16 int32 int64 int8 uint16 uint8
          DecodePaddedRaw.out_type MaxPool.T ResizeArea.T ResizeBicubic.T ResizeNearestNeighbor.T ScaleAndTranslate.T
        float16 float32
          AdjustContrastv2.T AdjustHue.T AdjustSaturation.T DrawBoundingBoxes.T DrawBoundingBoxesV2.T NonMaxSuppressionV3.T NonMaxSuppressionV3.T_threshold
          NonMaxSuppressionV4.T NonMaxSuppressionV4.T_threshold NonMaxSuppressionV5.T
        float32 float64 int32 int64
          Bucketize.T DenseBincount.T DenseCountSparseOutput.output_type FractionalAvgPool.T FractionalMaxPool.T HistogramFixedWidth.T RaggedBincount.T
        bfloat16 bool complex128 complex64 float16 float32 float64 int16 int32 int64 int8 uint16 uint32 uint64 uint8
          ExtractImagePatches.T OnesLike.T Where.T XlaDynamicSlice.T XlaDynamicUpdateSlice.T
        bfloat16 float16 float32 float64 int32
          Conv.T Conv2D.T Conv2DBackpropInput.T
        bfloat16 bool float16 float32 float64 int16 int32 int64 int8 uint16 uint32 uint64 uint8
          ArgMax.T ArgMin.T
        float32
          FusedBatchNormGradV3.U ScaleAndTranslateGrad.T
        int16 int32 int64 uint16
          ArgMax.output_type TensorScatterUpdate.Tindices
        int32 int64 uint32 uint64
          StatelessRandomUniformFullIntV2.dtype StatelessRandomUniformIntV2.dtype
        bfloat16 float16 float32 float64 int16 int32 int64 int8 uint16 uint8
          ResizeBilinear.T
        bfloat16 bool complex128 complex64 float16 float32 float64 int16 int32 int64 int8 string uint16 uint32 uint64 uint8
          ReverseV2.T
        bfloat16 bool complex128 complex64 float16 float32 float64 int16 int32 int64 int8 string uint16 uint32 uint64 uint8 variant
          AsString.T
        bfloat16 bool complex128 complex64 float16 float32 float64 int16 int32 int64 int8 uint16 uint8
          DecodeRaw.out_type
        bfloat16 complex128 complex64 float16 float32 float64 int16 int32 int64 int8 uint16 uint32 uint64 uint8 variant
          AddN.T
        bfloat16 complex128 complex64 float16 float32 float64 int16 int32 int64 uint16 uint32 uint64 uint8
          BatchMatMulV2.T
        bfloat16 complex128 complex64 float16 float32 float64 int32 int64
          SquaredDifference.T
        bfloat16 complex128 complex64 float16 float32 float64 int32 int64 uint16 uint32 uint64 uint8
          MatMul.T
        bfloat16 float16 float32 float64 int16 int32 int64 int8
          Abs.T
        bfloat16 float16 float32 float64 int16 int32 int64 int8 uint16 uint32 uint64
          Range.Tidx
        bfloat16 float16 float32 float64 int32 int64
          TruncateMod.T
        bfloat16 float16 float32 float64 int32 int64 uint8
          ImageProjectiveTransformV3.dtype
        bfloat16 float16 float32 float64 int32 int8 uint8
          ResizeNearestNeighborGrad.T
        bfloat16 float32
          FusedBatchNormV3.U
        bfloat16 float32 float64 int32 int64
          RaggedRange.T
        complex128 complex64 float32 float64
          Eig.T TridiagonalMatMul.T TridiagonalSolve.T
        complex128 complex64 variant
          Conj.T
        float16 float32 float64 int16 int32 int64 int8 uint16 uint8
          CropAndResize.T
        float32 float64 int32 int64 uint32 uint64
          StringToNumber.out_type
        float32 uint16 uint8
          DecodeImage.dtype
        int32 int64 int8
          SplitV.Tlen
        int32 int64 int8 uint8
          OneHot.TI
        uint16 uint8
          EncodePng.T
        float32 int64 string
          ParseExample.Tdense ParseExample.sparse_types ParseExampleV2.Tdense ParseExampleV2.ragged_value_types ParseExampleV2.sparse_types
          ParseSequenceExampleV2.Tcontext_dense ParseSequenceExampleV2.context_ragged_value_types ParseSequenceExampleV2.context_sparse_types
          ParseSequenceExampleV2.feature_list_dense_types ParseSequenceExampleV2.feature_list_ragged_value_types
          ParseSequenceExampleV2.feature_list_sparse_types ParseSingleExample.Tdense ParseSingleExample.sparse_types
        float32 float64 int32 int64 string
          DecodeCSV.OUT_TYPE
        float16 float32 float64
          SparseSoftmax.T
        int64 string
          RaggedCross.dense_types RaggedCross.out_values_type RaggedCross.ragged_values_types RaggedCross.sparse_values_types SparseCross.dense_types
          SparseCross.internal_type SparseCross.out_type SparseCross.sparse_types SparseCrossV2.dense_types SparseCrossV2.sparse_types
        int16 int32 int64 int8 string uint16 uint8
          DenseToDenseSetOperation.T SetSize.T
        qint16 qint32 qint8 quint16 quint8
          Dequantize.T QuantizeV2.T
        bfloat16 float32
          Dequantize.dtype
        """;

    static readonly FrozenDictionary<string, DType[]> ByAttribute = Read();

    /// <summary>The dtypes that an attribute of an op allows; null for all.</summary>
    public static DType[]? Of(string op, string attribute) => ByAttribute.GetValueOrDefault($"{op}.{attribute}") is not { } registered ? null
        : WideOps.Covers(op) && registered.Contains(DType.Float32) ? [.. registered.Union([DType.BFloat16, DType.Float16]).OrderBy(d => d.Name, StringComparer.Ordinal)] : registered;

    static FrozenDictionary<string, DType[]> Read()
    {
        var (table, dtypes) = (new Dictionary<string, DType[]>(), Array.Empty<DType>());
        foreach (var line in Text.Split('\n'))
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (!line.StartsWith(' ')) dtypes = Array.ConvertAll(words, DType.OfRegistry);
            else foreach (var attribute in words) table.Add(attribute, dtypes);
        }
        return table.ToFrozenDictionary();
    }
}
