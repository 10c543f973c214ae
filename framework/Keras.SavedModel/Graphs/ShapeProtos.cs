using Keras.SavedModelProtos;

namespace Keras.Graphs;

/// <summary>Converts shapes and dtypes to TensorFlow's protos and back.</summary>
static class ShapeProtos
{
    public static TensorShapeProto ToProto(Shape shape)
    {
        if (!shape.HasRank) return new TensorShapeProto { UnknownRank = true };
        var proto = new TensorShapeProto();
        foreach (var dim in shape.ToArray()) proto.Dim.Add(new TensorShapeProto.Types.Dim { Size = dim });
        return proto;
    }

    /// <summary>Reads a shape; any negative size counts as unknown, as in TensorFlow.</summary>
    public static Shape FromProto(TensorShapeProto proto)
    {
        if (proto.UnknownRank) return Shape.Unknown;
        return new Shape([.. proto.Dim.Select(d => Math.Max(d.Size, -1))]);
    }

    public static DataType ToProto(DType dtype) => (DataType)dtype.Number;

    /// <exception cref="UnsupportedException">Tensors here cannot have this dtype, or cannot be stored with it.</exception>
    public static DType DTypeOf(DataType number, string where, bool isStored = true)
    {
        try
        {
            var dtype = DType.FromNumber((int)number);
            if (!dtype.IsQuantized || !isStored) return dtype;
            throw new UnsupportedException("Quantised numbers are not stored here", where, "a dtype of plain numbers, such as float32", dtype.Name, "Save floats, or run the model on TensorFlow: KERAS_BACKEND=tensorflow.");
        }
        catch (ArgumentException e)
        {
            throw new UnsupportedException("A dtype is not supported", where, null, number.ToString(), "Save it with another dtype.", e);
        }
    }
}
