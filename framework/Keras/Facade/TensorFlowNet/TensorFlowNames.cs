using static Keras.Api;

namespace Keras.TensorFlowNet;

/// <summary>The names of TensorFlow that programs for TensorFlow.NET use most, for what <c>keras.ops</c> holds: import them with <c>using static Keras.TensorFlowNet.Binding</c>.</summary>
public sealed class TensorFlowNames
{
    internal TensorFlowNames() { }

    /// <summary>The dtype Float16.</summary>
    public DType float16 => DType.Float16;

    /// <summary>The dtype Float32.</summary>
    public DType float32 => DType.Float32;

    /// <summary>The dtype Float64.</summary>
    public DType float64 => DType.Float64;

    /// <summary>The dtype Int32.</summary>
    public DType int32 => DType.Int32;

    /// <summary>The dtype Int64.</summary>
    public DType int64 => DType.Int64;

    /// <summary>The dtype Bool.</summary>
    public DType @bool => DType.Bool;

    /// <summary>The dtype String.</summary>
    public DType @string => DType.String;

    /// <summary>Functions of neural networks.</summary>
    public NeuralNames nn { get; } = new();

    /// <summary>Mathematics; the same functions are in <c>tf</c> itself.</summary>
    public TensorFlowNames math => this;

    /// <summary>Random tensors.</summary>
    public RandomNames random { get; } = new();

    /// <summary>The facade of Keras.</summary>
    public KerasApi keras => Api.keras;

    /// <summary>The same as <c>ops.convert_to_tensor</c>.</summary>
    public Tensor constant(TensorLike value, DType? dtype = null) => ops.convert_to_tensor(value, dtype);

    /// <summary>The same as <c>ops.convert_to_tensor</c>.</summary>
    public Tensor convert_to_tensor(TensorLike value, DType? dtype = null) => ops.convert_to_tensor(value, dtype);

    /// <summary>A variable that starts with a value.</summary>
    public Variable Variable(TensorLike initial_value, bool trainable = true, string name = "variable") => new(ops.convert_to_tensor(initial_value), trainable, name);

    /// <summary>A tape; dispose it by <c>using</c>.</summary>
    public GradientTape GradientTape(bool persistent = false, bool watch_accessed_variables = true) => new(persistent, watch_accessed_variables);

    /// <summary>The same as <c>ops.add</c>.</summary>
    public Tensor add(TensorLike x, TensorLike y) => ops.add(x, y);

    /// <summary>The same as <c>ops.subtract</c>.</summary>
    public Tensor subtract(TensorLike x, TensorLike y) => ops.subtract(x, y);

    /// <summary>The same as <c>ops.multiply</c>.</summary>
    public Tensor multiply(TensorLike x, TensorLike y) => ops.multiply(x, y);

    /// <summary>The same as <c>ops.divide</c>.</summary>
    public Tensor divide(TensorLike x, TensorLike y) => ops.divide(x, y);

    /// <summary>The same as <c>ops.matmul</c>.</summary>
    public Tensor matmul(TensorLike x, TensorLike y) => ops.matmul(x, y);

    /// <summary>The same as <c>ops.power</c>.</summary>
    public Tensor pow(TensorLike x, TensorLike y) => ops.power(x, y);

    /// <summary>The same as <c>ops.maximum</c>.</summary>
    public Tensor maximum(TensorLike x, TensorLike y) => ops.maximum(x, y);

    /// <summary>The same as <c>ops.minimum</c>.</summary>
    public Tensor minimum(TensorLike x, TensorLike y) => ops.minimum(x, y);

    /// <summary>The same as <c>ops.equal</c>.</summary>
    public Tensor equal(TensorLike x, TensorLike y) => ops.equal(x, y);

    /// <summary>The same as <c>ops.not_equal</c>.</summary>
    public Tensor not_equal(TensorLike x, TensorLike y) => ops.not_equal(x, y);

    /// <summary>The same as <c>ops.greater</c>.</summary>
    public Tensor greater(TensorLike x, TensorLike y) => ops.greater(x, y);

    /// <summary>The same as <c>ops.less</c>.</summary>
    public Tensor less(TensorLike x, TensorLike y) => ops.less(x, y);

    /// <summary>The same as <c>ops.mean</c>.</summary>
    public Tensor reduce_mean(TensorLike input_tensor, Axes? axis = null, bool keepdims = false) => ops.mean(input_tensor, axis, keepdims: keepdims);

    /// <summary>The same as <c>ops.sum</c>.</summary>
    public Tensor reduce_sum(TensorLike input_tensor, Axes? axis = null, bool keepdims = false) => ops.sum(input_tensor, axis, keepdims: keepdims);

    /// <summary>The same as <c>ops.max</c>.</summary>
    public Tensor reduce_max(TensorLike input_tensor, Axes? axis = null, bool keepdims = false) => ops.max(input_tensor, axis, keepdims: keepdims);

    /// <summary>The same as <c>ops.min</c>.</summary>
    public Tensor reduce_min(TensorLike input_tensor, Axes? axis = null, bool keepdims = false) => ops.min(input_tensor, axis, keepdims: keepdims);

    /// <summary>The same as <c>ops.prod</c>.</summary>
    public Tensor reduce_prod(TensorLike input_tensor, Axes? axis = null, bool keepdims = false) => ops.prod(input_tensor, axis, keepdims: keepdims);

