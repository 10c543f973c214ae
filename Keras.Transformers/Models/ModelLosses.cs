using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>The losses that models compute themselves when labels are among their inputs.</summary>
/// <remarks>Source: transformers/modeling_tf_utils.py; where it ignores problem_type, transformers' PyTorch classes.</remarks>
static class ModelLosses
{
    /// <summary>What kind of labels a classifier has.</summary>
    public static string ProblemOf(PretrainedConfig config) => config.problem_type ?? (config.num_labels == 1 ? "regression" : "single_label_classification");

    /// <summary>One value per sample, (B).</summary>
    public static Tensor SequenceClassification(Tensor logits, Tensor labels, PretrainedConfig config)
    {
        var problem = ProblemOf(config);
        logits = Tf.Cast(logits, DType.Float32);
        switch (problem)
        {
            case "regression":
                var wanted = Tf.Reshape(Tf.Cast(labels, DType.Float32), Tf.ShapeOf(logits));
                return Tf.Mean(Tf.SquaredDifference(logits, wanted), [-1]);
            case "single_label_classification":
                return Tf.SoftmaxCrossEntropy(logits, Tf.Reshape(Tf.Cast(labels, DType.Int32), Tf.Int32(-1)));
            case "multi_label_classification":
                var truth = Tf.Cast(labels, DType.Float32);
                // max(x, 0) - x · z + log(1 + exp(-|x|)): stable for large scores of either sign.
                var zero = Tf.Constant(0, DType.Float32);
                return Tf.Mean(Tf.Maximum(logits, zero) - (logits * truth) + Tf.Log1p(Tf.Exp(-Tf.Abs(logits))), [-1]);
            default:
                throw new ConfigException("There is no such problem_type", "problem_type", "regression, single_label_classification or multi_label_classification", problem);
        }
    }
}
