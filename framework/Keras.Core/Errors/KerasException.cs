namespace Keras;

/// <summary>The base of this library's own errors. Each says what failed, where, what was expected, what was received and what to do.</summary>
public class KerasException : Exception
{
    /// <summary>Makes an error with a complete message.</summary>
    public KerasException(string message, Exception? inner = null) : base(message, inner) { }

    /// <summary>Makes an error whose message is composed of these parts.</summary>
    /// <param name="what">What went wrong, without a full stop.</param>
    /// <param name="where">The op, layer path, tensor, file or byte offset.</param>
    /// <param name="expected">What would have been right.</param>
    /// <param name="received">What came instead.</param>
    /// <param name="remedy">What the caller can do, a whole sentence.</param>
    /// <param name="inner">The underlying error.</param>
    public KerasException(string what, string? where, string? expected, string? received, string? remedy, Exception? inner = null)
        : base(Compose(what, where, expected, received, remedy), inner) =>
        (Where, Expected, Received, Remedy) = (where, expected, received, remedy);

    /// <summary>The op, layer path, tensor, file or byte offset.</summary>
    public string? Where { get; }

    /// <summary>What was expected.</summary>
    public string? Expected { get; }

    /// <summary>What was received instead.</summary>
    public string? Received { get; }

    /// <summary>What the caller can do.</summary>
    public string? Remedy { get; }

    internal static string Compose(string what, string? where, string? expected, string? received, string? remedy)
    {
        var text = new System.Text.StringBuilder(what);
        if (!string.IsNullOrWhiteSpace(where)) text.Append(" (").Append(where).Append(')');
        text.Append('.');
        if (expected is not null) text.Append(" Expected: ").Append(OrNothing(expected)).Append('.');
        if (received is not null) text.Append(" Received: ").Append(OrNothing(received)).Append('.');
        if (remedy is not null) text.Append(' ').Append(remedy);
        return text.ToString();
    }

    /// <summary>Says "nothing" where a part of the message is empty, as lists may be.</summary>
    static string OrNothing(string part) => string.IsNullOrWhiteSpace(part) ? "nothing" : part;
}

/// <summary>The shapes of tensors do not fit each other or the operation.</summary>
public sealed class ShapeMismatchException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null)
    : KerasException(what, where, expected, received, remedy);

/// <summary>The dtypes of tensors do not fit each other or the operation.</summary>
public sealed class DTypeMismatchException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null)
    : KerasException(what, where, expected, received, remedy);

/// <summary>A value lies outside the range that the model or operation declares.</summary>
public sealed class ValueRangeException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null)
    : KerasException(what, where, expected, received, remedy);

/// <summary>Something is not supported; the message says what to use instead.</summary>
public sealed class UnsupportedException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);

/// <summary>An engine reported that an operation or a compiled function failed.</summary>
public sealed class EngineException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner)
{
    /// <summary>Whether the input values caused the error, not the computation.</summary>
    internal bool IsOfInput { get; init; }
}

/// <summary>No engine's native library could be found or loaded; the message lists the places searched.</summary>
public sealed class EngineNotFoundException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);

/// <summary>A file is damaged, malicious or not in the format it claims; nothing was changed.</summary>
public sealed class FileFormatException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);