    /// <summary>The same as <c>ops.any</c>.</summary>
    public Tensor reduce_any(TensorLike input_tensor, Axes? axis = null, bool keepdims = false) => ops.any(input_tensor, axis, keepdims: keepdims);

    /// <summary>The same as <c>ops.all</c>.</summary>
    public Tensor reduce_all(TensorLike input_tensor, Axes? axis = null, bool keepdims = false) => ops.all(input_tensor, axis, keepdims: keepdims);

    /// <summary>The same as <c>ops.abs</c>.</summary>
    public Tensor abs(TensorLike x) => ops.abs(x);

    /// <summary>The same as <c>ops.square</c>.</summary>
    public Tensor square(TensorLike x) => ops.square(x);

    /// <summary>The same as <c>ops.sqrt</c>.</summary>
    public Tensor sqrt(TensorLike x) => ops.sqrt(x);

    /// <summary>The same as <c>ops.exp</c>.</summary>
    public Tensor exp(TensorLike x) => ops.exp(x);

    /// <summary>The same as <c>ops.log</c>.</summary>
    public Tensor log(TensorLike x) => ops.log(x);

    /// <summary>The same as <c>ops.sin</c>.</summary>
    public Tensor sin(TensorLike x) => ops.sin(x);

    /// <summary>The same as <c>ops.cos</c>.</summary>
    public Tensor cos(TensorLike x) => ops.cos(x);

    /// <summary>The same as <c>ops.tanh</c>.</summary>
    public Tensor tanh(TensorLike x) => ops.tanh(x);

    /// <summary>The same as <c>ops.sigmoid</c>.</summary>
    public Tensor sigmoid(TensorLike x) => ops.sigmoid(x);

    /// <summary>The same as <c>ops.negative</c>.</summary>
    public Tensor negative(TensorLike x) => ops.negative(x);

    /// <summary>The same as <c>ops.zeros_like</c>.</summary>
    public Tensor zeros_like(TensorLike x) => ops.zeros_like(x);

    /// <summary>The same as <c>ops.ones_like</c>.</summary>
    public Tensor ones_like(TensorLike x) => ops.ones_like(x);

    /// <summary>The same as <c>ops.round</c>.</summary>
    public Tensor round(TensorLike x) => ops.round(x);

    /// <summary>The same as <c>ops.floor</c>.</summary>
    public Tensor floor(TensorLike x) => ops.floor(x);

    /// <summary>The same as <c>ops.cast</c>.</summary>
    public Tensor cast(TensorLike x, DType dtype) => ops.cast(x, dtype);

    /// <summary>The same as <c>ops.reshape</c>.</summary>
    public Tensor reshape(TensorLike tensor, Dims shape) => ops.reshape(tensor, shape);

    /// <summary>The same as <c>ops.transpose</c>.</summary>
    public Tensor transpose(TensorLike a, Axes? perm = null) => ops.transpose(a, perm);

    /// <summary>The same as <c>ops.expand_dims</c>.</summary>
    public Tensor expand_dims(TensorLike input, int axis = 0) => ops.expand_dims(input, axis);

    /// <summary>The same as <c>ops.squeeze</c>.</summary>
    public Tensor squeeze(TensorLike input, Axes? axis = null) => ops.squeeze(input, axis);

    /// <summary>The same as <c>ops.concatenate</c>.</summary>
    public Tensor concat(Tensors values, int axis = 0) => ops.concatenate(values, axis);

    /// <summary>The same as <c>ops.stack</c>.</summary>
    public Tensor stack(Tensors values, int axis = 0) => ops.stack(values, axis);

    /// <summary>The same as <c>ops.zeros</c>.</summary>
    public Tensor zeros(Dims shape, DType? dtype = null) => ops.zeros(shape, dtype);

    /// <summary>The same as <c>ops.ones</c>.</summary>
    public Tensor ones(Dims shape, DType? dtype = null) => ops.ones(shape, dtype);

    /// <summary>The same as <c>ops.full</c>.</summary>
    public Tensor fill(Dims dims, TensorLike value) => ops.full(dims, value);

    /// <summary>The same as <c>ops.arange</c>.</summary>
    public Tensor range(TensorLike limit) => ops.arange(limit);

    /// <summary>The same as <c>ops.where</c>.</summary>
    public Tensor where(TensorLike condition, TensorLike x, TensorLike y) => ops.where(condition, x, y);

    /// <summary>The same as <c>ops.clip</c>.</summary>
    public Tensor clip_by_value(TensorLike t, TensorLike clip_value_min, TensorLike clip_value_max) => ops.clip(t, clip_value_min, clip_value_max);

    /// <summary>The same as <c>ops.one_hot</c>.</summary>
    public Tensor one_hot(TensorLike indices, int depth) => ops.one_hot(indices, depth);

    /// <summary>The same as <c>ops.take</c>.</summary>
    public Tensor gather(TensorLike @params, TensorLike indices, int axis = 0) => ops.take(@params, indices, axis);

    /// <summary>The same as <c>ops.argmax</c>.</summary>
    public Tensor argmax(TensorLike input, int axis = 0) => ops.argmax(input, axis);
}
