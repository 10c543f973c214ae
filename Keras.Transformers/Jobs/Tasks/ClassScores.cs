using System.Numerics.Tensors;

namespace Keras.Transformers;

/// <summary>The metrics of classifiers: loss, accuracy, and F1 averaged over the classes.</summary>
sealed class ClassScores
{
    readonly List<int> _right = [], _said = [];
    double _surprise;

    public void Add(int right, int said, double surprise)
    {
        _right.Add(right);
        _said.Add(said);
        _surprise += surprise;
    }

    /// <summary>The negative log probability of the right class.</summary>
    public static double Surprise(ReadOnlySpan<float> scores, int right)
    {
        double most = TensorPrimitives.Max(scores), sum = 0;
        foreach (var score in scores) sum += Math.Exp(score - most);
        return Math.Log(sum) - (scores[right] - most);
    }

    public Dictionary<string, double> Result()
    {
        MetricValue right = _right.ToArray(), said = _said.ToArray();
        return new()
        {
            ["loss"] = _surprise / _right.Count,
            ["accuracy"] = Transformers.Evaluate.evaluate.load("accuracy").compute(said, right)["accuracy"],
            ["f1"] = Transformers.Evaluate.evaluate.load("f1").compute(said, right, average: "macro")["f1"],
        };
    }
}
