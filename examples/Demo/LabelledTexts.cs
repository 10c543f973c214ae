using System.Globalization;
using CsvHelper;

namespace Keras.Examples;

/// <summary>Texts with their classes, out of a CSV file with the columns text and label.</summary>
sealed record LabelledTexts(string[] Texts, int[] Labels)
{
    public int Count => Texts.Length;

    public static LabelledTexts Read(string path)
    {
        using var csv = new CsvReader(new StreamReader(path), CultureInfo.InvariantCulture);
        var rows = csv.GetRecords<Row>().ToList();
        return new([.. rows.Select(r => r.text)], [.. rows.Select(r => r.label)]);
    }

    sealed record Row(string text, int label);
}
