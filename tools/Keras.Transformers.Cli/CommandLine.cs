using System.Globalization;
using System.Text.RegularExpressions;
using Keras.Transformers.Cli.Commands;
using Spectre.Console;
using Spectre.Console.Cli;
using static Keras.Api;

namespace Keras.Transformers.Cli;

/// <summary>Runs the commands, and turns errors into exit codes.</summary>
static partial class CommandLine
{
    /// <summary>Runs a command.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellation)
    {
        var (isVerbose, isJson) = (args.Contains("--verbose"), args.Contains("--json"));
        keras.config.set_logger(new TerminalLogger(terminal, isVerbose));
        try
        {
            // Its flags are TensorFlow Serving's, with underscores and in any number.
            if (args is [ServeCommand.Name, .. var flags]) return await ServeCommand.RunAsync(flags, terminal, cancellation);
            var app = new CommandApp();
            app.Configure(config => Configure(config, terminal));
            return await app.RunAsync(args.Length == 0 ? ["--help"] : args, cancellation);
        }
        catch (Exception e)
        {
            var (code, message) = Explain(e, cancellation);
            if (e is CommandAppException) message += $" See keras-transformers {(Names.Contains(args.FirstOrDefault()) ? $"{args[0]} " : "")}--help.";
            if (code == ExitCodes.Stopped) terminal.Say("stopped", "yellow", message);
            else terminal.Say("error", "red", message);
            if (isVerbose && code != ExitCodes.Stopped) terminal.Error.WriteLine(e.ToString());
            if (isJson && !terminal.HasDocument) terminal.Json(new ErrorDocument(new(e.GetType().Name, message, code)), CliJson.Default.ErrorDocument);
            return code;
        }
    }

    static void Configure(IConfigurator config, Terminal terminal)
    {
        config.SetApplicationName("keras-transformers");
        config.SetApplicationVersion(typeof(TrainingJob).Assembly.GetName().Version!.ToString(3));
        config.SetApplicationCulture(CultureInfo.InvariantCulture);
        config.ConfigureConsole(terminal.Output);
        config.UseStrictParsing();
        config.TrimTrailingPeriods(false);
        config.PropagateExceptions();
        foreach (var add in All) add(config, terminal);
    }

    /// <summary>The names of the commands.</summary>
    static readonly string[] Names = ["train", "evaluate", "predict", "generate", "export", "serve", "inspect", "convert", "download", "push", "card", "bench", "doctor"];

    /// <summary>Every command, in the order of the help text.</summary>
    static readonly Action<IConfigurator, Terminal>[] All =
    [
        TrainCommand.Add, EvaluateCommand.Add, PredictCommand.Add, GenerateCommand.Add, ExportCommand.Add, ServeCommand.Add, InspectCommand.Add, ConvertCommand.Add,
        DownloadCommand.Add, PushCommand.Add, CardCommand.Add, BenchCommand.Add, DoctorCommand.Add,
    ];

    /// <summary>An exit code and one message for people.</summary>
    public static (int Code, string Message) Explain(Exception e, CancellationToken cancellation) => e switch
    {
        OperationCanceledException when cancellation.IsCancellationRequested => (ExitCodes.Stopped, "every file that was written is whole"),
        JobOptionException wrong => (ExitCodes.Usage, wrong.Message.Replace($"({wrong.Option})", $"({OptionNames.Of(wrong.Option)})", StringComparison.Ordinal)),
        CommandAppException => (ExitCodes.Usage, Plain(e.Message)),
        HfValidationException => (ExitCodes.Usage, e.Message),
        // The command doctor tells where it was looked for.
        EngineNotFoundException { Remedy: { } remedy } when remedy.Contains("doctor --install", StringComparison.Ordinal) =>
            (ExitCodes.Failed, $"{e.Message.Split('.')[0]}, so no model can run. Run keras-transformers doctor --install: it fetches libtorch (130 MB) by NuGet, once. keras-transformers doctor says where it was looked for, and what else there is."),
        ArgumentException and not ArgumentNullException => (ExitCodes.Usage, OfParameter().Replace(e.Message, "")),
        KerasException or IOException or UnauthorizedAccessException or HttpRequestException => (ExitCodes.Failed, e.Message),
        AggregateException { InnerException: { } inner } => Explain(inner, cancellation),
        _ => (ExitCodes.Failed, $"{e.GetType().Name}: {e.Message} This is a fault of the program; --verbose shows where."),
    };

    /// <summary>Removes names of .NET types from the parser's messages.</summary>
    static string Plain(string message)
    {
        if (Conversion().Match(message) is { Success: true } failed) return $"\"{failed.Groups["value"].Value}\" is not a {(failed.Groups["type"].Value.StartsWith("Int", StringComparison.Ordinal) ? "whole number" : "number")}.";
        return UnknownCommand().Match(message) is { Success: true } unknown ? $"There is no command \"{unknown.Groups["name"].Value}\".{Known.Nearest(unknown.Groups["name"].Value, Names)}" : $"{message.TrimEnd('.')}.";
    }

    [GeneratedRegex("^Unknown command '(?<name>.*)'")]
    private static partial Regex UnknownCommand();

    [GeneratedRegex("^Failed to convert '(?<value>.*)' to (?<type>[A-Za-z0-9`]+)", RegexOptions.Singleline)]
    private static partial Regex Conversion();

    /// <summary>Matches what .NET adds to messages for programmers.</summary>
    [GeneratedRegex(@" \(Parameter '[^']*'\)|\r?\nActual value was .*")]
    private static partial Regex OfParameter();
}
