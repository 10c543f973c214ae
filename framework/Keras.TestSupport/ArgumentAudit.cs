using System.Reflection;

namespace Keras.Tests;

/// <summary>Every argument of every public method of some classes: a bad one must be refused by a typed error that names the caller's own argument.</summary>
sealed class ArgumentAudit
{
    /// <summary>What the methods are called on; null for classes of static methods alone.</summary>
    public required IReadOnlyDictionary<Type, Func<object?>> Subjects { get; init; }

    /// <summary>Methods to override, which the library calls with what it has checked, and those that have tests of their own: by name, or by an argument and name ("generation_config of export").</summary>
    public required IReadOnlySet<string> Hooks { get; init; }

    /// <summary>Arguments that every value fits but null: by name, or by name and method ("format of ToString").</summary>
    public required IReadOnlySet<string> Free { get; init; }

    /// <summary>Whole numbers of which 0 is one too few.</summary>
    public required IReadOnlySet<string> NotZero { get; init; }

    /// <summary>Numbers of either sign.</summary>
    public required IReadOnlySet<string> Signed { get; init; }

    /// <summary>Texts and lists of texts that name something there is, as a column: by name, or by name and method.</summary>
    public IReadOnlySet<string> Names { get; init; } = new HashSet<string>();

    /// <summary>Valid arguments by type.</summary>
    public required IReadOnlyDictionary<Type, Func<object?>> Makers { get; init; }

    /// <summary>Valid arguments by name, name and method, or these and the type ("text of Apply: String"), that do not follow from their type alone.</summary>
    public required IReadOnlyDictionary<string, Func<object?>> Own { get; init; }

    /// <summary>The methods of a class's own assembly that have an argument that can be bad, each once: the class on which it is called, and the method.</summary>
    public IEnumerable<(Type Subject, MethodInfo Method)> Methods => from subject in Subjects.Keys
                                                                     from method in subject.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy)
                                                                     where !method.IsSpecialName && !method.ContainsGenericParameters && !Hooks.Contains(method.Name) && !method.GetParameters().Any(p => Hooks.Contains($"{p.Name} of {method.Name}")) && !method.Name.StartsWith("on_", StringComparison.Ordinal)
                                                                         && method.DeclaringType!.Assembly == subject.Assembly && method.GetParameters().Any(p => Bad(p).Any())
                                                                     group (subject, method) by (method.DeclaringType, method.MetadataToken) into same
                                                                     select same.First();

    /// <summary>Methods by class and parameters, as test cases.</summary>
    public IEnumerable<TestCaseData> Cases => Methods.Select(m => new TestCaseData(m.Subject, m.Method).SetArgDisplayNames(m.Subject.Name, string.Join(", ", m.Method.GetParameters().Select(p => p.Name).Prepend(m.Method.Name))));

    /// <summary>Calls a method with valid arguments, then with each bad one.</summary>
    public void Check(Type subject, MethodInfo method)
    {
        Assert.That(() => ArgumentFaults.Call(method, Target(subject, method), Valid(method)), Throws.Nothing, "the valid arguments");
        var found = new List<string>();
        foreach (var parameter in method.GetParameters())
        {
            foreach (var value in Bad(parameter))
            {
                var arguments = Valid(method);
                arguments[parameter.Position] = value;
                if (ArgumentFaults.Of(method, Target(subject, method), arguments, parameter) is { } fault) found.Add($"{parameter.Name} = {value ?? "null"}: {fault}");
            }
        }
        Assert.That(found, Is.Empty, string.Join("\n", found));
    }

    object? Target(Type subject, MethodInfo method) => method.IsStatic ? null : Subjects[subject]();

    IEnumerable<object?> Bad(ParameterInfo p)
    {
        bool Is(IReadOnlySet<string> names) => names.Contains(p.Name!) || names.Contains($"{p.Name} of {p.Member.Name}");
        var type = Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType;
        if (ArgumentFaults.RefusesNull(p)) yield return null;
        if (Is(Free)) yield break;
        if (type == typeof(int) && !Is(Signed)) yield return -3;
        if (type == typeof(int) && Is(NotZero)) yield return 0;
        if (type == typeof(long) && !Is(Signed)) yield return -3L;
        if (type == typeof(long) && Is(NotZero)) yield return 0L;
        if (type == typeof(double))
        {
            yield return double.NaN;
            yield return double.PositiveInfinity;
            if (!Is(Signed)) yield return -3.0;
            if (Is(NotZero)) yield return 0.0;
        }
        if (type == typeof(string)) yield return "";
        if (Is(Names)) yield return type == typeof(string) ? Unknown : type.IsAssignableFrom(typeof(string[])) ? new[] { Unknown } : Convert(Unknown, type);
    }

    const string Unknown = "unkown";

    static object? Convert(string name, Type type) => type.GetMethod("op_Implicit", [typeof(string)])!.Invoke(null, [name]);

    object?[] Valid(MethodInfo method) => [.. method.GetParameters().Select(p => Own.TryGetValue($"{p.Name} of {method.Name}: {p.ParameterType.Name}", out var own) || Own.TryGetValue($"{p.Name} of {method.Name}", out own) || Own.TryGetValue(p.Name!, out own) ? own()
        : p.HasDefaultValue ? p.DefaultValue : p.IsOut ? null : Makers.TryGetValue(p.ParameterType, out var maker) ? maker() : throw new AssertionException($"The test knows no {p.ParameterType} {p.Name} of {method.Name}: add it to {nameof(Own)}."))];
}
