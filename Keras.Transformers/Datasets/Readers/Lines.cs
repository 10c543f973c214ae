namespace Keras.Transformers;

/// <summary>Reads lines of a file as bytes without line ends, each valid until the next.</summary>
static class Lines
{
    const int Piece = 1 << 16;

    public static IEnumerable<ReadOnlyMemory<byte>> Of(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1, FileOptions.SequentialScan);
        var buffer = new byte[Piece];
        var (start, end, searched) = (0, 0, 0);
        while (true)
        {
            var at = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                yield return buffer.AsMemory(start, searched + at - start);
                start = searched = searched + at + 1;
                continue;
            }
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }
            if (end == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, Array.MaxLength));
            searched = end;
            var read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0) break;
            end += read;
        }
        if (end > start) yield return buffer.AsMemory(start, end - start);
    }
}
