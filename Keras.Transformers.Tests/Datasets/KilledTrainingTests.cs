using System.Globalization;
using Keras.Callbacks;
using Keras.Data;
using static Keras.Api;
using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests;

/// <summary>Training whose process is killed within an epoch and started again: the losses are those of a run that was let be.</summary>
[TestFixture("dataset")]
[TestFixture("stream")]
sealed class KilledTrainingTests(string kind) : EngineFixture
{
    const int Rows = 60, BatchSize = 4, BatchesOfEpoch = Rows / BatchSize, Epochs = 3;

    /// <summary>Dropout draws at random, the order differs from epoch to epoch, rows differ in length.</summary>
    static readonly BertConfig Config = new()
    {
        vocab_size = 200, hidden_size = 8, num_hidden_layers = 1, num_attention_heads = 2, intermediate_size = 16, max_position_embeddings = 64, num_labels = 2,
        hidden_dropout_prob = 0.1f, attention_probs_dropout_prob = 0.1f,
    };

    static int[] Ids(int row) => [.. Enumerable.Range(5 + (row % 2 * 90), 2 + (row % 5))];

    static Dataset Saved(string folder)
    {
        if (!Directory.Exists(folder))
            Dataset.from_dict(new Dictionary<string, object> { ["input_ids"] = Enumerable.Range(0, Rows).Select(Ids).ToArray(), ["labels"] = Enumerable.Range(0, Rows).Select(i => i % 2).ToArray() }).save_to_disk(folder);
        return load_from_disk(folder);
    }

    static DataPipeline OfDataset(string folder, TFPreTrainedModel model) =>
        model.prepare_tf_dataset(Saved(folder), batch_size: BatchSize, tokenizer: AutoTokenizer.from_pretrained(Repository.PathOf("models", "bert-tiny")), seed: 11);

    static DataPipeline OfStream() => keras.data.from_generator(() => Enumerable.Range(0, Rows))
        .shuffle(20, seed: 5)
        .map(row => Example(row.Single.ToArray<int>()[0]), num_parallel_calls: 2)
        .padded_batch(BatchSize)
        .prefetch(2);

    static (Tensors x, Tensors y) Example(int row) => (new Dictionary<string, Tensors> { ["input_ids"] = Ids(row) }, (Tensor)(row % 2));

    /// <summary>Trains; the loss of each epoch that was run to its end.</summary>
    static List<double> Train(string kind, string folder, params Callback[] callbacks)
    {
        disable_progress_bars();
        keras.utils.set_random_seed(3);
        var model = new TFBertForSequenceClassification(Config);
        model.predict(new Dictionary<string, Tensors> { ["input_ids"] = new[,] { { 5, 6 } } }, verbose: 0);
        model.compile(optimizer: new Optimizers.Adam(1e-2));
        var data = kind == "dataset" ? OfDataset(Path.Combine(folder, "data"), model) : OfStream();
        return model.fit(data, epochs: Epochs, verbose: 0, callbacks: callbacks).history["loss"];
    }

    static void TrainWithBackups(string argument)
    {
        var (kind, folder) = (argument.Split('|')[0], argument.Split('|')[1]);
        foreach (var loss in Train(kind, folder, new BackupAndRestore(Path.Combine(folder, "backup"), save_freq: 1), new Telling())) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"loss {loss:R}"));
    }

    sealed class Telling : Callback
    {
        public override void on_train_batch_end(int batch, Logs logs) => Console.WriteLine($"batch {batch}");
    }

    [Test]
    public void Training_that_was_killed_within_an_epoch_goes_on_to_the_same_losses()
    {
        using var folder = new TemporaryFolder();
        var expected = Train(kind, folder);

        // Killed within the first epoch, and again within the second.
        var ran = 0;
        foreach (var batches in (int[])[BatchesOfEpoch / 2, BatchesOfEpoch])
        {
            using var killed = ChildProcess.Start(TrainWithBackups, $"{kind}|{folder.Path}");
            for (var i = 0; i < batches; i++, ran++) Assert.That(killed.ReadLine(), Does.StartWith("batch "));
            killed.Kill();
        }

        using var resumed = ChildProcess.Start(TrainWithBackups, $"{kind}|{folder.Path}");
        var losses = new List<double>();
        var steps = 0;
        while (resumed.ReadLine() is { } line)
        {
            if (line.StartsWith("loss ", StringComparison.Ordinal)) losses.Add(double.Parse(line[5..], CultureInfo.InvariantCulture));
            else steps++;
        }
        Assert.That(resumed.Finish(), Is.Zero);
        Assert.That(steps, Is.InRange(1, (Epochs * BatchesOfEpoch) - ran), "no batch that a backup holds was trained again");
        Assert.That(losses, Is.EqualTo(expected.TakeLast(losses.Count)).And.Not.Empty);
        Assert.That(Directory.Exists(folder["backup"]), Is.False);
    }
}
