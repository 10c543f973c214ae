using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Keras.ServingProtos;

namespace Keras.Serving;

/// <summary>TensorFlow Serving's PredictionService over the models of a server.</summary>
[BindServiceMethod(typeof(PredictionDoor), nameof(Bind))]
sealed class PredictionDoor(IModelServer server) : PredictionService.PredictionServiceBase
{
    public const string ClassifyMethod = "tensorflow/serving/classify";
    public const string RegressMethod = "tensorflow/serving/regress";
    const string SignatureDefField = "signature_def";

    /// <summary>The descriptor for reflection.</summary>
    public static ServiceDescriptor Descriptor => PredictionService.Descriptor;

    public static void Bind(ServiceBinderBase binder, PredictionService.PredictionServiceBase? door) => PredictionService.BindService(new CheckedBinder(binder), door!);

    public override async Task<PredictResponse> Predict(PredictRequest request, ServerCallContext context)
    {
        var spec = Specs.Read(request.ModelSpec);
        using var lease = server.Lease(spec);
        var answer = await lease.PredictAsync(spec.Signature, ReadInputs(lease.Model, spec.Signature, request), Filter(request), context.CancellationToken);
        var response = new PredictResponse { ModelSpec = Specs.Of(answer.Model, answer.Signature) };
        foreach (var (name, tensor) in answer.Outputs) response.Outputs.Add(name, TensorMessages.WriteValues(tensor));
        return response;
    }

    public override async Task<ClassificationResponse> Classify(ClassificationRequest request, ServerCallContext context)
    {
        var spec = Specs.Read(request.ModelSpec);
        using var lease = server.Lease(spec);
        var result = await InferAsync(lease, ClassifyMethod, spec.Signature, ExampleCalls.Serialized(request.Input), context.CancellationToken);
        return new() { ModelSpec = result.ModelSpec, Result = result.ClassificationResult };
    }

    public override async Task<RegressionResponse> Regress(RegressionRequest request, ServerCallContext context)
    {
        var spec = Specs.Read(request.ModelSpec);
        using var lease = server.Lease(spec);
        var result = await InferAsync(lease, RegressMethod, spec.Signature, ExampleCalls.Serialized(request.Input), context.CancellationToken);
        return new() { ModelSpec = result.ModelSpec, Result = result.RegressionResult };
    }

    /// <summary>Runs several tasks, all on the version that the first one names.</summary>
    public override async Task<MultiInferenceResponse> MultiInference(MultiInferenceRequest request, ServerCallContext context)
    {
        if (request.Tasks.Count == 0) throw Bad("A MultiInferenceRequest needs at least one task.");
        var specs = request.Tasks.Select(t => Specs.Read(t.ModelSpec)).ToList();
        if (specs.Exists(s => s.Name != specs[0].Name)) throw Bad("All ModelSpecs in a MultiInferenceRequest must access the same model name.");
        if (specs.GroupBy(s => s.Signature).FirstOrDefault(g => g.Count() > 1) is { } twice) throw Bad($"Duplicate evaluation of signature: {twice.Key}");
        if (request.Tasks.FirstOrDefault(t => t.MethodName is not (ClassifyMethod or RegressMethod)) is { } unknown)
            throw new ServingException(TFServingStatus.Unimplemented, $"Unsupported signature method_name: {unknown.MethodName}");
        var examples = ExampleCalls.Serialized(request.Input);
        using var lease = server.Lease(specs[0]);
        var results = request.Tasks.Zip(specs, (task, spec) => InferAsync(lease, task.MethodName, spec.Signature, examples, context.CancellationToken)).ToList();
        return new() { Results = { await Task.WhenAll(results) } };
    }

