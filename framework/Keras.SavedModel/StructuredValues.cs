using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.SavedModels;

/// <summary>Makes the values with which object graphs describe arguments and results to Python.</summary>
static class StructuredValues
{
    public static StructuredValue None => new() { NoneValue = new() };

    public static StructuredValue Tuple(params IEnumerable<StructuredValue> values) => new() { TupleValue = new() { Values = { values } } };

    public static StructuredValue List(IEnumerable<StructuredValue> values) => new() { ListValue = new() { Values = { values } } };

    public static StructuredValue Dictionary(IEnumerable<(string Key, StructuredValue Value)> fields)
    {
        var dictionary = new DictValue();
        foreach (var (key, value) in fields) dictionary.Fields.Add(key, value);
        return new() { DictValue = dictionary };
    }

    /// <summary>Describes a tensor's dtype and shape, with its name.</summary>
    public static StructuredValue Spec(string name, Tensor tensor) =>
        new() { TensorSpecValue = new() { Name = name, Dtype = ShapeProtos.ToProto(tensor.dtype), Shape = ShapeProtos.ToProto(tensor.shape) } };

    /// <summary>Copies a structure, with each tensor replaced by the next of the given values.</summary>
    public static StructuredValue Structure(Tensors structure, IEnumerable<StructuredValue> leaves)
    {
        using var next = leaves.GetEnumerator();
        return Structure(structure, next);
    }

    static StructuredValue Structure(Tensors structure, IEnumerator<StructuredValue> next)
    {
        if (structure.IsLeaf) return next.MoveNext() ? next.Current : throw new ArgumentException("A structure has more tensors than the function.");
        return structure.IsDictionary ? Dictionary([.. structure.Keys.Order(StringComparer.Ordinal).Select(k => (k, Structure(structure[k], next)))])
            : List([.. structure.Select(s => Structure(s, next))]);
    }

    /// <summary>Describes how Python calls a function.</summary>
    /// <param name="positional">The names of positional parameters.</param>
    /// <param name="keywords">The names of parameters that can only be given by name.</param>
    /// <param name="signature">The required types of the positional parameters; null for no constraint.</param>
    public static FunctionSpec FunctionSpec(IEnumerable<string> positional, IEnumerable<string> keywords, StructuredValue? signature = null)
    {
        var arguments = new NamedTupleValue { Name = "FullArgSpec" };
        void Add(string key, StructuredValue value) => arguments.Values.Add(new PairValue { Key = key, Value = value });
        Add("args", Texts(positional));
        Add("varargs", None);
        Add("varkw", None);
        Add("defaults", None);
        Add("kwonlyargs", Texts(keywords));
        Add("kwonlydefaults", None);
        Add("annotations", Dictionary([]));
        return new() { Fullargspec = new() { NamedTupleValue = arguments }, InputSignature = signature ?? None };
    }

    static StructuredValue Texts(IEnumerable<string> texts) => List(texts.Select(t => new StructuredValue { StringValue = t }));
}
