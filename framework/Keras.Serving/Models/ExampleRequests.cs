using Google.Protobuf;
using Keras.SavedModelProtos;
using Keras.SavedModels;

namespace Keras.Serving;

/// <summary>A class and its score; a model may give either alone.</summary>
sealed record ScoredClass(string Label, float Score);

/// <summary>What a classification gave: the classes of each example.</summary>
sealed record ClassifyAnswer(ServedModel Model, string Signature, IReadOnlyList<IReadOnlyList<ScoredClass>> Results)
{
    /// <summary>Whether the model gives labels.</summary>
    public bool HasLabels { get; init; }

    /// <summary>Whether the model gives scores.</summary>
    public bool HasScores { get; init; }
}

/// <summary>What a regression gave: a number for each example.</summary>
sealed record RegressAnswer(ServedModel Model, string Signature, IReadOnlyList<float> Results);

/// <summary>Classify and regress: serialized examples go into a signature's only input, classes, scores or numbers come out.</summary>
static class ExampleRequests
{
    public const string ClassifyMethod = "tensorflow/serving/classify";
    public const string RegressMethod = "tensorflow/serving/regress";
    public const string DefaultSignature = "serving_default";
    const string Inputs = "inputs";
    const string Classes = "classes";
    const string Scores = "scores";
    const string Outputs = "outputs";

    /// <summary>Examples as bytes. A context comes before each: where both have a feature, the example's own counts.</summary>
    public static byte[][] Serialize(IEnumerable<Example> examples, Example? context = null)
    {
        var shared = context?.ToByteArray() ?? [];
        return [.. examples.Select(e => shared.Length == 0 ? e.ToByteArray() : [.. shared, .. e.ToByteArray()])];
    }

    /// <exception cref="ServingException">InvalidArgument: no examples, or a signature that does not classify; FailedPrecondition: inputs or outputs have other names; and what a prediction throws.</exception>
    public static async Task<ClassifyAnswer> ClassifyAsync(IModelServer server, ModelSpec spec, byte[][] examples, CancellationToken cancellation)
    {
        var (pinned, signature) = Signature(server, spec, ClassifyMethod, "classification", mostOutputs: 2);
        if (!signature.Outputs.Any(o => o.Name is Classes or Scores))
            throw Failed(ServingStatus.FailedPrecondition, $"Expected classification signature outputs to contain at least one of \"{Classes}\" or \"{Scores}\". Signature was: {Names(signature.Outputs)}");
        var answer = await RunAsync(server, pinned, examples, [.. signature.Outputs.Select(o => o.Name).Where(n => n is Classes or Scores)], cancellation);
        var classes = Matrix(answer, Classes, DType.String, examples.Length);
        var scores = Matrix(answer, Scores, DType.Float32, examples.Length);
        if (classes is not null && scores is not null && classes.Shape != scores.Shape)
            throw Failed(ServingStatus.InvalidArgument, $"Tensors class and score should match in dim_size(1). Got {classes.Shape[1]} vs. {scores.Shape[1]}");
        var width = (int)(classes ?? scores)!.Shape[1];
        return new(answer.Model, answer.Signature, [.. Enumerable.Range(0, examples.Length).Select(row => Row(classes, scores, row, width))]) { HasLabels = classes is not null, HasScores = scores is not null };
    }

    /// <exception cref="ServingException">As of <see cref="ClassifyAsync"/>.</exception>
    public static async Task<RegressAnswer> RegressAsync(IModelServer server, ModelSpec spec, byte[][] examples, CancellationToken cancellation)
    {
        var (pinned, signature) = Signature(server, spec, RegressMethod, "regression", mostOutputs: 1);
        if (signature.Outputs[0].Name != Outputs) throw Failed(ServingStatus.FailedPrecondition, $"No regression outputs found in SignatureDef: {Names(signature.Outputs)}");
        var answer = await RunAsync(server, pinned, examples, [Outputs], cancellation);
        var values = answer.Outputs[Outputs];
        if (values.Shape is not { Rank: 1 } and not { Rank: 2 } || values.Shape.Rank == 2 && values.Shape[1] != 1)
            throw Failed(ServingStatus.InvalidArgument, $"Expected output Tensor shape to be either [batch_size] or [batch_size, 1] but got {values.Shape}");
        if (values.Shape[0] != examples.Length) throw Failed(ServingStatus.InvalidArgument, $"Input batch size did not match output batch size: {examples.Length} vs. {values.Shape[0]}");
        if (values.DType != DType.Float32) throw Failed(ServingStatus.InvalidArgument, $"Expected output Tensor of DT_FLOAT. Got: {values.DType}");
        return new(answer.Model, answer.Signature, values.As<float>().ToArray());
    }

