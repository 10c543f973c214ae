using Keras.Fuzz;

namespace Keras.Transformers.Tests.Images;

/// <summary>BMP files of run lengths; the pixels are those that Pillow 13 reads.</summary>
sealed class BmpRunTests
{
    [TestCase(5, 3, 8, "0307 0201 0000 00050102030405 00 0000 0109 0408 0001", "9 8 8 8 8 1 2 3 4 5 7 7 7 1 1", TestName = "Runs and single pixels of 8 bits")]
    [TestCase(5, 2, 8, "0907 0000 0503", "3 3 3 3 3 7 7 7 7 7", TestName = "A run that is longer than its row, no end")]
    [TestCase(5, 2, 8, "0207 0000 0503 0001", "3 3 3 3 3 7 7 0 0 0", TestName = "A short row")]
    [TestCase(5, 3, 8, "0107 00020201 0205 0000 0501 0001", "1 1 1 1 1 0 0 0 5 5 7 0 0 0 0", TestName = "A step")]
    [TestCase(5, 3, 8, "0107 00020909 0201 0001", "0 0 0 0 0 0 0 0 0 0 7 0 0 0 0", TestName = "A step out of the image")]
    [TestCase(6, 2, 4, "0512 0130 0000 00044567 0289 0001", "4 5 6 7 8 9 1 2 1 2 1 3", TestName = "Runs of 4 bits")]
    [TestCase(6, 2, 4, "0612 0000 0005456780 00 0190 0001", "4 5 6 7 8 9 1 2 1 2 1 2", TestName = "An odd number of single pixels of 4 bits")]
    public void Run_lengths_are_read(int width, int height, int bits, string data, string pixels)
    {
        var picture = Picture.Open(BmpRunFiles.Of(width, height, bits, bits == 8 ? 1 : 2, data));
        Assert.That((picture.Mode, picture.Width, picture.Height), Is.EqualTo(("P", width, height)));
        Assert.That(string.Join(' ', picture.Pixels), Is.EqualTo(pixels));
        Assert.That(picture.Convert("RGB").Pixels[..3], Is.EqualTo(new[] { picture.Pixels[0] * 3, picture.Pixels[0] * 5, picture.Pixels[0] * 10 }));
    }

    [TestCase("0507 0000 0203 0001")]
    [TestCase("0107 00020201 0205 0001")]
    [TestCase("")]
    [TestCase("00")]
    public void Data_that_end_early_are_refused(string data) =>
        Assert.That(() => Picture.Open(BmpRunFiles.Of(5, 3, 8, 1, data)), Throws.TypeOf<FileFormatException>().With.Message.Contains("fewer pixels"));

    [Test]
    public void Run_lengths_of_other_bits_are_refused() => Assert.That(() => Picture.Open(BmpRunFiles.Of(5, 3, 4, 1, "")), Throws.TypeOf<UnsupportedException>());
}
