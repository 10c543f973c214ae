using System.Collections;
using Keras.Graphs;
using Keras.SavedModels;

namespace Keras.Export;

/// <summary>A signature: a function that an export holds under a name.</summary>
/// <param name="Function">Maps the inputs, in the structure of the signature, to a tensor, a list or a dictionary of tensors, with any layers, models, variables and operations.</param>
/// <param name="InputSignature">The inputs: an <see cref="InputSpec"/>, a tensor of <c>keras.Input</c>, a list or a dictionary of these.</param>
public sealed record ExportSignature(Func<Tensors, Tensors> Function, Tensors InputSignature)
{
    /// <summary>The TensorFlow Serving request that it answers: "tensorflow/serving/predict" (default), ".../classify" or ".../regress".</summary>
    public string MethodName { get; init; } = SavedModelSignature.PredictMethod;
}

/// <summary>The signatures of an export by their names: a model's own (<see cref="Model.ServingSignatures()"/>) with others beside them, or others alone. Variables that several use are in the file once.</summary>
/// <remarks>As the <c>signatures</c> of Python's <c>tf.saved_model.save</c> and of Hugging Face's <c>save_pretrained</c>: what is given stands in place of the model's own, and one function alone is
/// <c>serving_default</c>.</remarks>
public sealed class ExportSignatures : IEnumerable<KeyValuePair<string, ExportSignature>>
{
    const string Serialized = "inputs";
    const string Classes = "classes";
    const string Scores = "scores";
    const string Values = "outputs";

    readonly List<KeyValuePair<string, ExportSignature>> _signatures = [];

    /// <summary>One function as serving_default.</summary>
    public static implicit operator ExportSignatures(ExportSignature signature) => new() { { SavedModelContents.DefaultSignature, signature ?? throw new ArgumentNullException(nameof(signature)) } };

    /// <summary>The names of the signatures, in the order added.</summary>
    public IEnumerable<string> Names => _signatures.Select(s => s.Key);

    /// <summary>Files that belong to the model, such as a tokenizer's vocabulary, by their names; they go into the folder <c>assets</c>.</summary>
    public IDictionary<string, byte[]> Assets { get; } = new Dictionary<string, byte[]>();

    /// <summary>A signature by its name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public ExportSignature this[string name] => Contains(name) ? _signatures.Find(s => s.Key == name).Value : throw new KeyNotFoundException($"There is no signature '{name}'. There are: {Known.List(Names)}.");

    /// <summary>Whether there is a signature of this name.</summary>
    public bool Contains(string name) => _signatures.Exists(s => s.Key == name);

    /// <summary>Removes a signature.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(string name) => _signatures.RemoveAll(s => s.Key == name) > 0;