    /// <summary>The signature if it is one of the method, and the version that it is of: a newer one may be loaded before the call.</summary>
    static (ModelSpec Pinned, SignatureDescription Signature) Signature(IModelServer server, ModelSpec spec, string method, string kind, int mostOutputs)
    {
        var model = server.Find(spec);
        var name = string.IsNullOrEmpty(spec.Signature) ? DefaultSignature : spec.Signature;
        if (!model.Signatures.TryGetValue(name, out var signature)) throw Failed(ServingStatus.InvalidArgument, $"No signature was found with the name: {name}");
        if (signature.MethodName != method) throw Failed(ServingStatus.InvalidArgument, $"Expected {kind} signature method_name to be {method}. Was: {signature.MethodName}");
        if (signature.Inputs.Count != 1) throw Failed(ServingStatus.InvalidArgument, "Expected one input Tensor.");
        if (signature.Outputs.Count is 0 || signature.Outputs.Count > mostOutputs)
            throw Failed(ServingStatus.InvalidArgument, $"Expected one {(mostOutputs > 1 ? "or two output Tensors" : "output Tensor")}, found {signature.Outputs.Count}");
        if (signature.Inputs[0].Name != Inputs) throw Failed(ServingStatus.FailedPrecondition, $"No {kind} inputs found in SignatureDef: {Names(signature.Inputs)}");
        if (signature.Inputs[0].DType != DType.String) throw Failed(ServingStatus.FailedPrecondition, $"The input of a {kind} signature takes serialized examples. Expected: DT_STRING. Was: {signature.Inputs[0].DType}");
        return (spec with { Version = model.Version, Label = null, Signature = name }, signature);
    }

    static Task<PredictAnswer> RunAsync(IModelServer server, ModelSpec spec, byte[][] examples, string[] outputs, CancellationToken cancellation)
    {
        if (examples.Length == 0) throw Failed(ServingStatus.InvalidArgument, "Input is empty.");
        var inputs = new Dictionary<string, HostTensor> { [Inputs] = HostTensor.OfStrings(new Shape(examples.Length), examples) };
        return server.PredictAsync(spec, inputs, outputs, cancellation);
    }

    static HostTensor? Matrix(PredictAnswer answer, string name, DType dtype, int rows)
    {
        if (!answer.Outputs.TryGetValue(name, out var tensor)) return null;
        if (tensor.Shape.Rank != 2) throw Failed(ServingStatus.InvalidArgument, $"Expected Tensor shape: [batch_size num_classes] but got {tensor.Shape}");
        if (tensor.DType != dtype) throw Failed(ServingStatus.InvalidArgument, $"Expected {name} Tensor of {dtype}. Got: {tensor.DType}");
        if (tensor.Shape[0] != rows) throw Failed(ServingStatus.InvalidArgument, $"Expected {name} output batch size of {rows}. Got: {tensor.Shape[0]}");
        return tensor;
    }

    static ScoredClass[] Row(HostTensor? classes, HostTensor? scores, int row, int width)
    {
        var result = new ScoredClass[width];
        for (var i = 0; i < width; i++)
        {
            var at = (row * width) + i;
            result[i] = new(classes is null ? "" : System.Text.Encoding.UTF8.GetString(classes.Strings![at]), scores is null ? 0 : scores.As<float>()[at]);
        }
        return result;
    }

    static string Names(IReadOnlyList<SignatureTensor> tensors) => string.Join(", ", tensors.Select(t => $"{t.Name}: {t.DType} {t.Shape}"));

    static ServingException Failed(ServingStatus status, string message) => new(status, message);
}
