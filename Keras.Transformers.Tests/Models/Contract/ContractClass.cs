using System.Reflection;
using Keras.Graphs;

namespace Keras.Transformers.Tests.Models;

/// <summary>A class of a registered family, with inputs and labels made of what it declares.</summary>
sealed record ContractClass(ModelFamily Family, ModelClass Class)
{
    public const int Rows = 4;
    public const int Length = 6;

    /// <summary>Every class of every family.</summary>
    public static IReadOnlyList<ContractClass> All { get; } =
        [.. ModelFamilies.All.SelectMany(f => f.Classes.Select(c => new ContractClass(f, c))).OrderBy(c => c.Name, StringComparer.Ordinal)];

    public string Name => Class.Class.Name;

    public PretrainedConfig Config() => ContractRow.All.TryGetValue(Family.ModelType, out var row) ? row.ConfigOf(Class.Class)
        : throw new AssertionException($"The family \"{Family.ModelType}\" is not in the contract. Give it a row in {nameof(ContractRow)}.");

    public TFPreTrainedModel New(PretrainedConfig? config = null, string? dtype = null) => Class.Create(config ?? Config(), dtype is null ? null : (DTypePolicy)dtype);

    /// <summary>A model with the weights of a folder, none missing and none left.</summary>
    public TFPreTrainedModel Load(string folder, string? dtype = null)
    {
        var model = new PretrainedFolder(folder).Load(new(null, null, null, dtype), Class.Create, ignoreMismatched: false, out var report);
        Assert.That(report.missing_keys.Concat(report.unexpected_keys).Concat(report.mismatched_keys.Select(m => m.Key)), Is.Empty);
        return model;
    }

    /// <summary>As many models with the same weights.</summary>
    public TFPreTrainedModel[] Twins(int count, string? dtype = null)
    {
        using var folder = new TemporaryFolder();
        New().save_pretrained(folder);
        return [.. Enumerable.Range(0, count).Select(_ => Load(folder, dtype))];
    }

    /// <summary>Each input of the signature, the same on every call: integers with a range lie in it, those without are a mask whose last place is 0, what is no integer is a sine.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The first free axis.</param>
    /// <param name="length">The last free axis; others are 2.</param>
    /// <param name="below">What the main input stays below, beside its range.</param>
    public static Tensors Inputs(TFPreTrainedModel model, int rows = Rows, int length = Length, long below = long.MaxValue) => new(model.input_signature.Select(i =>
    {
        var (dtype, signature) = i.Value;
        // All inputs share the axes of the main one; what lacks its last axis names a place on it.
        var last = model.input_signature[model.main_input_name].Shape.Rank - 1;
        // A sequence beside an input that is none has an axis of its own.
        var isSequence = !model.input_signature[model.main_input_name].DType.IsInteger;
        var shape = new Shape(signature.ToArray().Select((d, axis) => d >= 0 ? d : axis == 0 ? rows : axis == last || isSequence ? length : 2).ToArray());
        var most = model.InputRanges.TryGetValue(i.Key, out var range) ? Math.Min(range.Max + 1, i.Key == model.main_input_name ? below : signature.Rank <= last && !isSequence ? length : long.MaxValue) : 0;
        Func<int, double> value = !dtype.IsInteger ? k => Math.Sin(k) : most > 0 ? k => (7 + (k * 31L)) % most : k => k % length == length - 1 ? 0 : 1;
        return KeyValuePair.Create(i.Key, new Tensors(Of(shape, dtype, value)));
    }));

    static Tensor Of(Shape shape, DType dtype, Func<int, double> value) => Tf.Cast(Tf.Constant(HostTensor.Of<double>([.. Enumerable.Range(0, (int)shape.ElementCount).Select(value)], shape)), dtype);

    /// <summary>The labels that go with the inputs: a class for each place that the output of the same position scores.</summary>
    public static Dictionary<string, Tensors> Labels(TFPreTrainedModel model, Tensors inputs)
    {
        var scores = model.Apply(inputs);
        return model.LabelNames.Select((name, i) => (name, scores[i].Single.shape)).ToDictionary(l => l.name, l => new Tensors(Of(new Shape(l.shape.ToArray().SkipLast(1).ToArray()), DType.Int32, k => k % l.shape[^1])));
    }

    public static Tensors With(Tensors inputs, IEnumerable<KeyValuePair<string, Tensors>> more) => new(inputs.Named().ExceptBy(more.Select(m => m.Key), i => i.Key).Concat(more));

    public static Tensors With(Tensors inputs, string name, Tensors value) => With(inputs, [KeyValuePair.Create(name, value)]);

    /// <summary>Applies a model to the record of its inputs.</summary>
    public static Tensors ApplyRecord(TFPreTrainedModel model, Tensors inputs)
    {
        var type = model.GetType();
        while (!(type!.IsGenericType && type.GetGenericTypeDefinition() == typeof(TFPreTrainedModel<,,>))) type = type.BaseType;
        var record = Activator.CreateInstance(type.GenericTypeArguments[1])!;
        foreach (var (name, value) in inputs.Named()) record.GetType().GetProperty(name)!.SetValue(record, value.Single);
        return (Tensors)type.GetMethod(nameof(TFPreTrainedModel.Apply), [record.GetType(), typeof(bool?)])!.Invoke(model, BindingFlags.DoNotWrapExceptions, null, [record, null], null)!;
    }

    /// <summary>Every output, one value after the other.</summary>
    public static float[] Values(Tensors outputs) => [.. outputs.Flatten().SelectMany(t => Tf.Cast(t, DType.Float32).ToArray<float>())];

    public override string ToString() => Name;
}
