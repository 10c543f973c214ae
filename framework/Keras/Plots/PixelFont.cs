namespace Keras.Plots;

/// <summary>A font of 5 x 7 dots for labels in pictures, so that no font need be installed: ASCII, with a box for other characters.</summary>
static class PixelFont
{
    public const int Width = 5, Height = 7, Advance = 6;

    const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

    /// <summary>Seven rows for each character from '!' to '~'; a row is a digit of base 32 whose highest bit is the leftmost dot.</summary>
    const string Rows =
        "4444404AA00000AAVAVAA4FKE5U4PP248JJCIK8LID44000002488842842224804LEL40044V4400000C48" +
        "000V00000000CC11248GGEHJLPHE4C4444EEH1248VV2421HE26AIV22VGU11HE68GUHHEV124888EHHEHHE" +
        "EHHF12C0CC0CC00CC0C48248G84200V0V008421248EH12404EHNLNGFEHHVHHHUHHUHHUEHGGGHEUHHHHHU" +
        "VGGUGGVVGGUGGGEHGNHHEHHHVHHHE44444E72222ICHIKOKIHGGGGGGVHRLLHHHHPLJHHHEHHHHHEUHHUGGG" +
        "EHHHLIDUHHUKIHFGGE11UV444444HHHHHHEHHHHHA4HHHLLRHHHA4AHHHHA4444V1248GVE88888EGG84211" +
        "E22222E4AH0000000000V840000000E1FHFGGUHHHU00EGGHE11FHHHF00EHVGE68U88880FHHF1EGGUHHHH" +
        "40C444E20622ICGGIKOKIC44444E00QLLLL00UHHHH00EHHHE0UHHUGG0FHHF1100MPGGG00FGE1U88U8896" +
        "00HHHHF00HHHA400HLLLA00HA4AH0HHHF1E00V248V34484434444444O44244O008L200";

    public static bool IsSet(char character, int x, int y)
    {
        if (character == ' ') return false;
        if (character is < '!' or > '~') return x is 0 or Width - 1 || y is 0 or Height - 1;
        return (Digits.IndexOf(Rows[((character - '!') * Height) + y], StringComparison.Ordinal) >> (Width - 1 - x) & 1) == 1;
    }
}
