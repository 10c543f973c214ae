// Fine-tunes a BERT on shards of Parquet that are read during training: only a buffer of texts is ever in memory.
//   dotnet run -- [--data FOLDER] [--epochs N] [--batch N] [--rate X] [--buffer N] [--at-least ACCURACY] [--model DIR]
using System.Diagnostics;
using Keras.Data;
using Keras.Examples;
using Keras.Transformers;
using static Keras.Api;
using static Keras.Transformers.Datasets;

var options = new Options(args, "--data", "--epochs", "--batch", "--rate", "--buffer", "--at-least", "--model");
keras.utils.set_random_seed(1);
var (batch, epochs) = ((int?)options.Number("--batch") ?? 32, (int?)options.Number("--epochs") ?? 2);
var names = File.ReadAllLines(InRepository.Find("examples/data/wordnet-supersense/labels.txt"));

var made = options.Text("--data") is null ? Directory.CreateTempSubdirectory("keras-streaming-").FullName : null;
try
{
    var folder = options.Text("--data") ?? Shards(made!);
    var model_folder = options.Text("--model") ?? InRepository.Find("models/bert-tiny");
    var tokenizer = AutoTokenizer.from_pretrained(model_folder);
    var (train, test) = (Batches("train").shuffle((long?)options.Number("--buffer") ?? 20, seed: 1), Batches("test"));

    var model = TFAutoModelForSequenceClassification.from_pretrained(model_folder, id2label: names.Index().ToDictionary(n => n.Index, n => n.Item));
    model.compile(keras.optimizers.AdamW(options.Number("--rate") ?? 5e-4), metrics: ["accuracy"]);   // no loss: the model's own
    var clock = Stopwatch.StartNew();
    model.fit(train.prefetch(keras.data.AUTOTUNE), epochs: epochs, verbose: 2);
    Console.WriteLine($"{epochs} epochs in {clock.Elapsed.TotalSeconds:0.0} s");

    var accuracy = model.evaluate(test.prefetch(keras.data.AUTOTUNE), verbose: 0, return_dict: true)["accuracy"];
    Console.WriteLine($"test accuracy {accuracy:0.000} (chance {1.0 / names.Length:0.000})");
    return accuracy >= (options.Number("--at-least") ?? 0.5) ? 0 : 1;

    // Rows of all shards of a split, encoded as they come; texts of similar length share a batch.
    DataPipeline Batches(string split)
    {
        var rows = load_dataset("parquet", split: split, streaming: true, data_files: new Dictionary<string, string> { [split] = Path.Combine(folder, $"{split}-*.parquet") })
            .map(texts => tokenizer.Apply(texts["text"], truncation: true), batched: true, batch_size: 200, remove_columns: ["text"])
            .rename_column("label", "labels");
        return keras.data.from_generator(() => rows)
            .bucket_by_sequence_length(row => row["input_ids"].Single.shape[0], bucket_boundaries: [10, 14, 18, 24, 32], bucket_batch_sizes: [batch, batch, batch, batch, batch, batch]);
    }
}
finally
{
    if (made is not null) Directory.Delete(made, recursive: true);
}

// In place of your own data: the definitions of this repository in eight files.
static string Shards(string folder)
{
    foreach (var split in (string[])["train", "test"])
    {
        var rows = load_dataset("csv", split: "train", data_files: InRepository.Find($"examples/data/wordnet-supersense/{split}.csv"), keep_in_memory: true);
        for (var i = 0; i < 4; i++) rows.shard(4, i).to_parquet(Path.Combine(folder, $"{split}-{i:00000}.parquet"));
    }
    return folder;
}
