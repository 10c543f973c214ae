namespace Keras.TensorFlowNet;

/// <summary>The members of TensorFlow.NET's <c>Tensorflow.Binding</c>: programs written for it change their usings to <c>using static Keras.TensorFlowNet.Binding</c> and
/// <c>using static Keras.Api</c>. New programs use <c>keras.ops</c>.</summary>
public static class Binding
{
    /// <summary>TensorFlow's names for operations.</summary>
    public static TensorFlowNames tf { get; } = new();

    /// <summary>NumPy's names for making tensors.</summary>
    public static ArrayNames np { get; } = new();

    /// <summary>Writes a line.</summary>
    public static void print(object? value) => Console.WriteLine(value);

    /// <summary>The integers from 0 below an end.</summary>
    public static IEnumerable<int> range(int end) => Enumerable.Range(0, end);

    /// <summary>The integers from a start below an end.</summary>
    public static IEnumerable<int> range(int start, int end) => Enumerable.Range(start, Math.Max(0, end - start));

    /// <summary>Pairs, as <c>apply_gradients</c> takes them.</summary>
    public static IEnumerable<(TFirst, TSecond)> zip<TFirst, TSecond>(IEnumerable<TFirst> first, IEnumerable<TSecond> second) => first.Zip(second);

    /// <summary>The gradients of two variables with them, as <c>apply_gradients</c> takes them.</summary>
    public static IEnumerable<(Tensor?, Variable)> zip(IEnumerable<Tensor?> gradients, (Variable, Variable) variables) => gradients.Zip([variables.Item1, variables.Item2]);

    /// <summary>Elements with their numbers.</summary>
    public static IEnumerable<(int, T)> enumerate<T>(IEnumerable<T> values, int start = 0) => values.Select((value, i) => (i + start, value));
}
