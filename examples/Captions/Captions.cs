namespace Keras.Examples;

/// <summary>Makes captions for scans: the digit and the pen, in varying words.</summary>
sealed class Captions(Random random)
{
    /// <summary>The ink above which a digit is thick; half of the scans are.</summary>
    const float Thick = 313;

    static readonly Func<string, string, string>[] Templates =
    [
        (name, pen) => $"a drawing of a {pen} {name}",
        (name, pen) => $"the number {name} in {pen} lines",
        (name, pen) => $"somebody wrote a {name} with a {pen} pen",
    ];

    public static string Name(Digit digit) => Digit.Names[digit.Label];

    public static string Pen(Digit digit) => digit.Ink.Sum() > Thick ? "thick" : "thin";

    /// <summary>Makes a caption; the words around name and pen are chosen at random.</summary>
    public string Of(Digit digit) => random.GetItems(Templates, 1)[0](Name(digit), Pen(digit));

    /// <summary>The fraction of captions that contain the right word for their digit.</summary>
    public static double Share(Digit[] digits, string[] captions, Func<Digit, string> word) => digits.Zip(captions, (d, c) => c.Split(' ').Contains(word(d)) ? 1.0 : 0).Average();
}
