using Keras.Graphs;

namespace Keras;

/// <summary>A function that <c>ops.vectorize</c> made: it takes tensors, arrays and numbers, <c>f(x, 2)</c>.</summary>
/// <param name="args">The arguments of the function that was vectorized.</param>
/// <returns>The function's results for all elements, combined.</returns>
public delegate Tensors VectorizedFunction(params TensorLike[] args);

/// <content>Functions of single elements applied to whole tensors, and derivatives along a direction.</content>
public sealed partial class OpsApi
{
    /// <summary>Turns a function of elements, vectors or matrices into one of whole tensors, which loops over the broadcast leading axes.</summary>
    /// <param name="pyfunc">Maps its arguments, without the leading axes, to a tensor or a structure of tensors; it may be traced, so it is called less often than there are elements.</param>
    /// <param name="excluded">Positions of arguments to pass unchanged, at least 0; default none.</param>
    /// <param name="signature">The axes that the function takes of each argument that is not excluded, and gives: "(m,n),(n)-&gt;(m)"; default none, scalars.</param>
    /// <returns>The function. The elements follow each other; their number must be known while tracing, and at least 1.</returns>
    /// <exception cref="ArgumentException">The signature is invalid, or names other axes than the arguments or results have (when called).</exception>
    /// <exception cref="ShapeMismatchException">When called: the axes in front do not broadcast, or their sizes are unknown or 0.</exception>
    public VectorizedFunction vectorize(Func<Tensor[], Tensors> pyfunc, IReadOnlySet<int>? excluded = null, string? signature = null)
    {
        ArgumentNullException.ThrowIfNull(pyfunc);
        if (excluded?.FirstOrDefault(e => e < 0) is < 0 and var negative) throw new ArgumentOutOfRangeException(nameof(excluded), negative, "A position is out of range. Expected: positions of at least 0.");
        var form = signature is null ? null : Signature.Parse(signature);
        return given =>
        {
            ArgumentNullException.ThrowIfNull(given);
            int[] open = [.. Enumerable.Range(0, given.Length).Where(i => excluded is null || !excluded.Contains(i))];
            Tensor[] all = [.. given.Select(g => g.Tensor)];
            if (form is not null && form.Inputs.Length != open.Length) throw new ArgumentException($"The signature \"{signature}\" has {form.Inputs.Length} inputs. Received: {open.Length} arguments that are not excluded.", nameof(signature));
            var taken = Array.ConvertAll(open, i => form is null ? 0 : form.Inputs[Array.IndexOf(open, i)].Length);
            form?.Check([.. open.Select(i => all[i].shape)]);
            var fronts = open.Select((i, at) => all[i].shape[..(all[i].ndim - taken[at])]).ToArray();
            var front = fronts.Aggregate(new Shape(), broadcast_shapes);
            if (front.Any(d => d is null or < 1)) throw new ShapeMismatchException("The number of elements of a vectorized function is unknown", "ops.vectorize", "known dimensions of at least 1 in front", front.ToString());
            Tensors Once(IReadOnlyList<Tensor> elements)
            {
                var arguments = (Tensor[])all.Clone();
                for (var i = 0; i < open.Length; i++) arguments[open[i]] = elements[i];
                return form is null ? pyfunc(arguments) : form.Checked(pyfunc(arguments));
            }
            if (front.Rank == 0) return Once([.. open.Select(i => all[i])]);
            var count = checked((int)front.Aggregate(1L, (a, b) => a * b!.Value));
            var rows = open.Select((i, at) =>
            {
                var own = Dims.Of(all[i])[(all[i].ndim - taken[at])..];
                return new Tensors(reshape(broadcast_to(all[i], ((Dims)front).Concat(own)), ((Dims)count).Concat(own)));
            });
            return map(row => Once(row.Flatten()), new Tensors(rows)).Map(t => reshape(t, ((Dims)front).Concat(Dims.Of(t)[1..])));
        };
    }

    /// <summary>A signature of named axes for a function's inputs and outputs.</summary>
    sealed record Signature(string Text, string[][] Inputs, string[][] Outputs)
    {
        public static Signature Parse(string text)
        {
            var sides = text.Replace(" ", "", StringComparison.Ordinal).Split("->");
            const string terms = @"^\((\w+(,\w+)*)?\)(,\((\w+(,\w+)*)?\))*$";
            if (sides.Length != 2 || sides.Any(s => !System.Text.RegularExpressions.Regex.IsMatch(s, terms)))
                throw new ArgumentException($"The signature has the wrong form. Expected: the axes of inputs and outputs, such as \"(m,n),(n)->(m)\". Received: \"{text}\".", "signature");
            string[][] Terms(string side) => [.. side[1..^1].Split("),(").Select(t => t.Split(',', StringSplitOptions.RemoveEmptyEntries))];
            return new(text, Terms(sides[0]), Terms(sides[1]));
        }

