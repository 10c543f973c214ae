// Fills the masked word of a sentence.   dotnet run -- [model folder]
using Keras;
using Keras.Examples;
using Keras.Transformers;
using static Keras.Api;

var folder = args.FirstOrDefault() ?? InRepository.Find("models/bert-tiny");
var tokenizer = AutoTokenizer.from_pretrained(folder);
var model = TFAutoModelForMaskedLM.from_pretrained(folder);

var question = $"a tall {tokenizer.mask_token} with green leaves";
var encoded = tokenizer.Apply([question]);
var position = Array.IndexOf(encoded["input_ids"][0], tokenizer.mask_token_id!.Value);
Tensor scores = model.predict(encoded, verbose: 0)["logits"].Single[0, position];
var (_, best) = ops.top_k(scores, 5);
var words = best.ToArray<int>().Select(id => tokenizer.convert_ids_to_tokens(id)).ToArray();
Console.WriteLine($"{question} -> {string.Join(", ", words)}");
return words.Contains("tree") ? 0 : 1;
