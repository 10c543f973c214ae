namespace Keras;

/// <summary>Which variables are read on this thread until it is disposed.</summary>
sealed class VariableReads : IDisposable
{
    [ThreadStatic] static VariableReads? s_current;

    readonly VariableReads? _outer = s_current;
    readonly List<Variable> _variables = [];

    VariableReads() => s_current = this;

    /// <summary>The variables in the order of reading.</summary>
    public IReadOnlyList<Variable> Variables => _variables;

    /// <summary>Starts to note.</summary>
    public static VariableReads Note() => new();

    /// <summary>A variable was read.</summary>
    public static void Add(Variable variable)
    {
        for (var reads = s_current; reads is not null; reads = reads._outer) reads._variables.Add(variable);
    }

    /// <inheritdoc/>
    public void Dispose() => s_current = _outer;
}
