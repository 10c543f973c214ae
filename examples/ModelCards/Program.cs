// Rewrites the cards of the models in this repository, from the prose and the recorded figures in examples/cards.
//   dotnet run -c Release --project examples/ModelCards [-- OUTPUT_DIR]
using Keras.Examples;

var output = args.Length > 0 ? args[0] : InRepository.Find("models");
foreach (var source in Directory.GetFiles(InRepository.Find("examples/cards"), "*.md").Order(StringComparer.Ordinal))
{
    var name = Path.GetFileNameWithoutExtension(source);
    Cards.Write(name, Path.Combine(output, name));
    Console.WriteLine($"{Path.Combine(output, name, "README.md")}");
}
return 0;
