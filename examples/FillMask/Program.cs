// Fills the masked word of a sentence.   dotnet run -- [model folder]
using Keras.Transformers;
using static Keras.Transformers.Pipelines;

var fill = pipeline("fill-mask", model: args.FirstOrDefault());   // without a folder models/bert-tiny of this repository
var question = $"a tall {fill.tokenizer!.mask_token} with green leaves";
var words = fill.Apply(question);
foreach (var word in words) Console.WriteLine($"{word.score:P1}  {word.token_str,-10} {word.sequence}");
return words.Any(w => w.token_str == "tree") ? 0 : 1;
