using static Keras.Api;
using static Keras.Tests.Mistakes;

namespace Keras.Tests;

/// <summary>Calls about layers.</summary>
static class LayerMistakes
{
    public static readonly Dictionary<string, Action> Calls = new()
    {
        ["L.Dense(-1)"] = () => keras.layers.Dense(-1),
        ["L.Dense(0)"] = () => keras.layers.Dense(0),
        ["L.Dense(3, activation=\"nosuch\")"] = () => keras.layers.Dense(3, activation: "nosuch"),
        ["L.Dense(3, kernel_initializer=\"nosuch\")"] = () => keras.layers.Dense(3, kernel_initializer: "nosuch"),
        ["L.Dense(3, kernel_regularizer=\"nosuch\")"] = () => keras.layers.Dense(3, kernel_regularizer: "nosuch"),
        ["L.Dense(3, kernel_constraint=\"nosuch\")"] = () => keras.layers.Dense(3, kernel_constraint: "nosuch"),
        ["L.Dense(3)(In((None,)))"] = () => keras.layers.Dense(3).Apply(In([null])),
        ["(lambda d: (d(f(2, 4)), d(f(2, 5))))(L.Dense(3))"] = () =>
        {
            var d = keras.layers.Dense(3);
            d.Apply(F(2, 4));
            d.Apply(F(2, 5));
        },
        ["L.Dense(3).set_weights([f(2, 3)])"] = () => keras.layers.Dense(3).set_weights([F(2, 3)]),
        ["(lambda d: (d.build((None, 4)), d.set_weights([f(4, 3)])))(L.Dense(3))"] = () => BuiltDense().set_weights([F(4, 3)]),
        ["(lambda d: (d.build((None, 4)), d.set_weights([f(5, 3), f(3)])))(L.Dense(3))"] = () => BuiltDense().set_weights([F(5, 3), F(3)]),
        ["L.Dense(3, dtype=\"nosuch\")"] = () => keras.layers.Dense(3, dtype: "nosuch"),
        ["L.EinsumDense(\"abc,cd->abd\", output_shape=(3, 4))(f(2, 3))"] = () => keras.layers.EinsumDense("abc,cd->abd", output_shape: (3, 4)).Apply(F(2, 3)),
        ["L.EinsumDense(\"abc-cd\", output_shape=4)(f(2, 3, 4))"] = () => keras.layers.EinsumDense("abc-cd", output_shape: 4).Apply(F(2, 3, 4)),
        ["L.Embedding(-1, 4)"] = () => keras.layers.Embedding(-1, 4),
        ["L.Conv2D(0, 3)"] = () => keras.layers.Conv2D(0, 3),
        ["L.Conv2D(4, 3, padding=\"nosuch\")"] = () => keras.layers.Conv2D(4, 3, padding: "nosuch"),
        ["L.Conv2D(4, 3, padding=\"causal\")"] = () => keras.layers.Conv2D(4, 3, padding: "causal"),
        ["L.Conv2D(4, 3, strides=2, dilation_rate=2)"] = () => keras.layers.Conv2D(4, 3, strides: 2, dilation_rate: 2),
        ["L.Conv2D(4, 0)"] = () => keras.layers.Conv2D(4, 0),
        ["L.Conv2D(4, (3, 3, 3))"] = () => keras.layers.Conv2D(4, (3, 3, 3)),
        ["L.Conv2D(5, 3, groups=2)"] = () => keras.layers.Conv2D(5, 3, groups: 2),
        ["L.Conv2D(4, 3, groups=2)(f(1, 5, 5, 3))"] = () => keras.layers.Conv2D(4, 3, groups: 2).Apply(F(1, 5, 5, 3)),
        ["L.Conv2D(4, 3)(f(2, 5, 5))"] = () => keras.layers.Conv2D(4, 3).Apply(F(2, 5, 5)),
        ["L.Conv2D(4, 7)(f(1, 5, 5, 1))"] = () => keras.layers.Conv2D(4, 7).Apply(F(1, 5, 5, 1)),
        ["L.Conv2D(4, 3, data_format=\"nosuch\")"] = () => keras.layers.Conv2D(4, 3, data_format: "nosuch"),
        ["L.MaxPooling2D(pool_size=0)"] = () => keras.layers.MaxPooling2D(pool_size: 0),
        ["L.Dropout(1.5)"] = () => keras.layers.Dropout(1.5),
        ["L.Dropout(-0.1)"] = () => keras.layers.Dropout(-0.1),
        ["L.GaussianNoise(-1.0)"] = () => keras.layers.GaussianNoise(-1),
        ["L.MultiHeadAttention(2, 4)(f(2, 3, 4))"] = () => keras.layers.MultiHeadAttention(2, 4).Apply(new CallArguments(F(2, 3, 4))),
        ["L.MultiHeadAttention(2, 4)(f(2, 3, 4), f(2, 5))"] = () => keras.layers.MultiHeadAttention(2, 4).Apply(F(2, 3, 4), F(2, 5)),
        ["L.MultiHeadAttention(0, 4)"] = () => keras.layers.MultiHeadAttention(0, 4),
        ["L.GroupQueryAttention(4, 3, 2)"] = () => keras.layers.GroupQueryAttention(4, 3, 2),
        ["L.Attention()(f(2, 3, 4))"] = () => keras.layers.Attention().Apply(new CallArguments(F(2, 3, 4))),
        ["L.Attention(score_mode=\"nosuch\")"] = () => keras.layers.Attention(score_mode: "nosuch"),
        ["L.LayerNormalization(axis=5)(f(2, 3))"] = () => keras.layers.LayerNormalization(axis: 5).Apply(F(2, 3)),
        ["L.GroupNormalization(groups=4)(f(2, 3, 6))"] = () => keras.layers.GroupNormalization(groups: 4).Apply(F(2, 3, 6)),
        ["L.BatchNormalization(axis=7)(f(2, 3))"] = () => keras.layers.BatchNormalization(axis: 7).Apply(F(2, 3)),
        ["L.Concatenate()([f(2, 3)])"] = () => keras.layers.Concatenate().Apply(List(F(2, 3))),
        ["L.Concatenate(axis=1)([f(2, 3, 4), f(2, 3, 5)])"] = () => keras.layers.Concatenate(axis: 1).Apply(List(F(2, 3, 4), F(2, 3, 5))),
        ["L.Add()([f(2, 3)])"] = () => keras.layers.Add().Apply(List(F(2, 3))),
        ["L.Add()([f(2, 3), f(2, 4)])"] = () => keras.layers.Add().Apply(List(F(2, 3), F(2, 4))),
        ["L.Subtract()([f(2, 3), f(2, 3), f(2, 3)])"] = () => keras.layers.Subtract().Apply(List(F(2, 3), F(2, 3), F(2, 3))),
        ["L.Dot(axes=1)([f(2, 3), f(2, 4)])"] = () => keras.layers.Dot(axes: 1).Apply(List(F(2, 3), F(2, 4))),
        ["L.Reshape((4, 4))(f(2, 3))"] = () => keras.layers.Reshape((4, 4)).Apply(F(2, 3)),
        ["L.Reshape((-1, -1))(f(2, 3))"] = () => keras.layers.Reshape((-1, -1)).Apply(F(2, 3)),
        ["L.Permute((1, 3))"] = () => keras.layers.Permute((1, 3)),
        ["L.Flatten(data_format=\"x\")"] = () => keras.layers.Flatten(data_format: "x"),
        ["L.ZeroPadding2D(padding=(1, 2, 3))"] = () => keras.layers.ZeroPadding2D(padding: (1, 2, 3)),
        ["L.Cropping2D(cropping=9)(f(1, 4, 4, 1))"] = () => keras.layers.Cropping2D(cropping: 9).Apply(F(1, 4, 4, 1)),
        ["L.UpSampling2D(interpolation=\"nosuch\")"] = () => keras.layers.UpSampling2D(interpolation: "nosuch"),
        ["L.LSTM(-3)"] = () => keras.layers.LSTM(-3),
        ["L.LSTM(3)(f(2, 3))"] = () => keras.layers.LSTM(3).Apply(new CallArguments(F(2, 3))),
        ["L.SimpleRNN(3)(f(2, 3, 4), initial_state=[f(2, 5)])"] = () => keras.layers.SimpleRNN(3).Apply(F(2, 3, 4), initial_state: List(F(2, 5))),
        ["L.Bidirectional(L.LSTM(3), merge_mode=\"nosuch\")"] = () => keras.layers.Bidirectional(keras.layers.LSTM(3), merge_mode: "nosuch"),
        ["L.TimeDistributed(L.Dense(2))(f(3,))"] = () => keras.layers.TimeDistributed(keras.layers.Dense(2)).Apply(F(3)),
        ["L.Normalization(mean=1.0)"] = () => keras.layers.Normalization(mean: 1),
        ["L.Softmax(axis=9)(f(2, 3))"] = () => keras.layers.Softmax(axis: 9).Apply(F(2, 3)),
        ["L.PReLU(shared_axes=[9])(f(2, 3, 4))"] = () => keras.layers.PReLU(shared_axes: 9).Apply(F(2, 3, 4)),
        ["K.activations.get(\"nosuch\")"] = () => keras.activations.get("nosuch"),
        ["K.initializers.get(\"nosuch\")"] = () => keras.initializers.get("nosuch"),
        ["K.constraints.get(\"nosuch\")"] = () => keras.constraints.get("nosuch"),
        ["K.initializers.Identity()((2, 3, 4))"] = () => keras.initializers.Identity().call((2, 3, 4), DType.Float32),
        ["L.StringLookup(vocabulary=[\"a\", \"a\"])"] = () => keras.layers.StringLookup(vocabulary: ["a", "a"]),
        ["L.StringLookup(output_mode=\"nosuch\")"] = () => keras.layers.StringLookup(output_mode: "nosuch"),
        ["L.TextVectorization(standardize=\"nosuch\")"] = () => keras.layers.TextVectorization(standardize: "nosuch"),
        ["L.Discretization()"] = () => keras.layers.Discretization(),
        ["L.Hashing(num_bins=0)"] = () => keras.layers.Hashing(0),
        ["L.deserialize({\"class_name\": \"NoSuch\", \"config\": {}})"] = () => keras.layers.deserialize(SerializedObject.Of("", "NoSuch", [])),
    };
}
