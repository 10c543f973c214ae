using Google.Protobuf;
using Keras.SavedModelProtos;

namespace Keras.Graphs;

/// <summary>Converts attribute values to TensorFlow's AttrValue.</summary>
static class AttributeProtos
{
    /// <summary>Converts a value to the kind that the op's definition names.</summary>
    /// <param name="kind">"int", "type", "list(shape)", ...</param>
    /// <param name="value">A value as <see cref="Attributes"/> holds it.</param>
    /// <param name="functionName">The name under which a nested function is written.</param>
    /// <exception cref="UnsupportedException">The value is not of this kind.</exception>
    public static AttrValue ToProto(string kind, object value, Func<FunctionGraph, string> functionName)
    {
        var proto = new AttrValue();
        switch (kind, value)
        {
            case ("int", long i): proto.I = i; break;
            case ("float", float f): proto.F = f; break;
            case ("float", long i): proto.F = i; break;
            case ("bool", bool b): proto.B = b; break;
            case ("string", string s): proto.S = ByteString.CopyFromUtf8(s); break;
            case ("type", DType dtype): proto.Type = ShapeProtos.ToProto(dtype); break;
            case ("shape", Shape shape): proto.Shape = ShapeProtos.ToProto(shape); break;
            case ("tensor", HostTensor tensor): proto.Tensor = TensorProtos.ToProto(tensor); break;
            case ("func", FunctionGraph function): proto.Func = new NameAttrList { Name = functionName(function) }; break;
            default: proto.List = ToList(kind, value, functionName); break;
        }
        return proto;
    }

    static AttrValue.Types.ListValue ToList(string kind, object value, Func<FunctionGraph, string> functionName)
    {
        var list = new AttrValue.Types.ListValue();
        switch (kind, value)
        {
            case ("list(int)", long[] values): list.I.AddRange(values); break;
            case ("list(float)", float[] values): list.F.AddRange(values); break;
            case ("list(string)", string[] values): list.S.AddRange(values.Select(ByteString.CopyFromUtf8)); break;
            case ("list(type)", DType[] values): list.Type.AddRange(values.Select(ShapeProtos.ToProto)); break;
            case ("list(shape)", Shape[] values): list.Shape.AddRange(values.Select(ShapeProtos.ToProto)); break;
            case ("list(func)", FunctionGraph[] values): list.Func.AddRange(values.Select(f => new NameAttrList { Name = functionName(f) })); break;
            default: throw new UnsupportedException("An attribute's value cannot be written", null, kind, value.GetType().Name);
        }
        return list;
    }
}
