namespace Keras;

/// <summary>Keras' declaration of an operation: the module and class in configs, the function of <c>keras.ops</c>, and the arguments of call and constructor.</summary>
/// <param name="Module">The module below keras.src.ops.</param>
/// <param name="ClassName">The class.</param>
/// <param name="Function">The function, with "image." in front for those on images.</param>
/// <param name="Call">The arguments of a call in order; a "*" in front takes all further ones, "**" those with other names.</param>
/// <param name="Config">The arguments of the constructor.</param>
/// <param name="Fixed">Constructor arguments that are fixed in an overload that does not take them.</param>
sealed record OperationForm(string Module, string ClassName, string Function, string[] Call, string[] Config, IReadOnlyDictionary<string, string> Fixed);

/// <summary>Keras' operation classes, from <c>KerasOperations.txt</c>: a line is "module Class function(call arguments; constructor arguments)", an argument of one value "name=value".</summary>
/// <remarks>Source: keras/src/ops.</remarks>
static class KerasOperations
{
    const string ModulePrefix = "keras.src.ops.";

    static readonly Lazy<OperationForm[]> s_all = new(Read);
    static readonly Lazy<Dictionary<string, OperationForm>> s_byFunction = new(() => s_all.Value.ToDictionary(f => f.Function));
    static readonly Lazy<Dictionary<string, OperationForm>> s_byClass = new(() => s_all.Value.ToDictionary(f => f.ClassName));

    public static IReadOnlyList<OperationForm> All => s_all.Value;

    /// <summary>The class for a function; null if Keras has none.</summary>
    public static OperationForm? OfFunction(string function) => s_byFunction.Value.GetValueOrDefault(function);

    public static OperationForm? OfClass(string className) => s_byClass.Value.GetValueOrDefault(className);

    public static string ModuleOf(OperationForm form) => ModulePrefix + form.Module;

    public static bool IsModule(string? module) => module?.StartsWith(ModulePrefix, StringComparison.Ordinal) ?? false;

    static OperationForm[] Read()
    {
        using var stream = typeof(KerasOperations).Assembly.GetManifestResourceStream("KerasOperations.txt") ?? throw new InvalidOperationException("The assembly lacks KerasOperations.txt.");
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    static OperationForm Parse(string line)
    {
        var (head, arguments) = (line[..line.IndexOf('(', StringComparison.Ordinal)].Split(' '), line.TrimEnd()[(line.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split(';'));
        string[] Names(int part) => part < arguments.Length ? arguments[part].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];
        var config = Array.ConvertAll(Names(1), n => n.Split('='));
        return new(head[0], head[1], head[2], Names(0), Array.ConvertAll(config, c => c[0]), config.Where(c => c.Length > 1).ToDictionary(c => c[0], c => c[1]));
    }
}
