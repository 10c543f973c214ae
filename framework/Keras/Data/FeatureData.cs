namespace Keras.Utils;

public sealed partial class FeatureSpace
{
    /// <inheritdoc cref="adapt(Dictionary{string, Tensor})"/>
    /// <param name="dataset">Rows or batches of rows, dictionaries of columns, such as a pipeline.</param>
    /// <exception cref="ArgumentException">A column is missing, there are no rows, or the data is endless.</exception>
    public void adapt(IEnumerable<Batch> dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset is Training.IResumableData { IsInfinite: true }) throw new ArgumentException("Nothing can be learned from data without end. Give a part of them: pipeline.take(count).", nameof(dataset));
        const int rows = 32;
        var learner = new FeatureLearner(Learners());
        var waiting = new List<Dictionary<string, Tensor>>();
        foreach (var batch in dataset)
        {
            if (batch.y is not null) throw new ArgumentException("A feature space cannot learn from (x, y). Expected: dictionaries of columns alone. Received: (x, y). Leave y out first: pipeline.map((x, y) => x).", nameof(dataset));
            var columns = learner.Columns(batch.x);
            if (batch.x.Flatten()[0].ndim > 0) learner.Learn(columns);
            else waiting.Add(columns);
            if (waiting.Count == rows) LearnRows(learner, waiting);
        }
        if (waiting.Count > 0) LearnRows(learner, waiting);
        learner.Finish();
        HasLearned();
    }

    static void LearnRows(FeatureLearner learner, List<Dictionary<string, Tensor>> rows)
    {
        learner.Learn(rows[0].Keys.ToDictionary(k => k, k => Graphs.Tf.Concat([.. rows.Select(r => r[k])], 0)));
        rows.Clear();
    }
}
