using Keras.Graphs;

namespace Keras;

/// <content>Branches and loops: C# lambdas that run at once, or become part of the function that is traced.</content>
public sealed partial class OpsApi
{
    /// <summary>Runs one of two branches, by a condition.</summary>
    /// <param name="pred">A bool scalar; a number counts as true if it is not 0.</param>
    /// <param name="true_fn">Runs if it is true.</param>
    /// <param name="false_fn">Runs if it is false; returns the same structure and dtypes.</param>
    /// <returns>The branch's result, which is differentiable.</returns>
    public Tensors cond(TensorLike pred, Func<Tensors> true_fn, Func<Tensors> false_fn)
    {
        ArgumentNullException.ThrowIfNull(true_fn);
        ArgumentNullException.ThrowIfNull(false_fn);
        Tensors? structure = null;
        var results = ControlFlow.If(Bool(pred), () => Flat(true_fn()), () => Flat(false_fn()));
        return structure!.Pack(results);

        Tensor[] Flat(Tensors branch)
        {
            if (structure is not null && structure.Structure != branch.Structure)
                throw new ArgumentException($"The branches return different structures. Expected: the same from both. Received: {structure.Structure} and {branch.Structure}.");
            structure ??= branch;
            return [.. branch.Flatten()];
        }
    }

    /// <summary>Runs one of several branches, by index; numbers out of range take the first or last.</summary>
    /// <param name="index">An integer scalar.</param>
    /// <param name="branches">Functions of the operands that return the same structure and dtypes.</param>
    /// <param name="operands">The inputs of the branches.</param>
    public Tensors @switch(TensorLike index, IReadOnlyList<Func<Tensors, Tensors>> branches, Tensors operands)
    {
        ArgumentNullException.ThrowIfNull(branches);
        if (branches.Count == 0) throw new ArgumentException("There are no branches. Expected: at least one.", nameof(branches));
        var number = Tf.Cast(index.Tensor, DType.Int32);
        Tensors From(int i) => i == branches.Count - 1 ? branches[i](operands) : cond(Tf.LessEqual(number, Tf.Int32Scalar(i)), () => branches[i](operands), () => From(i + 1));
        return From(0);
    }

    /// <summary>Repeats a body while a condition holds.</summary>
    /// <param name="cond">Maps the variables to a bool scalar.</param>
    /// <param name="body">Maps the variables to their next values, with the same structure and dtypes.</param>
    /// <param name="loop_vars">The first values.</param>
    /// <param name="maximum_iterations">After how many rounds the loop ends in any case; with it the loop is differentiable. Default none.</param>
    /// <returns>The last values.</returns>
    public Tensors while_loop(Func<Tensors, Tensor> cond, Func<Tensors, Tensors> body, Tensors loop_vars, int? maximum_iterations = null)
    {
        ArgumentNullException.ThrowIfNull(cond);
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(loop_vars);
        var last = ControlFlow.While(v => Tf.Cast(cond(loop_vars.Pack(v)), DType.Bool), v => SameStructure(body(loop_vars.Pack(v)), loop_vars), [.. loop_vars.Flatten()], maximum_iterations);
        return loop_vars.Pack(last);
    }

    static Tensor[] SameStructure(Tensors next, Tensors before) => next.Structure == before.Structure ? [.. next.Flatten()]
        : throw new ArgumentException($"The body of the loop returned another structure than its variables have. Expected: {before.Structure}. Received: {next.Structure}.");

    /// <summary>Repeats a body for integers from a lower to below an upper bound; differentiable if both are plain numbers.</summary>
    /// <param name="lower">The first number.</param>
    /// <param name="upper">The bound above.</param>
    /// <param name="body_fun">Maps the index (int32 scalar) and the value to the next value, with the same structure and dtypes.</param>
    /// <param name="init_val">The first value.</param>
    /// <returns>The last value.</returns>
    public Tensors fori_loop(TensorLike lower, TensorLike upper, Func<Tensor, Tensors, Tensors> body_fun, Tensors init_val)
    {
        ArgumentNullException.ThrowIfNull(body_fun);
        ArgumentNullException.ThrowIfNull(init_val);
        int? rounds = lower.WholeNumber is { } first && upper.WholeNumber is { } last ? checked((int)Math.Max(0, last - first)) : null;
        var bound = upper.As(DType.Int32);
        return ControlFlow.While(
            v => Tf.Less(v[0], bound),
            v => [v[0] + Tf.Int32Scalar(1), .. SameStructure(body_fun(v[0], init_val.Pack(v[1..])), init_val)],
            [lower.As(DType.Int32), .. init_val.Flatten()], rounds) is [_, .. var values] ? init_val.Pack(values) : init_val;
    }

