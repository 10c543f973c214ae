using System.ComponentModel;
using System.Text.Json;
using Spectre.Console.Cli;

namespace Keras.Transformers.Cli.Commands;

sealed class PredictSettings : ModelSettings
{
    [CommandOption("-o|--output <FILE>")]
    [Description("A .jsonl or .csv file. Default: lines of JSON on the output, as they are computed")]
    public string? Output { get; init; }

    [CommandOption("--overwrite")]
    [Description("Replaces an output that exists")]
    public bool Overwrite { get; init; }

    [CommandOption("--split <NAME>")]
    [Description("The split")]
    [DefaultValue("train")]
    public string Split { get; init; } = "train";

    [CommandOption("--top-k <N>")]
    [Description("How many answers a row gets at most")]
    [DefaultValue(1)]
    public int TopK { get; init; } = 1;

    [CommandOption("--max-new-tokens <N>")]
    [Description("How many tokens text-generation adds at most. Default: 32")]
    public int? MaxNewTokens { get; init; }
}

/// <summary>Predicts for the rows of a table.</summary>
static class PredictCommand
{
    public static void Add(IConfigurator config, Terminal terminal) => config.AddDelegate<PredictSettings>("predict", (_, settings, cancellation) => Run(terminal, settings, cancellation))
        .WithDescription("Answers for each row of a table, of any size")
        .WithExample("predict", "my-model", "--data", "new.csv", "--output", "answers.jsonl")
        .WithExample("predict", "my-model", "--data", "new.jsonl", "--top-k", "3");

    static int Run(Terminal terminal, PredictSettings settings, CancellationToken cancellation)
    {
        var job = new PredictionJob
        {
            Model = settings.Model, Data = settings.Data, Output = settings.Output, Overwrite = settings.Overwrite, Task = settings.Task, Columns = settings.Columns, Split = settings.Split, TopK = settings.TopK,
            BatchSize = settings.BatchSize, MaxLength = settings.MaxLength, MaxNewTokens = settings.MaxNewTokens,
        };
        if (settings.Output is null)
        {
            if (settings.Json) Document(terminal, job, cancellation);
            else job.Write(terminal.Bytes, cancellation_token: cancellation);
            return ExitCodes.Ok;
        }
        var result = TerminalProgress.Run(terminal, progress => job.Run(progress, cancellation));
        if (settings.Json) terminal.Json(result, CliJson.Default.PredictionResult);
        else Figures.Pairs(terminal, ("rows", Figures.Count(result.Rows)), ("time", Figures.Seconds(result.Seconds)), ("written to", result.Output));
        return ExitCodes.Ok;
    }

    /// <summary>Writes one document while it is computed; if that fails, its last member is the error.</summary>
    static void Document(Terminal terminal, PredictionJob job, CancellationToken cancellation)
    {
        // An error before the first row is the document.
        using var rows = job.Rows(cancellation).GetEnumerator();
        var isThere = rows.MoveNext();
        using var json = new Utf8JsonWriter(terminal.Bytes, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("model", job.Model);
        json.WriteStartArray("rows");
        terminal.HasDocument = true;
        try
        {
            for (; isThere; isThere = rows.MoveNext())
            {
                rows.Current.WriteTo(json);
                json.Flush();
            }
            json.WriteEndArray();
        }
        catch (Exception e)
        {
            json.WriteEndArray();
            var (code, message) = CommandLine.Explain(e, cancellation);
            json.WritePropertyName("error");
            JsonSerializer.Serialize(json, new ErrorDescription(e.GetType().Name, message, code), CliJson.Default.ErrorDescription);
            throw;
        }
        finally
        {
            json.WriteEndObject();
            json.Flush();
            terminal.Bytes.WriteByte((byte)'\n');
            terminal.Bytes.Flush();
        }
    }
}