        /// <summary>Checks that axes with the same name have the same size.</summary>
        public void Check(Shape[] shapes)
        {
            var sizes = new Dictionary<string, long>();
            for (var i = 0; i < shapes.Length; i++)
            {
                if (shapes[i].Rank < Inputs[i].Length) throw new ArgumentException($"The signature \"{Text}\" takes {Inputs[i].Length} axes of input {i}. Received: shape {shapes[i]}.", "signature");
                for (var axis = 0; axis < Inputs[i].Length; axis++)
                {
                    var (name, size) = (Inputs[i][axis], shapes[i][axis - Inputs[i].Length]);
                    if (size >= 0 && !sizes.TryAdd(name, size) && sizes[name] != size) throw new ArgumentException($"The axis {name} of the signature \"{Text}\" has two sizes: {sizes[name]} and, in input {i}, {size}.", "signature");
                }
            }
        }

        public Tensors Checked(Tensors results)
        {
            var all = results.Flatten();
            if (all.Count != Outputs.Length || all.Where((t, i) => t.ndim != Outputs[i].Length).Any())
                throw new ArgumentException($"The function returned other axes than its signature \"{Text}\" says. Received: {string.Join(", ", all.Select(t => t.shape))}.", "signature");
            return results;
        }
    }

    /// <summary>A function's value, and its change along a direction: the product of its Jacobian with tangents.</summary>
    /// <param name="fun">Maps tensors to tensors; differentiable twice, since the product is the derivative of a gradient.</param>
    /// <param name="primals">The point: floating tensors.</param>
    /// <param name="tangents">The direction, of the structure and shapes of <paramref name="primals"/>.</param>
    /// <returns>The value, and its change in the same structure; 0 if it does not depend on the primals, or is not floating-point.</returns>
    /// <exception cref="ArgumentException">The tangents have another structure.</exception>
    /// <exception cref="ShapeMismatchException">A tangent has another shape than its primal.</exception>
    /// <exception cref="DTypeMismatchException">A primal is not floating.</exception>
    public (Tensors Primals, Tensors Tangents) jvp(Func<Tensors, Tensors> fun, Tensors primals, Tensors tangents)
    {
        ArgumentNullException.ThrowIfNull(fun);
        var (primalsOut, tangentsOut, _) = jvp(given => (fun(given), Nothing), primals, tangents);
        return (primalsOut, tangentsOut);
    }

    static readonly Tensors Nothing = new(Array.Empty<Tensors>().AsEnumerable());

    /// <summary>As the other overload, for a function that also returns an auxiliary result: Keras' <c>has_aux: true</c>.</summary>
    /// <param name="fun">Maps tensors to the value and an auxiliary result.</param>
    /// <param name="primals">The point: floating tensors.</param>
    /// <param name="tangents">The direction, of the structure and shapes of <paramref name="primals"/>.</param>
    /// <returns>The value, its change, and the auxiliary result.</returns>
    public (Tensors Primals, Tensors Tangents, Tensors Aux) jvp(Func<Tensors, (Tensors Output, Tensors Aux)> fun, Tensors primals, Tensors tangents)
    {
        ArgumentNullException.ThrowIfNull(fun);
        ArgumentNullException.ThrowIfNull(primals);
        ArgumentNullException.ThrowIfNull(tangents);
        if (primals.Structure != tangents.Structure) throw new ArgumentException($"The tangents have another structure than the primals. Expected: {primals.Structure}. Received: {tangents.Structure}.", nameof(tangents));
        Tensor[] places = [.. primals.Flatten().Select(p => Tf.Identity(p))];
        var directions = tangents.Flatten().Select((t, i) => Tf.Cast(t, places[i].dtype)).ToArray();
        for (var i = 0; i < places.Length; i++)
        {
            if (!places[i].dtype.IsFloating) throw new DTypeMismatchException("The primals are not real numbers", "ops.jvp", "floating primals", places[i].dtype.Name, "Cast it.");
            if (!places[i].shape.IsCompatibleWith(directions[i].shape)) throw new ShapeMismatchException("A tangent has another shape than its primal", "ops.jvp", places[i].shape.ToString(), directions[i].shape.ToString());
        }
        // The gradient is linear in the output weights, so its derivative with respect to them, weighted with the direction, is the product.
        using var outer = new GradientTape(watch_accessed_variables: false);
        using var inner = new GradientTape(watch_accessed_variables: false);
        foreach (var place in places) inner.watch(place);
        var (value, aux) = fun(primals.Pack(places));
        var weights = value.Map(v => Tf.ZerosLike(v));
        foreach (var weight in weights.Flatten()) outer.watch(weight);
        var gradients = inner.gradient(value, (IReadOnlyList<Tensor>)places, weights, "zero");
        var products = outer.gradient((Tensors)gradients!, weights.Flatten(), (Tensors)directions, "zero");
        return (value, value.Pack([.. products.Select(p => p!)]), aux);
    }
}
