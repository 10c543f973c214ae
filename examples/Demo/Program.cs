// Fine-tunes a BERT on real sentences with XLA, evaluates, saves, exports, loads back and predicts. Exit code 1 if any check fails.
using Keras;
using Keras.Examples;
using Keras.Layers;
using Keras.Transformers;
using static Keras.Api;
using static Keras.Transformers.Datasets;

try
{
    return Demo.Run(DemoOptions.Parse(args));
}
catch (Exception e) when (e is KerasException or ArgumentException or IOException)
{
    Console.Error.WriteLine($"{e.GetType().Name}: {e.Message}");
    return 1;
}

static class Demo
{
    public static int Run(DemoOptions options)
    {
        keras.utils.set_random_seed(1);
        var names = File.ReadAllLines(Path.Combine(options.Data, "labels.txt"));
        var tokenizer = AutoTokenizer.from_pretrained(options.Model);
        var (train, test) = (Encoded("train.csv"), Encoded("test.csv"));
        Console.WriteLine($"{train.num_rows} definitions to train on, {test.num_rows} to test, {names.Length} classes; model {options.Model}");

        var model = TFAutoModelForSequenceClassification.from_pretrained(options.Model, id2label: names.Index().ToDictionary(n => n.Index, n => n.Item));
        // Texts of similar length share a batch, padded to a multiple of 16: little padding, and few shapes for XLA.
        var collator = new DataCollatorWithPadding(tokenizer, pad_to_multiple_of: 16);
        var trainBatches = model.prepare_tf_dataset(train, options.Batch, collate_fn: collator, drop_remainder: false, group_by_length: true);
        var testBatches = model.prepare_tf_dataset(test, options.Batch, shuffle: false, collate_fn: collator, group_by_length: true);

        Dataset Encoded(string file) => load_dataset("csv", split: "train", data_files: Path.Combine(options.Data, file), keep_in_memory: true)
            .map(batch => tokenizer.Apply(batch["text"], truncation: true, max_length: options.MaxLength), batched: true);

        var rate = keras.optimizers.schedules.PolynomialDecay(options.LearningRate, decay_steps: (int)(options.Epochs * trainBatches.cardinality()), end_learning_rate: 0);
        model.compile(optimizer: keras.optimizers.AdamW(rate, weight_decay: 0.01), metrics: ["accuracy"], jit_compile: true);   // no loss: the model's own
        model.fit(trainBatches, testBatches, epochs: options.Epochs);

        var accuracy = model.evaluate(testBatches, verbose: 0, return_dict: true)["accuracy"];
        Console.WriteLine($"test accuracy {accuracy:0.000} (chance {1.0 / names.Length:0.000})");
        var ok = Check($"accuracy is at least {options.AtLeast}", accuracy >= options.AtLeast);

        model.save_pretrained(options.Output, saved_model: true);
        tokenizer.save_pretrained(options.Output);
        string[] sentences = ["a large wild cat with a striped coat", "the act of singing in public", "a person who repairs shoes", "a tall tree with needles"];
        var inputs = tokenizer.Apply(sentences, padding: true);
        Tensor before = model.predict(inputs, verbose: 0)["logits"];

        var reloaded = TFAutoModelForSequenceClassification.from_pretrained(options.Output);
        reloaded.compile(jit_compile: true);
        Tensor after = reloaded.predict(inputs, verbose: 0)["logits"];
        ok &= Check("the reloaded model predicts the same", before.ToArray<float>().SequenceEqual(after.ToArray<float>()));

        using var served = new TFSMLayer(Path.Combine(options.Output, "saved_model", "1"));
        Tensor exported = served.Apply(inputs)["logits"];
        var difference = before.ToArray<float>().Zip(exported.ToArray<float>(), (a, b) => Math.Abs(a - b)).Max();
        ok &= Check($"the export, loaded and run by itself, gives the same logits (difference {difference:0.0e0})", difference <= 1e-5);

        var best = ops.argmax(after, axis: -1).ToArray<int>();
        foreach (var (sentence, label) in sentences.Zip(best)) Console.WriteLine($"  {sentence} -> {reloaded.config.id2label[label]}");
        return ok ? 0 : 1;
    }

    static bool Check(string what, bool holds)
    {
        Console.WriteLine($"{(holds ? "ok    " : "FAILED")}  {what}");
        return holds;
    }
}
