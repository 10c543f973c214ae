namespace Keras.Images;

/// <summary>The markers of segments: the byte after 0xFF.</summary>
static class JpegMarker
{
    public const int FirstFrame = 0xC0;
    public const int ProgressiveFrame = 0xC2;
    public const int HuffmanTables = 0xC4;
    public const int FrameExtension = 0xC8;
    public const int ArithmeticTables = 0xCC;
    public const int LastFrame = 0xCF;
    public const int FirstRestart = 0xD0;
    public const int StartOfImage = 0xD8;
    public const int EndOfImage = 0xD9;
    public const int Scan = 0xDA;
    public const int QuantizationTables = 0xDB;
    public const int NumberOfLines = 0xDC;
    public const int RestartInterval = 0xDD;
    public const int Jfif = 0xE0;
    public const int Adobe = 0xEE;
    public const int LastOfApplications = 0xEF;
    public const int Comment = 0xFE;

    /// <summary>The number of restart markers, which are used in turn.</summary>
    public const int Restarts = 8;

    /// <summary>Whether the marker begins a restart interval, which can be decoded by itself.</summary>
    public static bool IsRestart(int marker) => marker is >= FirstRestart and < FirstRestart + Restarts;

    /// <summary>Whether the marker has no segment.</summary>
    public static bool IsAlone(int marker) => marker == 1 || IsRestart(marker);

    /// <summary>Whether the marker begins a frame header.</summary>
    public static bool IsFrame(int marker) => marker is >= FirstFrame and <= LastFrame and not (HuffmanTables or FrameExtension or ArithmeticTables);

    /// <summary>Whether the marker's segment may be skipped.</summary>
    public static bool MayBeSkipped(int marker) => marker is ArithmeticTables or NumberOfLines or Comment or (>= Jfif and <= LastOfApplications);
}
