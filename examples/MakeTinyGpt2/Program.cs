// Makes a small GPT-2 from scratch: learns a vocabulary, then to write definitions, and compares it with an n-gram model of the same tokens.
//   dotnet run -c Release --project examples/MakeTinyGpt2 -- TRAIN_CSV TEST_CSV OUTPUT_DIR [TEACHER_DIR]
using System.Diagnostics;
using Keras.Examples;
using Keras.Transformers;
using static Keras.Api;

var recipe = Recipe.Parse(args);
keras.utils.set_random_seed(recipe.Seed);
var clock = Stopwatch.StartNew();

var (train, test) = (Definitions.Read(recipe.Train), Definitions.Read(recipe.Test));
var learnt = new Definitions(train.Items[..^recipe.HeldBack]);
var heldBack = new Definitions(train.Items[^recipe.HeldBack..]);
var tokenizer = BytePairTrainer.Train(train.Texts, recipe.Vocabulary, minFrequency: 2, recipe.Output, recipe.Block);
var packed = new ConstantLengthDataset(tokenizer, new Shuffled(learnt.Texts, recipe.Seed), recipe.Block, recipe.Batch);
var steps = packed.Count();
Report($"vocabulary {tokenizer.Count}; {learnt.Items.Length} texts, {packed.Blocks().Count()} blocks, {steps} steps an epoch");

var end = tokenizer.eos_token_id;
var model = New();
Learn();
var training = TrainingSummary.from_keras(model, "gpt2-tiny");
Report("trained");
test = test.Within(recipe.Block, tokenizer);
var rows = test.Rows(tokenizer).ToList();
Report($"{rows.Count} test texts are no longer than the model");
Save();
Evaluate();
CompareWithWords();
WriteSamples();

TFGPT2LMHeadModel New()
{
    var config = new GPT2Config
    {
        vocab_size = tokenizer.Count, n_positions = recipe.Block, n_embd = recipe.Width, n_layer = recipe.Layers, n_head = recipe.Heads, bos_token_id = end, eos_token_id = end,
        embd_pdrop = (float)recipe.Dropout, resid_pdrop = (float)recipe.Dropout, attn_pdrop = (float)recipe.Dropout,
    };
    var made = new TFGPT2LMHeadModel(config);
    if (recipe.Teacher is { } teacher) made.get_input_embeddings().assign(WordVectors.Of(tokenizer, teacher, recipe.Width, recipe.Deviation));
    return made;
}

void Learn()
{
    var rate = keras.optimizers.schedules.CosineDecay(0, decay_steps: recipe.Epochs * steps, warmup_target: recipe.Rate, warmup_steps: steps / 2);
    model.compile(optimizer: keras.optimizers.AdamW(rate, weight_decay: recipe.Decay, clipnorm: 1), metrics: new Perplexity(), jit_compile: true);   // no loss: the model's own
    // Keeps the epoch that predicts the held-out texts best.
    var choice = keras.callbacks.EarlyStopping(monitor: "val_loss", patience: recipe.Patience, restore_best_weights: true, verbose: 1);
    model.fit(packed, new ConstantLengthDataset(tokenizer, heldBack.Texts, recipe.Block, recipe.Batch), epochs: recipe.Epochs, verbose: 2, callbacks: [choice]);
}

void Evaluate()
{
    var result = model.evaluate(TestBatches(), verbose: 0, return_dict: true);
    Tell("GPT-2", Math.Log(result["perplexity"]) * rows.Sum(r => r.Ids.Length - r.First));
    Cards.Write("gpt2-tiny", recipe.Output, training with { eval_results = new Dictionary<string, double> { ["perplexity"] = result["perplexity"] } });
}

void CompareWithWords()
{
    int[][] texts = [.. train.Rows(tokenizer).Select(r => r.Ids)];
    foreach (var order in (int[])[2, 3, 4, 5])
    {
        var ngrams = new KneserNey(texts, order, tokenizer.Count);
        Tell($"{order}-grams", rows.Sum(r => ngrams.Surprise(r.Ids, r.First)));
    }
}

void Tell(string who, double surprise) => Report($"{who}: perplexity {Math.Exp(surprise / rows.Sum(r => r.Ids.Length - r.First)):0.00} a token, {surprise / Math.Log(2) / test.Bytes:0.000} bits a byte");

// Each definition is a row, padded at the end; only the definition and its end have labels.
IEnumerable<Keras.Batch> TestBatches()
{
    var length = rows.Max(r => r.Ids.Length);
    foreach (var chunk in rows.Chunk(recipe.Batch))
    {
        var (ids, labels) = (new int[chunk.Length, length], new int[chunk.Length, length]);
        foreach (var (r, row) in chunk.Index())
            for (var t = 0; t < length; t++) (ids[r, t], labels[r, t]) = (t < row.Ids.Length ? row.Ids[t] : 0, t >= row.First && t < row.Ids.Length ? row.Ids[t] : -100);
        yield return new Keras.Batch(new Dictionary<string, Keras.Tensors> { ["input_ids"] = ids, ["labels"] = labels });
    }
}

// In 16 bits, half the size; loading widens them.
void Save()
{
    model.save_pretrained(recipe.Output);
    TFGPT2LMHeadModel.from_pretrained(recipe.Output, dtype: "float16").save_pretrained(recipe.Output);
    model = TFGPT2LMHeadModel.from_pretrained(recipe.Output);
    model.compile(metrics: new Perplexity());
    Report($"{model.count_params()} parameters, {Directory.GetFiles(recipe.Output).Sum(f => new FileInfo(f).Length)} bytes in {recipe.Output}");
}

// The first ten test definitions, unselected: prompted by the category alone, then by the category and the first two words.
void WriteSamples()
{
    foreach (var (i, (category, text)) in test.Items.Take(10).Index())
    {
        var start = $"{Definitions.Prompt(category)} {string.Join(' ', text.Split(' ').Take(2))}";
        Console.WriteLine($"{text}\n    drawn   {Continue(Definitions.Prompt(category), i, sample: true)}\n    best    {Continue(start, i, sample: false)}");
    }
}

string Continue(string prompt, int seed, bool sample)
{
    int[] ids = [end!.Value, .. tokenizer.encode(prompt)];
    var output = model.generate(ids, max_new_tokens: 40, do_sample: sample, top_p: sample ? 0.9 : null, seed: seed);
    return tokenizer.decode(output.sequences[0].ToArray<int>(), skip_special_tokens: true);
}

void Report(string what) => Console.WriteLine($"{clock.Elapsed:mm\\:ss}  {what}");
