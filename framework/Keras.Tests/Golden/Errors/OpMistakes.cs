using static Keras.Api;
using static Keras.Tests.Mistakes;

namespace Keras.Tests;

/// <summary>Calls about ops, settings and utilities.</summary>
static class OpMistakes
{
    public static readonly Dictionary<string, Action> Calls = new()
    {
        ["ops.reshape(f(2, 3), (4, 2))"] = () => ops.reshape(F(2, 3), (4, 2)),
        ["ops.matmul(f(2, 3), f(2, 3))"] = () => ops.matmul(F(2, 3), F(2, 3)),
        ["ops.add(f(2, 3), f(2, 4))"] = () => ops.add(F(2, 3), F(2, 4)),
        ["ops.concatenate([f(2, 3), f(3, 4)], axis=0)"] = () => ops.concatenate(List(F(2, 3), F(3, 4)), axis: 0),
        ["ops.transpose(f(2, 3), axes=(0, 2))"] = () => ops.transpose(F(2, 3), axes: [0, 2]),
        ["ops.expand_dims(f(2), 5)"] = () => ops.expand_dims(F(2), 5),
        ["ops.squeeze(f(2, 3), axis=0)"] = () => ops.squeeze(F(2, 3), axis: 0),
        ["ops.split(f(5), 2)"] = () => ops.split(F(5), 2),
        ["ops.einsum(\"ij,jk->ik\", f(2, 3), f(4, 5))"] = () => ops.einsum("ij,jk->ik", F(2, 3), F(4, 5)),
        ["ops.softmax(f(2, 3), axis=5)"] = () => ops.softmax(F(2, 3), axis: 5),
        ["ops.matmul(In((2, 3)), In((2, 3)))"] = () => ops.matmul(In(2, 3), In(2, 3)),
        ["ops.reshape(In((2, 3)), (4, 2, 5))"] = () => ops.reshape(In(2, 3), (4, 2, 5)),
        ["ops.cast(f(2), \"nosuch\")"] = () => ops.cast(F(2), "nosuch"),
        ["ops.one_hot(f(2), -1)"] = () => ops.one_hot(F(2), -1),
        ["ops.top_k(f(2, 3), 9)"] = () => ops.top_k(F(2, 3), 9),
        ["K.config.set_floatx(\"nosuch\")"] = () => keras.config.set_floatx("nosuch"),
        ["K.config.set_dtype_policy(\"nosuch\")"] = () => keras.config.set_dtype_policy("nosuch"),
        ["K.utils.to_categorical([0, 5], 3)"] = () => keras.utils.to_categorical(new[] { 0, 5 }, 3),
        ["K.utils.pad_sequences([[1]], padding=\"nosuch\")"] = () => keras.utils.pad_sequences([[1]], padding: "nosuch"),
    };
}
