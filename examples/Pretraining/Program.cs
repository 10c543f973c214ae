// Pretrains a small BERT from scratch on text files, one text per line: it learns to fill masked words. Texts are packed into full blocks, so no computation goes to padding.
//   dotnet run -- [--train FILES] [--test FILES] [--epochs N] [--rate X] [--block N] [--batch N] [--width N] [--layers N] [--cache DIR] [--output DIR]
using Keras.Data;
using Keras.Examples;
using Keras.Transformers;
using static Keras.Api;
using static Keras.Transformers.Datasets;

var options = new Options(args, "--train", "--test", "--epochs", "--rate", "--block", "--batch", "--width", "--layers", "--cache", "--output");
keras.utils.set_random_seed(7);
var (block, width) = ((int?)options.Number("--block") ?? 64, (int?)options.Number("--width") ?? 64);
var tokenizer = AutoTokenizer.from_pretrained(InRepository.Find("models/bert-tiny"));

// FILES may hold "*" and "**". With --cache, what is read and tokenized is kept there for the next run.
var cache = options.Text("--cache");
var texts = load_dataset("text", cache_dir: cache, keep_in_memory: cache is null, data_files: new Dictionary<string, string> { ["train"] = Files("train"), ["test"] = Files("test") });
var packed = texts
    .map(batch => tokenizer.Apply(batch["text"]), batched: true, remove_columns: ["text"])
    .map(batch => new() { ["input_ids"] = TokenBlocks.group_texts((int[][])batch["input_ids"], block).ToArray() }, batched: true, remove_columns: ["token_type_ids", "attention_mask"]);
Console.WriteLine($"{texts["train"].num_rows} texts in {packed["train"].num_rows} blocks of {block} tokens to train on, {packed["test"].num_rows} to test");

var model = new TFBertForMaskedLM(new BertConfig
{
    vocab_size = tokenizer.Count, hidden_size = width, num_hidden_layers = (int?)options.Number("--layers") ?? 2, num_attention_heads = 2, intermediate_size = 4 * width,
    max_position_embeddings = block,
});
var train = Masked("train", seed: 1, shuffle: true);
var epochs = (int?)options.Number("--epochs") ?? 6;
var rate = keras.optimizers.schedules.CosineDecay(options.Number("--rate") ?? 3e-3, decay_steps: (int)(epochs * train.cardinality()));
model.compile(keras.optimizers.AdamW(rate, weight_decay: 0.01));   // no loss: the model's own

var before = Perplexity();
model.fit(train, epochs: epochs, verbose: 2);
var after = Perplexity();
Console.WriteLine($"perplexity of masked words {before:0} before, {after:0} after");

if (options.Text("--output") is { } output)
{
    model.save_pretrained(output);
    tokenizer.save_pretrained(output);
}
return after < before / 2 ? 0 : 1;

string Files(string split) => options.Text($"--{split}") ?? InRepository.Find($"examples/data/wordnet-verbs/{split}.txt");

// Each epoch masks other words.
DataPipeline Masked(string split, int seed, bool shuffle) => model.prepare_tf_dataset(packed[split], batch_size: (int?)options.Number("--batch") ?? 8, shuffle: shuffle, drop_remainder: false, seed: seed,
    collate_fn: new DataCollatorForLanguageModeling(tokenizer, mlm_probability: 0.15, seed: seed));

// A new collator each time, so that the same words are masked before and after.
double Perplexity() => Math.Exp(model.evaluate(Masked("test", seed: 2, shuffle: false), verbose: 0, return_dict: true)["loss"]);
