using System.Globalization;

namespace Keras.Examples;

/// <summary>The model's sizes and training settings; command-line options change the numbers: <c>--vocabulary N --width N --layers N --distil N --mask N</c>.</summary>
sealed record Recipe(string Teacher, string Texts, string? HeldOut, string Output)
{
    /// <summary>Words of the vocabulary.</summary>
    public int Vocabulary { get; private set; } = 12288;

    /// <summary>The width of the states.</summary>
    public int Width { get; private set; } = 128;

    /// <summary>Layers of the encoder.</summary>
    public int Layers { get; private set; } = 2;

    /// <summary>Epochs in which the teacher is imitated.</summary>
    public int DistilEpochs { get; private set; } = 6;

    /// <summary>Epochs of masked language modelling.</summary>
    public int MaskEpochs { get; private set; } = 10;

    public static Recipe Parse(string[] arguments)
    {
        var paths = arguments.TakeWhile(a => !a.StartsWith("--", StringComparison.Ordinal)).ToArray();
        if (paths.Length is < 3 or > 4) throw new ArgumentException("Expected: TEACHER_DIR TRAIN_CSV OUTPUT_DIR [HELD_OUT_CSV] [--vocabulary N] [--width N] [--layers N] [--distil N] [--mask N].");
        var recipe = new Recipe(paths[0], paths[1], paths.ElementAtOrDefault(3), paths[2]);
        foreach (var option in arguments.Skip(paths.Length).Chunk(2)) recipe.Set(option[0], int.Parse(option.ElementAtOrDefault(1) ?? "", CultureInfo.InvariantCulture));
        return recipe;
    }

    void Set(string name, int value)
    {
        switch (name)
        {
            case "--vocabulary": Vocabulary = value; break;
            case "--width": Width = value; break;
            case "--layers": Layers = value; break;
            case "--distil": DistilEpochs = value; break;
            case "--mask": MaskEpochs = value; break;
            default: throw new ArgumentException($"Unknown option {name}. Expected: --vocabulary, --width, --layers, --distil, --mask.");
        }
    }
}
