using System.Collections;

namespace Keras;

/// <summary>What <c>evaluate</c>, <c>train_on_batch</c> and <c>test_on_batch</c> return: the loss and the metrics, by position and by name.</summary>
/// <remarks>Deconstruct it as <c>var (loss, accuracy) = model.evaluate(x, y)</c>; cast to a number where there is exactly one.</remarks>
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

    /// <summary>A value by its name, such as "loss".</summary>
    /// <exception cref="KeyNotFoundException">There is none with that name.</exception>
    public double this[string name] => Logs[name];

    /// <summary>The values in order.</summary>
    public IEnumerator<double> GetEnumerator() => _values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The only value.</summary>
    /// <exception cref="InvalidOperationException">There are more.</exception>
    // Explicit, because Console.WriteLine would prefer an implicit one to the text.
    public static explicit operator double(Evaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        return evaluation.Wanted(1)[0];
    }

    /// <summary>Deconstructs into two values: <c>var (loss, accuracy) = ...</c>.</summary>
    /// <exception cref="InvalidOperationException">There are fewer or more.</exception>
    public void Deconstruct(out double first, out double second)
    {
        var values = Wanted(2);
        (first, second) = (values[0], values[1]);
    }

    /// <summary>Deconstructs into three values.</summary>
    /// <exception cref="InvalidOperationException">There are fewer or more.</exception>
    public void Deconstruct(out double first, out double second, out double third)
    {
        var values = Wanted(3);
        (first, second, third) = (values[0], values[1], values[2]);
    }

    /// <summary>Deconstructs into four values.</summary>
    /// <exception cref="InvalidOperationException">There are fewer or more.</exception>
    public void Deconstruct(out double first, out double second, out double third, out double fourth)
    {
        var values = Wanted(4);
        (first, second, third, fourth) = (values[0], values[1], values[2], values[3]);
    }

    double[] Wanted(int count) => _values.Length == count ? _values
        : throw new InvalidOperationException($"{(count == 1 ? "One number is" : $"{count} numbers are")} wanted of {Count}: {this}. Choose by name or position.");

    /// <inheritdoc/>
    public override string ToString() => Logs.ToString();
}