    /// <summary>Carries a value along the first axis of tensors and collects what each step gives; differentiable if the length is known.</summary>
    /// <param name="f">Maps the carried value and the step's slice of xs (null without xs) to the next carried value and the step's result.</param>
    /// <param name="init">The first carried value.</param>
    /// <param name="xs">Tensors of one first dimension; default none.</param>
    /// <param name="length">The number of steps, at least 1; default the first dimension of xs.</param>
    /// <param name="reverse">Whether to go from the last step to the first; results keep the order of xs. Default false.</param>
    /// <param name="unroll">Keras' hint for compilers, at least 1; the result is the same.</param>
    /// <returns>The last carried value, and the results stacked along a new first axis.</returns>
    /// <exception cref="ShapeMismatchException">The number of steps is not known, or none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">unroll is below 1.</exception>
    public (Tensors Carry, Tensors Ys) scan(Func<Tensors, Tensors?, (Tensors Carry, Tensors Y)> f, Tensors init, Tensors? xs = null, int? length = null, bool reverse = false, int unroll = 1)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(init);
        Require.Count(1, unroll);
        var steps = length ?? (xs?.Flatten() is [var first, ..] ? (int)first.shape[0] : -1);
        if (steps < 1) throw new ShapeMismatchException("The number of steps of a scan is unknown", "ops.scan", "length, or xs with a known first dimension, of at least 1", $"{steps}");
        Tensors? At(Tensor step) => xs?.Map(x => Tf.Gather(x, step, 0));
        Tensor Place(Tensor step) => reverse ? Tf.Int32Scalar(steps - 1) - step : step;
        // The first step runs outside the loop and shows the shapes of the results that the loop fills.
        var zero = Tf.Int32Scalar(0);
        var (carry, y) = f(init, At(Place(zero)));
        var ys = y.Map(t => Put(Tf.Fill(Dims.Create([steps]).Concat(Dims.Of(t)).ToTensor(), Tf.Constant(0, t.dtype)), Place(zero), t));
        var carried = init.Flatten().Count;
        var last = ControlFlow.While(v => Tf.Less(v[0], Tf.Int32Scalar(steps)), v =>
        {
            var place = Place(v[0]);
            var (next, result) = f(init.Pack(v[1..(carried + 1)]), At(place));
            var put = SameStructure(result, y).Zip(v[(carried + 1)..], (t, all) => Put(all, place, t));
            return [v[0] + Tf.Int32Scalar(1), .. SameStructure(next, init), .. put];
        }, [Tf.Int32Scalar(1), .. SameStructure(carry, init), .. ys.Flatten()], steps - 1);
        return (init.Pack(last[1..(carried + 1)]), y.Pack(last[(carried + 1)..]));
    }

    static Tensor Put(Tensor all, Tensor place, Tensor one) => Tf.TensorScatterUpdate(all, Tf.Reshape(place, Tf.Int32(1, 1)), Tf.ExpandDims(one, 0));

    /// <summary>Applies a function to each slice of the first axis, one after the other, and stacks the results.</summary>
    /// <param name="f">Maps a slice to its result, always with the same structure and shape.</param>
    /// <param name="xs">Tensors of one known first dimension.</param>
    public Tensors map(Func<Tensors, Tensors> f, Tensors xs)
    {
        ArgumentNullException.ThrowIfNull(f);
        return scan((carry, x) => (carry, f(x!)), new Tensors(Array.Empty<Tensors>().AsEnumerable()), xs).Ys;
    }

    /// <summary>As <see cref="map"/>; Keras vectorizes the function, here the slices follow each other. The result is the same.</summary>
    public Tensors vectorized_map(Func<Tensors, Tensors> function, Tensors elements) => map(function, elements);

    /// <summary>Running results of an associative function along an axis: of the first element, the first two, and so on.</summary>
    /// <param name="f">Combines two structures into one; called with many elements at once.</param>
    /// <param name="elems">Tensors of one known size along the axis.</param>
    /// <param name="reverse">Whether to run from the last element; default false.</param>
    /// <param name="axis">The axis; default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A tensor has no such axis.</exception>
    /// <exception cref="ShapeMismatchException">The size along the axis is 0 or not known.</exception>
    public Tensors associative_scan(Func<Tensors, Tensors, Tensors> f, Tensors elems, bool reverse = false, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(elems);
        Tensors Turned(Tensors x) => reverse ? x.Map(t => flip(t, axis)) : x;
        foreach (var t in elems.Flatten())
            if (axis < -t.ndim || axis >= t.ndim) throw new ArgumentOutOfRangeException(nameof(axis), axis, $"The axis does not exist. Expected: an axis of each tensor, here from {-t.ndim} to {t.ndim - 1} (shape {t.shape}).");
        if (elems.Flatten() is not [var first, ..] || first.shape[axis] < 1)
            throw new ShapeMismatchException("The number of elements of a scan is unknown", "ops.associative_scan", "a known dimension of at least 1", $"{elems}");
        return Turned(Running(f, Turned(elems), checked((int)first.shape[axis]), axis));
    }

    /// <summary>A parallel scan in log2(n) steps: joins neighbours, scans those, and computes the results in between.</summary>
    static Tensors Running(Func<Tensors, Tensors, Tensors> f, Tensors elems, int count, int axis)
    {
        if (count < 2) return elems;
        Tensors Part(Tensors x, int begin, int? end, int step) => x.Map(t => Slices.Of(t, axis < 0 ? axis + t.ndim : axis, begin, end, step));
        var odd = Running(f, f(Part(elems, 0, count / 2 * 2, 2), Part(elems, 1, null, 2)), count / 2, axis);
        var even = Part(elems, 0, 1, 1);
        var rest = Part(elems, 2, null, 2);
        if (count > 2) even = Joined(even, f(Part(odd, 0, (count - 1) / 2, 1), rest), axis);
        return even.Pack(even.Flatten().Zip(odd.Flatten(), (e, o) => Interleaved(e, o, axis < 0 ? axis + e.ndim : axis, count)));
    }

    static Tensors Joined(Tensors a, Tensors b, int axis) => a.Pack(a.Flatten().Zip(b.Flatten(), (x, y) => Tf.Concat([x, y], axis < 0 ? axis + x.ndim : axis)));

    static Tensor Interleaved(Tensor even, Tensor odd, int axis, int count)
    {
        int[] places = [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? i / 2 : ((count + 1) / 2) + (i / 2))];
        return Tf.Gather(Tf.Concat([even, odd], axis), Tf.Int32(places), axis);
    }
}
