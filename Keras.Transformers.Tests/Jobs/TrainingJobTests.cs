using System.Text.Json;

namespace Keras.Transformers.Tests.Jobs;

/// <summary>Every task from a file to answers: trained, judged, asked.</summary>
sealed class TrainingJobTests : EngineFixture
{
    static readonly string[] Colours = ["white", "red", "yellow", "green", "black", "blue"];
    static readonly string[] Things = ["tree", "bird", "herb", "dog", "plant", "fish", "cat", "shrub"];
    static readonly string[] Parts = ["flowers", "fruit", "head", "wings", "leaves", "hair"];

    TemporaryFolder _folder = null!;

    [SetUp]
    public void Enter() => _folder = new();

    [TearDown]
    public void Leave() => _folder.Dispose();

    static string Model(string name) => Repository.PathOf("models", name);

    string Write(string name, IEnumerable<string> lines)
    {
        File.WriteAllLines(_folder[name], lines);
        return _folder[name];
    }

    TrainingJob Job(string task, string model, string data) => new()
    {
        Task = task, Model = Model(model), Data = data, Output = _folder["model"], Epochs = 6, BatchSize = 8, LearningRate = 1e-3, JitCompile = false, CacheFolder = _folder["cache"],
    };

    static IEnumerable<string[]> Sentences(int seed)
    {
        var random = new Random(seed);
        string Any(string[] words) => words[random.Next(words.Length)];
        while (true) yield return ["a", Any(Colours), Any(Things), "with", Any(Colours), Any(Parts)];
    }

    static IEnumerable<string> Tags(string[] words) => words.Select(w => Colours.Contains(w) ? "B-COLOUR" : "O");

    [Test]
    public void Words_are_told_apart_in_lists_and_in_texts()
    {
        var lists = Write("train.jsonl", Sentences(1).Take(48).Select(w => $$"""{"tokens": {{JsonSerializer.Serialize(w)}}, "ner_tags": {{JsonSerializer.Serialize(Tags(w))}}}"""));
        var result = Job("token-classification", "bert-tiny", lists).Run();
        Assert.That(result.Labels, Is.EqualTo(new[] { "O", "B-COLOUR" }));
        Assert.That(result.Evaluation["f1"], Is.GreaterThan(0.9));

        var texts = Write("test.csv", Sentences(2).Take(16).Select(w => $"{string.Join(' ', w)},{string.Join(' ', Tags(w))}").Prepend("text,tags"));
        Assert.That(new EvaluationJob { Model = result.Output, Data = texts, CacheFolder = _folder["cache"] }.Run().Figures["precision"], Is.GreaterThan(0.9));
        var row = new PredictionJob { Model = result.Output, Data = texts }.Rows().First();
        Assert.That(row.Answers.Select(a => $"{a["entity_group"]} {a["word"]} {a["start"]}"), Is.EqualTo(Sentences(2).First().Index().Where(w => Colours.Contains(w.Item)).Select(w => $"COLOUR {w.Item} {((string)row.Input["text"]!).IndexOf($" {w.Item} ", w.Index, StringComparison.Ordinal) + 1}")));
    }

    [Test]
    public void Words_without_a_label_each_are_refused()
    {
        var data = Write("train.jsonl", [.. Enumerable.Repeat("""{"tokens": ["a", "red", "cat"], "ner_tags": ["O", "B-COLOUR"]}""", 4)]);
        Assert.That(() => Job("token-classification", "bert-tiny", data).Run(), Throws.TypeOf<JobOptionException>().With.Message.Contains("Words and labels differ in number (LabelColumn). Expected: 3 labels"));
        Assert.That(Path.Exists(_folder["model"]), Is.False);
    }

