using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>The tensors of one call of a pretrained model by name, whichever way they were given: by keyword, in a dictionary, as a list or as one tensor.</summary>
sealed class ModelInputs
{
    readonly Dictionary<string, Tensors> _byName = [];

    /// <param name="model">The model, for its name and what it takes.</param>
    /// <param name="args">The call.</param>
    /// <exception cref="ArgumentException">A name is unknown or given twice, or a list is too long.</exception>
    public ModelInputs(TFPreTrainedModel model, CallArguments args)
    {
        var names = model.InputNames;
        if (args.Inputs.IsDictionary) foreach (var (name, value) in args.Inputs.Named()) Add(model, name, value);
        else if (args.Inputs.IsLeaf) Add(model, names[0], args.Inputs);
        else foreach (var (value, i) in args.Inputs.Select((v, i) => (v, i))) Add(model, i < names.Count ? names[i] : $"#{i}", value);
        foreach (var (name, value) in args.Tensors) Add(model, name, value);
    }

    void Add(TFPreTrainedModel model, string name, Tensors value)
    {
        if (!model.InputNames.Contains(name))
            throw new ArgumentException($"{model.GetType().Name} takes no input '{name}'. Expected: {string.Join(", ", model.InputNames)}.");
        if (!_byName.TryAdd(name, value)) throw new ArgumentException($"The input '{name}' was given twice, in the inputs and by keyword.");
    }

    /// <summary>An input; null where it was not given.</summary>
    public Tensor? this[string name] => _byName.TryGetValue(name, out var value) ? value.Single : null;

    /// <summary>An integer input as int32; null where it was not given.</summary>
    public Tensor? Integer(string name) => this[name] is { } tensor ? Tf.Cast(tensor, DType.Int32) : null;
}
