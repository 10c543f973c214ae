using Grpc.Core;
using Grpc.Net.Client;
using Keras.SavedModelProtos;
using Keras.ServingProtos;

namespace Keras.Serving;

/// <summary>Calls servers over gRPC on one channel, whose connections all calls share.</summary>
sealed class GrpcTransport : IServingTransport
{
    const string SignatureDefField = "signature_def";
    const string Classify = "tensorflow/serving/classify";
    const string Regress = "tensorflow/serving/regress";

    readonly GrpcChannel _channel;
    readonly Metadata _headers = [];
    readonly PredictionService.PredictionServiceClient _predictions;
    readonly ModelService.ModelServiceClient _models;

    /// <param name="options">The address, limits and headers.</param>
    /// <param name="handler">The handler that sends requests; null for a new one.</param>
    public GrpcTransport(TFServingClientOptions options, HttpMessageHandler? handler)
    {
        _channel = GrpcChannel.ForAddress(options.Address!, new GrpcChannelOptions
        {
            HttpHandler = handler ?? Connections.NewHandler(),
            DisposeHttpClient = handler is null,
            MaxReceiveMessageSize = options.MaxMessageBytes,
            MaxSendMessageSize = null,
            MaxRetryAttempts = 1,
            ThrowOperationCanceledOnCancellation = false,
        });
        foreach (var (name, value) in options.Headers) _headers.Add(name.ToLowerInvariant(), value);
        _predictions = new(_channel);
        _models = new(_channel);
    }

    public async Task<TFServingPrediction> PredictAsync(ServingTarget target, IReadOnlyDictionary<string, HostTensor> inputs, IReadOnlyCollection<string> outputs, CallTime time)
    {
        var request = new PredictRequest { ModelSpec = Spec(target), OutputFilter = { outputs } };
        foreach (var (name, tensor) in inputs) request.Inputs.Add(name, TensorMessages.WriteContent(tensor));
        var response = await CallAsync(target.Model, time, o => _predictions.PredictAsync(request, o));
        try
        {
            return new(target.Model, response.ModelSpec?.Version, response.ModelSpec?.SignatureName, response.Outputs.ToDictionary(o => o.Key, o => TensorMessages.Read(o.Value, o.Key)));
        }
        catch (TensorMessageException e)
        {
            throw new TFServingException(TFServingStatus.Internal, target.Model, $"The answer cannot be read: {e.Message}", e);
        }
    }

    public async Task<IReadOnlyList<IReadOnlyList<TFServingClass>>> ClassifyAsync(ServingTarget target, IReadOnlyList<Example> examples, Example? context, CallTime time)
    {
        var request = new ClassificationRequest { ModelSpec = Spec(target), Input = InputOf(examples, context) };
        return Classes((await CallAsync(target.Model, time, o => _predictions.ClassifyAsync(request, o))).Result);
    }

    public async Task<IReadOnlyList<float>> RegressAsync(ServingTarget target, IReadOnlyList<Example> examples, Example? context, CallTime time)
    {
        var request = new RegressionRequest { ModelSpec = Spec(target), Input = InputOf(examples, context) };
        return Values((await CallAsync(target.Model, time, o => _predictions.RegressAsync(request, o))).Result);
    }

    public async Task<IReadOnlyList<TFServingResult>> MultiInferenceAsync(ServingTarget target, IReadOnlyList<TFServingTask> tasks, IReadOnlyList<Example> examples, Example? context, CallTime time)
    {
        var request = new MultiInferenceRequest { Input = InputOf(examples, context) };
        foreach (var task in tasks) request.Tasks.Add(new InferenceTask { ModelSpec = Spec(target with { Signature = task.Signature }), MethodName = task.IsRegression ? Regress : Classify });
        var response = await CallAsync(target.Model, time, o => _predictions.MultiInferenceAsync(request, o));
        return [.. response.Results.Select(r => new TFServingResult(
            r.ModelSpec?.SignatureName ?? "",
            r.ResultCase == InferenceResult.ResultOneofCase.ClassificationResult ? Classes(r.ClassificationResult) : null,
            r.ResultCase == InferenceResult.ResultOneofCase.RegressionResult ? Values(r.RegressionResult) : null))];
    }

