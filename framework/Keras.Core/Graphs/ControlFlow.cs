namespace Keras.Graphs;

/// <summary>Branches and loops written as C# lambdas: run at once when eager, turned into nodes with nested functions when traced.</summary>
static class ControlFlow
{
    /// <summary>Runs one of two branches; both must return tensors of the same dtypes.</summary>
    /// <param name="condition">A bool scalar.</param>
    /// <param name="then">Runs where the condition is true; it may use tensors from outside.</param>
    /// <param name="otherwise">Runs where it is false.</param>
    /// <exception cref="DTypeMismatchException">The condition is not a bool, or the branches' results differ in number or dtypes.</exception>
    public static Tensor[] If(Tensor condition, Func<Tensor[]> then, Func<Tensor[]> otherwise)
    {
        if (condition.dtype != DType.Bool)
            throw new DTypeMismatchException("A condition is not a truth value", NameScope.Path("cond"), "bool", condition.dtype.Name,
                "Compare it with something.");
        if (condition is EagerTensor eager && Graph.Current is null) return IsTrue(eager) ? then() : otherwise();
        if (OutsideOfTraces) return InScratch(then(), otherwise(), "cond");
        var (first, second) = (FunctionGraph.Trace("then", [], _ => then()), FunctionGraph.Trace("else", [], _ => otherwise()));
        CheckAlike("The branches of a condition differ", "cond", first.Outputs, second.Outputs);
        var captures = Captures(first, second);
        return Dispatch.RunAll(first.IsStateful || second.IsStateful ? Tf.IfOp : Tf.StatelessIfOp, [condition, .. captures], Attributes.Of(
            ("Tout", first.Outputs.Select(o => o.dtype).ToArray()), ("then_branch", first.Closed(captures)), ("else_branch", second.Closed(captures))));
    }

    /// <summary>Repeats a body while a condition holds.</summary>
    /// <param name="condition">Computes a bool scalar from the variables.</param>
    /// <param name="body">Computes the variables' next values, of the same dtypes.</param>
    /// <param name="variables">The first values; a dimension that the body changes becomes unknown.</param>
    /// <param name="maximumIterations">The most iterations; a loop with a limit has a gradient.</param>
    /// <returns>The last values.</returns>
    public static Tensor[] While(Func<Tensor[], Tensor> condition, Func<Tensor[], Tensor[]> body, Tensor[] variables, int? maximumIterations = null)
    {
        if (Graph.Current is null && Array.TrueForAll(variables, v => v is EagerTensor)) return RunAtOnce(condition, body, variables, maximumIterations);
        if (OutsideOfTraces) return InScratch(variables, body(variables), "while_loop");
        return maximumIterations is { } limit && GradientTape.IsActive
            ? new DifferentiableLoop(condition, TraceBody(body, variables), limit).Run(variables)
            : Trace(condition, TraceBody(body, variables), variables, maximumIterations);
    }

    static bool OutsideOfTraces => Graph.Current is null or { IsScratch: true };

    static bool IsTrue(Tensor condition) => condition.RequireEager().ReadBytes()[0] != 0;

    static Tensor[] RunAtOnce(Func<Tensor[], Tensor> condition, Func<Tensor[], Tensor[]> body, Tensor[] variables, int? limit)
    {
        for (var i = 0; i != limit && IsTrue(condition(variables)); i++)
        {
            var next = body(variables);
            CheckAlike("The body of a loop changes its variables", "while_loop", variables, next);
            variables = next;
        }
        return variables;
    }

    /// <summary>Results for Keras' symbolic tensors, of which only the shapes matter.</summary>
    static Tensor[] InScratch(Tensor[] a, Tensor[] b, string name)
    {
        CheckAlike("The results of control flow differ", name, a, b);
        return [.. a.Zip(b, (x, y) => Graph.Scratch.AddPlaceholder(x.dtype, ShapeRules.Common(x.shape, y.shape), name))];
    }

    internal static FunctionGraph TraceBody(Func<Tensor[], Tensor[]> body, Tensor[] variables)
    {
        Shape[] shapes = [.. variables.Select(v => v.shape)];
        while (true)
        {
            var traced = FunctionGraph.Trace("body", variables.Select((v, i) => (v.dtype, shapes[i], $"variable_{i}")), body);
            CheckAlike("The body of a loop changes its variables", "while_loop", variables, traced.Outputs);
            Shape[] common = [.. shapes.Zip(traced.Outputs, (s, o) => ShapeRules.Common(s, o.shape))];
            if (common.SequenceEqual(shapes)) return traced;
            shapes = common;
        }
    }

