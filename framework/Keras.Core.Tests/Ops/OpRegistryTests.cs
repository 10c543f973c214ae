using Keras.Engines.TensorFlow;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Tests.Ops;

/// <summary>The table against TensorFlow's own registry: the same arguments, attributes and defaults.</summary>
sealed class OpRegistryTests
{
    static readonly Lazy<Dictionary<string, OpDef>> Registry = new(Read);

    static unsafe Dictionary<string, OpDef> Read()
    {
        TensorFlowLibrary.EnsureLoaded();
        var buffer = CApi.TF_GetAllOpList();
        try
        {
            return OpList.Parser.ParseFrom(new ReadOnlySpan<byte>(buffer->Data, checked((int)buffer->Length))).Op.ToDictionary(o => o.Name);
        }
        finally
        {
            CApi.TF_DeleteBuffer(buffer);
        }
    }

    static IEnumerable<OpDefinition> Primitives => OpTable.All.Where(o => !o.IsComposite).OrderBy(o => o.Name, StringComparer.Ordinal);

    [TestCaseSource(nameof(Primitives))]
    public void AgreesWithTensorFlow(OpDefinition op)
    {
        if (!TensorFlowEngine.IsPresent) Assert.Ignore("libtensorflow is not installed");
        Assert.That(Registry.Value.TryGetValue(op.Name, out var theirs), Is.True, "TensorFlow knows the op");
        Assert.That(op.Inputs.Select(Describe), Is.EqualTo(theirs!.InputArg.Select(Describe)), "inputs");
        Assert.That(op.Outputs.Select(Describe), Is.EqualTo(theirs.OutputArg.Select(Describe)), "outputs");
        foreach (var attribute in op.Attributes)
        {
            var other = theirs.Attr.SingleOrDefault(a => a.Name == attribute.Name);
            Assert.That(other?.Type, Is.EqualTo(attribute.Kind), $"the kind of {attribute.Name}");
            // A default of ours may be missing where callers always give the attribute; what is there must be TensorFlow's.
            if (attribute.Default is not null)
                Assert.That(Describe(attribute.Default), Is.EqualTo(Describe(other!.DefaultValue)), $"the default of {attribute.Name}");
        }
        var left = theirs.Attr.Where(a => op.Attribute(a.Name) is null && a.DefaultValue is null).Select(a => a.Name);
        Assert.That(left, Is.Empty, "attributes without a default");
    }

    static string Describe(ArgumentDefinition a) => $"{a.Name}: {(a.TypeListAttribute is { } l ? $"[{l}]" : (a.NumberAttribute is { } n ? n + "*" : "") + (a.Type?.Name ?? a.TypeAttribute))}";

    static string Describe(OpDef.Types.ArgDef a) => $"{a.Name}: {(a.TypeListAttr is { Length: > 0 } l ? $"[{l}]" : (a.NumberAttr is { Length: > 0 } n ? n + "*" : "") + (a.TypeAttr is { Length: > 0 } t ? t : DType.FromNumber((int)a.Type).Name))}";

    static string Describe(object value) => value switch
    {
        long[] list => string.Join(",", list),
        float[] list => string.Join(",", list),
        Shape[] or DType[] or string[] => "",
        Shape { HasRank: false } => "unknown",
        _ => FormattableString.Invariant($"{value}"),
    };

    static string Describe(AttrValue value) => value.ValueCase switch
    {
        AttrValue.ValueOneofCase.S => value.S.ToStringUtf8(),
        AttrValue.ValueOneofCase.I => FormattableString.Invariant($"{value.I}"),
        AttrValue.ValueOneofCase.F => FormattableString.Invariant($"{value.F}"),
        AttrValue.ValueOneofCase.B => $"{value.B}",
        AttrValue.ValueOneofCase.Type => DType.FromNumber((int)value.Type).Name,
        AttrValue.ValueOneofCase.Shape => value.Shape.UnknownRank ? "unknown" : ShapeProtos.FromProto(value.Shape).ToString(),
        _ => value.List is { } list ? string.Join(",", list.I.Select(i => (object)i).Concat(list.F.Select(f => (object)f))) : "",
    };
}