    public async Task<TFServingMetadata> MetadataAsync(ServingTarget target, CallTime time)
    {
        var request = new GetModelMetadataRequest { ModelSpec = Spec(target), MetadataField = { SignatureDefField } };
        var response = await CallAsync(target.Model, time, o => _predictions.GetModelMetadataAsync(request, o));
        return response.Metadata.TryGetValue(SignatureDefField, out var any) && any.TryUnpack<SignatureDefMap>(out var map)
            ? MetadataMessages.Metadata(target.Model, response.ModelSpec?.Version ?? 0, map)
            : throw new TFServingException(TFServingStatus.Internal, target.Model, "The answer holds no signatures.");
    }

    public async Task<IReadOnlyList<TFServingVersion>> StatusAsync(ServingTarget target, CallTime time)
    {
        var request = new GetModelStatusRequest { ModelSpec = Spec(target) };
        return MetadataMessages.Versions(await CallAsync(target.Model, time, o => _models.GetModelStatusAsync(request, o)));
    }

    public async Task ReloadAsync(IReadOnlyList<TFServingModel> models, CallTime time)
    {
        var request = new ReloadConfigRequest { Config = new() { ModelConfigList = new() { Config = { models.Select(Config) } } } };
        var response = await CallAsync("", time, o => _models.HandleReloadConfigRequestAsync(request, o));
        if (response.Status is { ErrorCode: not Code.Ok } status) throw new TFServingException((TFServingStatus)status.ErrorCode, "", status.ErrorMessage);
    }

    public void Dispose() => _channel.Dispose();

    static ServingProtos.ModelConfig Config(TFServingModel model)
    {
        var config = new ServingProtos.ModelConfig { Name = model.Name, BasePath = model.BasePath, ModelPlatform = "tensorflow", ModelVersionPolicy = new() };
        if (model.Versions.Count > 0) config.ModelVersionPolicy.Specific = new() { Versions = { model.Versions } };
        else if (model.Latest == 0) config.ModelVersionPolicy.All = new();
        else config.ModelVersionPolicy.Latest = new() { NumVersions = (uint)model.Latest };
        foreach (var (label, version) in model.Labels) config.VersionLabels.Add(label, version);
        return config;
    }

    static ModelSpec Spec(ServingTarget target)
    {
        var spec = new ModelSpec { Name = target.Model, SignatureName = target.Signature ?? "" };
        if (target.Version is { } version) spec.Version = version;
        if (target.Label is { } label) spec.VersionLabel = label;
        return spec;
    }

    static Input InputOf(IReadOnlyList<Example> examples, Example? context) => context is null
        ? new() { ExampleList = new() { Examples = { examples } } }
        : new() { ExampleListWithContext = new() { Examples = { examples }, Context = context } };

    static IReadOnlyList<IReadOnlyList<TFServingClass>> Classes(ClassificationResult? result) =>
        [.. (result?.Classifications ?? []).Select(c => (IReadOnlyList<TFServingClass>)[.. c.Classes.Select(k => new TFServingClass(k.Label, k.Score))])];

    static IReadOnlyList<float> Values(RegressionResult? result) => [.. (result?.Regressions ?? []).Select(r => r.Value)];

    async Task<T> CallAsync<T>(string model, CallTime time, Func<CallOptions, AsyncUnaryCall<T>> start)
    {
        try
        {
            using var call = start(new CallOptions(_headers, time.Deadline, time.Cancellation));
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            time.Cancellation.ThrowIfCancellationRequested();
            throw new TFServingException((TFServingStatus)e.StatusCode, model, e.Status.Detail, e);
        }
    }
}
