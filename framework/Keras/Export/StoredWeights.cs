using Keras.Graphs;
using Keras.Layers;
using Keras.SavedModels;

namespace Keras.Export;

/// <summary>The variables that an export holds in another form than the model: 16 bits, 8 bits with a factor for each channel, constants.</summary>
sealed class StoredWeights
{
    const double Levels = 127;
    const double LargestBFloat16 = 3.3895e38;

    readonly ExportOptions _options;
    readonly Func<IReadOnlyList<Layer>> _tracked;
    readonly Dictionary<Variable, Form?> _forms = [];
    readonly Dictionary<Variable, Variable> _originals = [];
    readonly List<Action> _refills = [];
    (int Layers, HashSet<Variable> Weights, Dictionary<Variable, int[]> Axes) _known = (0, [], []);

    /// <summary>What a variable is in the file, nothing where it is a constant, and how it is read there.</summary>
    sealed record Form(IReadOnlyList<Variable> Parts, Func<Tensor> Read);

    /// <param name="options">The forms.</param>
    /// <param name="tracked">The layers that the archive tracks; asked when a variable is read first.</param>
    public StoredWeights(ExportOptions options, Func<IReadOnlyList<Layer>> tracked)
    {
        (_options, _tracked) = (options, tracked);
        Folding = (options.FoldConstants ?? options.Frozen) ? new() : null;
    }

    /// <summary>What folds constants in all functions of the export; null where they stay.</summary>
    public ConstantFolding? Folding { get; }

    /// <summary>Functions traced until it is disposed read variables in these forms.</summary>
    public StoredVariables Enter() => StoredVariables.Enter(Read, this);

    /// <summary>Gives stored variables the values of the model's as they are now; constants keep those of the trace.</summary>
    public void Refresh()
    {
        using (Graph.Suspend())
        using (GradientTape.Pause())
            foreach (var refill in _refills) refill();
    }

    /// <summary>The variables in the file that a variable is. A weight of the model, or what an endpoint reads, is itself, one of 16 bits, one of 8 bits and its factors, or none; any other, such as an optimizer's, is
    /// itself.</summary>
    public IReadOnlyList<Variable> PartsOf(Variable variable) => _forms.ContainsKey(variable) || KnownLayers().Weights.Contains(variable) ? FormOf(variable)?.Parts ?? [variable] : [variable];

    /// <summary>The model's variable of which a variable in the file is a part.</summary>
    public Variable OriginalOf(Variable stored) => _originals.GetValueOrDefault(stored, stored);

    Tensor? Read(Variable variable) => FormOf(variable)?.Read();

    Form? FormOf(Variable variable)
    {
        if (_originals.ContainsKey(variable)) return null;
        if (_forms.TryGetValue(variable, out var known)) return known;
        var isMatrix = variable.dtype == DType.Float32 && variable.shape.Rank >= 2;
        var contracted = _options.Int8Kernels && isMatrix ? ContractedAxes(variable) : null;
        if (!_options.Frozen && contracted is null && (_options.WeightDType == DType.Float32 || !isMatrix)) return _forms[variable] = null;
        using (Graph.Suspend())
        using (GradientTape.Pause())
            return _forms[variable] = contracted is not null ? Quantized(variable, contracted) : isMatrix && _options.WeightDType != DType.Float32 ? Narrowed(variable) : Frozen(variable);
    }

    Form Frozen(Variable variable)
    {
        var value = Tf.ReadVariable(variable.Handle, variable.dtype);
        return new([], () => value);
    }

    Form Narrowed(Variable variable)
    {
        var stored = Part(variable, variable.shape, _options.WeightDType, () => Tf.Cast(ValueOf(variable, _options.WeightDType == DType.Float16 ? (double)Half.MaxValue : LargestBFloat16), _options.WeightDType), "");
        return new(stored.Parts, () => Tf.Cast(stored.Read(), DType.Float32));
    }

    /// <summary>Whole numbers from -127 to 127 and a factor for each output channel.</summary>
    Form Quantized(Variable variable, int[] contracted)
    {
        Tensor FactorOf(Tensor value)
        {
            var largest = Tf.Max(Tf.Abs(value), contracted, true);
            return Tf.SelectV2(Tf.Greater(largest, Tf.ZerosLike(largest)), largest * (1 / Levels), Tf.OnesLike(largest));
        }
        Tensor Value() => ValueOf(variable, double.MaxValue);
        var stored = Part(variable, variable.shape, DType.Int8, () =>
        {
            var value = Value();
            return Tf.Cast(Tf.Round(value / FactorOf(value)), DType.Int8);
        }, "");
        var channels = new Shape([.. variable.shape.ToArray().Select((d, axis) => contracted.Contains(axis) ? 1 : d)]);
        var factors = Part(variable, channels, DType.Float32, () => FactorOf(Value()), "_scale");
        return new([.. stored.Parts, .. factors.Parts], () => Tf.Cast(stored.Read(), DType.Float32) * factors.Read());
    }

    /// <summary>A constant, or a variable that is zero until the file is written: its value is made once.</summary>
    Form Part(Variable variable, Shape shape, DType dtype, Func<Tensor> make, string suffix)
    {
        if (_options.Frozen)
        {
            var value = make();
            return new([], () => value);
        }
        var part = Variable.OfZeros(shape, dtype, variable.name + suffix);
        (part.path, part.trainable) = (variable.path + suffix, variable.trainable && dtype.IsFloating && suffix.Length == 0);
        _originals.Add(part, variable);
        _refills.Add(() => part.assign(make()));
        return new([part], () => Tf.ReadVariable(part.Handle, part.dtype));
    }

    /// <exception cref="ValueRangeException">A weight is not finite, or too large.</exception>
    static Tensor ValueOf(Variable variable, double limit)
    {
        var value = Tf.ReadVariable(variable.Handle, variable.dtype);
        var largest = variable.size == 0 ? 0 : Tf.Max(Tf.Reshape(Tf.Abs(value), Tf.Int32(-1)), [0], false).ToScalar<float>();
        // A comparison with NaN is false.
        return largest <= limit ? value : throw new ValueRangeException("A weight cannot be stored in the form of the export", variable.path, $"finite numbers up to {limit:g6}", $"{largest}",
            "Export with weights of float32.");
    }

    /// <summary>The axes of a dense layer's kernel over which it sums; null for other variables.</summary>
    int[]? ContractedAxes(Variable variable) => KnownLayers().Axes.GetValueOrDefault(variable);

    /// <summary>The weights of the tracked layers, and the kernels among them.</summary>
    (HashSet<Variable> Weights, Dictionary<Variable, int[]> Axes) KnownLayers()
    {
        var tracked = _tracked();
        if (_known.Layers != tracked.Count)
        {
            var axes = new Dictionary<Variable, int[]>();
            foreach (var layer in tracked.SelectMany(l => l.AllLayers().Prepend(l)).Where(l => l.built))
            {
                if (layer is Dense dense) axes[dense.kernel] = [0];
                else if (layer is EinsumDense einsum) axes[einsum.kernel] = einsum.ContractedAxes;
            }
            _known = (tracked.Count, [.. tracked.SelectMany(l => l.weights)], axes);
        }
        return (_known.Weights, _known.Axes);
    }
}
