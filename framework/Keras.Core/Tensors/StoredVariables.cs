namespace Keras;

/// <summary>Changes how variables are read on this thread until disposed: an export stores some in another form than the model.</summary>
sealed class StoredVariables : IDisposable
{
    [ThreadStatic] static StoredVariables? s_current;

    readonly StoredVariables? _outer = s_current;
    readonly Func<Variable, Tensor?> _read;
    readonly object _export;

    StoredVariables(Func<Variable, Tensor?> read, object export) => (_read, _export, s_current) = (read, export, this);

    /// <summary>Starts reading variables through a function, which returns null for those read as usual.</summary>
    /// <param name="read">The function.</param>
    /// <param name="export">An object shared by all functions of one export.</param>
    public static StoredVariables Enter(Func<Variable, Tensor?> read, object export) => new(read, export);

    /// <summary>The object shared by all functions of one export; null outside exports.</summary>
    public static object? Export => s_current?._export;

    /// <summary>A variable's value in its other form; null where it has none.</summary>
    public static Tensor? Read(Variable variable) => s_current?._read(variable);

    /// <summary>Checks that a variable may be changed.</summary>
    /// <exception cref="UnsupportedException">The variable is read in another form, which would not see the change.</exception>
    public static void Change(Variable variable)
    {
        if (s_current?._read(variable) is null) return;
        throw new UnsupportedException("A function changes a variable that the export holds in another form", variable.path, "functions that only read it", "an assignment",
            "Export with weights of float32 in variables, or leave the function out.");
    }

    /// <inheritdoc/>
    public void Dispose() => s_current = _outer;
}
