using Keras.Engines;

namespace Keras.Saving;

/// <summary>Converts variables to and from arrays in files.</summary>
static class VariableFiles
{
    /// <summary>A variable's value, fetched when it is written.</summary>
    public static SafetensorsTensor ToFile(Variable variable, string name) => SafetensorsTensor.Of(name, variable.dtype, variable.shape, () => Fetch(variable));

    static AlignedMemory Fetch(Variable variable)
    {
        var memory = new AlignedMemory(variable.shape.ElementCount * variable.dtype.Size);
        using var value = (EagerTensor)variable.value;
        if (memory.Length > 0) value.Engine.CopyToHost(value.Handle, memory.AsSpan());
        return memory;
    }

    /// <summary>Whether an array can be loaded into a variable: floats into floats and integers into integers of any width, other dtypes only into themselves.</summary>
    public static bool CanLoad(DType from, DType to) => from == to || (from.IsFloating && to.IsFloating) || (from.IsInteger && to.IsInteger);

    /// <summary>Sets a variable from an array of its shape.</summary>
    public static void Load(Variable variable, HostMemory elements, DType dtype)
    {
        var engine = Engine.Current;
        var loaded = new EagerTensor(engine.FromHost(elements, dtype, variable.shape), engine);
        if (dtype == variable.dtype)
        {
            using (loaded) variable.Load(loaded);
            return;
        }
        using (loaded)
        using (var cast = (EagerTensor)Graphs.Tf.Cast(loaded, variable.dtype)) variable.Load(cast);
    }
}
