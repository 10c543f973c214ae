namespace Keras.Transformers;

/// <summary>The input of a pipeline: a text, two texts that belong together (a text and its pair, a question and its context), or an image.</summary>
/// <remarks>Texts, tuples of two, dictionaries with Hugging Face's keys and images convert to it implicitly.</remarks>
public sealed class PipelineInput
{
    /// <summary>The dictionary keys of the first and second text.</summary>
    static readonly (string First, string Second)[] Keys = [("text", "text_pair"), ("question", "context")];

    readonly string? _second;
    readonly object _value;

    PipelineInput(object? value, string? second = null) => (_value, _second) = (value ?? throw new ArgumentNullException(nameof(value)), second);

    /// <summary>A text, or the path of an image.</summary>
    public static implicit operator PipelineInput(string text) => new(text);

    /// <summary>A text and its pair, or a question and its context.</summary>
    public static implicit operator PipelineInput((string First, string Second) texts) => new(texts.First, texts.Second ?? throw new ArgumentNullException(nameof(texts)));

    /// <summary>A decoded image.</summary>
    public static implicit operator PipelineInput(Picture image) => new(image);

    /// <summary>The bytes of an image's file.</summary>
    public static implicit operator PipelineInput(byte[] file) => new(file);

    /// <summary>An image's file.</summary>
    public static implicit operator PipelineInput(Stream file) => new(file);

    /// <summary>The samples of an image, (height, width, channels) or (channels, height, width).</summary>
    public static implicit operator PipelineInput(Tensor samples) => new(samples);

    /// <summary>Texts by Hugging Face's keys: "text" and perhaps "text_pair", or "question" and "context".</summary>
    /// <exception cref="ArgumentException">The keys are others.</exception>
    public static implicit operator PipelineInput(Dictionary<string, string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (IsMessage(texts)) return new(new[] { texts });
        foreach (var (first, second) in Keys)
            if (texts.TryGetValue(first, out var text) && (texts.Count == 1 || (texts.Count == 2 && texts.ContainsKey(second)))) return new(text, texts.GetValueOrDefault(second));
        throw new ArgumentException($"These are no keys of an input. Expected: {string.Join(", or ", Keys.Select(k => $"{k.First} and {k.Second}"))}. Received: {Known.List(texts.Keys)}.", nameof(texts));
    }

    /// <summary>The messages of a conversation, each with "role" and "content".</summary>
    /// <exception cref="ArgumentException">There are none, or one has other keys.</exception>
    public static implicit operator PipelineInput(Dictionary<string, string>[] messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return messages.Length > 0 && messages.All(m => m is not null && IsMessage(m)) ? new(messages) : throw new ArgumentException("These are no messages of a conversation. Expected: one or more, each with the keys role and content.", nameof(messages));
    }

    static bool IsMessage(Dictionary<string, string> keys) => keys.Count == 2 && keys.ContainsKey("role") && keys.ContainsKey("content");

    /// <summary>The number of messages if this is a conversation; otherwise null.</summary>
    internal int? Messages => (_value as Dictionary<string, string>[])?.Length;

    /// <summary>Makes an input from a data set's value: a text, or an image as bytes or decoded.</summary>
    internal static PipelineInput Of(object? value, string column, string? second = null) => value switch
    {
        string or byte[] or Picture => new(value, second),
        _ => throw new ValueRangeException("A pipeline cannot take the values of a column", column, "texts or images", value?.GetType().Name ?? "null", "Take these rows out with filter, or name another column."),
    };

    /// <summary>The text.</summary>
    /// <exception cref="ValueRangeException">The input is an image, or two texts.</exception>
    internal string Text(string task) => _value is string text && _second is null ? text : throw Wrong(task, "one text");

    /// <summary>One text, optionally with a second.</summary>
    /// <exception cref="ValueRangeException">The input is an image.</exception>
    internal (string First, string? Second) Texts(string task) => _value is string text ? (text, _second) : throw Wrong(task, "a text, or two texts");

    /// <summary>Two texts.</summary>
    /// <exception cref="ValueRangeException">The input is an image or one text.</exception>
    internal (string First, string Second) Pair(string task) => _value is string text && _second is not null ? (text, _second) : throw Wrong(task, "two texts: (question, context)");

    /// <summary>The image.</summary>
    /// <exception cref="ValueRangeException">The input is two texts.</exception>
    internal ImageInput Image(string task) => _value switch
    {
        string path when _second is null => path,
        Picture picture => picture,
        byte[] file => file,
        Stream file => file,
        Tensor samples => samples,
        _ => throw Wrong(task, "an image: the path, the bytes or the stream of a file, a Picture or a tensor"),
    };

    ValueRangeException Wrong(string task, string expected) => new("An input is of the wrong kind", task, expected, _second is not null ? "two texts" : _value is string ? "one text" : Messages is { } messages ? $"{messages} message(s) of a conversation" : $"an image ({_value.GetType().Name})");

    /// <summary>The text, or the kind of image.</summary>
    public override string ToString() => _second is null ? Known.Say(_value) : $"({Known.Say(_value)}, {Known.Say(_second)})";
}
