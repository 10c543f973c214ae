namespace Keras.Transformers;

/// <summary>Checks of inputs and labels, so that a first mistake is reported before anything runs.</summary>
public abstract partial class TFPreTrainedModel
{
    const string TokenizerRemedy = "Encode texts with the model's tokenizer: model.predict(tokenizer.Apply(texts, padding: true, truncation: true, return_tensors: \"tf\")).";

    const string PastKeyValues = "past_key_values";

    /// <summary>Whether the main input is token ids.</summary>
    bool TakesTexts => IntegerInputs.Any(i => i.Name == main_input_name);

    /// <summary>The required inputs, the main one first.</summary>
    internal virtual IReadOnlyList<string> NeededInputs => [main_input_name];

    /// <summary>The input with which another one shares an axis; in a model with one sequence, the main input.</summary>
    /// <param name="input">The other input.</param>
    /// <param name="axis">The axis, 0 for samples.</param>
    internal virtual string AxesOf(string input, int axis) => main_input_name;

    string InputRemedy => TakesTexts ? TokenizerRemedy : $"Give {main_input_name} as the model's processor makes it.";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input has a name that the model does not know, or labels are given twice or not at all.</exception>
    /// <exception cref="DTypeMismatchException">Texts or floats are given where token ids or labels are expected.</exception>
    /// <exception cref="ValueRangeException">A floating-point main input holds NaN or infinity.</exception>
    /// <exception cref="ShapeMismatchException">An input has a wrong rank, or does not match the main one.</exception>
    internal override void CheckData(Batch data)
    {
        CheckKinds(data);
        var inputs = LayerArguments.Named(InputNames, data.x).ToList();
        if (inputs.TrueForAll(i => i.Key != PastKeyValues)) RequireSameTokens(inputs); // with a past, the mask covers more than the new tokens
    }

    void CheckKinds(Batch data)
    {
        if (data.x.Count == 0) throw new ArgumentException($"{GetType().Name} was given no inputs. Expected: \"{main_input_name}\" as {Wanted(main_input_name)}. Received: {Known.Say(data.x)}. {InputRemedy}");
        if (data.x is { IsLeaf: false, IsDictionary: false } && data.x.Count > InputNames.Count)
            throw new ArgumentException($"{GetType().Name} was given more inputs than it takes. Expected: at most {InputNames.Count}: {Known.List(InputNames)}. Received: {data.x.Count}.");
        var inputs = LayerArguments.Named(InputNames, data.x).ToList();
        foreach (var (name, _) in inputs) RequireKnown(name);
        foreach (var (name, value) in inputs) RequireKind(name, value);
        foreach (var (name, value) in inputs.Where(i => i.Key == main_input_name && i.Value.IsLeaf)) RequireFinite(name, value.Single);
        foreach (var (name, value) in LabelsOf(data.y).Named().Where(l => LabelNames.Contains(l.Key))) RequireKind(name, value);
        foreach (var (path, tensor) in data.Named())
            if (tensor.dtype == DType.String) throw Texts(path, tensor, data.y is not null && path.StartsWith('y') ? "numbers" : TakesTexts ? "numbers, as the tokenizer makes them" : "numbers");
        base.CheckData(data);
    }

    void RequireKnown(string name)
    {
        if (!InputNames.Contains(name)) throw new ArgumentException($"{GetType().Name} takes no input '{name}'. Expected: {Known.List(InputNames)}.{Known.Nearest(name, InputNames)}");
    }

    /// <summary>Checks an input's dtype and rank: wrong ones would fail deep inside, or be broadcast.</summary>
    private protected void RequireKind(string name, Tensors value)
    {
        RequireKnown(name);
        if (!value.IsLeaf) return;
        var tensor = value.Single;
        if (tensor.dtype == DType.String) throw Texts(name, tensor, Wanted(name));
        var isLabel = LabelNames.Contains(name);
        if (!isLabel && tensor.dtype.IsFloating && IntegerInputs.Any(i => i.Name == name))
            throw new DTypeMismatchException("An input holds fractions where whole numbers are expected", $"{GetType().Name}, '{name}'", Wanted(name), $"{tensor.dtype.Name}, shape {tensor.shape}",
                name == main_input_name ? TokenizerRemedy : "Give int32 or int64 values.");
        if (!isLabel && tensor.shape.HasRank && input_signature.TryGetValue(name, out var signature) && HasOtherRank(name, tensor.ndim, signature.Shape.Rank))
            throw new ShapeMismatchException("An input has another number of axes than the model takes", $"{GetType().Name}, '{name}'", Wanted(name), $"{tensor.dtype.Name}, shape {tensor.shape}",
                (tensor.ndim == signature.Shape.Rank - 1, TakesTexts) switch
                {
                    (true, true) => $"This is one text without an axis of rows: call tokenizer.Apply with return_tensors: \"tf\", or with a list of texts; ops.expand_dims({name}, 0) adds the axis.",
                    (true, false) => $"This is one sample without an axis of samples: ops.expand_dims({name}, 0) adds the axis.",
                    (false, true) => "Give each text one row of numbers.",
                    _ => InputRemedy,
                });
    }

