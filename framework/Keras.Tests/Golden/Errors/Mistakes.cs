using Keras.Losses;
using Keras.Metrics;
using Keras.Optimizers;
using static Keras.Api;

namespace Keras.Tests;

/// <summary>What the calls of the golden list of errors are made of.</summary>
static class Mistakes
{
    /// <summary>A tensor of ones.</summary>
    public static Tensor F(params int[] dims) => ops.ones(dims);

    /// <summary>An input of samples of a shape.</summary>
    public static Tensor In(params long?[] dims) => keras.Input(Shape.Create(dims));

    public static Tensors List(params Tensor[] tensors) => tensors;

    public static Keras.Layers.Dense BuiltDense()
    {
        var dense = keras.layers.Dense(3);
        dense.build([null, 4]);
        return dense;
    }

    public static Functional OneLayer()
    {
        var a = In(3);
        return keras.Model(a, keras.layers.Dense(2).Apply(a));
    }

    public static Sequential Compiled(LossArg? loss, OptimizerArg? optimizer = null, MetricsArg? metrics = null, LossWeightsArg? weights = null)
    {
        var model = keras.Sequential([In(3), keras.layers.Dense(1)]);
        model.compile(optimizer ?? "sgd", loss, loss_weights: weights, metrics: metrics);
        return model;
    }
}
