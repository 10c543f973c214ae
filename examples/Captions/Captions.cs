namespace Keras.Examples;

/// <summary>What one would say of scans: which digit, and with what pen, each time in other words.</summary>
sealed class Captions(Random random)
{
    /// <summary>With more ink than this a digit is thick; half of the scans are.</summary>
    const float Thick = 313;

    static readonly Func<string, string, string>[] Templates =
    [
        (name, pen) => $"a drawing of a {pen} {name}",
        (name, pen) => $"the number {name} in {pen} lines",
        (name, pen) => $"somebody wrote a {name} with a {pen} pen",
    ];

    public static string Name(Digit digit) => Digit.Names[digit.Label];

    public static string Pen(Digit digit) => digit.Ink.Sum() > Thick ? "thick" : "thin";

    /// <summary>A caption; the words around name and pen are drawn.</summary>
    public string Of(Digit digit) => random.GetItems(Templates, 1)[0](Name(digit), Pen(digit));

    /// <summary>The share of captions that hold a word of their digits.</summary>
    public static double Share(Digit[] digits, string[] captions, Func<Digit, string> word) => digits.Zip(captions, (d, c) => c.Split(' ').Contains(word(d)) ? 1.0 : 0).Average();
}