    [Test]
    public void Answers_are_found_in_texts()
    {
        var data = Write("train.jsonl", Sentences(3).Take(48).Select(w => (Text: $"a {w[2]} with {w[4]} {w[5]}", Colour: w[4])).Select(s =>
            $$$"""{"question": "what colour", "context": "{{{s.Text}}}", "answers": {"text": ["{{{s.Colour}}}"], "answer_start": [{{{s.Text.IndexOf(s.Colour, StringComparison.Ordinal)}}}]}}"""));
        var result = (Job("question-answering", "bert-tiny", data) with { Epochs = 16 }).Run();
        Assert.That(result.Evaluation["exact_match"], Is.GreaterThanOrEqualTo(80));
        var row = new PredictionJob { Model = result.Output, Data = data }.Rows().First();
        Assert.That(row.Answers[0]["answer"], Is.EqualTo(((string)row.Input["context"]!)[(int)row.Answers[0]["start"]!..(int)row.Answers[0]["end"]!]).And.AnyOf(Colours));
    }

    [Test]
    public void An_answer_that_does_not_stand_in_its_context_is_refused()
    {
        var data = Write("train.csv", Enumerable.Repeat("what,a red cat,blue", 4).Prepend("question,context,answer"));
        Assert.That(() => Job("question-answering", "bert-tiny", data).Run(), Throws.TypeOf<JobOptionException>().With.Message.Contains("An answer does not stand in its context (AnswerColumn)").And.Message.Contains("\"blue\""));
    }

    [TestCase("text-generation", "gpt2-tiny")]
    [TestCase("fill-mask", "bert-tiny")]
    public void Language_models_learn_a_text(string task, string model)
    {
        var data = Write("texts.txt", Sentences(4).Take(60).Select(w => string.Join(' ', w)));
        var result = (Job(task, model, data) with { MaxLength = 32, MixedPrecision = "bfloat16" }).Run();
        Assert.That(result.Epochs[^1]["loss"], Is.LessThan(result.Epochs[0]["loss"]));
        Assert.That(result.Evaluation["perplexity"], Is.EqualTo(Math.Exp(result.Evaluation["loss"])).Within(1e-6));
        var asked = Write("asked.txt", [task == "fill-mask" ? "a red tree with [MASK] leaves" : "a red tree with"]);
        var answer = new PredictionJob { Model = result.Output, Data = asked, TopK = task == "fill-mask" ? 2 : 1, MaxNewTokens = task == "fill-mask" ? null : 4 }.Rows().Single().Answers[0];
        if (task == "fill-mask") Assert.That(answer["sequence"], Is.EqualTo($"a red tree with {answer["token_str"]} leaves"));
        else Assert.That(answer["generated_text"], Does.StartWith("a red tree with "));
    }

    [Test]
    public void A_text_without_a_mask_is_refused()
    {
        var data = Write("asked.csv", ["text", "a red tree"]);
        Assert.That(() => new PredictionJob { Model = Model("bert-tiny"), Data = data }.Rows().ToArray(), Throws.TypeOf<JobOptionException>().With.Message.Contains("a text with [MASK] once"));
    }

    [Test]
    public void Ranks_are_refused_where_there_are_none()
    {
        var data = Write("asked.txt", ["a red tree"]);
        Assert.That(() => new PredictionJob { Model = Model("gpt2-tiny"), Data = data, TopK = 3 }.Rows(), Throws.TypeOf<JobOptionException>().With.Message.Contains("gives no ranks of answers (TopK)"));
        Assert.That(() => new PredictionJob { Model = Model("vit-tiny"), Data = Write("paths.csv", ["path", "x.png"]), MaxLength = 3 }.Rows(), Throws.TypeOf<JobOptionException>().With.Message.Contains("(MaxLength)"));
    }

    [Test]
    public void Long_prompts_and_empty_ones_are_gone_on_from()
    {
        var data = Write("asked.txt", [string.Concat(Enumerable.Repeat("an animal that is ", 60)), "", "a small"]);
        var one = new PredictionJob { Model = Model("gpt2-tiny"), Data = data, MaxNewTokens = 4 };
        var texts = one.Rows().Select(r => r.Answers[0]["generated_text"]).ToArray();
        Assert.That(texts, Has.Length.EqualTo(3).And.All.Not.Empty);
        Assert.That((one with { BatchSize = 1 }).Rows().Select(r => r.Answers[0]["generated_text"]), Is.EqualTo(texts));
    }

