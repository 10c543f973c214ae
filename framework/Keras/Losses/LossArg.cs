using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Keras.Losses;

/// <summary>What <c>compile</c> takes as loss: a name, a <see cref="Loss"/>, a function, a list (one for each output) or a dictionary (by output name).</summary>
/// <remarks>Names, losses, functions and dictionaries convert implicitly; lists are written <c>["mse", "mae"]</c>, dictionaries also
/// <c>new() { ["price"] = "mse" }</c>. An entry may be null: that output has no loss.</remarks>
[CollectionBuilder(typeof(LossArg), nameof(Create))]
public sealed class LossArg : IEnumerable<LossArg?>
{
    readonly object? _single;
    readonly List<LossArg?>? _items;
    readonly Dictionary<string, LossArg?>? _byOutput;

    LossArg(object single) => _single = single;

    LossArg(List<LossArg?> items) => _items = items;

    /// <summary>An empty dictionary, to be filled by <see cref="this[string]"/>.</summary>
    public LossArg() => _byOutput = [];

    /// <summary>A list with one loss for each output.</summary>
    public static LossArg Create(ReadOnlySpan<LossArg?> items) => new([.. items]);

    /// <summary>The loss of an output.</summary>
    /// <exception cref="InvalidOperationException">This is not a dictionary.</exception>
    public LossArg? this[string output]
    {
        get => Dictionary[output];
        set => Dictionary[output] = value;
    }

    Dictionary<string, LossArg?> Dictionary => _byOutput ?? throw new InvalidOperationException("The loss is not a dictionary by output.");

    /// <summary>One loss for each output; null if this is not a list.</summary>
    internal IReadOnlyList<LossArg?>? Items => _items;

    /// <summary>A loss for each output name; null if this is not a dictionary.</summary>
    internal IReadOnlyDictionary<string, LossArg?>? ByOutput => _byOutput;

    /// <summary>Makes the loss of one output, whose shapes decide what "crossentropy" and "ce" mean.</summary>
    /// <exception cref="ArgumentException">No loss has this name.</exception>
    internal Loss Resolve(Shape y_true, Shape y_pred)
    {
        switch (_single)
        {
            case Loss loss: return loss;
            case Func<Tensor, Tensor, Tensor> function when FunctionNames.Known(function, LossesApi.Has) is { } known: return new LossesApi().get(known);
            case Func<Tensor, Tensor, Tensor> function: return new LossFunctionWrapper(function, name: FunctionNames.Of(function));
            case string name:
                var made = new LossesApi().get(name.ToLowerInvariant() is "crossentropy" or "ce" ? CrossentropyFor(y_true, y_pred) : name);
                if (made is LossFunctionWrapper) made.name = name;
                return made;
            default: throw new InvalidOperationException("A list or dictionary of losses was given for one output. Give one loss.");
        }
    }

    /// <summary>Whether every loss is one of this library's and gives a value for each row.</summary>
    internal bool IsByRows => _single is not null ? _single is string || (_single is Loss loss && loss.GetType() != typeof(LossFunctionWrapper) && loss.GetType().Assembly == typeof(Loss).Assembly)
        : (_items ?? (IEnumerable<LossArg?>)_byOutput!.Values).All(l => l is null or { IsByRows: true });

    /// <summary>Whether the loss of one output takes class indices; null if that depends on the shapes, or there are several outputs.</summary>
    internal bool? TakesIndices => _single switch
    {
        Loss loss => loss is SparseCategoricalCrossentropy or LossFunctionWrapper { TakesIndices: true },
        string name => name.ToLowerInvariant() is "crossentropy" or "ce" ? null : Resolve(Shape.Unknown, Shape.Unknown) is SparseCategoricalCrossentropy or LossFunctionWrapper { TakesIndices: true },
        _ => null,
    };

    /// <summary>The argument as configs store it.</summary>
    internal object ToConfig() => _single switch
    {
        string name => name,
        LossFunctionWrapper { FunctionName: null } wrapper => ConfigParts.Function(wrapper.Function),
        Loss loss => new LossesApi().serialize(loss),
        Delegate function => FunctionNames.Known(function, LossesApi.Has) ?? (object)ConfigParts.Function(function),
        _ when _items is not null => _items.ConvertAll(i => i?.ToConfig()),
        _ => _byOutput!.ToDictionary(o => o.Key, o => o.Value?.ToConfig()),
    };

    /// <summary>Reads the argument from a config; null for none.</summary>
    /// <exception cref="ArgumentException">There is no such loss.</exception>
    internal static LossArg? FromConfig(object? config) => config switch
    {
        null => null,
        string name => name,
        IReadOnlyDictionary<string, object?> loss when ConfigParts.IsObject(loss) => new LossesApi().get(loss),
        IReadOnlyDictionary<string, object?> byOutput => byOutput.ToDictionary(o => o.Key, o => FromConfig(o.Value)),
        _ => new LossArg([.. (ConfigParts.List(config) ?? throw ConfigParts.Wrong("loss", config)).Select(FromConfig)]),
    };

    static string CrossentropyFor(Shape y_true, Shape y_pred) => OutputKinds.Of(y_true, y_pred) switch
    {
        OutputKind.Binary => "binary_crossentropy",
        OutputKind.SparseCategorical => "sparse_categorical_crossentropy",
        _ => "categorical_crossentropy",
    };

    /// <summary>A loss by name.</summary>
    public static implicit operator LossArg(string name) => new((object)name ?? throw new ArgumentNullException(nameof(name)));

    /// <summary>One loss object.</summary>
    public static implicit operator LossArg(Loss loss) => new((object)loss ?? throw new ArgumentNullException(nameof(loss)));

    /// <summary>A function of truth and predictions that returns a value per sample; null for null.</summary>
    [return: NotNullIfNotNull(nameof(function))]
    public static implicit operator LossArg?(Func<Tensor, Tensor, Tensor>? function) => function is null ? null : new((object)function);

    /// <summary>A loss by output name.</summary>
    public static implicit operator LossArg(Dictionary<string, LossArg?> losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var arg = new LossArg();
        foreach (var (output, loss) in losses) arg[output] = loss;
        return arg;
    }

    /// <summary>The losses of a list.</summary>
    public IEnumerator<LossArg?> GetEnumerator() => (_items ?? []).GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>The kind of an output, judged by its shapes.</summary>
enum OutputKind
{
    Binary,
    SparseCategorical,
    Categorical,
}

/// <summary>Keras' rule for the meaning of "accuracy" and "crossentropy".</summary>
static class OutputKinds
{
    public static OutputKind Of(Shape y_true, Shape y_pred)
    {
        var (trueLast, predictedLast) = (Last(y_true), Last(y_pred));
        if (predictedLast == 1) return OutputKind.Binary;
        return y_true.Rank < y_pred.Rank || (trueLast == 1 && predictedLast > 1) ? OutputKind.SparseCategorical : OutputKind.Categorical;
    }

    static long Last(Shape shape) => shape.Rank == 0 ? -1 : shape[-1];
}
