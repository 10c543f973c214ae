using Cake.Core;
using Cake.Core.Annotations;
using Keras.Transformers;

namespace Cake.Keras.Transformers;

/// <summary>Aliases that train, evaluate, predict, export and push; they take the jobs of Keras.Transformers and return their results.</summary>
[CakeAliasCategory("Keras.Transformers")]
[CakeNamespaceImport("Keras.Transformers")]
public static class KerasAliases
{
    /// <summary>Fine-tunes a model on a table and writes it with its tokenizer or image processor, a card and metrics.json.</summary>
    /// <param name="context">The script.</param>
    /// <param name="job">The job, with model and data.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="CakeException">It failed; the message says what to do.</exception>
    /// <example><code>
    /// var trained = KerasTrain(new TrainingJob { Task = "text-classification", Model = "models/bert-tiny", Data = "train.csv", Output = "artifacts/model", LearningRate = 1e-3 });
    /// </code></example>
    [CakeMethodAlias]
    public static TrainingResult KerasTrain(this ICakeContext context, TrainingJob job) => JobLog.Run(context, job, (j, progress) => j.Run(progress));

    /// <summary>Evaluates a model on labelled rows.</summary>
    /// <param name="context">The script.</param>
    /// <param name="job">Which model, by which rows.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="CakeException">It failed; the message says what to do.</exception>
    /// <example><code>
    /// var accuracy = KerasEvaluate(new EvaluationJob { Model = "artifacts/model", Data = "test.csv" }).Figures["accuracy"];
    /// if (accuracy &lt; 0.9) throw new CakeException($"accuracy is {accuracy:0.000}");
    /// </code></example>
    [CakeMethodAlias]
    public static EvaluationResult KerasEvaluate(this ICakeContext context, EvaluationJob job) => JobLog.Run(context, job, (j, progress) => j.Run(progress));

    /// <summary>Writes answers for the rows of a table.</summary>
    /// <param name="context">The script.</param>
    /// <param name="job">Which model, for which rows, into which file.</param>
    /// <returns>How many rows there were.</returns>
    /// <exception cref="CakeException">It failed; the message says what to do.</exception>
    /// <example><code>
    /// KerasPredict(new PredictionJob { Model = "artifacts/model", Data = "new.csv", Output = "artifacts/answers.jsonl" });
    /// </code></example>
    [CakeMethodAlias]
    public static PredictionResult KerasPredict(this ICakeContext context, PredictionJob job) => JobLog.Run(context, job, (j, progress) => j.Run(progress));

    /// <summary>Writes a model as a version folder for TensorFlow Serving.</summary>
    /// <param name="context">The script.</param>
    /// <param name="job">Which model, into which folder of versions.</param>
    /// <returns>The version and its endpoints.</returns>
    /// <exception cref="CakeException">It failed; the message says what to do.</exception>
    /// <example><code>
    /// var exported = KerasExport(new ExportJob { Model = "artifacts/model", Output = "artifacts/serving/definitions" });
    /// </code></example>
    [CakeMethodAlias]
    public static ExportResult KerasExport(this ICakeContext context, ExportJob job) => JobLog.Run(context, job, (j, progress) => j.Run(progress));

    /// <summary>Uploads a model's folder to the hub as one commit.</summary>
    /// <param name="context">The script.</param>
    /// <param name="job">Which folder, to which repository.</param>
    /// <returns>The commit.</returns>
    /// <exception cref="CakeException">It failed; the message says what to do.</exception>
    /// <example><code>
    /// KerasPush(new PushJob { Folder = "artifacts/model", Repository = "my-org/definitions" });
    /// </code></example>
    [CakeMethodAlias]
    public static CommitInfo KerasPush(this ICakeContext context, PushJob job) => JobLog.Run(context, job, (j, _) => j.Run());
}