    internal static Tensor[] Trace(Func<Tensor[], Tensor> condition, FunctionGraph body, Tensor[] variables, int? limit)
    {
        if (limit is { } most)
        {
            // Adds a counter as one more variable.
            var counted = TraceBody(v => [.. body.Replay([.. v[..^1], .. body.CapturedSources]), v[^1] + Tf.Int32Scalar(1)], [.. variables, Tf.Int32Scalar(0)]);
            return Trace(v => Tf.LogicalAnd(Tf.Less(v[^1], Tf.Int32Scalar(most)), condition(v[..^1])), counted, [.. variables, Tf.Int32Scalar(0)], null)[..^1];
        }
        var test = FunctionGraph.Trace("condition", body.Graph.Parameters.Select(p => (p.dtype, p.shape, p.Node.Name)), v => [condition(v)]);
        if (test.Outputs[0].dtype != DType.Bool)
            throw new DTypeMismatchException("A condition is not a truth value", NameScope.Path("while_loop"), "bool", test.Outputs[0].dtype.Name,
                "Compare it with something.");
        var captures = Captures(test, body);
        var attributes = Attributes.Of(("cond", test.Closed(captures)), ("body", body.Closed(captures, returnsCaptures: true)));
        return Dispatch.RunAll(test.IsStateful || body.IsStateful ? Tf.WhileOp : Tf.StatelessWhileOp, [.. variables, .. captures],
            attributes)[..variables.Length];
    }

    static Tensor[] Captures(FunctionGraph a, FunctionGraph b) =>
        [.. a.CapturedSources.Concat(b.CapturedSources).Distinct<Tensor>(ReferenceEqualityComparer.Instance)];

    static void CheckAlike(string what, string where, IReadOnlyList<Tensor> a, IReadOnlyList<Tensor> b)
    {
        static string Types(IReadOnlyList<Tensor> tensors) => $"({string.Join(", ", tensors.Select(t => t.dtype.Name))})";
        if (Types(a) != Types(b)) throw new DTypeMismatchException(what, NameScope.Path(where), Types(a), Types(b), "Cast the results.");
    }

    /// <summary>The gradient of a conditional: a conditional of gradients, each of which runs its branch again for the values it needs.</summary>
    internal static Tensor?[] BranchGradient(GradientContext c, FunctionGraph then, FunctionGraph otherwise)
    {
        int[] wanted = [.. Enumerable.Range(1, c.Inputs.Length - 1).Where(i => c.IsNeeded(i) && HasGradient(c.Inputs[i]))];
        var gradients = If(c.Inputs[0], () => Backward(then), () => Backward(otherwise));
        var all = new Tensor?[c.Inputs.Length];
        for (var i = 0; i < wanted.Length; i++) all[wanted[i]] = gradients[i];
        return all;

        Tensor[] Backward(FunctionGraph branch) => Gradients(
            () => branch.Replay(c.Inputs.AsSpan(1), withSideEffects: false), c.Gradients, [.. wanted.Select(i => c.Inputs[i])]);
    }

    /// <summary>The gradients of a computation with respect to tensors and variables; zeros where it does not depend on them.</summary>
    internal static Tensor[] Gradients(Func<Tensor[]> compute, Tensor?[] outputGradients, Tensor[] sources)
    {
        using var tape = new GradientTape(watch_accessed_variables: false);
        foreach (var source in sources) tape.Track(source);
        var outputs = compute();
        return [.. tape.Gradients(outputs, outputGradients, sources).Select((g, i) => g ?? ZeroGradient(sources[i]))];
    }

    internal static bool HasGradient(Tensor tensor) => tensor.dtype.IsFloating || tensor.dtype.IsComplex
        || (tensor.dtype == DType.Resource && tensor.HandleData is { DType.IsFloating: true });

    internal static Tensor ZeroGradient(Tensor source) => source.HandleData is { } variable ? Tf.Zeros(variable.Shape, variable.DType) : Tf.ZerosLike(source);
}
