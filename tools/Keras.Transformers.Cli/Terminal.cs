using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Keras.Transformers.Cli;

/// <summary>Where the program speaks: results to the output, everything else (progress, warnings, errors) to the error stream, so that the output may be read by a program.</summary>
sealed class Terminal(IAnsiConsole output, IAnsiConsole error, TextReader input, Stream? bytes = null)
{
    /// <summary>Lines of files and programs are not broken.</summary>
    const int WidthOfFiles = 10_000;

    public IAnsiConsole Output => output;

    public IAnsiConsole Error => error;

    public TextReader Input => input;

    /// <summary>The output as bytes, for what is written while it is computed.</summary>
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

    /// <summary>Whether the output holds a document already, which says itself how it ended.</summary>
    public bool HasDocument { get; set; }

    /// <summary>Writes one document.</summary>
    public void Json<T>(T value, JsonTypeInfo<T> type)
    {
        var writer = output.Profile.Out.Writer;
        writer.WriteLine(JsonSerializer.Serialize(value, type));
        writer.Flush();
    }

    /// <summary>A line of the error stream, its first word coloured.</summary>
    public void Say(string word, string colour, string text)
    {
        var line = $"[{colour}]{word}:[/] {Markup.Escape(text)}";
        // Above bars that are drawn anew a line covers the whole width, or what stood there shows behind it.
        if (HasBars) error.Write(new Grid { Expand = true }.AddColumn(new GridColumn().Padding(0, 0)).AddRow(new Markup(line)));
        else error.MarkupLine(line);
    }

    /// <summary>Whether bars are on the error stream.</summary>
    public bool HasBars { get; set; }

    /// <summary>Text as it is, without breaks.</summary>
    public void Write(string text)
    {
        output.Profile.Out.Writer.Write(text);
        output.Profile.Out.Writer.Flush();
    }

    /// <summary>A stream of UTF-8 on a writer, where there is no stream beneath.</summary>
    sealed class WriterStream(TextWriter writer) : MemoryStream
    {
        public override void Flush()
        {
            writer.Write(System.Text.Encoding.UTF8.GetString(ToArray()));
            SetLength(0);
        }
    }
}