    [Test]
    public void A_class_that_only_a_held_back_row_has_is_one()
    {
        var data = Write("train.csv", Enumerable.Range(0, 12).Select(i => $"text {i},class {i}").Prepend("text,label"));
        var result = (Job("text-classification", "bert-tiny", data) with { Epochs = 1, EvalSplit = "0.5" }).Run();
        Assert.That(result.Labels, Has.Count.EqualTo(12));
        var other = Write("eval.csv", ["text,label", "a text,clas 1"]);
        var stages = new List<string>();
        Assert.That(() => (Job("text-classification", "bert-tiny", data) with { EvalData = other, Overwrite = true }).Run(new Told(p => stages.Add(p.Stage))), Throws.TypeOf<JobOptionException>().With.Message.Contains("\"clas 1\""));
        Assert.That(stages, Has.None.EqualTo("training"));
    }

    [Test]
    public void Several_labels_are_learnt_of_lists_and_of_texts()
    {
        static string[] Of(string[] words) => [.. new[] { "red", "blue" }.Where(words.Contains)];
        var lists = Write("train.jsonl", Sentences(5).Take(64).Select(w => $$"""{"text": "{{string.Join(' ', w)}}", "labels": {{JsonSerializer.Serialize(Of(w))}}}"""));
        var result = (Job("text-classification", "bert-tiny", lists) with { Epochs = 12 }).Run();
        Assert.That(result.Labels, Is.EqualTo(new[] { "blue", "red" }));
        Assert.That(result.Evaluation.Keys, Is.EqualTo(new[] { "loss", "accuracy", "micro_f1", "macro_f1" }));
        Assert.That(result.Evaluation["micro_f1"], Is.GreaterThan(0.8));
        Assert.That(AutoConfig.from_pretrained(result.Output).problem_type, Is.EqualTo("multi_label_classification"));
        Assert.That(File.ReadAllText(Path.Combine(result.Output, ModelCard.FileName)), Does.Contain("Micro F1"));

        var texts = Write("test.csv", Sentences(6).Take(24).Select(w => $"{string.Join(' ', w)},\"{string.Join(", ", Of(w))}\"").Prepend("text,labels"));
        var judged = new EvaluationJob { Model = result.Output, Data = texts, CacheFolder = _folder["cache"] }.Run();
        Assert.That(judged.Figures["macro_f1"], Is.GreaterThan(0.8));
        var row = new PredictionJob { Model = result.Output, Data = texts, TopK = 2 }.Rows().First(r => ((string)r.Input["text"]!).Contains("red", StringComparison.Ordinal));
        Assert.That(row.Answers.Single(a => (string)a["label"]! == "red")["score"], Is.GreaterThan(0.5f));

        var named = (Job("text-classification", "bert-tiny", texts) with { Epochs = 1, Output = _folder["named"], ProblemType = "multi_label_classification" }).Run();
        Assert.That(named.Labels, Is.EqualTo(result.Labels));
        var unknown = Write("unknown.jsonl", ["""{"text": "a red tree", "labels": ["green"]}"""]);
        Assert.That(() => new EvaluationJob { Model = result.Output, Data = unknown, CacheFolder = _folder["cache"] }.Run(), Throws.TypeOf<JobOptionException>().With.Message.Contains("A label is no class of the model (LabelColumn). Expected: blue, red"));
    }

    [TestCase("[0.0, 1.0, 0.0]")]
    [TestCase("[0, 1]")]
    [TestCase("[true, false]")]
    public void Flags_are_no_names_of_labels(string labels)
    {
        var data = Write("flags.jsonl", Sentences(8).Take(8).Select((w, i) => $$"""{"text": "{{string.Join(' ', w)}}", "labels": {{(labels == "[0, 1]" && i > 3 ? "[1, 1]" : labels)}}}"""));
        Assert.That(() => Job("text-classification", "bert-tiny", data).Run(), Throws.TypeOf<JobOptionException>().With.Message.Contains("Labels look like a flag for each class (LabelColumn)"));
    }

