using System.Collections;

namespace Keras;

/// <summary>What <c>evaluate</c>, <c>train_on_batch</c> and <c>test_on_batch</c> return: the loss and the metrics, by position and by name.</summary>
/// <remarks>Converts to a number where there is exactly one.</remarks>
public sealed class Evaluation : IReadOnlyList<double>
{
    readonly double[] _values;

    internal Evaluation(Logs logs, IEnumerable<double> values) => (Logs, _values) = (logs, [.. values]);

    /// <summary>The values by name, in the order of the training logs.</summary>
    public Logs Logs { get; }

    /// <summary>The number of values.</summary>
    public int Count => _values.Length;

    /// <summary>A value by position: in Keras' list order (the loss first), or with <c>return_dict: true</c> in the order of the names.</summary>
    public double this[int index] => _values[index];

    /// <summary>A value by name.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public double this[string name] => Logs[name];

    /// <summary>The values.</summary>
    public IEnumerator<double> GetEnumerator() => _values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The only value.</summary>
    /// <exception cref="InvalidOperationException">There are more.</exception>
    public static implicit operator double(Evaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        return evaluation._values is [var only] ? only
            : throw new InvalidOperationException($"One number is wanted of {evaluation.Count}: {evaluation}. Choose one by its name or position.");
    }

    /// <inheritdoc/>
    public override string ToString() => Logs.ToString();
}
