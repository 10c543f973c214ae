using System.Text.RegularExpressions;

namespace Keras.Layers;

/// <summary>Computes the shapes of an <see cref="EinsumDense"/> layer from its equation.</summary>
static partial class EinsumShapes
{
    [GeneratedRegex(@"^(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?$")]
    private static partial Regex Form();

    /// <summary>The shapes of the kernel, of the bias (null without one) and of the output.</summary>
    /// <exception cref="ShapeMismatchException">The equation does not fit.</exception>
    public static (Shape Kernel, Shape? Bias, Shape Output) Of(string equation, string? biasAxes, Shape input, Shape output)
    {
        ArgumentNullException.ThrowIfNull(input);
        var form = Form().Match(equation.Replace(" ", "", StringComparison.Ordinal));
        var (left, right) = (form.Groups[1].Success, form.Groups[3].Success);
        if (!form.Success || (left && right) || left != form.Groups[5].Success || right != form.Groups[7].Success)
            throw Fail(equation, "[X],[Y]->[Z], ...[X],[Y]->...[Z] or [X]...,[Y]->[Z]...", "another form");
        var (inputSpec, kernelSpec, outputSpec) = (form.Groups[2].Value, form.Groups[4].Value, form.Groups[6].Value);
        var elided = input.HasRank ? input.Rank - inputSpec.Length : -1;
        if (elided < 0 || (elided > 0 && !left && !right)) throw Fail(equation, $"inputs of {inputSpec.Length} axes", input.ToString());

        var inputDims = Named(inputSpec, input.ToArray(), left ? elided : 0, equation);
        var full = FullOutput(input, output, elided, left);
        var outputDims = Named(outputSpec, full, left ? elided : 0, equation);
        foreach (var (letter, dim) in inputDims)
            if (outputDims.TryGetValue(letter, out var other) && other >= 0 && dim >= 0 && other != dim) throw Fail(equation, $"'{letter}' of one size", $"{dim} and {other}");
        if (outputSpec.FirstOrDefault(l => !inputSpec.Contains(l) && !kernelSpec.Contains(l)) is not '\0' and var strange)
            throw Fail(equation, "letters of the output that inputs or kernel have", $"'{strange}'");

        var kernel = new Shape([.. kernelSpec.Select(l => outputDims.TryGetValue(l, out var o) ? o : inputDims.TryGetValue(l, out var i) ? i : throw Fail(equation, "letters of the kernel that inputs or output have", $"'{l}'"))]);
        if (!kernel.IsFullyKnown) throw Fail(equation, "a kernel whose every size is known", kernel.ToString());
        return (kernel, BiasOf(equation, biasAxes, outputSpec, outputDims, right ? elided : 0), new Shape(full));
    }

    static Dictionary<char, long> Named(string spec, long[] dims, int from, string equation)
    {
        if (dims.Length < from + spec.Length) throw Fail(equation, $"an output_shape for the letters '{spec}'", $"{dims.Length - 1} sizes");
        var named = new Dictionary<char, long>();
        for (var i = 0; i < spec.Length; i++) named[spec[i]] = dims[from + i];
        return named;
    }

    /// <summary>The full output shape: the batch, the axes of an ellipsis, and the given sizes.</summary>
    static long[] FullOutput(Shape input, Shape output, int elided, bool left)
    {
        var dims = input.ToArray();
        if (elided > 0 && left) return [.. dims[..elided], .. output.ToArray()];
        return [dims[0], .. output.ToArray(), .. elided > 0 ? dims[^elided..] : []];
    }

    static Shape? BiasOf(string equation, string? biasAxes, string outputSpec, Dictionary<char, long> outputDims, int elidedRight)
    {
        if (biasAxes is null) return null;
        if (biasAxes.FirstOrDefault(l => !outputSpec.Contains(l)) is not '\0' and var strange) throw Fail(equation, "bias_axes of letters of the output", $"'{strange}'");
        var first = biasAxes.Min(l => outputSpec.IndexOf(l, StringComparison.Ordinal));
        return new([.. outputSpec[first..].Select(l => biasAxes.Contains(l) ? outputDims[l] : 1), .. Enumerable.Repeat(1L, elidedRight)]);
    }

    static ShapeMismatchException Fail(string equation, string expected, string received) => new("An equation does not fit", $"EinsumDense '{equation}'", expected, received);
}
