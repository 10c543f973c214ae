using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>The values, gradients and second derivatives of a case as programs.</summary>
/// <param name="Case">The case.</param>
/// <param name="Inputs">Its inputs.</param>
sealed record OpProgram(OpCase Case, OpInput[] Inputs)
{
    int[] Sources { get; } = [.. Enumerable.Range(0, Inputs.Length).Where(i => Inputs[i].HasGradient)];

    public int SourceCount => Sources.Length;

    public int InputOf(int source) => Sources[source];

    public static bool IsWeighted(Tensor output) => output.dtype.IsFloating;

    public Tensor[] Values(Tensor[] x) => Case.Run(x[..Inputs.Length]);

    /// <summary>The gradients of the weighted sum of all outputs; the weights follow the inputs.</summary>
    public Tensor[] Gradients(Tensor[] x)
    {
        var (own, weights) = (x[..Inputs.Length], x[Inputs.Length..]);
        using var tape = new GradientTape(watch_accessed_variables: false);
        Tensor[] sources = [.. Sources.Select(i => own[i])];
        foreach (var source in sources) tape.watch(source);
        var next = 0;
        var outputs = Case.Run(own);
        var gradients = tape.Gradients(outputs, [.. outputs.Select(o => IsWeighted(o) ? weights[next++] : null)], sources);
        return [.. gradients.Select((g, i) => g ?? Tf.ZerosLike(sources[i]))];
    }

    public Tensor[] ValuesAndGradients(Tensor[] x) => [.. Values(x), .. Gradients(x)];

    /// <summary>The gradients of the gradients along given directions, by inputs and by weights; the directions follow the weights.</summary>
    public Tensor[] Second(Tensor[] x, int weightCount)
    {
        var (first, directions) = (x[..(Inputs.Length + weightCount)], x[(Inputs.Length + weightCount)..]);
        using var tape = new GradientTape(watch_accessed_variables: false);
        Tensor[] sources = [.. Sources.Select(i => first[i]), .. first[Inputs.Length..]];
        foreach (var source in sources) tape.watch(source);
        var gradients = Gradients(first);
        var second = tape.Gradients(gradients, directions, sources);
        return [.. second.Select((g, i) => g ?? Tf.ZerosLike(sources[i]))];
    }
}
