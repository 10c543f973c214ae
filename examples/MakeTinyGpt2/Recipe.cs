using System.Globalization;

namespace Keras.Examples;

/// <summary>The model's sizes and training settings; command-line options change the numbers.</summary>
sealed class Recipe
{
    const string Usage = "TRAIN_CSV TEST_CSV OUTPUT_DIR [TEACHER_DIR]";

    /// <summary>Each option with its value, which the command line may change.</summary>
    readonly Dictionary<string, double> _options = new()
    {
        ["--vocabulary"] = 4096, ["--width"] = 160, ["--layers"] = 5, ["--heads"] = 5, ["--block"] = 96, ["--batch"] = 8, ["--epochs"] = 11, ["--rate"] = 2e-3, ["--dropout"] = 0.1,
        ["--decay"] = 0.1, ["--deviation"] = 0.04, ["--held-back"] = 600, ["--patience"] = 3, ["--seed"] = 7,
    };

    Recipe(string[] paths) => (Train, Test, Output, Teacher) = (paths[0], paths[1], paths[2], paths.ElementAtOrDefault(3));

    public string Train { get; }

    public string Test { get; }

    public string Output { get; }

    /// <summary>A BERT whose word vectors initialize the model.</summary>
    public string? Teacher { get; }

    public int Vocabulary => (int)_options["--vocabulary"];

    public int Width => (int)_options["--width"];

    public int Layers => (int)_options["--layers"];

    public int Heads => (int)_options["--heads"];

    public int Block => (int)_options["--block"];

    public int Batch => (int)_options["--batch"];

    public int Epochs => (int)_options["--epochs"];

    public double Rate => _options["--rate"];

    public double Dropout => _options["--dropout"];

    public double Decay => _options["--decay"];

    /// <summary>The standard deviation of word vectors from a teacher.</summary>
    public float Deviation => (float)_options["--deviation"];

    /// <summary>The number of last training texts that are held out to choose the best epoch.</summary>
    public int HeldBack => (int)_options["--held-back"];

    /// <summary>The number of epochs without improvement before training stops.</summary>
    public int Patience => (int)_options["--patience"];

    public int Seed => (int)_options["--seed"];

    public static Recipe Parse(string[] arguments)
    {
        var paths = arguments.TakeWhile(a => !a.StartsWith("--", StringComparison.Ordinal)).ToArray();
        if (paths.Length is not (3 or 4)) throw new ArgumentException($"Expected: {Usage} [OPTION NUMBER]...");
        var recipe = new Recipe(paths);
        foreach (var option in arguments.Skip(paths.Length).Chunk(2))
        {
            if (!recipe._options.ContainsKey(option[0])) throw new ArgumentException($"Unknown option {option[0]}. Expected: {string.Join(", ", recipe._options.Keys)}.");
            recipe._options[option[0]] = double.Parse(option.ElementAtOrDefault(1) ?? "", CultureInfo.InvariantCulture);
        }
        return recipe;
    }
}
