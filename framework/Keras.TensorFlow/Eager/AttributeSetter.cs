using System.Text;
using Keras.Graphs;

namespace Keras.Engines.TensorFlow;

/// <summary>Sets the explicit attributes of a call on a TFE_Op.</summary>
static unsafe class AttributeSetter
{
    /// <summary>Sets every explicit attribute; TensorFlow fills in the others.</summary>
    /// <param name="slot">The op object.</param>
    /// <param name="recipe">The op.</param>
    /// <param name="attributes">The explicit attributes.</param>
    /// <param name="functions">Adds nested functions to the context and gives their names there.</param>
    /// <param name="status">The thread's status.</param>
    /// <exception cref="UnsupportedException">A value is not of the attribute's kind.</exception>
    public static void Set(OpSlot slot, OpRecipe recipe, Attributes attributes, FunctionRegistry functions, NativeStatus status)
    {
        foreach (var (name, value) in attributes.Items)
        {
            var (text, kind) = recipe.Attribute(name);
            if (value is FunctionGraph[] many && kind == "list(func)") slot.SetFunctions(text.Pointer, Array.ConvertAll(many, functions.NameOf), status);
            else SetOne(slot.Pointer, text.Pointer, kind, value, functions, status);
            if (status.Code != StatusCode.Ok) throw status.Error($"{recipe.Name.Text}, attribute '{name}'");
        }
    }

    static void SetOne(TFE_Op* op, byte* name, string kind, object value, FunctionRegistry functions, NativeStatus status)
    {
        switch (kind, value)
        {
            case ("int", long v): CApi.TFE_OpSetAttrInt(op, name, v); break;
            case ("float", float v): CApi.TFE_OpSetAttrFloat(op, name, v); break;
            case ("float", long v): CApi.TFE_OpSetAttrFloat(op, name, v); break;
            case ("bool", bool v): CApi.TFE_OpSetAttrBool(op, name, v ? (byte)1 : (byte)0); break;
            case ("type", DType v): CApi.TFE_OpSetAttrType(op, name, v.Number); break;
            case ("string", string v): SetString(op, name, v); break;
            case ("shape", Shape v): SetShape(op, name, v, status); break;
            case ("tensor", HostTensor v): SetTensor(op, name, v, status); break;
            case ("func", FunctionGraph v): SetFunction(op, name, functions.NameOf(v)); break;
            case ("list(int)", long[] v): fixed (long* p = v) CApi.TFE_OpSetAttrIntList(op, name, p, v.Length); break;
            case ("list(float)", float[] v): fixed (float* p = v) CApi.TFE_OpSetAttrFloatList(op, name, p, v.Length); break;
            case ("list(type)", DType[] v): SetTypes(op, name, v); break;
            case ("list(string)", string[] v): SetStrings(op, name, v); break;
            case ("list(shape)", Shape[] v): SetShapes(op, name, v, status); break;
            default: throw new UnsupportedException("An attribute's value is not of its kind", null, kind, value.GetType().Name);
        }
    }

    static void SetString(TFE_Op* op, byte* name, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        fixed (byte* p = bytes) CApi.TFE_OpSetAttrString(op, name, p, (nuint)bytes.Length);
    }

    static void SetFunction(TFE_Op* op, byte* name, NativeText function) =>
        CApi.TFE_OpSetAttrFunctionName(op, name, function.Pointer, (nuint)Encoding.UTF8.GetByteCount(function.Text));

    static void SetShape(TFE_Op* op, byte* name, Shape value, NativeStatus status)
    {
        if (!value.HasRank)
        {
            CApi.TFE_OpSetAttrShape(op, name, null, -1, status.Pointer);
            return;
        }
        fixed (long* dims = value.ToArray()) CApi.TFE_OpSetAttrShape(op, name, dims, value.Rank, status.Pointer);
    }

    static void SetTensor(TFE_Op* op, byte* name, HostTensor value, NativeStatus status)
    {
        using var tensor = NativeTensor.Of(value);
        CApi.TFE_OpSetAttrTensor(op, name, tensor.Pointer, status.Pointer);
    }

    static void SetTypes(TFE_Op* op, byte* name, DType[] values)
    {
        var numbers = Array.ConvertAll(values, v => v.Number);
        fixed (int* p = numbers) CApi.TFE_OpSetAttrTypeList(op, name, p, numbers.Length);
    }

    static void SetStrings(TFE_Op* op, byte* name, string[] values)
    {
        var texts = Array.ConvertAll(values, v => new NativeText(v));
        var pointers = stackalloc byte*[values.Length + 1];
        var lengths = stackalloc nuint[values.Length + 1];
        for (var i = 0; i < values.Length; i++)
        {
            pointers[i] = texts[i].Pointer;
            lengths[i] = (nuint)Encoding.UTF8.GetByteCount(values[i]);
        }
        CApi.TFE_OpSetAttrStringList(op, name, pointers, lengths, values.Length);
        GC.KeepAlive(texts);
    }

    static void SetShapes(TFE_Op* op, byte* name, Shape[] values, NativeStatus status)
    {
        var dims = values.SelectMany(v => v.HasRank ? v.ToArray() : []).ToArray();
        var starts = stackalloc long*[values.Length + 1];
        var ranks = stackalloc int[values.Length + 1];
        fixed (long* first = dims)
        {
            var next = first;
            for (var i = 0; i < values.Length; i++)
            {
                ranks[i] = values[i].HasRank ? values[i].Rank : -1;
                starts[i] = next;
                next += Math.Max(ranks[i], 0);
            }
            CApi.TFE_OpSetAttrShapeList(op, name, starts, ranks, values.Length, status.Pointer);
        }
    }
}
