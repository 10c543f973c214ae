using System.Runtime.CompilerServices;
using Keras.Backend;
using Keras.Graphs;

namespace Keras;

/// <summary>keras.ops: operations on tensors, under Keras' names; they run at once, or become part of the function that is traced.</summary>
/// <remarks>Results have Keras' dtype for the arguments' dtypes. Source: keras/src/ops, on its TensorFlow backend.</remarks>
public sealed partial class OpsApi
{
    OpsApi() { }

    /// <summary>The instance behind <c>keras.ops</c>.</summary>
    internal static OpsApi Instance { get; } = new();

    /// <summary>Operations on images.</summary>
    public ImageOpsApi image { get; } = new();

    /// <summary>The calling function as a step to record, if a tensor depends on Keras' symbolic inputs, outside of layers; otherwise null.</summary>
    static KeptOp? Kept(TensorLike a, TensorLike? b = null, TensorLike? c = null, TensorLike? d = null, TensorLike? e = null, [CallerMemberName] string name = "") =>
        a.IsKept || b is { IsKept: true } || c is { IsKept: true } || d is { IsKept: true } || e is { IsKept: true } ? new(name) : null;

    /// <summary>As above, for a structure.</summary>
    static KeptOp? Kept(Tensors a, Tensors? b = null, TensorLike? c = null, [CallerMemberName] string name = "") =>
        a.Flatten().Any(KeptOp.Concerns) || (b?.Flatten().Any(KeptOp.Concerns) ?? false) || c is { IsKept: true } ? new(name) : null;

    /// <summary>Casts both tensors to their common dtype.</summary>
    static (Tensor A, Tensor B) Promote(TensorLike a, TensorLike b)
    {
        var dtype = DTypePromotion.Result(a.Type, b.Type);
        return (a.As(dtype), b.As(dtype));
    }

    /// <summary>Casts both tensors to their common floating-point dtype.</summary>
    static (Tensor A, Tensor B) PromoteFloat(TensorLike a, TensorLike b)
    {
        var dtype = DTypePromotion.Floating(a.Type, b.Type);
        return (a.As(dtype), b.As(dtype));
    }

    /// <summary>Casts tensors to their common dtype.</summary>
    static Tensor[] Promote(Tensors xs)
    {
        var all = xs.Flatten();
        var dtype = DTypePromotion.Result([.. all.Select(x => (PromotionType)x.dtype)]);
        return [.. all.Select(x => Tf.Cast(x, dtype))];
    }

    /// <summary>Casts a tensor to <c>floatx</c>, unless its dtype is floating-point.</summary>
    static Tensor Float(TensorLike x) => x.As(DTypePromotion.Floating(x.Type));

    /// <summary>Casts bools to int32; other tensors stay.</summary>
    static Tensor NumberOf(TensorLike x) => x.As(x.DType == DType.Bool ? DType.Int32 : x.DType);

    static Tensor Bool(TensorLike x) => x.As(DType.Bool);

    static Tensor Like(Tensor x, double value) => Tf.Constant(value, x.dtype);

    /// <summary>Makes a tensor from a number, an array, a string or a variable.</summary>
    /// <param name="x">What to convert; arrays keep their element type.</param>
    /// <param name="dtype">The result's dtype; default that of <paramref name="x"/>, int32 or <c>floatx</c> for plain numbers.</param>
    public Tensor convert_to_tensor(TensorLike x, DType? dtype = null) => dtype is null ? x.Tensor : x.As(dtype);

    /// <summary>Makes a vector from plain numbers.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    public Tensor convert_to_tensor<T>(T[] values, DType? dtype = null) => convert_to_tensor((TensorLike)(Array)values, dtype);

    /// <summary>Makes a vector from a copy of the elements.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    public Tensor convert_to_tensor<T>(ReadOnlySpan<T> values, DType? dtype = null) where T : unmanaged => convert_to_tensor((TensorLike)Tf.Constant(HostTensor.Vector(values)), dtype);

    /// <summary>As <see cref="convert_to_tensor(TensorLike, DType?)"/>.</summary>
    public Tensor array(TensorLike x, DType? dtype = null) => convert_to_tensor(x, dtype);

    /// <summary>A tensor's elements as a .NET array of its rank and element type; bfloat16 as <see cref="BFloat16"/>, strings as string.</summary>
    /// <exception cref="InvalidOperationException">The tensor is symbolic: it has no value yet.</exception>
    /// <exception cref="UnsupportedException">The elements are complex.</exception>
    public Array convert_to_numpy(TensorLike x) => x.Tensor.numpy();

    /// <summary>Whether a value is a tensor or a variable.</summary>
    public bool is_tensor(object? x) => x is Tensor or Variable or Tensors { IsLeaf: true };

