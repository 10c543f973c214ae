using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Keras.ServingProtos;

namespace Keras.Serving;

/// <summary>TensorFlow Serving's PredictionService over the models of a server.</summary>
[BindServiceMethod(typeof(PredictionDoor), nameof(Bind))]
sealed class PredictionDoor(IModelServer server) : PredictionService.PredictionServiceBase
{
    const string SignatureDefField = "signature_def";

    /// <summary>What reflection tells.</summary>
    public static ServiceDescriptor Descriptor => PredictionService.Descriptor;

    public static void Bind(ServiceBinderBase binder, PredictionService.PredictionServiceBase? door) => PredictionService.BindService(new CheckedBinder(binder), door!);

    public override async Task<PredictResponse> Predict(PredictRequest request, ServerCallContext context)
    {
        var spec = Specs.Read(request.ModelSpec);
        var inputs = ReadInputs(server.Find(spec), spec.Signature, request);
        var answer = await server.PredictAsync(spec, inputs, Filter(request), context.CancellationToken);
        var response = new PredictResponse { ModelSpec = Specs.Of(answer.Model, answer.Signature) };
        foreach (var (name, tensor) in answer.Outputs) response.Outputs.Add(name, TensorMessages.WriteValues(tensor));
        return response;
    }

    public override async Task<ClassificationResponse> Classify(ClassificationRequest request, ServerCallContext context)
    {
        var answer = await ExampleRequests.ClassifyAsync(server, Specs.Read(request.ModelSpec), Examples(request.Input), context.CancellationToken);
        return new() { ModelSpec = Specs.Of(answer.Model, answer.Signature), Result = Result(answer) };
    }

    public override async Task<RegressionResponse> Regress(RegressionRequest request, ServerCallContext context)
    {
        var answer = await ExampleRequests.RegressAsync(server, Specs.Read(request.ModelSpec), Examples(request.Input), context.CancellationToken);
        return new() { ModelSpec = Specs.Of(answer.Model, answer.Signature), Result = Result(answer) };
    }

