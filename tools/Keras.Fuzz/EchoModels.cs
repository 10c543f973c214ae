using Grpc.Core;
using Keras.Graphs;
using Keras.SavedModelProtos;
using Keras.SavedModels;
using Keras.Serving;

namespace Keras.Fuzz;

/// <summary>A model whose outputs are its inputs, behind a host's endpoints.</summary>
sealed class EchoModels : IModelServer
{
    static readonly ServedModel Model = Describe();

    public IReadOnlyList<ModelConfig> Configs => [new("half", "half")];

    public ServedModel Find(ModelSpec spec) => spec.Name == "half" ? Model : throw new ServingException(TFServingStatus.NotFound, $"There is no model {spec.Name}.");

    public IModelLease Lease(ModelSpec spec) => new Held(Find(spec));

    public Task<PredictAnswer> PredictAsync(ModelSpec spec, IReadOnlyDictionary<string, HostTensor> inputs, IReadOnlyCollection<string>? outputs, CancellationToken cancellation) =>
        Lease(spec).PredictAsync(spec.Signature, inputs, outputs, cancellation);

    public IReadOnlyList<VersionStatus> Status(string name, long? version = null, string? label = null) => [new(Find(new(name)).Version, VersionState.Available)];

    public Task ReloadAsync(IReadOnlyList<ModelConfig> configs, CancellationToken cancellation) => Task.CompletedTask;

    sealed record Held(ServedModel Model) : IModelLease
    {
        public Task<PredictAnswer> PredictAsync(string? signature, IReadOnlyDictionary<string, HostTensor> inputs, IReadOnlyCollection<string>? outputs, CancellationToken cancellation)
        {
            var name = signature ?? SignatureCalls.Default;
            var rows = inputs.TryGetValue("inputs", out var examples) ? examples.Strings!.Length : 0;
            return Task.FromResult(new PredictAnswer(Model, name, name switch
            {
                "classify" => new Dictionary<string, HostTensor> { ["scores"] = HostTensor.Of<float>(new float[rows], new Shape(rows, 1)) },
                "regress" => new Dictionary<string, HostTensor> { ["outputs"] = HostTensor.Of<float>(new float[rows], new Shape(rows)) },
                _ => inputs,
            }));
        }

        public void Dispose() { }
    }

    static ServedModel Describe()
    {
        SignatureTensor Of(string name, DType dtype) => new(name, $"{name}:0", dtype, new Shape(-1));
        SignatureDescription[] all =
        [
            new(SignatureCalls.Default, "tensorflow/serving/predict", [Of("x", DType.Float32)], [Of("x", DType.Float32)]),
            new("two", "tensorflow/serving/predict", [Of("a", DType.Int64), Of("b", DType.Int64)], [Of("a", DType.Int64)]),
            new("upper", "tensorflow/serving/predict", [Of("text", DType.String)], [Of("text", DType.String)]),
            new("classify", PredictionDoor.ClassifyMethod, [Of("inputs", DType.String)], [Of("scores", DType.Float32)]),
            new("regress", PredictionDoor.RegressMethod, [Of("inputs", DType.String)], [Of("outputs", DType.Float32)]),
        ];
        return new("half", 1, all.ToDictionary(s => s.Name), all.ToDictionary(s => s.Name, Definition));
    }

    static SignatureDef Definition(SignatureDescription signature)
    {
        var definition = new SignatureDef { MethodName = signature.MethodName };
        foreach (var input in signature.Inputs) definition.Inputs.Add(input.Name, new() { Name = input.Tensor, Dtype = ShapeProtos.ToProto(input.DType), TensorShape = ShapeProtos.ToProto(input.Shape) });
        return definition;
    }
}

/// <summary>A server call without a connection.</summary>
sealed class FuzzContext : ServerCallContext
{
    protected override string MethodCore => "";
    protected override string HostCore => "";
    protected override string PeerCore => "";
    protected override DateTime DeadlineCore => DateTime.MaxValue;
    protected override Metadata RequestHeadersCore { get; } = [];
    protected override CancellationToken CancellationTokenCore => CancellationToken.None;
    protected override Metadata ResponseTrailersCore { get; } = [];
    protected override Status StatusCore { get; set; }
    protected override WriteOptions? WriteOptionsCore { get; set; }
    protected override AuthContext AuthContextCore { get; } = new(null, []);
    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new UnsupportedException("A call from nowhere is passed on to nobody");
    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}
