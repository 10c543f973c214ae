// Teaches a BERT to find the answer to a question in a text: its first and last token.   dotnet run -- [model folder]
using Keras;
using Keras.Examples;
using Keras.Transformers;
using static Keras.Api;

var folder = args.FirstOrDefault() ?? InRepository.Find("models/bert-tiny");
keras.utils.set_random_seed(1);
(string Question, string Text, string Answer)[] lessons =
[
    ("what colour", "a tree with white flowers and sour fruit", "white"), ("what fruit", "a tree with white flowers and sour fruit", "sour fruit"),
    ("what colour", "a small bird with red wings", "red"), ("what size", "a small bird with red wings", "small"),
    ("what colour", "an herb with yellow leaves", "yellow"), ("what size", "a large dog with black hair", "large"),
    ("what colour", "a large dog with black hair", "black"), ("what fruit", "a shrub with dry fruit", "dry fruit"),
];

var tokenizer = AutoTokenizer.from_pretrained(folder);
var model = (TFBertForQuestionAnswering)TFAutoModelForQuestionAnswering.from_pretrained(folder);
var inputs = tokenizer.Apply(lessons.Select(l => l.Question), lessons.Select(l => l.Text), padding: true);
int Token(int row, int character) => inputs.char_to_token(row, character, sequence_index: 1)!.Value;
int[] starts = [.. lessons.Index().Select(l => Token(l.Index, l.Item.Text.IndexOf(l.Item.Answer, StringComparison.Ordinal)))];
int[] ends = [.. lessons.Index().Select(l => Token(l.Index, l.Item.Text.IndexOf(l.Item.Answer, StringComparison.Ordinal) + l.Item.Answer.Length - 1))];

model.compile(optimizer: keras.optimizers.Adam(1e-3));
model.fit(inputs, new Dictionary<string, Tensors> { ["start_positions"] = starts, ["end_positions"] = ends }, batch_size: 8, epochs: 60, verbose: 0);

var right = 0;
var answers = new QuestionAnsweringPipeline(model, tokenizer);
foreach (var lesson in lessons)
{
    var best = answers.Apply(lesson.Question, lesson.Text)[0];
    Console.WriteLine($"{lesson.Question}: {lesson.Text} -> {best.answer} ({best.score:P0})");
    if (best.answer == lesson.Answer) right++;
}
return right >= lessons.Length - 1 ? 0 : 1;
