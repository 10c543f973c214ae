namespace Keras.Transformers;

/// <summary>Which columns of a table a task reads. Unnamed columns are looked for under their usual names ("text", "sentence", "label", ...); what a task does not read must be left out.</summary>
public sealed record JobColumns
{
    /// <summary>The texts; for token classification lists of words, or texts with spaces between the words.</summary>
    public string? Text { get; init; }

    /// <summary>The second texts of pairs; default none.</summary>
    public string? TextPair { get; init; }

    /// <summary>The truth: names or numbers of classes; for token classification one for each word.</summary>
    public string? Label { get; init; }

    /// <summary>The images: those of an image folder, or file paths relative to the table's folder.</summary>
    public string? Image { get; init; }

    /// <summary>The questions.</summary>
    public string? Question { get; init; }

    /// <summary>The texts that answer them.</summary>
    public string? Context { get; init; }

    /// <summary>The answers: {"text": [...], "answer_start": [...]} as SQuAD has them, or texts from the context.</summary>
    public string? Answer { get; init; }
}

/// <summary>One part of a task's input.</summary>
/// <param name="Name">The property of <see cref="JobColumns"/>.</param>
/// <param name="Given">Reads the property.</param>
/// <param name="IsRequired">Whether the task needs it.</param>
/// <param name="Usual">The default column names to look for, the most usual first.</param>
sealed record ColumnRole(string Name, Func<JobColumns, string?> Given, bool IsRequired, params string[] Usual)
{
    public string Option => $"{Name}Column";

    public static readonly ColumnRole Text = new("Text", c => c.Text, true, "text", "sentence", "sentence1", "review", "content", "premise", "question1"),
        Words = new("Text", c => c.Text, true, "tokens", "words", "text", "sentence"),
        Pair = new("TextPair", c => c.TextPair, false, "text_pair", "sentence2", "hypothesis", "question2"),
        Label = new("Label", c => c.Label, true, "label", "labels", "class", "category", "target"),
        Tags = new("Label", c => c.Label, true, "ner_tags", "tags", "labels", "pos_tags", "label"),
        Image = new("Image", c => c.Image, true, "image", "img", "picture", "file_name", "path"),
        Question = new("Question", c => c.Question, true, "question", "query"),
        Context = new("Context", c => c.Context, true, "context", "passage", "text"),
        Answer = new("Answer", c => c.Answer, true, "answers", "answer");

    static readonly (string Name, Func<JobColumns, string?> Given)[] All =
    [
        ("Text", c => c.Text), ("TextPair", c => c.TextPair), ("Label", c => c.Label), ("Image", c => c.Image), ("Question", c => c.Question), ("Context", c => c.Context), ("Answer", c => c.Answer),
    ];

    /// <summary>The columns of a table by role.</summary>
    /// <exception cref="JobOptionException">A column does not exist, or the task does not read it.</exception>
    public static Dictionary<string, string> Resolve(JobColumns given, IEnumerable<ColumnRole> roles, string task, IReadOnlyList<string> columns)
    {
        var found = new Dictionary<string, string>();
        var all = roles.ToArray();
        if (All.FirstOrDefault(r => r.Given(given) is not null && all.All(a => a.Name != r.Name)) is { Name: { } unread })
            throw new JobOptionException($"{unread}Column", $"The task \"{task}\" does not read this column here", Known.List(all.Select(a => a.Option)), unread, "Leave it out.");
        foreach (var role in all)
        {
            if (role.Given(given) is { } name) found[role.Name] = columns.Contains(name) ? name : throw JobOptionException.Unknown(role.Option, "There is no such column", name, columns);
            else if (role.Usual.FirstOrDefault(u => columns.Contains(u) && !found.ContainsValue(u)) is { } usual) found[role.Name] = usual;
            else if (role.IsRequired)
                throw new JobOptionException(role.Option, $"The table has no column under a usual name for \"{task}\"", $"one of {Known.List(role.Usual)}", Known.List(columns), "Name the column to be read.");
        }
        return found;
    }
}
