using System.Globalization;

namespace Keras.Examples;

/// <summary>The demo's arguments: <c>--model DIR --data DIR --epochs N --batch N --max-length N --learning-rate X --output DIR --at-least X</c>.</summary>
sealed record DemoOptions
{
    public string Model { get; private set; } = InRepository.Find("models/bert-tiny");
    public string Data { get; private set; } = InRepository.Find("examples/data/wordnet-supersense");
    public int Epochs { get; private set; } = 3;
    public int Batch { get; private set; } = 32;
    public int MaxLength { get; private set; } = 64;
    public double LearningRate { get; private set; } = 1e-3;
    public string Output { get; private set; } = "artifacts/demo";

    /// <summary>The accuracy below which the demo fails; by chance it is 1/12.</summary>
    public double AtLeast { get; private set; } = 0.5;

    public static DemoOptions Parse(string[] arguments)
    {
        var options = new DemoOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var n, var v] ? (n, v) : (arguments[i], i + 1 < arguments.Length ? arguments[++i] : "");
            options.Set(name, value);
        }
        return options;
    }

    void Set(string name, string value)
    {
        switch (name)
        {
            case "--model": Model = value; break;
            case "--data": Data = value; break;
            case "--epochs": Epochs = int.Parse(value, CultureInfo.InvariantCulture); break;
            case "--batch": Batch = int.Parse(value, CultureInfo.InvariantCulture); break;
            case "--max-length": MaxLength = int.Parse(value, CultureInfo.InvariantCulture); break;
            case "--learning-rate": LearningRate = double.Parse(value, CultureInfo.InvariantCulture); break;
            case "--output": Output = value; break;
            case "--at-least": AtLeast = double.Parse(value, CultureInfo.InvariantCulture); break;
            default: throw new ArgumentException($"Unknown option {name}. Expected: --model, --data, --epochs, --batch, --max-length, --learning-rate, --output, --at-least.");
        }
    }
}
