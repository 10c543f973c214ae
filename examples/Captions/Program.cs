// A vision transformer that reads digits and a GPT-2 that writes definitions learn together to say what is on a scan.
//   dotnet run -c Release -- [--epochs N] [--batch N] [--rate X] [--limit N] [--xla] [--output DIR]
using System.Diagnostics;
using Keras;
using Keras.Examples;
using Keras.Transformers;
using static Keras.Api;

var options = new Options(args, "--epochs", "--batch", "--rate", "--limit", "--xla", "--output");
keras.utils.set_random_seed(7);
var clock = Stopwatch.StartNew();
var (vision, language) = (InRepository.Find("models/vit-tiny"), InRepository.Find("models/gpt2-tiny"));
var (processor, tokenizer) = (AutoImageProcessor.from_pretrained(vision), AutoTokenizer.from_pretrained(language));
tokenizer.pad_token = tokenizer.eos_token;

// Attention to the image and the projection of its states are in neither folder: they start untrained.
var model = TFVisionEncoderDecoderModel.from_encoder_decoder_pretrained(vision, language, config: new Dictionary<string, object?>
{
    ["decoder_start_token_id"] = tokenizer.bos_token_id, ["eos_token_id"] = tokenizer.eos_token_id, ["pad_token_id"] = tokenizer.pad_token_id,
    ["decoder_attn_pdrop"] = 0.1, ["decoder_embd_pdrop"] = 0.1, ["decoder_resid_pdrop"] = 0.1,
});

var (train, test) = Digits.Read(InRepository.Find("examples/data/digits/digits.csv"));
var limit = (int)(options.Number("--limit") ?? train.Length);
(train, test) = ([.. train.Take(limit)], [.. test.Take(limit)]);
var captions = new Captions(new Random(7));
BatchEncoding words = tokenizer.Apply(train.Select(d => captions.Of(d) + tokenizer.eos_token), padding: true, return_tensors: "tf");
Tensor labels = ops.where(ops.equal((Tensor)words["attention_mask"], 1), (Tensor)words["input_ids"], -100);   // padding does not count

var (epochs, batch) = ((int)(options.Number("--epochs") ?? 4), (int)(options.Number("--batch") ?? 32));
var rate = keras.optimizers.schedules.CosineDecay(options.Number("--rate") ?? 1e-3, decay_steps: epochs * ((train.Length + batch - 1) / batch));
model.compile(keras.optimizers.AdamW(rate, clipnorm: 1), jit_compile: options.Has("--xla"));   // no loss: the model's own
var losses = model.fit(processor.Apply(Digits.Images(train)), labels, batch_size: batch, epochs: epochs, verbose: 2).history["loss"];
Report($"trained {model.count_params()} parameters, loss {losses[0]:0.000} to {losses[^1]:0.000}");

var images = processor.Apply(Digits.Images(test)).pixel_values;
var said = Write(model, images);
Report($"captions of {test.Length} other scans: {Captions.Share(test, said, Captions.Name):P1} name the digit, {Captions.Share(test, said, Captions.Pen):P1} the pen");
for (var i = 0; i < Math.Min(8, test.Length); i++)
{
    var drawn = tokenizer.batch_decode(model.generate(images[i..(i + 1)], max_new_tokens: 16, do_sample: true, num_return_sequences: 3, seed: i), skip_special_tokens: true);
    Console.WriteLine($"  a {Captions.Pen(test[i])} {Captions.Name(test[i])}: {said[i]}\n     or: {string.Join("; ", drawn)}");
}

// One folder holds all of it.
var output = options.Text("--output") ?? Directory.CreateTempSubdirectory("captions").FullName;
model.save_pretrained(output, image_processor: processor);
tokenizer.save_pretrained(output);
(processor, tokenizer) = (AutoImageProcessor.from_pretrained(output), AutoTokenizer.from_pretrained(output));
var isSame = Write(TFAutoModelForVision2Seq.from_pretrained(output), processor.Apply(Digits.Images(test)).pixel_values).SequenceEqual(said);
Report($"saved to {output}; read back it writes {(isSame ? "the same" : "OTHER CAPTIONS")}");
return isSame && losses[^1] < losses[0] ? 0 : 1;

string[] Write(TFPreTrainedModel writer, Tensor pixels) => tokenizer.batch_decode(writer.generate(pixels, max_new_tokens: 16), skip_special_tokens: true);

void Report(string what) => Console.WriteLine($"{clock.Elapsed:mm\\:ss}  {what}");
