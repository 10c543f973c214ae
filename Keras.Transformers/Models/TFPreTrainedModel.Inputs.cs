namespace Keras.Transformers;

/// <summary>What is checked of inputs and labels, so that a first mistake is named before anything runs.</summary>
public abstract partial class TFPreTrainedModel
{
    const string TokenizerRemedy = "Encode texts with the model's tokenizer: model.predict(tokenizer.Apply(texts, padding: true, truncation: true, return_tensors: \"tf\")).";

    const string PastKeyValues = "past_key_values";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input has a name that the model does not know, or labels come twice or not at all.</exception>
    /// <exception cref="DTypeMismatchException">Texts or fractions came where numbers of tokens or labels are wanted.</exception>
    /// <exception cref="ShapeMismatchException">An input has another number of axes, or does not fit the main one.</exception>
    internal override void CheckData(Batch data)
    {
        CheckKinds(data);
        var inputs = LayerArguments.Named(InputNames, data.x).ToList();
        if (inputs.TrueForAll(i => i.Key != PastKeyValues)) RequireSameTokens(inputs); // with a past, the mask covers more than the new tokens
    }

    void CheckKinds(Batch data)
    {
        if (data.x.Count == 0) throw new ArgumentException($"{GetType().Name} was given no inputs. Expected: \"{main_input_name}\" as {Wanted(main_input_name)}. Received: {Known.Say(data.x)}. {TokenizerRemedy}");
        if (data.x is { IsLeaf: false, IsDictionary: false } && data.x.Count > InputNames.Count)
            throw new ArgumentException($"{GetType().Name} was given more inputs than it takes. Expected: at most {InputNames.Count}: {Known.List(InputNames)}. Received: {data.x.Count}.");
        var inputs = LayerArguments.Named(InputNames, data.x).ToList();
        foreach (var (name, _) in inputs) RequireKnown(name);
        foreach (var (name, value) in inputs) RequireKind(name, value);
        foreach (var (name, value) in LabelsOf(data.y).Named().Where(l => LabelNames.Contains(l.Key))) RequireKind(name, value);
        foreach (var (path, tensor) in data.Named())
            if (tensor.dtype == DType.String) throw Texts(path, tensor, data.y is not null && path.StartsWith('y') ? "numbers" : "numbers, as the tokenizer makes them");
        base.CheckData(data);
    }

    void RequireKnown(string name)
    {
        if (!InputNames.Contains(name)) throw new ArgumentException($"{GetType().Name} takes no input '{name}'. Expected: {Known.List(InputNames)}.{Known.Nearest(name, InputNames)}");
    }

    /// <summary>A mistaken name, texts, fractions as ids, and an axis too many or too few would fail somewhere inside, or be broadcast.</summary>
    private protected void RequireKind(string name, Tensors value)
    {
        RequireKnown(name);
        if (!value.IsLeaf) return;
        var tensor = value.Single;
        if (tensor.dtype == DType.String) throw Texts(name, tensor, Wanted(name));
        var isLabel = LabelNames.Contains(name);
        if (!isLabel && tensor.dtype.IsFloating && IntegerInputs.Any(i => i.Name == name))
            throw new DTypeMismatchException("An input holds fractions where numbers of tokens are wanted", $"{GetType().Name}, '{name}'", Wanted(name), $"{tensor.dtype.Name}, shape {tensor.shape}",
                name == main_input_name ? TokenizerRemedy : "Give int32 or int64 values.");
        if (!isLabel && tensor.shape.HasRank && input_signature.TryGetValue(name, out var signature) && HasOtherRank(name, tensor.ndim, signature.Shape.Rank))
            throw new ShapeMismatchException("An input has another number of axes than the model takes", $"{GetType().Name}, '{name}'", Wanted(name), $"{tensor.dtype.Name}, shape {tensor.shape}",
                tensor.ndim == signature.Shape.Rank - 1
                    ? $"This is one text without an axis of rows: call tokenizer.Apply with return_tensors: \"tf\", or with a list of texts; ops.expand_dims({name}, 0) adds the axis."
                    : "Give each text one row of numbers.");
    }

    /// <summary>A mask may have an axis more: for each token its own.</summary>
    bool HasOtherRank(string name, int rank, int wanted) => rank != wanted && (name == main_input_name || IntegerInputs.Any(i => i.Name == name) || rank < wanted);

    DTypeMismatchException Texts(string name, Tensor tensor, string wanted) => new("The model takes numbers, not texts", $"{GetType().Name}, '{name}'", wanted,
        $"{tensor.dtype.Name}, shape {tensor.shape}", LabelNames.Contains(name) || name.StartsWith('y') ? "Number the labels from 0, as config.label2id does." : TokenizerRemedy);

    /// <summary>"(B, T) integers", as the model declares an input.</summary>
    string Wanted(string name)
    {
        if (LabelNames.Contains(name)) return "numbers of classes from 0, one for each label";
        if (!input_signature.TryGetValue(name, out var signature)) return "numbers";
        var axes = signature.Shape.Rank switch { 2 => "(B, T)", 3 => "(B, N, T)", _ => signature.Shape.ToString() };
        return $"{axes} {(signature.DType.IsInteger ? "integers" : signature.DType.Name)}{(name == main_input_name ? ", a row of token ids for each text" : "")}";
    }

    /// <summary>Inputs of one form go with each other token by token; one row may stand for all.</summary>
    void RequireSameTokens(IEnumerable<KeyValuePair<string, Tensors>> inputs)
    {
        Shape? main = null;
        foreach (var (name, value) in inputs)
        {
            if (!value.IsLeaf || !input_signature.ContainsKey(name) || !value.Single.shape.HasRank) continue;
            var shape = value.Single.shape;
            if (name == main_input_name) main = shape;
            else if (main is not null && main.Rank == shape.Rank && !Enumerable.Range(0, shape.Rank).All(i => shape[i] == main[i] || shape[i] < 0 || main[i] < 0 || (i == 0 && shape[i] == 1)))
                throw new ShapeMismatchException("Two inputs differ in shape", $"{GetType().Name}, '{name}'", $"{main} as '{main_input_name}'", shape.ToString(), "Give both as one call of the tokenizer returns them.");
        }
    }
}
