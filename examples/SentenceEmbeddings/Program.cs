// Compares sentences by the cosines of their embeddings: the mean of the last states over the tokens. Best with all-MiniLM-L6-v2.   dotnet run -- [model folder]
using Keras.Examples;

var folder = args.FirstOrDefault() ?? InRepository.Find("models/bert-tiny");
string[] sentences = ["a large wild cat", "a small wild cat", "the act of singing in public"];
var embeddings = new SentenceEncoder(folder).Encode(sentences);
for (var a = 0; a < sentences.Length; a++)
    for (var b = a + 1; b < sentences.Length; b++) Console.WriteLine($"{SentenceEncoder.Cosine(embeddings[a], embeddings[b]):0.00}  {sentences[a]} | {sentences[b]}");
return SentenceEncoder.Cosine(embeddings[0], embeddings[1]) > SentenceEncoder.Cosine(embeddings[0], embeddings[2]) ? 0 : 1;
