namespace Keras.Transformers;

/// <summary>An option of a job is invalid: an unknown task or column, an output that exists. Nothing was computed or written.</summary>
public sealed class JobOptionException : KerasException
{
    /// <summary>An error of an option.</summary>
    /// <param name="option">The job's property: "LabelColumn".</param>
    /// <param name="what">The error, without a full stop.</param>
    /// <param name="expected">The expected value.</param>
    /// <param name="received">The value received.</param>
    /// <param name="remedy">What the caller can do, as a full sentence.</param>
    public JobOptionException(string option, string what, string? expected = null, string? received = null, string? remedy = null) : base(what, option, expected, received, remedy) => Option = option;

    /// <summary>The job's property.</summary>
    public string Option { get; }

    /// <summary>Makes the error for a name that is not in a list.</summary>
    internal static JobOptionException Unknown(string option, string what, string? given, IEnumerable<string> names)
    {
        string[] all = [.. names];
        return new(option, what, Known.List(all), Known.Say(given), Known.Nearest(given, all).TrimStart() is { Length: > 0 } near ? near : null);
    }

    internal static int AtLeast(int least, int value, string option) => value >= least ? value : throw new JobOptionException(option, "A number is too small", $"a whole number of at least {least}", $"{value}");

    internal static double Positive(double value, string option) => double.IsFinite(value) && value > 0 ? value : throw new JobOptionException(option, "A number is out of range", "a finite number above 0", Known.Say(value));

    /// <summary>The number of new tokens, by default 32; only for tasks that generate.</summary>
    internal static int NewTokens(int? given, JobTask task, string option)
    {
        if (given is { } value && task.Name != "text-generation") throw new JobOptionException(option, $"The task \"{task.Name}\" generates no tokens", "nothing", $"{value}", "Leave it out.");
        return AtLeast(1, given ?? 32, option);
    }

    /// <summary>Checks, before any work is done, that the output would not replace anything.</summary>
    internal static string NewOutput(string? path, bool overwrite, string option = "Output")
    {
        if (string.IsNullOrWhiteSpace(path)) throw new JobOptionException(option, "The output has no name", "the path of a folder or file", Known.Say(path));
        if (!overwrite && (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())))
            throw new JobOptionException(option, "The output exists", "a path where nothing is", path, "Give another one, or overwrite it.");
        return path;
    }
}
