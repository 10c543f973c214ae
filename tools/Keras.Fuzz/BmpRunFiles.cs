using System.Buffers.Binary;

namespace Keras.Fuzz;

/// <summary>Intact BMP files with run-length encoding, which few programs write.</summary>
static class BmpRunFiles
{
    const int Palette = 16;
    const int Header = 54 + (Palette * 4);

    /// <summary>The files, with 8 and 4 bits, runs, single pixels, steps and row ends, bottom-up and top-down.</summary>
    public static readonly IReadOnlyList<byte[]> All =
    [
        Of(5, 3, 8, 1, "0307 0201 0000 00050102030405 00 0000 0109 0408 0001"),
        Of(5, 3, 8, 1, "0107 00020201 0205 0000 0501 0001"),
        Of(5, -2, 8, 1, "0507 0000 0503 0001"),
        Of(6, 2, 4, 2, "0512 0130 0000 00044567 0289 0001"),
        Of(6, 2, 4, 2, "0612 0000 0005456780 00 0190 0001"),
        Of(40, 30, 8, 1, string.Concat(Enumerable.Range(0, 30).Select(y => $"{10 + (y % 7):X2}{y % 16:X2} 0003{y % 16:X2}0102 00 {27 - (y % 7):X2}0A 0000")) + "0001"),
        Of(40, 30, 4, 2, string.Concat(Enumerable.Range(0, 30).Select(y => $"{10 + (y % 7):X2}{y:X2} 0003{y:X2}10 {27 - (y % 7):X2}5A 0000")) + "0001"),
    ];

    /// <summary>Makes a file with a palette of 16 colours.</summary>
    /// <param name="width">The width.</param>
    /// <param name="height">The height; negative for rows from the top.</param>
    /// <param name="bits">8 or 4.</param>
    /// <param name="compression">BMP's number: 1 for 8 bits, 2 for 4.</param>
    /// <param name="data">The runs in hexadecimal digits, with spaces.</param>
    public static byte[] Of(int width, int height, int bits, int compression, string data)
    {
        var runs = Convert.FromHexString(data.Replace(" ", "", StringComparison.Ordinal));
        var file = new byte[Header + runs.Length];
        "BM"u8.CopyTo(file);
        foreach (var (at, value) in new[] { (2, file.Length), (10, Header), (14, 40), (18, width), (22, height), (26, 1 | (bits << 16)), (30, compression), (34, runs.Length), (46, Palette), (50, Palette) })
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        for (var i = 0; i < Palette; i++) (file[54 + (i * 4)], file[55 + (i * 4)], file[56 + (i * 4)]) = ((byte)(i * 10), (byte)(i * 5), (byte)(i * 3));
        runs.CopyTo(file, Header);
        return file;
    }
}
