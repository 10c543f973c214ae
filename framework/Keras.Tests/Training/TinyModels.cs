using Keras.Graphs;
using Keras.Layers;

namespace Keras.Tests.Training;

/// <summary>A linear model of a few weights, which counts how often it is called.</summary>
sealed class TinyModel : Model
{
    public readonly Dense hidden = new(4, Tf.Tanh, name: "hidden");
    public readonly Dense head = new(1, name: "head");

    public int Calls { get; private set; }

    public override Tensors call(Tensors inputs, bool training = false)
    {
        Calls++;
        return head.Apply(hidden.Apply(inputs));
    }

    /// <summary>Rows of numbers in [-1, 1) and what a fixed function makes of them.</summary>
    public static (float[,] X, float[,] Y) Data(int rows, int seed = 1)
    {
        var random = new System.Random(seed);
        var (x, y) = (new float[rows, 3], new float[rows, 1]);
        for (var i = 0; i < rows; i++)
        {
            for (var k = 0; k < 3; k++) x[i, k] = (random.NextSingle() * 2) - 1;
            y[i, 0] = x[i, 0] - (2 * x[i, 1]) + (0.5f * x[i, 2]);
        }
        return (x, y);
    }
}

/// <summary>A model of token ids that declares which it knows.</summary>
sealed class IdModel : Model
{
    readonly Embedding embedding = new(10, 2);

    public override Tensors call(Tensors inputs, bool training = false) => Tf.Mean(embedding.Apply(inputs["ids"]).Single, [1, 2]);

    protected internal override IReadOnlyDictionary<string, InputRange> InputRanges { get; } =
        new Dictionary<string, InputRange> { ["ids"] = new(0, 9), ["y"] = new(0, 1, Ignored: -100) };
}
