using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras;

public sealed partial class GradientTape
{
    /// <summary>The derivative of each element of <paramref name="target"/> with respect to each element of the sources.</summary>
    /// <param name="target">The tensor to differentiate, of any known shape.</param>
    /// <param name="sources">The variables to differentiate with respect to.</param>
    /// <param name="unconnected_gradients">"none" (null where the target does not depend on a source) or "zero"; default "none".</param>
    /// <returns>For each source a tensor (dimensions of the target, dimensions of the source), or null.</returns>
    /// <remarks>The backward pass runs once for each element of the target.</remarks>
    /// <exception cref="InvalidOperationException">The tape is not persistent and was used already.</exception>
    /// <exception cref="UnsupportedException">The target's shape is not known while a function is traced.</exception>
    /// <exception cref="DTypeMismatchException">The target is not of a floating or complex dtype.</exception>
    [OverloadResolutionPriority(1)]
    public Tensor?[] jacobian(Tensor target, IReadOnlyList<Variable> sources, string unconnected_gradients = "none")
    {
        ArgumentNullException.ThrowIfNull(sources);
        return Jacobians(target, [.. sources.Select(s => s.Handle)], [.. sources.Select(s => (s.shape, s.dtype))], unconnected_gradients);
    }

    /// <summary>The derivative of each element of <paramref name="target"/> with respect to each element of the watched tensors.</summary>
    /// <inheritdoc cref="jacobian(Tensor, IReadOnlyList{Variable}, string)"/>
    [OverloadResolutionPriority(1)]
    public Tensor?[] jacobian(Tensor target, IReadOnlyList<Tensor> sources, string unconnected_gradients = "none")
    {
        ArgumentNullException.ThrowIfNull(sources);
        return Jacobians(target, [.. sources], [.. sources.Select(s => (s.shape, s.dtype))], unconnected_gradients);
    }

    /// <summary>The derivative of each element of <paramref name="target"/> with respect to each element of a variable.</summary>
    /// <inheritdoc cref="jacobian(Tensor, IReadOnlyList{Variable}, string)"/>
    public Tensor? jacobian(Tensor target, Variable source, string unconnected_gradients = "none") =>
        jacobian(target, [source ?? throw new ArgumentNullException(nameof(source))], unconnected_gradients)[0];

    /// <summary>The derivative of each element of <paramref name="target"/> with respect to each element of a watched tensor.</summary>
    /// <inheritdoc cref="jacobian(Tensor, IReadOnlyList{Variable}, string)"/>
    public Tensor? jacobian(Tensor target, Tensor source, string unconnected_gradients = "none") =>
        jacobian(target, [source ?? throw new ArgumentNullException(nameof(source))], unconnected_gradients)[0];

    /// <summary>The derivative of each row of <paramref name="target"/> with respect to the same row of <paramref name="source"/>, where rows do not depend on each other.</summary>
    /// <param name="target">The tensor to differentiate, (B, known dimensions of a row).</param>
    /// <param name="source">The watched tensor to differentiate with respect to, (B, dimensions).</param>
    /// <param name="unconnected_gradients">"none" (null where the target does not depend on the source) or "zero"; default "none".</param>
    /// <returns>A tensor (B, dimensions of a row of the target, dimensions of a row of the source), or null.</returns>
    /// <remarks>The backward pass runs once for each element of a row. If rows depend on each other, as with batch normalization, the result is the sum over rows.</remarks>
    /// <exception cref="ShapeMismatchException">One of the two is a scalar, or they have different numbers of rows.</exception>
    /// <exception cref="InvalidOperationException">The tape is not persistent and was used already.</exception>
    /// <exception cref="UnsupportedException">The shape of the target's rows is not known while a function is traced.</exception>
    /// <exception cref="DTypeMismatchException">The target is not of a floating or complex dtype.</exception>
    public Tensor? batch_jacobian(Tensor target, Tensor source, string unconnected_gradients = "none")
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(source);
        CheckUnconnected(unconnected_gradients);
        var (rows, sourceRows) = (target.shape, source.shape);
        if (rows.Rank < 1 || sourceRows.Rank < 1 || (rows[0] >= 0 && sourceRows[0] >= 0 && rows[0] != sourceRows[0]))
            throw new ShapeMismatchException("The target and the source have different numbers of rows", "GradientTape.batch_jacobian",
                "(B, ...) and (B, ...)", $"{rows} and {sourceRows}");
        var row = rows[1..];
        var ones = Tf.OnesLike(target);
        var found = EachElement(target, row, element => ones * element, [source])[0];
        return Result(found, rows.Concat(sourceRows[1..]), 1, source.dtype, unconnected_gradients);
    }

    Tensor?[] Jacobians(Tensor target, Tensor[] sources, (Shape Shape, DType DType)[] types, string unconnected)
    {
        ArgumentNullException.ThrowIfNull(target);
        CheckUnconnected(unconnected);
        var found = EachElement(target, target.shape, element => element, sources);
        return [.. found.Select((f, i) => Result(f, target.shape.Concat(types[i].Shape), 0, types[i].DType, unconnected))];
    }

    /// <summary>The gradients of each element of a shape, for each source; null for a source that the target does not depend on.</summary>
    Tensor[]?[] EachElement(Tensor target, Shape elements, Func<Tensor, Tensor> outputGradient, Tensor[] sources)
    {
        if (!IsDifferentiable(target.dtype))
            throw new DTypeMismatchException("Only floating tensors have gradients", "GradientTape.jacobian", "a floating dtype", target.dtype.Name);
        if (!elements.IsFullyKnown)
            throw new UnsupportedException("The number of elements of the target is unknown, and a Jacobian takes a backward pass for each", "GradientTape.jacobian",
                "known dimensions", elements.ToString(), "Trace the function with inputs of fixed shapes, or take the Jacobian outside of it.");
        var entries = TakeEntries();
        var count = (int)elements.ElementCount;
        Tensor One(int i) => Tf.Reshape(Tf.OneHot(Tf.Int32Scalar(i), count, Tf.Constant(1, DType.Float32), Tf.Constant(0, DType.Float32)), elements);
        var rows = Enumerable.Range(0, count).Select(i => Backward(entries, [target], [outputGradient(Tf.Cast(One(i), target.dtype))], sources)).ToArray();
        return [.. sources.Select((_, s) => Array.TrueForAll(rows, r => r[s] is not null) && count > 0 ? Array.ConvertAll(rows, r => r[s]!) : null)];
    }

    static Tensor? Result(Tensor[]? rows, Shape shape, int axis, DType dtype, string unconnected)
    {
        if (rows is not null) return Tf.Reshape(Tf.Stack(rows, axis), Reshapable(shape));
        return unconnected == "none" ? null : Tf.Zeros(Reshapable(shape), dtype);
    }

    static Shape Reshapable(Shape shape) => shape.HasRank && shape.Count(d => d is null) <= 1 ? shape
        : throw new UnsupportedException("The shape of the Jacobian has more than one unknown dimension", "GradientTape.jacobian", "known dimensions", shape.ToString(),
            "Trace the function with inputs of fixed shapes.");
}
