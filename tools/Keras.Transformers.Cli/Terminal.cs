using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Keras.Transformers.Cli;

/// <summary>Writes results to the output and everything else (progress, warnings, errors) to the error stream, so that programs can read the output.</summary>
sealed class Terminal(IAnsiConsole output, IAnsiConsole error, TextReader input, Stream? bytes = null)
{
    /// <summary>The width for files and programs, whose lines are not broken.</summary>
    const int WidthOfFiles = 10_000;

    public IAnsiConsole Output => output;

    public IAnsiConsole Error => error;

    public TextReader Input => input;

    /// <summary>The output as bytes, for documents written while they are computed.</summary>
    public Stream Bytes { get; } = bytes ?? new WriterStream(output.Profile.Out.Writer);

    public static Terminal Create() => new(Console(System.Console.Out, System.Console.IsOutputRedirected), Console(System.Console.Error, System.Console.IsErrorRedirected), System.Console.In, System.Console.OpenStandardOutput());

    static IAnsiConsole Console(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected) console.Profile.Width = WidthOfFiles;
        return console;
    }

    /// <summary>Whether the output already holds a document, which reports its own end.</summary>
    public bool HasDocument { get; set; }

    /// <summary>Writes one document.</summary>
    public void Json<T>(T value, JsonTypeInfo<T> type)
    {
        var writer = output.Profile.Out.Writer;
        writer.WriteLine(JsonSerializer.Serialize(value, type));
        writer.Flush();
    }

    /// <summary>Writes a line to the error stream, with its first word coloured.</summary>
    public void Say(string word, string colour, string text)
    {
        var line = $"[{colour}]{word}:[/] {Markup.Escape(text)}";
        // Above redrawn bars, a line must cover the whole width, or old text remains visible.
        if (HasBars) error.Write(new Grid { Expand = true }.AddColumn(new GridColumn().Padding(0, 0)).AddRow(new Markup(line)));
        else error.MarkupLine(line);
    }

    /// <summary>Whether progress bars are on the error stream.</summary>
    public bool HasBars { get; set; }

    /// <summary>Writes text as it is, without line breaks.</summary>
    public void Write(string text)
    {
        output.Profile.Out.Writer.Write(text);
        output.Profile.Out.Writer.Flush();
    }

    /// <summary>A UTF-8 stream on top of a writer that has no stream of its own.</summary>
    sealed class WriterStream(TextWriter writer) : MemoryStream
    {
        public override void Flush()
        {
            writer.Write(System.Text.Encoding.UTF8.GetString(ToArray()));
            SetLength(0);
        }
    }
}
