// Writes a text to the console as it is generated.
//   dotnet run -- [--prompt TEXT] [--greedy | --beams N] [--temperature X] [--top-p X] [--tokens N] [--seed N] [--model DIR]
using Keras.Examples;
using Keras.Transformers;

var options = new Options(args, "--prompt", "--greedy", "--beams", "--temperature", "--top-p", "--tokens", "--seed", "--model");
var folder = options.Text("--model") ?? InRepository.Find("models/gpt2-tiny");
var tokenizer = AutoTokenizer.from_pretrained(folder);
var model = TFAutoModelForCausalLM.from_pretrained(folder);

int[] prompt = [.. tokenizer.encode(options.Text("--prompt") ?? "animal: a large")];
var tokens = (int?)options.Number("--tokens") ?? 40;
if (options.Number("--beams") is { } beams)
{
    // The best beam is only known at the end, so there is nothing to stream.
    var best = model.generate(prompt, max_new_tokens: tokens, num_beams: (int)beams, pad_token_id: tokenizer.eos_token_id);
    Console.WriteLine(tokenizer.decode(best.sequences[0].ToArray<int>(), skip_special_tokens: true));
    return 0;
}
var streamer = new TextStreamer(tokenizer, skip_special_tokens: true);
if (options.Has("--greedy")) model.generate(prompt, streamer: streamer, max_new_tokens: tokens);
else
    model.generate(prompt, streamer: streamer, max_new_tokens: tokens, do_sample: true, temperature: options.Number("--temperature") ?? 0.8, top_p: options.Number("--top-p") ?? 0.9,
        seed: (int?)options.Number("--seed"));
return 0;