    /// <summary>All tasks run on the version that the first one finds.</summary>
    public override async Task<MultiInferenceResponse> MultiInference(MultiInferenceRequest request, ServerCallContext context)
    {
        if (request.Tasks.Count == 0) throw new ServingException(ServingStatus.InvalidArgument, "A MultiInferenceRequest needs at least one task.");
        var specs = request.Tasks.Select(t => Specs.Read(t.ModelSpec)).ToList();
        if (specs.Exists(s => s.Name != specs[0].Name))
            throw new ServingException(ServingStatus.InvalidArgument, "All ModelSpecs in a MultiInferenceRequest must access the same model name.");
        if (specs.GroupBy(s => s.Signature).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ServingException(ServingStatus.InvalidArgument, $"Duplicate evaluation of signature: {twice.Key}");
        if (request.Tasks.FirstOrDefault(t => t.MethodName is not (ExampleRequests.ClassifyMethod or ExampleRequests.RegressMethod)) is { } unknown)
            throw new ServingException(ServingStatus.Unimplemented, $"Unsupported signature method_name: {unknown.MethodName}");
        var examples = Examples(request.Input);
        var version = server.Find(specs[0]).Version;
        var results = request.Tasks.Zip(specs, (task, spec) => InferAsync(task.MethodName, spec with { Version = version, Label = null }, examples, context.CancellationToken));
        return new() { Results = { await Task.WhenAll(results) } };
    }

    public override Task<GetModelMetadataResponse> GetModelMetadata(GetModelMetadataRequest request, ServerCallContext context)
    {
        var spec = Specs.Read(request.ModelSpec);
        if (request.MetadataField.Count == 0)
            throw new ServingException(ServingStatus.InvalidArgument, "GetModelMetadataRequest must specify at least one metadata_field");
        if (request.MetadataField.FirstOrDefault(f => f != SignatureDefField) is { } unknown)
            throw new ServingException(ServingStatus.InvalidArgument, $"Metadata field {unknown} is not supported. Supported: {SignatureDefField}");
        var model = server.Find(spec);
        var signatures = new SignatureDefMap();
        foreach (var (name, signature) in model.SignatureDefs) signatures.SignatureDef.Add(name, signature);
        return Task.FromResult(new GetModelMetadataResponse { ModelSpec = Specs.Of(model, ""), Metadata = { [SignatureDefField] = Any.Pack(signatures) } });
    }

    async Task<InferenceResult> InferAsync(string method, ModelSpec spec, byte[][] examples, CancellationToken cancellation)
    {
        if (method == ExampleRequests.ClassifyMethod)
        {
            var classes = await ExampleRequests.ClassifyAsync(server, spec, examples, cancellation);
            return new() { ModelSpec = Specs.Of(classes.Model, classes.Signature), ClassificationResult = Result(classes) };
        }
        var numbers = await ExampleRequests.RegressAsync(server, spec, examples, cancellation);
        return new() { ModelSpec = Specs.Of(numbers.Model, numbers.Signature), RegressionResult = Result(numbers) };
    }

    /// <summary>The inputs as tensors. Names are compared first, so that no tensor is made which nothing takes.</summary>
    static Dictionary<string, HostTensor> ReadInputs(ServedModel model, string? name, PredictRequest request)
    {
        var asked = name ?? ExampleRequests.DefaultSignature;
        if (!model.Signatures.TryGetValue(asked, out var signature))
            throw new ServingException(ServingStatus.FailedPrecondition, $"Serving signature key \"{asked}\" not found. Signatures: {string.Join(", ", model.Signatures.Keys.Order())}.");
        var known = signature.Inputs.Select(i => i.Name).ToHashSet();
        var defaults = model.SignatureDefs.TryGetValue(asked, out var definition) ? definition.Defaults : [];
        var extra = request.Inputs.Keys.Except(known).Order().ToList();
        var missing = known.Except(request.Inputs.Keys).Except(defaults.Keys).Order().ToList();
        if (extra.Count > 0 || missing.Count > 0)
            throw new ServingException(ServingStatus.InvalidArgument, $"input size does not match signature: {request.Inputs.Count}!={known.Count} len({{{string.Join(',', request.Inputs.Keys.Order())}}}) != "
                + $"len({{{string.Join(',', known.Order())}}}). Sent extra: {{{string.Join(',', extra)}}}. Missing but required: {{{string.Join(',', missing)}}}.");
        try
        {
            return request.Inputs.ToDictionary(i => i.Key, i => TensorMessages.Read(i.Value, i.Key));
        }
        catch (TensorMessageException e)
        {
            throw new ServingException(ServingStatus.InvalidArgument, e.Message, e);
        }
    }

    static string[]? Filter(PredictRequest request)
    {
        if (request.OutputFilter.Count == 0) return null;
        return request.OutputFilter.GroupBy(o => o).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new ServingException(ServingStatus.InvalidArgument, $"duplicate output tensor alias: {twice.Key}")
            : [.. request.OutputFilter];
    }

    static byte[][] Examples(Input? input) => input?.KindCase switch
    {
        Input.KindOneofCase.ExampleList => ExampleRequests.Serialize(input.ExampleList.Examples),
        Input.KindOneofCase.ExampleListWithContext => ExampleRequests.Serialize(input.ExampleListWithContext.Examples, input.ExampleListWithContext.Context),
        _ => throw new ServingException(ServingStatus.InvalidArgument, "Input is empty."),
    };

    static ClassificationResult Result(ClassifyAnswer answer)
    {
        var result = new ClassificationResult();
        foreach (var classes in answer.Results) result.Classifications.Add(new Classifications { Classes = { classes.Select(c => new Class { Label = c.Label, Score = c.Score }) } });
        return result;
    }

    static RegressionResult Result(RegressAnswer answer) => new() { Regressions = { answer.Results.Select(v => new Regression { Value = v }) } };
}
