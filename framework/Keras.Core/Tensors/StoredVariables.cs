namespace Keras;

/// <summary>How variables are read on this thread until it is disposed: an export holds some in another form than the model does.</summary>
sealed class StoredVariables : IDisposable
{
    [ThreadStatic] static StoredVariables? s_current;

    readonly StoredVariables? _outer = s_current;
    readonly Func<Variable, Tensor?> _read;
    readonly object _export;

    StoredVariables(Func<Variable, Tensor?> read, object export) => (_read, _export, s_current) = (read, export, this);

    /// <summary>Starts to read variables by a function, which returns null for those that are read as ever.</summary>
    /// <param name="read">The function.</param>
    /// <param name="export">What is the same for all functions of one export.</param>
    public static StoredVariables Enter(Func<Variable, Tensor?> read, object export) => new(read, export);

    /// <summary>What is the same for all functions of one export; null outside of exports.</summary>
    public static object? Export => s_current?._export;

    /// <summary>A variable's value in another form; null where it has none.</summary>
    public static Tensor? Read(Variable variable) => s_current?._read(variable);

    /// <summary>A variable is changed.</summary>
    /// <exception cref="UnsupportedException">It is read in another form, which would not see the change.</exception>
    public static void Change(Variable variable)
    {
        if (s_current?._read(variable) is null) return;
        throw new UnsupportedException("A function changes a variable that the export holds in another form", variable.path, "functions that only read it", "an assignment",
            "Export with weights of float32 in variables, or leave the function out.");
    }

    /// <inheritdoc/>
    public void Dispose() => s_current = _outer;
}
