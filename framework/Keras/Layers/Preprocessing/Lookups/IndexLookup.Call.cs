using Keras.Graphs;

namespace Keras.Layers;

// The layer's computation: a table lookup, then indices for the mask and for out-of-vocabulary tokens.
public abstract partial class IndexLookup
{
    const long Missing = -1;

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var depth = Depth();
        var found = _options.Invert ? TokensOf(Keys(inputs)) : IndicesOf(Keys(inputs));
        if (_options.IsInt) return found;
        var isTfIdf = _options.OutputMode == LookupOptions.TfIdf;
        var encoded = CategoryCodes.Encode(found, isTfIdf ? LookupOptions.Count : _options.OutputMode, depth, isTfIdf ? DType.Float32 : DType.Int64);
        return isTfIdf ? encoded * WeightsOf(depth) : encoded;
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => InferredShapes.Of(this, _table.KeyDType, input_shape);

    Tensor WeightsOf(int depth) => Weights is null ? Tf.Constant(HostTensor.Vector<float>(new float[depth])) : _liveWeights.Read();

    /// <summary>The number of categories of encoded outputs; 0 for indices.</summary>
    int Depth()
    {
        // The size is known before the file is read; only computing needs the tokens.
        if (_tokens.Length == 0 && Graph.Current is not { IsScratch: true }) throw NoVocabulary();
        if (_options.IsInt) return 0;
        return _options.PadToMaxTokens ? _options.MaxTokens!.Value : KnownSize ?? throw NoVocabulary();
    }

    InvalidOperationException NoVocabulary() => new($"The layer '{name}' ({GetType().Name}) has no vocabulary yet. Pass vocabulary, or call adapt or set_vocabulary before it is applied.");

    /// <summary>The inputs in the dtype of the table's keys.</summary>
    Tensor Keys(Tensor inputs)
    {
        if (inputs.dtype == _table.KeyDType) return inputs;
        var isNumber = inputs.dtype.IsNumeric && inputs.dtype != DType.Bool;
        if (_table.KeyDType == DType.Int64 && isNumber) return Tf.Cast(inputs, DType.Int64);
        throw new DTypeMismatchException("A lookup layer was given inputs of the wrong type", $"layer '{name}' ({GetType().Name})", _table.KeyDType == DType.String ? "strings" : "whole numbers", inputs.dtype.Name,
            _options.Invert ? "invert: true takes indices." : _options.AreNumbers ? "Use StringLookup for texts." : "Use IntegerLookup for whole numbers; a keras.Input for texts has dtype: \"string\".");
    }

    /// <summary>Maps indices to tokens: those of the mask and the vocabulary, otherwise the out-of-vocabulary token.</summary>
    Tensor TokensOf(Tensor indices)
    {
        var tokens = _table.Find(indices - Tf.Constant(_options.TokenStart, DType.Int64), Token(_options.OovToken ?? (_options.AreNumbers ? 0L : "")));
        if (_options.MaskToken is null) return tokens;
        return Tf.SelectV2(Tf.Equal(indices, Tf.Constant(0, DType.Int64)), Token(_options.MaskToken), tokens);
    }

    Tensor Token(object token) => Tf.Constant(_options.AreNumbers ? HostTensor.Scalar((long)token) : HostTensor.OfStrings(Shape.Scalar, [TokenTexts.Bytes(token, _options.Encoding)]));

    Tensor IndicesOf(Tensor keys)
    {
        var found = _table.Find(keys, Tf.Constant(Missing, DType.Int64));
        var isMissing = Tf.Less(found, Tf.Constant(0, DType.Int64));
        var indices = found + Tf.Constant(_options.TokenStart, DType.Int64);
        var isMask = _options.MaskToken is null ? null : Tf.Equal(keys, Token(_options.MaskToken));
        if (_options.OovIndices == 0) RequireKnown(keys, isMask is null ? isMissing : Tf.LogicalAnd(isMissing, Tf.LogicalNot(isMask)));
        else indices = Tf.SelectV2(isMissing, OovOf(keys), indices);
        return isMask is null ? indices : Tf.SelectV2(isMask, Tf.Constant(HostTensor.Scalar(_options.IsInt ? 0L : CategoryCodes.None)), indices);
    }

    /// <summary>The index of a key that is not in the vocabulary.</summary>
    Tensor OovOf(Tensor keys)
    {
        var start = Tf.Constant(_options.OovStart, DType.Int64);
        if (_options.OovIndices == 1) return start;
        if (_options.AreNumbers && !_options.HashesNumbers) return Tf.FloorMod(keys, Tf.Constant(_options.OovIndices, DType.Int64)) + start;
        var texts = _options.AreNumbers ? Tf.AsString(keys) : keys;
        return start + (_options.Salt is { } salt ? Tf.StringToHash(texts, _options.OovIndices, salt.First, salt.Second) : Tf.StringToHash(texts, _options.OovIndices));
    }

    const string OutOfVocabulary = "Every token must be in the vocabulary where num_oov_indices is 0";

    void RequireKnown(Tensor keys, Tensor isUnknown)
    {
        if (Graph.Current is { IsScratch: true }) return;
        if (isUnknown is not EagerTensor || keys is not EagerTensor)
        {
            var places = Tf.Where(isUnknown);
            Tf.Assert(Tf.Equal(Tf.SizeOf(places), Tf.Int32Scalar(0)), Tensor.Of($"{OutOfVocabulary}. Received:"), Tf.GatherNd(keys, places));
            return;
        }
        var unknown = isUnknown.ToArray<bool>();
        if (!Array.Exists(unknown, u => u)) return;
        var received = TokenTexts.Read(keys, _options.Encoding, _options.AreNumbers, name).Where((_, i) => unknown[i]).Distinct();
        throw new ValueRangeException(OutOfVocabulary, $"layer '{name}'", $"one of the {_tokens.Length} tokens of the vocabulary", Named(received), "Set num_oov_indices: 1 to give all others one index.");
    }
}
