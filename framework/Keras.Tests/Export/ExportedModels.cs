using Keras.Graphs;
using Keras.Layers;

namespace Keras.Export.Tests;

/// <summary>Models that exports are tried with, and inputs for them.</summary>
static class ExportedModels
{
    public static readonly string[] Names = ["functional", "functional_list", "sequential", "subclassed", "recurrent"];

    /// <summary>A model by its name, with weights.</summary>
    public static Model Make(string name) => name switch
    {
        "functional" => Functional(asList: false),
        "functional_list" => Functional(asList: true),
        "sequential" => Api.keras.Sequential([Api.keras.Input(new Shape(6, 6, 2), name: "image"), new Conv2D(3, 3, activation: "relu"), new BatchNormalization(), new Dropout(0.5), new Flatten(), new Dense(2)]),
        "subclassed" => Called(new Gated()),
        "recurrent" => Api.keras.Sequential([Api.keras.Input(new Shape(-1, 3), name: "steps"), new LSTM(4, return_sequences: true), new GRU(3), new Dense(2)]),
        _ => throw new ArgumentException($"No model is called {name}."),
    };

    /// <summary>Inputs of so many rows and, where it is free, so many steps.</summary>
    public static Tensors Inputs(string name, int rows, int steps) => name switch
    {
        "functional" => new Dictionary<string, Tensor> { ["a"] = Values(rows, 3), ["b"] = Values(rows, steps, 4) },
        "functional_list" => new Tensors[] { Values(rows, 3), Values(rows, steps, 4) },
        "sequential" => Values(rows, 6, 6, 2),
        "subclassed" => new Dictionary<string, Tensor> { ["x"] = Values(rows, 3), ["gate"] = Values(rows, 3) },
        _ => Values(rows, steps, 3),
    };

    /// <summary>The inputs by the names that Keras gives them in signatures.</summary>
    public static Dictionary<string, Tensor> Named(string model, Tensors inputs) => model switch
    {
        "functional_list" => new() { ["a"] = inputs[0].Single, ["b"] = inputs[1].Single },
        "sequential" => new() { ["image"] = inputs.Single },
        "recurrent" => new() { ["steps"] = inputs.Single },
        _ => inputs.Named().ToDictionary(i => i.Key, i => i.Value.Single),
    };

    static Model Functional(bool asList)
    {
        var (a, b) = (Api.keras.Input(new Shape(3), name: "a"), Api.keras.Input(new Shape(-1, 4), name: "b"));
        Tensor pooled = new GlobalAveragePooling1D().Apply(new Dense(5, activation: "gelu").Apply(b));
        Tensor hidden = new LayerNormalization().Apply(new Dense(5, activation: "relu").Apply(a));
        Tensor sum = new Add().Apply([pooled, hidden]);
        Tensor y = new Dense(2, name: "y").Apply(sum);
        return asList ? Api.keras.Model(new Tensor[] { a, b }, new Tensor[] { y, sum })
            : Api.keras.Model(new Dictionary<string, Tensor> { ["b"] = b, ["a"] = a }, new Dictionary<string, Tensor> { ["y"] = y, ["hidden"] = sum });
    }

    static Gated Called(Gated model)
    {
        model.Apply(Inputs("subclassed", 2, 0));
        return model;
    }

    public static Tensor Values(params int[] shape)
    {
        var count = shape.Aggregate(1, (a, b) => a * b);
        return Tf.Constant(HostTensor.Of<float>([.. Enumerable.Range(0, count).Select(i => MathF.Sin(i * 0.7f))], new Shape([.. shape.Select(d => (long)d)])));
    }

    /// <summary>A model of a dictionary, with a counter and dropout.</summary>
    public sealed class Gated : Model
    {
        readonly Dense value = new(4);
        readonly Dense gate = new(4, activation: "sigmoid");
        readonly Dropout dropout = new(0.5);

        public Variable Calls { get; } = new(Tf.Constant(0, DType.Float32), trainable: false, name: "calls");

        public override Tensors call(Tensors inputs, bool training = false)
        {
            var gated = value.Apply(inputs["x"]).Single * gate.Apply(inputs["gate"]).Single;
            return dropout.Apply(gated, training);
        }
    }
}