    [Test]
    public void Rows_to_judge_by_are_checked_before_training()
    {
        var data = Write("train.csv", ["text,label", "a tree,1.5", "a bird,2", "a dog,3"]);
        var stages = new List<string>();
        var job = Job("text-classification", "bert-tiny", data) with { ProblemType = "regression", EvalData = Write("eval.csv", ["text,label", "a bird,many"]) };
        Assert.That(() => job.Run(new Told(p => stages.Add(p.Stage))), Throws.TypeOf<JobOptionException>().With.Message.Contains("A label is no number (LabelColumn)"));
        Assert.That(stages, Has.None.EqualTo("training"));

        Directory.CreateDirectory(_folder["splits"]);
        foreach (var split in (string[])["train", "test"]) File.Copy(data, Path.Combine(_folder["splits"], $"{split}.csv"));
        Assert.That(() => (Job("text-classification", "bert-tiny", _folder["splits"]) with { Stratify = true }).Run(), Throws.TypeOf<JobOptionException>().With.Message.Contains("No rows are drawn to judge by (Stratify)").And.Message.Contains("\"test\""));
    }

    [Test]
    public void Numbers_are_learnt_where_they_are_asked_for()
    {
        static double Of(string[] words) => words.Contains("red") ? 1.5 : -0.5;
        var data = Write("train.csv", Sentences(7).Take(64).Select(w => FormattableString.Invariant($"{string.Join(' ', w)},{Of(w)}")).Prepend("text,stars"));
        var job = Job("text-classification", "bert-tiny", data) with { Epochs = 12, Columns = new() { Label = "stars" } };
        Assert.That(() => job.Run(), Throws.TypeOf<JobOptionException>().With.Message.Contains("A label is a fraction (LabelColumn)").And.Message.Contains("regression"));
        var result = (job with { ProblemType = "regression" }).Run();
        Assert.That(result.Labels, Is.Empty);
        Assert.That(result.Evaluation.Keys, Is.EqualTo(new[] { "loss", "mse", "mae", "pearsonr" }));
        Assert.That(result.Evaluation["pearsonr"], Is.GreaterThan(0.8));

        var judged = new EvaluationJob { Model = result.Output, Data = data, Columns = job.Columns, CacheFolder = _folder["cache"] }.Run().Figures;
        PredictedRow[] rows = [.. new PredictionJob { Model = result.Output, Data = data }.Rows()];
        Assert.That(rows.Average(r => Math.Pow((float)r.Answers[0]["score"]! - (double)r.Input["stars"]!, 2)), Is.EqualTo(judged["mse"]).Within(1e-5));
        Assert.That(rows[0].Answers[0]["label"], Is.EqualTo("stars"));
        var config = Path.Combine(result.Output, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"problem_type\": \"regression\"", "\"problem_type\": null", StringComparison.Ordinal));
        Assert.That((float)new PredictionJob { Model = result.Output, Data = data }.Rows().First().Answers[0]["score"]!, Is.EqualTo((float)rows[0].Answers[0]["score"]!).Within(1e-5f), "one label alone is a number");
        Assert.That(() => (job with { Task = "fill-mask", Columns = new(), ProblemType = "regression", Overwrite = true }).Run(), Throws.TypeOf<JobOptionException>().With.Message.Contains("has one kind of labels alone (ProblemType)"));
        Assert.That(() => (job with { ProblemType = "regresion", Overwrite = true }).Run(), Throws.TypeOf<JobOptionException>().With.Message.Contains("Did you mean \"regression\"?"));
    }

    [Test]
    public void Every_class_has_its_share_of_the_rows_that_are_held_back()
    {
        var data = Dataset.from_dict(new Dictionary<string, object> { ["label"] = Enumerable.Range(0, 40).Select(i => i % 10 == 0 ? "rare" : "common").ToArray() });
        static int Rare(Dataset part) => part["label"].Count(c => (string?)c == "rare");
        for (var seed = 0; seed < 5; seed++)
        {
            var (train, held) = new HeldOut(10, seed, null).Split(data, "label");
            Assert.That((train.num_rows, held.num_rows, Rare(train), Rare(held)), Is.EqualTo((30, 10, 3, 1)));
        }
        Assert.That(Enumerable.Range(0, 9).Select(seed => Rare(new HeldOut(10, seed, false).Split(data, "label").Held)).Distinct().Count(), Is.GreaterThan(1), "drawn without looking");
        Assert.That(() => new HeldOut(1, 0, true).Split(data, "label"), Throws.TypeOf<JobOptionException>().With.Message.Contains("2 classes, the rarest with 4 row(s); 39 rows to learn from, 1 held back"));
        Assert.That(new HeldOut(1, 0, null).Split(data, "label").Held.num_rows, Is.EqualTo(1));
        Assert.That(() => new HeldOut(1, 0, true).Split(data, null), Throws.TypeOf<JobOptionException>().With.Message.Contains("(Stratify)"));
    }

    [Test]
    public void The_perplexity_counts_tokens_and_not_batches()
    {
        var data = Write("texts.txt", [.. Sentences(8).Take(20).Select(w => string.Join(' ', w)), "a tree"]);
        var job = new EvaluationJob { Model = Model("gpt2-tiny"), Data = data, MaxLength = 16, CacheFolder = _folder["cache"] };
        var whole = (job with { BatchSize = 64 }).Run().Figures["loss"];
        foreach (var size in (int[])[1, 3]) Assert.That((job with { BatchSize = size }).Run().Figures["loss"], Is.EqualTo(whole).Within(1e-5), $"batches of {size}");
    }

    [Test]
    public void Numbers_are_names_where_classes_are_called_by_numbers()
    {
        var stars = new JobLabels(["1", "2", "3"]);
        Assert.That(stars["3"], Is.EqualTo(2));
        Assert.That(() => stars["0"], Throws.TypeOf<JobOptionException>());
        Assert.That(new JobLabels(["animal", "plant"])["1"], Is.EqualTo(1));
    }

    [Test]
    public void Answers_are_those_of_the_pipeline()
    {
        var config = new BertConfig { vocab_size = 12288, hidden_size = 16, num_hidden_layers = 1, num_attention_heads = 2, intermediate_size = 16, max_position_embeddings = 50, problem_type = "multi_label_classification" };
        new TFBertForSequenceClassification(config).save_pretrained(_folder["several"]);
        var tokenizer = AutoTokenizer.from_pretrained(Model("bert-tiny"), model_max_length: 50);
        tokenizer.save_pretrained(_folder["several"]);
        var data = Write("asked.csv", ["text,label", "a red tree,LABEL_0", $"{string.Concat(Enumerable.Repeat("a bird ", 60))},LABEL_1"]);
        var pipeline = (TextClassificationPipeline)Pipelines.pipeline("text-classification", _folder["several"], truncation: true, top_k: 2);
        foreach (var row in new PredictionJob { Model = _folder["several"], Data = data, TopK = 2 }.Rows())
            Assert.That(row.Answers.Select(a => (float)a["score"]!), Is.EqualTo(pipeline.Apply((string)row.Input["text"]!).Select(a => a.score)).Within(1e-5));
        Assert.That(new EvaluationJob { Model = _folder["several"], Data = data, CacheFolder = _folder["cache"] }.Run().Figures.Keys, Does.Contain("micro_f1"));
    }

    [Test]
    public void Lengths_are_not_rounded_up_beyond_the_model()
    {
        new TFBertForMaskedLM(new BertConfig { vocab_size = 12288, hidden_size = 16, num_hidden_layers = 1, num_attention_heads = 2, intermediate_size = 16, max_position_embeddings = 50 }).save_pretrained(_folder["fifty"]);
        AutoTokenizer.from_pretrained(Model("bert-tiny")).save_pretrained(_folder["fifty"]);
        var data = Write("train.csv", ["text,label", "a red tree,plant", $"{string.Concat(Enumerable.Repeat("a bird ", 60))},animal"]);
        Assert.That((Job("text-classification", "", data) with { Model = _folder["fifty"], Output = _folder["trained"], Epochs = 1, EvalSplit = "none", JitCompile = null }).Run().TrainRows, Is.EqualTo(2));
    }

    [Test]
    public void Answers_of_questions_do_not_depend_on_the_batch()
    {
        var data = Write("asked.jsonl", [.. Enumerable.Range(1, 4).Select(i => $$"""{"question": "what colour", "context": "{{string.Concat(Enumerable.Repeat("a red bird with green wings ", 2 * i * i))}}"}""")]);
        new TFBertForQuestionAnswering((BertConfig)AutoConfig.from_pretrained(Model("bert-tiny"))).save_pretrained(_folder["answers"]);
        AutoTokenizer.from_pretrained(Model("bert-tiny")).save_pretrained(_folder["answers"]);
        var job = new PredictionJob { Model = _folder["answers"], Data = data, TopK = 2 };
        static float[] Scores(PredictionJob job) => [.. job.Rows().SelectMany(r => r.Answers).Select(a => (float)a["score"]!)];
        Assert.That(Scores(job), Is.EqualTo(Scores(job with { BatchSize = 1 })).Within(1e-6).And.Length.EqualTo(8));
    }

    [Test]
    public void Images_are_told_apart_in_folders_and_by_paths()
    {
        foreach (var (i, name) in Enumerable.Range(0, 48).Select(i => (i, i % 2 == 0 ? "dark" : "light")))
        {
            Directory.CreateDirectory(Path.Combine(_folder["pictures"], name));
            File.WriteAllBytes(Path.Combine(_folder["pictures"], name, $"{i}.png"), Grey(i % 2 == 0 ? i : 255 - i));
        }
        var result = Job("image-classification", "vit-tiny", _folder["pictures"]).Run();
        Assert.That(result.Labels, Is.EqualTo(new[] { "dark", "light" }));
        Assert.That(result.Evaluation["accuracy"], Is.EqualTo(1));

        var paths = Write("paths.csv", ["path,label", "pictures/light/1.png,light", "pictures/dark/0.png,dark"]);
        Assert.That(new EvaluationJob { Model = result.Output, Data = paths, CacheFolder = _folder["cache"] }.Run().Figures["accuracy"], Is.EqualTo(1));
        Assert.That(new ExportJob { Model = result.Output, Output = _folder["served"] }.Run().Endpoints.Single(e => e.Name == "serving_default").Inputs, Is.EqualTo(new[] { "image_bytes: string (None,)" }));
        var missing = Write("missing.csv", ["path", "pictures/none.png"]);
        Assert.That(() => new PredictionJob { Model = result.Output, Data = missing }.Rows().ToArray(), Throws.TypeOf<JobOptionException>().With.Message.Contains("An image is not there (ImageColumn)"));
    }

    /// <summary>A PNG file of one grey.</summary>
    static byte[] Grey(int value) => Keras.Images.PngWriter.Write(Enumerable.Repeat((byte)value, 8 * 8 * 3).ToArray(), 8, 8, 3, 8, -1);

    [Test]
    public void A_cancelled_training_writes_nothing()
    {
        using var stop = new CancellationTokenSource();
        var job = Job("text-classification", "bert-tiny", Repository.PathOf("examples", "CakePipeline", "train.csv"));
        Assert.That(() => job.Run(new Told(p =>
        {
            if (p.Stage == "training") stop.Cancel();
        }), stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_folder.Entries().Where(e => !e.StartsWith("cache", StringComparison.Ordinal)), Is.Empty);
    }

    sealed class Told(Action<JobProgress> told) : IProgress<JobProgress>
    {
        public void Report(JobProgress value) => told(value);
    }

    [Test]
    public void The_same_seed_gives_the_same_figures()
    {
        var job = Job("text-classification", "bert-tiny", Repository.PathOf("examples", "CakePipeline", "train.csv")) with { Epochs = 1, Overwrite = true };
        var first = job.Run();
        Assert.That(job.Run().Evaluation["loss"], Is.EqualTo(first.Evaluation["loss"]).Within(1e-5));
    }
}
