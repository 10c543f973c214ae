namespace Keras;

/// <summary>Notes which variables are read on this thread until disposed.</summary>
sealed class VariableReads : IDisposable
{
    [ThreadStatic] static VariableReads? s_current;

    readonly VariableReads? _outer = s_current;
    readonly List<Variable> _variables = [];

    VariableReads() => s_current = this;

    /// <summary>The variables in the order they were read.</summary>
    public IReadOnlyList<Variable> Variables => _variables;

    /// <summary>Starts noting.</summary>
    public static VariableReads Note() => new();

    /// <summary>Notes that a variable was read.</summary>
    public static void Add(Variable variable)
    {
        for (var reads = s_current; reads is not null; reads = reads._outer) reads._variables.Add(variable);
    }

    /// <inheritdoc/>
    public void Dispose() => s_current = _outer;
}
