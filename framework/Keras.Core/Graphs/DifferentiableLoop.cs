namespace Keras.Graphs;

/// <summary>A loop that keeps the variables of every iteration, so that a second loop can run backwards through them.</summary>
/// <param name="condition">Whether there is another iteration.</param>
/// <param name="body">One iteration.</param>
/// <param name="limit">The most iterations, for which memory is reserved.</param>
sealed class DifferentiableLoop(Func<Tensor[], Tensor> condition, FunctionGraph body, int limit)
{
    readonly Tensor[] _captures = [.. body.CapturedSources];

    /// <summary>Runs the loop and returns the last values. The kept values are results too, so that second derivatives see that they depend on the inputs.</summary>
    public Tensor[] Run(Tensor[] variables) => GradientTape.Custom([.. variables, .. _captures], _ =>
    {
        var count = variables.Length;
        int[] kept = [.. Enumerable.Range(0, count).Where(i => variables[i].dtype != DType.Resource)];
        Tensor[] start = [.. variables, Tf.Int32Scalar(0), .. kept.Select(i => Room(body.Graph.Parameters[i], variables[i]))];
        var end = ControlFlow.Trace(v => condition(v[..count]), ControlFlow.TraceBody(v =>
        {
            var round = v[count];
            var rooms = kept.Select((k, i) => Tf.TensorScatterUpdate(v[count + 1 + i], Tf.Reshape(round, Tf.Int32(1, 1)), Tf.ExpandDims(v[k], 0)));
            return [.. body.Replay([.. v[..count], .. _captures]), round + Tf.Int32Scalar(1), .. rooms];
        }, start), start, limit);
        return (end, gradients => Backward(variables, kept, end[count], end[(count + 1)..], gradients));
    })[..variables.Length];

    /// <summary>Zeros with room for a variable's values of all iterations.</summary>
    Tensor Room(Tensor parameter, Tensor first) => parameter.shape.HasRank
        ? Tf.Fill(Tf.Concat([Tf.Int32(limit), Tf.ShapeOf(first)], 0), Tf.Constant(0, first.dtype))
        : throw new UnsupportedException("A variable of a loop cannot be kept for the gradient", NameScope.Path("while_loop"), "variables whose shape stays",
            "a variable whose rank changes");

    Tensor?[] Backward(Tensor[] variables, int[] kept, Tensor rounds, Tensor[] rooms, Tensor?[] gradients)
    {
        int[] wanted = [.. Enumerable.Range(0, variables.Length).Where(i => ControlFlow.HasGradient(variables[i]))];
        int[] sources = [.. Enumerable.Range(0, _captures.Length).Where(i => ControlFlow.HasGradient(_captures[i]))];
        Tensor[] start =
        [
            rounds - Tf.Int32Scalar(1),
            .. wanted.Select(i => gradients[i] ?? Tf.ZerosLike(variables[i])),
            .. sources.Select(i => ControlFlow.ZeroGradient(_captures[i])),
        ];
        var end = ControlFlow.While(v => Tf.GreaterEqual(v[0], Tf.Int32Scalar(0)), v =>
        {
            var values = (Tensor[])variables.Clone();
            for (var i = 0; i < kept.Length; i++) values[kept[i]] = Tf.Gather(rooms[i], v[0], 0);
            var arrived = new Tensor?[variables.Length];
            for (var i = 0; i < wanted.Length; i++) arrived[wanted[i]] = v[1 + i];
            var found = ControlFlow.Gradients(() => body.Replay([.. values, .. _captures], withSideEffects: false), arrived,
                [.. wanted.Select(i => values[i]), .. sources.Select(i => _captures[i])]);
            for (var i = 0; i < wanted.Length; i++)
                if (gradients[variables.Length + 1 + Array.IndexOf(kept, wanted[i])] is { } ofKept) found[i] += Tf.Gather(ofKept, v[0], 0);
            return [v[0] - Tf.Int32Scalar(1), .. found[..wanted.Length], .. found[wanted.Length..].Select((g, i) => v[1 + wanted.Length + i] + g)];
        }, start, limit);
        var all = new Tensor?[variables.Length + _captures.Length];
        for (var i = 0; i < wanted.Length; i++) all[wanted[i]] = end[1 + i];
        for (var i = 0; i < sources.Length; i++) all[variables.Length + sources[i]] = end[1 + wanted.Length + i];
        return all;
    }
}