    /// <summary>Casts the elements to another dtype: real numbers are truncated towards zero, bool becomes 0 and 1.</summary>
    public Tensor cast(TensorLike x, DType dtype) => Kept(x)?.Run<Tensor>(x, dtype) ?? x.As(dtype ?? throw new ArgumentNullException(nameof(dtype)));

    /// <summary>Casts the elements to another dtype, clipped to its range.</summary>
    public Tensor saturate_cast(TensorLike x, DType dtype)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, dtype);
        ArgumentNullException.ThrowIfNull(dtype);
        var tensor = x.Tensor;
        if (dtype == DType.Bool || tensor.dtype == DType.Bool || dtype.IsComplex) return Tf.Cast(tensor, dtype);
        var (low, high) = (Math.Max(Limits.Of(dtype).Low, Limits.Of(tensor.dtype).Low), Math.Min(Limits.Of(dtype).High, Limits.Of(tensor.dtype).High));
        return Tf.Cast(Tf.Minimum(Tf.Maximum(tensor, Limits.Lowest(low, tensor.dtype)), Limits.Highest(high, tensor.dtype)), dtype);
    }

    /// <summary>Casts class indices to int32; values beyond its range stay invalid as classes.</summary>
    internal static Tensor ClassIndices(Tensor x) =>
        x.dtype == DType.Int32 ? x : x.dtype.Size < DType.Int32.Size ? Tf.Cast(x, DType.Int32) : Instance.saturate_cast(x, DType.Int32);

    /// <summary>The bits of the elements read as another dtype; the last axis shrinks or grows if the sizes differ.</summary>
    public Tensor view(TensorLike x, DType dtype)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, dtype);
        ArgumentNullException.ThrowIfNull(dtype);
        var tensor = x.Tensor;
        var (from, to) = (tensor.dtype.Size, dtype.Size);
        if (from == to) return Tf.Bitcast(tensor, dtype);
        if (from > to)
        {
            var parts = Tf.Bitcast(tensor, dtype);
            return Tf.Reshape(parts, Dims.Of(tensor)[..^1].Concat((Dim)(Dim.Of(tensor, -1) * (from / to))).ToTensor());
        }
        var groups = Tf.Reshape(tensor, Dims.Of(tensor)[..^1].Concat(new[] { Dim.Of(tensor, -1) / (to / from), (Dim)(to / from) }).ToTensor());
        return Tf.Bitcast(groups, dtype);
    }

    /// <summary>The dtype's Keras name.</summary>
    public string dtype(TensorLike x) => x.DType.Name;

    /// <summary>The dtype of a result of arguments of these dtypes.</summary>
    public string result_type(params DType[] dtypes)
    {
        ArgumentNullException.ThrowIfNull(dtypes);
        return dtypes.Length == 0 ? ConfigApi.FloatX.Name : DTypePromotion.Result([.. dtypes.Select(d => (PromotionType)d)]).Name;
    }

    /// <summary>Returns the tensor unchanged; no gradient flows through it.</summary>
    public Tensor stop_gradient(TensorLike variable) => Kept(variable)?.Run<Tensor>(variable) ?? Tf.StopGradient(variable.Tensor);

    /// <summary>A copy of the tensor.</summary>
    public Tensor copy(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Identity(x.Tensor);

    /// <summary>Makes a function with a gradient of your own.</summary>
    /// <param name="f">Computes from the inputs an output, and a function from the output's gradient to those of the inputs, null if none flows.</param>
    /// <returns>The function of the inputs to the output.</returns>
    /// <remarks>Higher derivatives go through what the gradient computes, and through what the function computed on the way and the gradient uses.</remarks>
    /// <exception cref="UnsupportedException">When called: it reads trainable variables while a tape records. Use the form whose gradient takes variables.</exception>
    public Func<Tensor[], Tensor> custom_gradient(Func<Tensor[], (Tensor Output, Func<Tensor, Tensor?[]> Gradient)> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return inputs => GradientTape.CustomOfUser(inputs, takesVariables: false, given =>
        {
            var (output, gradient) = f(given);
            return (output, (arrived, _) => (gradient(arrived), []));
        });
    }

    /// <summary>Makes a function that reads variables, with a gradient of your own.</summary>
    /// <param name="f">Computes from the inputs an output, and a function from the output's gradient and the variables that a tape watches and that were read, in the
    /// order of their first reading, to the gradients of the inputs and of those variables, null if none flows.</param>
    /// <returns>The function of the inputs to the output.</returns>
    public Func<Tensor[], Tensor> custom_gradient(
        Func<Tensor[], (Tensor Output, Func<Tensor, IReadOnlyList<Variable>, (Tensor?[] Inputs, Tensor?[] Variables)> Gradient)> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return inputs => GradientTape.CustomOfUser(inputs, takesVariables: true, f);
    }
}
