// Fine-tunes a GPT-2 on a file of texts, one per line, and reports how well it predicts other texts before and after.
//   dotnet run -- [--train FILE] [--test FILE] [--epochs N] [--rate X] [--block N] [--batch N] [--accumulate N] [--checkpointing] [--from-scratch] [--model DIR] [--output DIR]
using Keras.Examples;
using Keras.Transformers;
using static Keras.Api;

var options = new Options(args, "--train", "--test", "--epochs", "--rate", "--block", "--batch", "--accumulate", "--checkpointing", "--from-scratch", "--model", "--output");
var data = InRepository.Find("examples/data/wordnet-verbs");
keras.utils.set_random_seed(7);

var folder = options.Text("--model") ?? InRepository.Find("models/gpt2-tiny");
var tokenizer = AutoTokenizer.from_pretrained(folder);
var model = options.Has("--from-scratch")
    ? new TFGPT2LMHeadModel(new GPT2Config { vocab_size = tokenizer.Count, n_positions = 128, n_embd = 64, n_layer = 2, n_head = 2, eos_token_id = tokenizer.eos_token_id })
    : TFGPT2LMHeadModel.from_pretrained(folder);
if (options.Has("--checkpointing")) model.gradient_checkpointing_enable();   // less memory, more computing

// Texts one after the other, cut into full blocks: nothing is computed for padding.
ConstantLengthDataset Packed(string name, bool drop_remainder) => new(tokenizer, File.ReadLines(options.Text($"--{name}") ?? Path.Combine(data, $"{name}.txt")),
    seq_length: (int?)options.Number("--block") ?? 64, batch_size: (int?)options.Number("--batch") ?? 8, drop_remainder: drop_remainder);
var (train, test) = (Packed("train", drop_remainder: true), Packed("test", drop_remainder: false));

// Accumulates gradients of several batches per step: the effect of a larger batch without its memory.
var optimizer = keras.optimizers.AdamW(options.Number("--rate") ?? 1e-3, gradient_accumulation_steps: (int?)options.Number("--accumulate"));
model.compile(optimizer, metrics: new Perplexity());   // no loss: the model's own

double before = model.evaluate(test, verbose: 0, return_dict: true)["perplexity"];
Console.WriteLine($"before: perplexity {before:0.0}; {Sample()}");
model.fit(train, epochs: (int?)options.Number("--epochs") ?? 3, verbose: 2);
double after = model.evaluate(test, verbose: 0, return_dict: true)["perplexity"];
Console.WriteLine($"after: perplexity {after:0.0}; {Sample()}");

if (options.Text("--output") is { } output)
{
    model.save_pretrained(output);
    tokenizer.save_pretrained(output);
}
return after < before ? 0 : 1;

string Sample()
{
    int[] start = [.. tokenizer.encode("verb:")];
    return tokenizer.decode(model.generate(start, max_new_tokens: 24, num_beams: 4, pad_token_id: tokenizer.eos_token_id).sequences[0].ToArray<int>(), skip_special_tokens: true);
}
