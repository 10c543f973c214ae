namespace Keras.Transformers;

/// <summary>Converts a model's scores to results.</summary>
static class Scores
{
    /// <summary>Converts logits to probabilities that add up to 1.</summary>
    public static float[] Softmax(ReadOnlySpan<float> logits)
    {
        var greatest = float.NegativeInfinity;
        foreach (var logit in logits) greatest = Math.Max(greatest, logit);
        var powers = new double[logits.Length];
        var sum = 0.0;
        for (var i = 0; i < powers.Length; i++) sum += powers[i] = Math.Exp(logits[i] - greatest);
        return Array.ConvertAll(powers, p => (float)(p / sum));
    }

    /// <summary>Converts logits to independent probabilities.</summary>
    public static float[] Sigmoid(ReadOnlySpan<float> logits)
    {
        var result = new float[logits.Length];
        for (var i = 0; i < result.Length; i++) result[i] = (float)(1 / (1 + Math.Exp(-logits[i])));
        return result;
    }

    /// <summary>The indices of the greatest values, the greatest first; among equal ones the first.</summary>
    public static int[] Greatest(float[] values, int count) => [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).Take(count)];

    /// <summary>The index of the greatest value.</summary>
    public static int Best(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
            if (values[i] > values[best]) best = i;
        return best;
    }

    /// <summary>The labels of a classifier's scores, the most probable first.</summary>
    /// <param name="logits">A score for each label.</param>
    /// <param name="config">The configuration with their names.</param>
    /// <param name="function">"sigmoid", "softmax", "none"; null for the model's default.</param>
    /// <param name="count">The number of labels to return.</param>
    public static PipelineOutputs<LabelScore> Labels(float[] logits, PretrainedConfig config, string? function, int count)
    {
        var scores = (function?.ToLowerInvariant() ?? FunctionOf(config)) switch
        {
            "sigmoid" => Sigmoid(logits),
            "softmax" => Softmax(logits),
            _ => logits,
        };
        var names = config.id2label;
        return new([.. Greatest(scores, count).Select(i => new LabelScore(names.GetValueOrDefault(i) ?? $"LABEL_{i}", scores[i]))]);
    }

    /// <summary>The function for the model's problem, for images too, where Hugging Face 4.46 confuses sigmoid and softmax if problem_type is given.</summary>
    static string FunctionOf(PretrainedConfig config) => config.problem_type switch
    {
        "regression" => "none",
        "multi_label_classification" => "sigmoid",
        "single_label_classification" => "softmax",
        _ => config.num_labels == 1 ? "sigmoid" : "softmax",
    };

    /// <summary>Scales a row to length 1.</summary>
    public static float[] Unit(float[] row)
    {
        var length = Math.Sqrt(row.Sum(v => (double)v * v));
        return length == 0 ? row : Array.ConvertAll(row, v => (float)(v / length));
    }
}
