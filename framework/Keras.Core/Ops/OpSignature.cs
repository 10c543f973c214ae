namespace Keras.Graphs;

/// <summary>Reads signatures such as <c>ConcatV2(values: N*T, axis: Tidx) -> (output: T) { attr: bool = false }</c>.</summary>
/// <remarks>An argument's type is a dtype, a type attribute (<c>T</c>), a list of one dtype (<c>N*T</c>) or a list of dtypes (<c>[Tin]</c>).
/// Attributes named by input arguments are inferred from them; all others are declared in the braces.</remarks>
static class OpSignature
{
    public static (string Name, ArgumentDefinition[] Inputs, ArgumentDefinition[] Outputs, AttributeDefinition[] Attributes) Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var arrow = text.IndexOf("->", StringComparison.Ordinal);
        var brace = text.IndexOf('{', StringComparison.Ordinal);
        var end = brace < 0 ? text.Length : brace;
        var inputs = Arguments(text[(open + 1)..text.LastIndexOf(')', arrow)]);
        var outputs = Arguments(text[(arrow + 2)..end].Trim().Trim('(', ')'));
        var declared = brace < 0 ? [] : Attributes(text[(brace + 1)..text.LastIndexOf('}')]);
        return (text[..open], inputs, outputs, [.. Inferred(inputs).Where(i => declared.All(d => d.Name != i.Name)), .. declared]);
    }

    static ArgumentDefinition[] Arguments(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Argument)];

    static ArgumentDefinition Argument(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (name, type) = (text[..colon].Trim(), text[(colon + 1)..].Trim());
        if (type[0] == '[') return new(name, TypeListAttribute: type[1..^1]);
        var star = type.IndexOf('*', StringComparison.Ordinal);
        var number = star < 0 ? null : type[..star];
        var element = type[(star + 1)..];
        return DType.TryParse(element, out var dtype) ? new(name, dtype, null, number) : new(name, null, element, number);
    }

    static IEnumerable<AttributeDefinition> Inferred(ArgumentDefinition[] inputs) => inputs
        .SelectMany(a => new[]
        {
            a.NumberAttribute is { } n ? new AttributeDefinition(n, "int") : null,
            a.TypeAttribute is { } t ? new AttributeDefinition(t, "type") : null,
            a.TypeListAttribute is { } l ? new AttributeDefinition(l, "list(type)") : null,
        })
        .OfType<AttributeDefinition>()
        .DistinctBy(a => a.Name);

    static AttributeDefinition[] Attributes(string text) => [.. SplitOutsideBrackets(text).Select(Attribute)];

    static AttributeDefinition Attribute(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = text[..colon].Trim();
        var kind = text[(colon + 1)..(equals < 0 ? text.Length : equals)].Trim();
        return new(name, kind, equals < 0 ? null : Default(kind, text[(equals + 1)..].Trim()));
    }

    static object Default(string kind, string text) => kind switch
    {
        "bool" => bool.Parse(text),
        "int" => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture),
        "float" => float.Parse(text, System.Globalization.CultureInfo.InvariantCulture),
        "string" => text.Trim('\''),
        "type" => DType.Parse(text),
        "shape" when text == "unknown" => Shape.Unknown,
        "shape" when text == "[]" => Shape.Scalar,
        "list(int)" => Items(text).Select(i => long.Parse(i, System.Globalization.CultureInfo.InvariantCulture)).ToArray(),
        "list(float)" => Items(text).Select(i => float.Parse(i, System.Globalization.CultureInfo.InvariantCulture)).ToArray(),
        "list(shape)" when text == "[]" => Array.Empty<Shape>(),
        "list(type)" when text == "[]" => Array.Empty<DType>(),
        "list(string)" when text == "[]" => Array.Empty<string>(),
        _ => throw new FormatException($"No default can be read from '{text}' for an attribute of kind {kind}."),
    };

    static string[] Items(string text) => text.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    static IEnumerable<string> SplitOutsideBrackets(string text)
    {
        var (depth, start, quoted) = (0, 0, false);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '\'') quoted = !quoted;
            if (i < text.Length && quoted) continue;
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                if (text[start..i].Trim() is { Length: > 0 } item) yield return item;
                start = i + 1;
            }
            else if (text[i] is '[' or '(')
            {
                depth++;
            }
            else if (text[i] is ']' or ')')
            {
                depth--;
            }
        }
    }

    /// <summary>Checks the inputs' number and dtypes against the signature and fills in the attributes that they decide.</summary>
    public static void InferFromInputs(OpDefinition op, Attributes given, ReadOnlySpan<Tensor> inputs, object?[] values)
    {
        var position = 0;
        for (var a = 0; a < op.Inputs.Length; a++)
        {
            var argument = op.Inputs[a];
            var count = CountOf(op, argument, given, inputs.Length);
            if (position + count > inputs.Length) throw WrongInputCount(op, inputs.Length);
            var taken = inputs.Slice(position, count);
            position += count;
            if (argument.NumberAttribute is { } n) values[op.IndexOf(n)] = (long)count;
            if (argument.TypeListAttribute is { } list)
            {
                values[op.IndexOf(list)] = DTypesOf(op, argument, op.Attributes[op.IndexOf(list)], given, taken);
                continue;
            }
            foreach (var tensor in taken) CheckDType(op, argument, tensor.dtype, values);
        }
        if (position != inputs.Length) throw WrongInputCount(op, inputs.Length);
    }

    /// <summary>The dtypes of a list; if the call states them too, they must match.</summary>
    static DType[] DTypesOf(OpDefinition op, ArgumentDefinition argument, AttributeDefinition attribute, Attributes given, ReadOnlySpan<Tensor> tensors)
    {
        var said = given.TryGet(attribute.Name, out var value) ? (DType[])value : null;
        var dtypes = new DType[tensors.Length];
        for (var i = 0; i < dtypes.Length; i++)
        {
            dtypes[i] = tensors[i].dtype;
            RequireAllowed(op, attribute, dtypes[i], "input", argument.Name);
            if (said is not null && i < said.Length && said[i] != dtypes[i])
                throw new DTypeMismatchException("The dtypes of an operation do not fit", $"{NameScope.Path(op.Name)}, input '{argument.Name}', tensor {i}", said[i].Name, dtypes[i].Name, "Cast one of the inputs.");
        }
        return dtypes;
    }

    /// <summary>Checks that the op has every explicit attribute, and that each value is of the right kind.</summary>
    public static void CheckAttributes(OpDefinition op, Attributes attributes)
    {
        foreach (var (name, value) in attributes.Items)
        {
            var attribute = op.Attribute(name) ?? throw new ArgumentException(
                $"{NameScope.Path(op.Name)} has no attribute '{name}'. Expected: {string.Join(", ", op.Attributes.Select(a => a.Name))}.");
            if (!IsOfKind(value, attribute.Kind))
                throw new ArgumentException($"{NameScope.Path(op.Name)}, attribute '{name}'. Expected: {attribute.Kind}. Received: {value.GetType().Name}.");
            if (value is DType dtype) RequireAllowed(op, attribute, dtype, "attribute");
            if (value is DType[] dtypes)
                foreach (var one in dtypes) RequireAllowed(op, attribute, one, "attribute");
        }
    }

    static bool IsOfKind(object value, string kind) => (kind, value) is
        ("int", long) or ("float", float) or ("bool", bool) or ("string", string) or ("type", DType) or ("shape", Shape) or ("tensor", HostTensor)
        or ("func", FunctionGraph) or ("list(func)", FunctionGraph[]) or ("list(int)", long[]) or ("list(float)", float[]) or ("list(string)", string[]) or ("list(type)", DType[])
        or ("list(shape)", Shape[]);

    static void CheckDType(OpDefinition op, ArgumentDefinition argument, DType dtype, object?[] values)
    {
        var expected = argument.Type;
        if (argument.TypeAttribute is { } attribute)
        {
            ref var slot = ref values[op.IndexOf(attribute)];
            slot ??= dtype;
            expected = (DType)slot;
        }
        if (dtype != expected)
            throw new DTypeMismatchException("The dtypes of an operation do not fit", $"{NameScope.Path(op.Name)}, input '{argument.Name}'",
                expected!.Name, dtype.Name, "Cast one of the inputs.");
        if (argument.TypeAttribute is { } typed) RequireAllowed(op, op.Attributes[op.IndexOf(typed)], dtype, "input", argument.Name);
    }

    static void RequireAllowed(OpDefinition op, AttributeDefinition attribute, DType dtype, string what, string? name = null)
    {
        if (!attribute.Allows(dtype))
            throw new DTypeMismatchException("An operation does not take a dtype", $"{NameScope.Path(op.Name)}, {what} '{name ?? attribute.Name}'", string.Join(", ", attribute.Allowed!.AsEnumerable()), dtype.Name, "Cast it to one of these.");
    }

    /// <summary>The number of tensors in an argument; where lists may differ in length, the call's attributes give it.</summary>
    public static int CountOf(OpDefinition op, ArgumentDefinition argument, Attributes given, int inputCount)
    {
        if (!argument.IsList) return 1;
        if (!op.HasUnequalLists) return ListLength(op, inputCount);
        var attribute = argument.LengthAttribute!;
        return !given.TryGet(attribute, out var value) ? throw new ArgumentException($"{NameScope.Path(op.Name)} needs the attribute '{attribute}', which says how many '{argument.Name}' there are.")
            : value is DType[] dtypes ? dtypes.Length : value is long and >= 0 and <= int.MaxValue ? (int)(long)value : throw WrongInputCount(op, inputCount);
    }

    /// <summary>The length shared by all lists of a signature, from the number of inputs without the single ones.</summary>
    static int ListLength(OpDefinition op, int inputCount)
    {
        var lists = op.Inputs.Count(i => i.IsList);
        var singles = op.Inputs.Length - lists;
        if (lists == 0 || (inputCount - singles) % lists != 0) throw WrongInputCount(op, inputCount);
        return (inputCount - singles) / lists;
    }

    static ArgumentException WrongInputCount(OpDefinition op, int received) =>
        new($"{NameScope.Path(op.Name)} takes the inputs ({string.Join(", ", op.Inputs.Select(i => i.Name))}). Received: {received} tensors.");
}
