using Keras.Graphs;
using Keras.Layers;
using Keras.SavedModels;

namespace Keras.Export;

/// <summary>Variables that an export stores in another form than the model: 16 bits, 8 bits with a scale for each channel, or constants.</summary>
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

    /// <summary>The variables that store one in the file (none for a constant), and how to read its value.</summary>
    sealed record Form(IReadOnlyList<Variable> Parts, Func<Tensor> Read);

    /// <param name="options">The forms.</param>
    /// <param name="tracked">Gives the layers that the archive tracks; called when a variable is first read.</param>
    public StoredWeights(ExportOptions options, Func<IReadOnlyList<Layer>> tracked)
    {
        (_options, _tracked) = (options, tracked);
        Folding = (options.FoldConstants ?? options.Frozen) ? new() : null;
    }

    /// <summary>Folds constants in all functions of the export; null if they are kept.</summary>
    public ConstantFolding? Folding { get; }

    /// <summary>Makes functions traced until disposal read variables in these forms.</summary>
    public StoredVariables Enter() => StoredVariables.Enter(Read, this);

    /// <summary>Updates stored variables to the model's current values; constants keep their values from the trace.</summary>
    public void Refresh()
    {
        using (Graph.Suspend())
        using (GradientTape.Pause())
            foreach (var refill in _refills) refill();
    }

    /// <summary>The variables that store one in the file. A weight, or what an endpoint reads, is stored as itself, as one of 16 bits, as one of 8 bits with its scales, or not at all; any other, such as an
    /// optimizer's, as itself.</summary>
    public IReadOnlyList<Variable> PartsOf(Variable variable) => _forms.ContainsKey(variable) || KnownLayers().Weights.Contains(variable) ? FormOf(variable)?.Parts ?? [variable] : [variable];

    /// <summary>The model's variable that a stored variable belongs to.</summary>
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

    /// <summary>Quantizes to integers from -127 to 127, with a scale for each output channel.</summary>
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

    /// <summary>A constant, or a variable that stays zero until the file is written, so that its value is computed only once.</summary>
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
