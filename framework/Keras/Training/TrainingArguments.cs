using System.Collections;
using System.Runtime.CompilerServices;

namespace Keras;

/// <summary>How much <c>fit</c>, <c>evaluate</c> and <c>predict</c> print: "auto" (a progress bar), 0 or false (nothing), 1 or true (a progress bar), 2 (a line per epoch).</summary>
public readonly record struct VerboseArg
{
    readonly int _levelPlusOne;

    VerboseArg(int level) => _levelPlusOne = level + 1;

    /// <summary>The level 0, 1 or 2; 1 for "auto".</summary>
    internal int Level => _levelPlusOne == 0 ? 1 : _levelPlusOne - 1;

    /// <summary>0 (nothing), 1 (a progress bar) or 2 (a line per epoch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not one of these.</exception>
    public static implicit operator VerboseArg(int level) =>
        level is >= 0 and <= 2 ? new(level) : throw new ArgumentOutOfRangeException("verbose", level, "verbose is out of range. Expected: 0, 1, 2 or \"auto\".");

    /// <summary>A progress bar, or nothing.</summary>
    public static implicit operator VerboseArg(bool shown) => new(shown ? 1 : 0);

    /// <summary>"auto".</summary>
    /// <exception cref="ArgumentException">The text is another.</exception>
    public static implicit operator VerboseArg(string level) =>
        level == "auto" ? default : throw new ArgumentException($"verbose is unknown. Expected: 0, 1, 2 or \"auto\". Received: \"{level}\".", "verbose");
}

/// <summary>Whether steps are compiled by XLA: true, false or "auto".</summary>
/// <remarks>"auto" is as in Keras 3: on where the model supports it (<see cref="Model.supports_jit"/>) and the engine is TensorFlow with a device other
/// than a CPU; off with <c>run_eagerly</c> and on machines with CPUs only. There, ask for it with true.</remarks>
public readonly record struct JitArg
{
    JitArg(bool value) => Value = value;

    /// <summary>The chosen value; null for "auto".</summary>
    internal bool? Value { get; }

    /// <summary>Whether XLA compiles steps.</summary>
    public static implicit operator JitArg(bool value) => new(value);

    /// <summary>"auto".</summary>
    /// <exception cref="ArgumentException">The text is another.</exception>
    public static implicit operator JitArg(string value) =>
        value == "auto" ? default : throw new ArgumentException($"jit_compile is unknown. Expected: true, false or \"auto\". Received: \"{value}\".", "jit_compile");
}

/// <summary>How much each output's loss counts: a list in the order of the outputs, or a dictionary by output name.</summary>
/// <remarks>Lists are written <c>[0.5, 2]</c>, dictionaries <c>new() { ["price"] = 0.5 }</c>.</remarks>
[CollectionBuilder(typeof(LossWeightsArg), nameof(Create))]
public sealed class LossWeightsArg : IEnumerable<double>
{
    readonly double[]? _items;
    readonly Dictionary<string, double>? _byOutput;

    LossWeightsArg(double[] items) => _items = items;

    /// <summary>An empty dictionary, to be filled by <see cref="this[string]"/>.</summary>
    public LossWeightsArg() => _byOutput = [];

    /// <summary>A list, one weight for each output.</summary>
    public static LossWeightsArg Create(ReadOnlySpan<double> items) => new(items.ToArray());

    /// <summary>The weight of an output.</summary>
    /// <exception cref="InvalidOperationException">This is not a dictionary.</exception>
    public double this[string output]
    {
        get => Dictionary[output];
        set => Dictionary[output] = value;
    }

    Dictionary<string, double> Dictionary => _byOutput ?? throw new InvalidOperationException("The loss weights are not a dictionary by output.");

    internal IReadOnlyList<double>? Items => _items;

    internal IReadOnlyDictionary<string, double>? ByOutput => _byOutput;

    /// <summary>The argument as configs store it.</summary>
    internal object ToConfig() => (object?)_byOutput?.ToDictionary(o => o.Key, o => (object?)o.Value) ?? _items!;

    /// <summary>Reads the weights from a config; null for none.</summary>
    internal static LossWeightsArg? FromConfig(object? config) => config switch
    {
        null => null,
        IReadOnlyDictionary<string, object?> byOutput => byOutput.ToDictionary(o => o.Key, o => Convert.ToDouble(o.Value, System.Globalization.CultureInfo.InvariantCulture)),
        _ => (ConfigParts.List(config) ?? throw ConfigParts.Wrong("loss_weights", config)).Select(w => Convert.ToDouble(w, System.Globalization.CultureInfo.InvariantCulture)).ToArray(),
    };

    /// <summary>The weights of a list.</summary>
    public IEnumerator<double> GetEnumerator() => (_items ?? []).AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The weight of the only output.</summary>
    public static implicit operator LossWeightsArg(double weight) => new([weight]);

    /// <summary>A weight for each output.</summary>
    public static implicit operator LossWeightsArg(double[] weights) => new([.. weights ?? throw new ArgumentNullException(nameof(weights))]);

    /// <summary>Weights by output name; outputs that are not named count 1.</summary>
    public static implicit operator LossWeightsArg(Dictionary<string, double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var arg = new LossWeightsArg();
        foreach (var (output, weight) in weights) arg[output] = weight;
        return arg;
    }
}