    /// <summary>Adds a signature.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="signature">The function with its inputs.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add(string name, ExportSignature signature)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(signature);
        if (Contains(name)) throw new ArgumentException($"The signature name '{name}' is taken already. Give another name, or Remove the other first.", nameof(name));
        _signatures.Add(KeyValuePair.Create(name, signature));
    }

    /// <summary>Adds a signature that answers Predict.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="function">Maps the inputs to a tensor, a list or a dictionary of tensors.</param>
    /// <param name="input_signature">The inputs.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add(string name, Func<Tensors, Tensors> function, Tensors input_signature) => Add(name, Made(function, input_signature, SavedModelSignature.PredictMethod));

    /// <summary>Adds a signature that answers Predict for serialized tf.train.Example records, as TFX's evaluator and bulk inferrer send them.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="function">Maps a dictionary of features to a tensor, a list or a dictionary of tensors.</param>
    /// <param name="features">Each feature by its name, with the batch as first dimension: (B) for one value, (B, 4) for four, (B, -1) for as many as a record has, filled up with 0 or "". Integers and floats of any
    /// width, and strings. A feature of fixed shape has to be in every record.</param>
    /// <remarks>Its input is <c>examples</c>, (B), string.</remarks>
    /// <exception cref="ArgumentException">The name is taken, or a feature cannot be in a record.</exception>
    public void AddExamples(string name, Func<Tensors, Tensors> function, Tensors features) => AddExamples(name, function, features, 0);

    internal void AddExamples(string name, Func<Tensors, Tensors> function, Tensors features, long filling)
    {
        ArgumentNullException.ThrowIfNull(function);
        var parser = new ExampleFeatures(features, filling);
        Add(name, records => function(parser.Parse(records.Single)), new InputSpec(DType.String, new Shape(-1), name: "examples"));
    }

    /// <summary>Adds a signature that answers TensorFlow Serving's Classify, of serialized tf.train.Example records.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="scores">Maps a dictionary of features to the score of each class, (B, n).</param>
    /// <param name="features">The features, as <see cref="AddExamples(string, Func{Tensors, Tensors}, Tensors)"/> takes them.</param>
    /// <param name="classes">The names of the n classes; default none; then answers only have scores.</param>
    /// <remarks>Its input is <c>inputs</c>, (B), string; outputs are <c>classes</c>, (B, n), string, and <c>scores</c>, (B, n), float32.</remarks>
    /// <exception cref="ArgumentException">The name is taken, a feature cannot be in a record, or <paramref name="classes"/> is empty.</exception>
    public void AddClassify(string name, Func<Tensors, Tensors> scores, Tensors features, IReadOnlyList<string>? classes = null) => AddClassify(name, scores, features, classes, 0);

    internal void AddClassify(string name, Func<Tensors, Tensors> scores, Tensors features, IReadOnlyList<string>? classes, long filling)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (classes is { Count: 0 }) throw new ArgumentException("The list of classes holds no names. Give the names of the classes, or null for answers without names.", nameof(classes));
        if (classes?.Any(c => c is null) == true) throw new ArgumentException("The name of a class is null. Give each class a name.", nameof(classes));
        var parser = new ExampleFeatures(features, filling);
        Add(name, Made(records => Classified(name, scores(parser.Parse(records.Single)).Single, classes), Records, SavedModelSignature.ClassifyMethod));
    }

    /// <summary>Adds a signature that answers TensorFlow Serving's Regress, of serialized tf.train.Example records.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">Maps a dictionary of features to one value each, (B) or (B, 1).</param>
    /// <param name="features">The features, as <see cref="AddExamples(string, Func{Tensors, Tensors}, Tensors)"/> takes them.</param>
    /// <remarks>Its input is <c>inputs</c>, (B), string; its output is <c>outputs</c>, float32.</remarks>
    /// <exception cref="ArgumentException">The name is taken, or a feature cannot be in a record.</exception>
    public void AddRegress(string name, Func<Tensors, Tensors> values, Tensors features) => AddRegress(name, values, features, 0);

    internal void AddRegress(string name, Func<Tensors, Tensors> values, Tensors features, long filling)
    {
        ArgumentNullException.ThrowIfNull(values);
        var parser = new ExampleFeatures(features, filling);
        Add(name, Made(records => new Dictionary<string, Tensors> { [Values] = Floats(values(parser.Parse(records.Single)).Single) }, Records, SavedModelSignature.RegressMethod));
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, ExportSignature>> GetEnumerator() => _signatures.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    static Tensors Records => new InputSpec(DType.String, new Shape(-1), name: Serialized);

    static ExportSignature Made(Func<Tensors, Tensors> function, Tensors inputs, string method) =>
        new(function ?? throw new ArgumentNullException(nameof(function)), inputs ?? throw new ArgumentNullException(nameof(inputs))) { MethodName = method };

    static Tensor Floats(Tensor values) => values.dtype == DType.Float32 ? values : Tf.Cast(values, DType.Float32);

    static Dictionary<string, Tensors> Classified(string name, Tensor scores, IReadOnlyList<string>? classes)
    {
        var outputs = new Dictionary<string, Tensors> { [Scores] = Floats(scores) };
        if (classes is null) return outputs;
        if (scores.shape is not { HasRank: true, Rank: 2 } || !scores.shape[1..].IsCompatibleWith(new Shape(classes.Count)))
            throw new ShapeMismatchException("The scores of a classifier do not fit its classes", $"signature '{name}'", $"(B, {classes.Count})", scores.shape.ToString());
        var names = Tf.Constant(HostTensor.OfStrings(new Shape(1, classes.Count), [.. classes.Select(System.Text.Encoding.UTF8.GetBytes)]));
        outputs[Classes] = Tf.Gather(names, Tf.Fill(Tf.Reshape(Tf.StridedSlice(Tf.ShapeOf(scores), [0], [1], [1]), Tf.Int32(1)), Tf.Int32Scalar(0)), 0);
        return outputs;
    }

    /// <summary>Checks TensorFlow Serving's requirements for Classify and Regress signatures.</summary>
    /// <exception cref="UnsupportedException">The method is another, or inputs or outputs are not what its requests hold.</exception>
    internal static void Check(string name, SavedModelSignature signature)
    {
        (string Name, Tensor Tensor)[] outputs = [.. signature.OutputNames.Zip(signature.Function.Outputs)];
        if (signature.MethodName == SavedModelSignature.PredictMethod) return;
        var isClassify = signature.MethodName == SavedModelSignature.ClassifyMethod;
        if (!isClassify && signature.MethodName != SavedModelSignature.RegressMethod)
            throw Misfit("a method name tensorflow/serving/predict, classify or regress", $"\"{signature.MethodName}\"");
        if (signature.InputNames is not [Serialized] || signature.Function.Inputs[0] is not { dtype: var dtype, shape: { Rank: 1 } } || dtype != DType.String)
            throw Misfit("one input 'inputs' of serialized records, string (B)", string.Join(", ", signature.InputNames.Zip(signature.Function.Inputs, (n, i) => $"{n} {i.dtype.Name} {i.shape}")));
        var fits = isClassify ? Array.TrueForAll(outputs, o => o.Name is Classes or Scores && Is(o.Tensor, o.Name == Classes ? DType.String : DType.Float32, 2))
            : outputs is [(Values, var values)] && (Is(values, DType.Float32, 1) || (Is(values, DType.Float32, 2) && values.shape[1] == 1));
        if (!fits) throw Misfit(isClassify ? "outputs 'classes', string (B, n), and 'scores', float32 (B, n)" : "one output 'outputs', float32 (B) or (B, 1)", string.Join(", ", outputs.Select(o => $"{o.Name} {o.Tensor.dtype.Name} {o.Tensor.shape}")));

        static bool Is(Tensor tensor, DType dtype, int rank) => tensor.dtype == dtype && tensor.shape.HasRank && tensor.shape.Rank == rank;
        UnsupportedException Misfit(string expected, string received) =>
            new("A signature is not what its kind of request needs", $"signature '{name}', {signature.MethodName}", expected, received, "Use AddClassify or AddRegress, or answer Predict.");
    }
}