    public override Task<GetModelMetadataResponse> GetModelMetadata(GetModelMetadataRequest request, ServerCallContext context)
    {
        var spec = Specs.Read(request.ModelSpec);
        if (request.MetadataField.Count == 0)
            throw Bad("GetModelMetadataRequest must specify at least one metadata_field");
        if (request.MetadataField.FirstOrDefault(f => f != SignatureDefField) is { } unknown)
            throw Bad($"Metadata field {unknown} is not supported. Supported: {SignatureDefField}");
        var model = server.Find(spec);
        var signatures = new SignatureDefMap();
        foreach (var (name, signature) in model.SignatureDefs) signatures.SignatureDef.Add(name, signature);
        return Task.FromResult(new GetModelMetadataResponse { ModelSpec = Specs.Of(model, ""), Metadata = { [SignatureDefField] = Any.Pack(signatures) } });
    }

    static async Task<InferenceResult> InferAsync(IModelLease lease, string method, string? name, byte[][] examples, CancellationToken cancellation)
    {
        var signature = SignatureCalls.Find(lease.Model, name);
        if (signature.MethodName != method)
            throw Bad($"Expected {(method == ClassifyMethod ? "classification" : "regression")} signature method_name to be {method}. Was: {signature.MethodName}");
        var answer = await lease.PredictAsync(signature.Name, ExampleCalls.InputsOf(signature, examples), null, cancellation);
        var result = new InferenceResult { ModelSpec = Specs.Of(answer.Model, answer.Signature) };
        if (method == RegressMethod)
        {
            result.RegressionResult = new() { Regressions = { ExampleCalls.Values(signature, answer, examples.Length).Select(v => new Regression { Value = v }) } };
            return result;
        }
        result.ClassificationResult = new();
        foreach (var row in ExampleCalls.Classes(signature, answer, examples.Length))
            result.ClassificationResult.Classifications.Add(new Classifications { Classes = { row.Select(c => new Class { Label = c.Label, Score = c.Score }) } });
        return result;
    }

    /// <summary>Converts the inputs to tensors. Names are checked first, so that no unused tensor is made.</summary>
    static Dictionary<string, HostTensor> ReadInputs(ServedModel model, string? name, PredictRequest request)
    {
        var asked = name ?? SignatureCalls.Default;
        if (!model.Signatures.TryGetValue(asked, out var signature))
            throw new ServingException(TFServingStatus.FailedPrecondition, $"Serving signature key \"{asked}\" not found. Signatures: {string.Join(", ", model.Signatures.Keys.Order())}.");
        SignatureCalls.RequirePlain(model, signature);
        var known = signature.Inputs.Select(i => i.Name).ToHashSet();
        var defaults = model.SignatureDefs.TryGetValue(asked, out var definition) ? definition.Defaults : [];
        var extra = request.Inputs.Keys.Except(known).Order().ToList();
        var missing = known.Except(request.Inputs.Keys).Except(defaults.Keys).Order().ToList();
        if (extra.Count > 0 || missing.Count > 0)
            throw Bad($"input size does not match signature: {request.Inputs.Count}!={known.Count} len({{{string.Join(',', request.Inputs.Keys.Order())}}}) != "
                + $"len({{{string.Join(',', known.Order())}}}). Sent extra: {{{string.Join(',', extra)}}}. Missing but required: {{{string.Join(',', missing)}}}.");
        try
        {
            return request.Inputs.Concat(defaults.Where(d => known.Contains(d.Key) && !request.Inputs.ContainsKey(d.Key))).ToDictionary(i => i.Key, i => TensorMessages.Read(i.Value, i.Key));
        }
        catch (TensorMessageException e)
        {
            throw new ServingException(TFServingStatus.InvalidArgument, e.Message, e);
        }
    }

    static string[]? Filter(PredictRequest request)
    {
        if (request.OutputFilter.Count == 0) return null;
        return request.OutputFilter.GroupBy(o => o).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw Bad($"duplicate output tensor alias: {twice.Key}")
            : [.. request.OutputFilter];
    }

    static ServingException Bad(string message) => new(TFServingStatus.InvalidArgument, message);
}
