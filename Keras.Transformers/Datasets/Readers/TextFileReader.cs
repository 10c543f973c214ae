using System.Text;

namespace Keras.Transformers;

/// <summary>Reads text files: a row for each line, paragraph or file, in the column "text".</summary>
sealed class TextFileReader(string path, string sampleBy, bool keepLinebreaks) : RowReader(path)
{
    public override Features Infer(int? rows, CancellationToken cancellation) => new() { ["text"] = new Value("string") };

    public override IEnumerable<DatasetBatch> Read(Features features, CancellationToken cancellation) =>
        InBatches(features, Samples(cancellation), (builders, text, row) =>
        {
            if (!System.Text.Unicode.Utf8.IsValid(text.Span)) throw new FileFormatException("A text is not UTF-8", $"{Path}, row {row}", "UTF-8", null, "Convert the file to UTF-8.");
            builders[0].AppendBytes(text.Span);
        }, cancellation);

    IEnumerable<ReadOnlyMemory<byte>> Samples(CancellationToken cancellation)
    {
        switch (sampleBy)
        {
            case "document":
                yield return WithoutMark(File.ReadAllBytes(Path));
                break;
            case "paragraph":
                foreach (var paragraph in Encoding.UTF8.GetString(WithoutMark(File.ReadAllBytes(Path)).Span).Split("\n\n"))
                    if (paragraph.Length > 0) yield return Encoding.UTF8.GetBytes(paragraph);
                break;
            default:
                foreach (var (i, line) in Lines.Of(Path).Index())
                {
                    cancellation.ThrowIfCancellationRequested();
                    var text = i == 0 ? WithoutMark(line) : line;
                    if (keepLinebreaks) yield return (byte[])[.. text.Span, (byte)'\n'];
                    else yield return text.Span is [.., (byte)'\r'] ? text[..^1] : text;
                }
                break;
        }
    }

    static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> bytes) => bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes;
}
