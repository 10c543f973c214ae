using System.ComponentModel;
using Spectre.Console.Cli;

namespace Keras.Transformers.Cli.Commands;

/// <summary>The options of every command.</summary>
class CommonSettings : CommandSettings
{
    [CommandOption("--json")]
    [Description("One JSON document on the output; everything else goes to the error stream")]
    public bool Json { get; init; }

    [CommandOption("--verbose")]
    [Description("More messages, and where an error came from")]
    public bool Verbose { get; init; }
}

/// <summary>The options that name columns; without them the usual names are tried.</summary>
class ColumnSettings : CommonSettings
{
    [CommandOption("--text-column <NAME>")]
    [Description("The texts; for token-classification lists of words. Default: text, sentence, review, tokens, ...")]
    public string? Text { get; init; }

    [CommandOption("--text-pair-column <NAME>")]
    [Description("The second texts of pairs. Default: text_pair, sentence2, ...")]
    public string? TextPair { get; init; }

    [CommandOption("--label-column <NAME>")]
    [Description("The labels; for token-classification one for each word. Default: label, labels, ner_tags, ...")]
    public string? Label { get; init; }

    [CommandOption("--image-column <NAME>")]
    [Description("The images, or their paths. Default: image, path, ...")]
    public string? Image { get; init; }

    [CommandOption("--question-column <NAME>")]
    [Description("The questions. Default: question")]
    public string? Question { get; init; }

    [CommandOption("--context-column <NAME>")]
    [Description("The texts that answer them. Default: context")]
    public string? Context { get; init; }

    [CommandOption("--answer-column <NAME>")]
    [Description("The answers, as SQuAD has them or as texts. Default: answers, answer")]
    public string? Answer { get; init; }

    public JobColumns Columns => new() { Text = Text, TextPair = TextPair, Label = Label, Image = Image, Question = Question, Context = Context, Answer = Answer };
}
