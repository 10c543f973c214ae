namespace Keras.Graphs;

/// <summary>Lists of tensors, which TensorFlow's tensor arrays become in graphs: a list is a scalar of dtype variant, and ops never change a list in place.</summary>
/// <remarks>An element shape is an integer vector with -1 for unknown dimensions; the scalar -1 says that the rank is unknown too.</remarks>
static partial class Tf
{
    const string ElementType = "element_dtype: type";

    static readonly OpDefinition EmptyListOp = OnLists($"EmptyTensorList(element_shape: shape_type, max_num_elements: int32) -> (handle: variant) {{ {ElementType} }}");
    static readonly OpDefinition ReserveListOp = OnLists($"TensorListReserve(element_shape: shape_type, num_elements: int32) -> (handle: variant) {{ {ElementType} }}");
    static readonly OpDefinition ListFromTensorOp = OnLists("TensorListFromTensor(tensor: element_dtype, element_shape: shape_type) -> (output_handle: variant)");
    static readonly OpDefinition SplitListOp = OnLists("TensorListSplit(tensor: element_dtype, element_shape: shape_type, lengths: int64) -> (output_handle: variant)");
    static readonly OpDefinition ScatterListOp = OnLists("TensorListScatter(tensor: element_dtype, indices: int32, element_shape: shape_type) -> (output_handle: variant)");
    static readonly OpDefinition ScatterListV2Op = OnLists(
        "TensorListScatterV2(tensor: element_dtype, indices: int32, element_shape: shape_type, num_elements: int32) -> (output_handle: variant)");
    static readonly OpDefinition ScatterIntoListOp = OnLists(
        "TensorListScatterIntoExistingList(input_handle: variant, tensor: element_dtype, indices: int32) -> (output_handle: variant)");
    static readonly OpDefinition SetListItemOp = OnLists(
        "TensorListSetItem(input_handle: variant, index: int32, item: element_dtype) -> (output_handle: variant) { resize_if_index_out_of_bounds: bool = false }");
    static readonly OpDefinition PushBackOp = OnLists("TensorListPushBack(input_handle: variant, tensor: element_dtype) -> (output_handle: variant)");
    static readonly OpDefinition ResizeListOp = OnLists("TensorListResize(input_handle: variant, size: int32) -> (output_handle: variant)");
    static readonly OpDefinition ConcatListsOp = OnLists($"TensorListConcatLists(input_a: variant, input_b: variant) -> (output: variant) {{ {ElementType} }}");

    static readonly OpDefinition PopBackOp = Define(
        $"TensorListPopBack(input_handle: variant, element_shape: int32) -> (output_handle: variant, tensor: element_dtype) {{ {ElementType} }}",
        c => [Shape.Scalar, ElementShape(c, 1)]);
    static readonly OpDefinition GetListItemOp = Define(
        $"TensorListGetItem(input_handle: variant, index: int32, element_shape: Tshape) -> (item: element_dtype) {{ {ElementType} }}",
        c => [ElementShape(c, 2)]);
    static readonly OpDefinition StackListOp = Define(
        $"TensorListStack(input_handle: variant, element_shape: int32) -> (tensor: element_dtype) {{ {ElementType}, num_elements: int = -1 }}",
        c => [new Shape(c.Get<long>("num_elements")).Concat(ElementShape(c, 1))]);
    static readonly OpDefinition GatherListOp = Define(
        $"TensorListGather(input_handle: variant, indices: int32, element_shape: int32) -> (values: element_dtype) {{ {ElementType} }}",
        c => [(c[1] is { HasRank: true, Rank: 1 } ? c[1] : Shape.OfRank(1)).Concat(ElementShape(c, 2))]);

    /// <summary>Concatenates elements of unequal length, and gives each one's length.</summary>
    static readonly OpDefinition ConcatListOp = Define(
        $"TensorListConcatV2(input_handle: variant, element_shape: shape_type, leading_dims: int64) -> (tensor: element_dtype, lengths: int64) {{ {ElementType} }}",
        c => [ElementShape(c, 1) is { HasRank: true, Rank: > 0 } shape ? shape.With(0, -1) : Shape.Unknown, Shape.OfRank(1)]);

    static readonly OpDefinition ListLengthOp = Define("TensorListLength(input_handle: variant) -> (length: int32)", ShapeRules.Scalar, differentiable: false);
    static readonly OpDefinition ListElementShapeOp = Define("TensorListElementShape(input_handle: variant) -> (element_shape: shape_type) { shape_type: type }",
        ShapeRules.Unknown, differentiable: false);

    /// <summary>Defines an op that makes a list from tensors or another list.</summary>
    static OpDefinition OnLists(string signature) => Define(signature, ShapeRules.Scalar);

    static Shape ElementShape(ShapeContext c, int input) => c.Value(input) is { IsScalar: true } or null && c[input] is not { HasRank: true, Rank: 1 }
        ? Shape.Unknown : ShapeRules.FromValue(c, input);
}