    /// <summary>Checks that all numbers are finite: a single NaN would make every output NaN, and a training step every weight.</summary>
    void RequireFinite(string name, Tensor value)
    {
        if (value is not EagerTensor || !value.dtype.IsFloating || value.ndim == 0) return;
        var isFinite = Api.ops.isfinite(value);
        if (Api.ops.all(isFinite).ToScalar<bool>()) return;
        var rows = Api.ops.all(isFinite, [.. Enumerable.Range(1, value.ndim - 1)]).ToArray<bool>();
        throw new ValueRangeException("An input holds a value that is not a number", $"{GetType().Name}, '{name}', row {Array.IndexOf(rows, false)}", "finite numbers",
            $"NaN or an infinite number in {rows.Count(r => !r)} of {rows.Length} rows", "Leave these samples out, or look at how they were made.");
    }

    /// <summary>Whether a rank is wrong; a mask may have one more axis, with a row for each token.</summary>
    bool HasOtherRank(string name, int rank, int wanted) => rank != wanted && (name == main_input_name || IntegerInputs.Any(i => i.Name == name) || rank < wanted);

    DTypeMismatchException Texts(string name, Tensor tensor, string wanted) => new("The model takes numbers, not texts", $"{GetType().Name}, '{name}'", wanted,
        $"{tensor.dtype.Name}, shape {tensor.shape}", LabelNames.Contains(name) || name.StartsWith('y') ? "Number the labels from 0, as config.label2id does." : InputRemedy);

    /// <summary>The model's declaration of an input, such as "(B, T) integers".</summary>
    string Wanted(string name)
    {
        if (LabelNames.Contains(name)) return "numbers of classes from 0, one for each label";
        if (!input_signature.TryGetValue(name, out var signature)) return "numbers";
        var axes = (signature.Shape.Rank, signature.DType.IsInteger) switch
        {
            (2, true) => "(B, T)",
            (3, true) => "(B, N, T)",
            _ => $"({string.Join(", ", signature.Shape.ToArray().Select((d, axis) => d >= 0 ? $"{d}" : axis == 0 ? "B" : "T"))})",
        };
        return $"{axes} {(signature.DType.IsInteger ? "integers" : signature.DType.Name)}{(TakesTexts && name == main_input_name ? ", a row of token ids for each text" : "")}";
    }

    /// <summary>Checks that inputs of one form have the same shape, where one row may stand for all.</summary>
    void RequireSameTokens(IEnumerable<KeyValuePair<string, Tensors>> inputs)
    {
        var shapes = inputs.Where(i => i.Value.IsLeaf && input_signature.ContainsKey(i.Key) && i.Value.Single.shape.HasRank).ToDictionary(i => i.Key, i => i.Value.Single.shape);
        foreach (var (name, shape) in shapes)
            for (var axis = 0; axis < shape.Rank; axis++)
            {
                var other = AxesOf(name, axis);
                if (other == name || !shapes.TryGetValue(other, out var main) || (axis > 0 && main.Rank != shape.Rank)) continue;
                if (shape[axis] != main[axis] && shape[axis] >= 0 && main[axis] >= 0 && !(axis == 0 && shape[0] == 1))
                    throw new ShapeMismatchException("Two inputs differ in shape", $"{GetType().Name}, '{name}'", main.Rank == shape.Rank ? $"{main} as '{other}'" : $"{main[axis]} rows as '{other}'", shape.ToString(),
                        "Give both as one call of the tokenizer returns them.");
            }
    }
}
