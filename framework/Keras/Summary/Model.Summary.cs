namespace Keras;

public abstract partial class Model
{
    /// <summary>Finds a layer of the model by its name or its position.</summary>
    /// <param name="name">The name.</param>
    /// <param name="index">The position, from 0, instead of a name.</param>
    /// <exception cref="ArgumentException">There is no such layer, or neither or both are given.</exception>
    public Layer get_layer(string? name = null, int? index = null)
    {
        if (name is null == index is null) throw new ArgumentException("Neither the name nor the index of a layer was given, or both were. Give one.");
        var all = layers;
        if (index is { } at) return at >= 0 && at < all.Count ? all[at] : throw new ArgumentException($"There is no layer at index {at}: the model has {all.Count} layers.", nameof(index));
        return all.FirstOrDefault(l => l.name == name) ?? throw new ArgumentException($"There is no layer '{name}'. Layers: {Known.List(all.Select(l => l.name))}.", nameof(name));
    }

    /// <summary>Prints a table of the layers, with the shapes of their outputs and their numbers of parameters.</summary>
    /// <param name="line_length">The width of the table; default 88 or, if layers have several inputs, 108.</param>
    /// <param name="positions">The ends of the columns, as fractions of the width; default automatic.</param>
    /// <param name="print_fn">Receives the text instead of the console.</param>
    /// <param name="expand_nested">Whether layers of models inside are listed too; default false.</param>
    /// <param name="show_trainable">Whether a column shows what is trainable; default false.</param>
    /// <param name="layer_range">The first and the last layer to list, by name or pattern; default all.</param>
    /// <exception cref="ArgumentException">The table is too narrow, or no layer fits the range.</exception>
    public void summary(int? line_length = null, double[]? positions = null, Action<string>? print_fn = null, bool expand_nested = false, bool show_trainable = false,
        (string First, string Last)? layer_range = null)
    {
        var text = Summary.Of(this, line_length, positions, expand_nested, show_trainable, layer_range);
        if (print_fn is null) Console.Out.WriteLine(text);
        else print_fn(text);
    }
}
