using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>The signatures' language, and that every op of the table is well-formed.</summary>
sealed class OpSignatureTests
{
    static IEnumerable<OpDefinition> AllOps => OpTable.All.OrderBy(o => o.Name, StringComparer.Ordinal);

    [Test]
    public void ReadsArgumentsOfEveryKind()
    {
        var (name, inputs, outputs, attributes) = OpSignature.Parse("Op(a: T, b: int32, c: N*T, d: [Tin]) -> (x: T, y: bool, z: [Tout]) { Tout: list(type), axis: int = 0 }");
        Assert.That(name, Is.EqualTo("Op"));
        Assert.That(inputs, Is.EqualTo(new ArgumentDefinition[] { new("a", TypeAttribute: "T"), new("b", DType.Int32),
            new("c", TypeAttribute: "T", NumberAttribute: "N"), new("d", TypeListAttribute: "Tin") }));
        Assert.That(outputs, Is.EqualTo(new ArgumentDefinition[] { new("x", TypeAttribute: "T"), new("y", DType.Bool), new("z", TypeListAttribute: "Tout") }));
        Assert.That(attributes.Select(a => (a.Name, a.Kind, a.Default)), Is.EqualTo(new (string, string, object?)[]
            { ("T", "type", null), ("N", "int", null), ("Tin", "list(type)", null), ("Tout", "list(type)", null), ("axis", "int", 0L) }));
    }

    static TestCaseData Default(string kind, string text, object expected) =>
        new(kind, text, expected) { TestName = $"{{m}}({kind} = {text.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)})" };

    static IEnumerable<TestCaseData> Defaults() =>
    [
        Default("bool", "true", true), Default("int", "-1", -1L), Default("float", "0.2", 0.2f), Default("string", "'NHWC'", "NHWC"),
            Default("string", "''", ""),
        Default("string", "'\n'", "\n"), Default("string", "'\t'", "\t"), Default("type", "int32", DType.Int32), Default("shape", "unknown", Shape.Unknown),
        Default("list(int)", "[1, 1, 2]", new long[] { 1, 1, 2 }), Default("list(int)", "[]", Array.Empty<long>()),
            Default("list(float)", "[0.5]", new[] { 0.5f }),
        Default("list(shape)", "[]", Array.Empty<Shape>()), Default("list(string)", "[]", Array.Empty<string>()),
    ];

    [TestCaseSource(nameof(Defaults))]
    public void ReadsDefaults(string kind, string text, object expected) =>
        Assert.That(OpSignature.Parse($"Op() -> () {{ a: {kind} = {text}, b: int = 7 }}").Attributes.Select(a => a.Default),
            Is.EqualTo(new[] { expected, 7L }));

    [Test]
    public void ADefaultThatCannotBeReadIsAnError() => Assert.That(() => OpSignature.Parse("Op() -> () { a: func = x }"), Throws.TypeOf<FormatException>());

    [Test]
    public void TheTableHasEveryTheme() => Assert.That(OpTable.All, Has.Count.GreaterThan(300));

    [TestCaseSource(nameof(AllOps))]
    public void IsWellFormed(OpDefinition op)
    {
        var types = op.Attributes.Where(a => a.Kind == "type").Select(a => a.Name).ToHashSet();
        var lists = op.Attributes.Where(a => a.Kind == "list(type)").Select(a => a.Name).ToHashSet();
        var numbers = op.Attributes.Where(a => a.Kind == "int").Select(a => a.Name).ToHashSet();
        foreach (var argument in op.Inputs.Concat(op.Outputs))
        {
            Assert.That(argument.Type is not null || types.Contains(argument.TypeAttribute!) || lists.Contains(argument.TypeListAttribute!), Is.True,
                $"the type of {argument.Name}");
            if (argument.NumberAttribute is { } number) Assert.That(numbers, Does.Contain(number));
        }
        if (op.Inputs.Count(i => i.IsList) > 1)
            Assert.That(op.HasUnequalLists || op.Inputs.Where(i => i.IsList).All(i => i.NumberAttribute is not null), Is.True, "the length of lists follows from the number of inputs, or is said");
        Assert.That(op.Attributes.Select(a => a.Name), Is.Unique);
        Assert.That(op.IsComposite, Is.EqualTo(char.IsLower(op.Name[0])), "composites are named in lower case");
        if (op.State is StateAccess.Read or StateAccess.Write)
            Assert.That(op.Inputs.Any(i => i.Type == DType.Resource), Is.True, "a resource to read or change");
        if (!op.IsDifferentiable) Assert.That(op.Gradient, Is.Null);
    }

    /// <summary>Whatever is not known, an op infers what it can, or says with a typed error what it needs.</summary>
    [TestCaseSource(nameof(AllOps))]
    public void InputsOfUnknownRankAreNoCrash(OpDefinition op)
    {
        if (op.Attributes.Any(a => a.Kind is "func" or "list(func)")) Assert.Ignore("Its shapes are those of its functions.");
        var graph = new Graph(null);
        using var scope = graph.Enter();
        Tensor[] inputs = [.. op.Inputs.Select(i => graph.AddParameter(i.Type ?? Taken(op.Attribute(i.TypeAttribute ?? i.TypeListAttribute!)!), Shape.Unknown, i.Name))];
        Node node;
        try
        {
            node = graph.Add(op, Attributes.Of([.. op.Attributes.Where(a => a.Default is null
                && (op.HasUnequalLists || !IsInferred(op, a))).Select(a => (a.Name, Sample(a)))]), inputs);
        }
        catch (Exception e) when (e is ShapeMismatchException or UnsupportedException)
        {
            Assert.That(((KerasException)e).Where, Is.EqualTo(op.Name));
            return;
        }
        foreach (var output in node.Outputs) _ = output.Value;
        Assert.That(node.Outputs.Select(o => o.shape), Is.All.Not.Null);
    }

    static DType Taken(AttributeDefinition attribute) => attribute.Allowed is { } allowed && !allowed.Contains(DType.Float32) ? allowed[0] : DType.Float32;

    static bool IsInferred(OpDefinition op, AttributeDefinition attribute) =>
        op.Inputs.Any(i => i.TypeAttribute == attribute.Name || i.NumberAttribute == attribute.Name || i.TypeListAttribute == attribute.Name);

    static object Sample(AttributeDefinition attribute) => (attribute.Name, attribute.Kind) switch
    {
        ("ksize" or "ksizes" or "strides" or "rates", _) => new long[] { 1, 2, 2, 1 },
        ("padding", _) => "SAME",
        ("equation", _) => "a->a",
        (_, "type") => Taken(attribute),
        (_, "int") => 1L,
        (_, "float") => 0.5f,
        (_, "string") => "",
        (_, "bool") => false,
        (_, "shape") => Shape.Unknown,
        (_, "tensor") => HostTensor.Scalar(1f),
        (_, "list(int)") => new long[] { 1 },
        (_, "list(float)") => new[] { 1f },
        (_, "list(type)") => new[] { Taken(attribute) },
        (_, "list(shape)") => new[] { Shape.Scalar },
        (_, "list(string)") => new[] { "ROW_SPLITS" },
        _ => throw new ArgumentException(attribute.Kind),
    };
}
