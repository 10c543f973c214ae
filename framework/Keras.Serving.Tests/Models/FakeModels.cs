using System.Text;
using Keras.Graphs;
using Keras.SavedModelProtos;
using Keras.SavedModels;

namespace Keras.Serving.Tests;

/// <summary>Models that are C# functions, so that a door is tested without an engine.</summary>
sealed class FakeModels : IModelServer
{
    const string Predict = "tensorflow/serving/predict";

    readonly Dictionary<string, ServedModel[]> _models;

    public FakeModels()
    {
        SignatureDescription half = new("serving_default", Predict, [Tensor("x", DType.Float32, -1)], [Tensor("y", DType.Float32, -1)]);
        SignatureDescription two = new("two", Predict, [Tensor("a", DType.Int64, -1), Tensor("b", DType.Int64, -1)], [Tensor("product", DType.Int64, -1), Tensor("sum", DType.Int64, -1)]);
        SignatureDescription classify = new("classify", PredictionDoor.ClassifyMethod, [Tensor("inputs", DType.String, -1)], [Tensor("classes", DType.String, -1, 2), Tensor("scores", DType.Float32, -1, 2)]);
        SignatureDescription regress = new("regress", PredictionDoor.RegressMethod, [Tensor("inputs", DType.String, -1)], [Tensor("outputs", DType.Float32, -1, 1)]);
        SignatureDescription upper = new("upper", Predict, [Tensor("text", DType.String, -1)], [Tensor("text_bytes", DType.String, -1)]);
        SignatureDescription slow = half with { Name = "slow" };
        SignatureDescription broken = half with { Name = "broken" };
        SignatureDescription full = half with { Name = "full" };
        SignatureDescription nan = half with { Name = "nan" };
        SignatureDescription quantized = new("quantized", Predict, [Tensor("x", DType.OfRegistry("quint8"), -1)], [Tensor("y", DType.Float32, -1)]);
        var echoes = EchoTypes.Select(d => new SignatureDescription($"echo_{d}", Predict, [new("x", "x:0", d, Shape.Unknown)], [new("y", "y:0", d, Shape.Unknown)]));
        SignatureDescription[] all = [half, two, classify, regress, upper, slow, broken, full, nan, quantized, .. echoes];
        _models = new() { ["half"] = [Model("half", 3, all), Model("half", 2, all), Model("half", 1, all)] };
        Configs = [new("half", "/models/half") { VersionLabels = new Dictionary<string, long> { ["stable"] = 2 } }];
    }

    public static DType[] EchoTypes { get; } =
    [
        DType.Float32, DType.Float64, DType.Int32, DType.UInt8, DType.Int16, DType.Int8, DType.String, DType.Complex64, DType.Int64, DType.Bool, DType.BFloat16, DType.UInt16,
        DType.Complex128, DType.Float16, DType.UInt32, DType.UInt64,
    ];

    public IReadOnlyList<ModelConfig> Configs { get; private set; }

    /// <summary>Set when a slow call has begun.</summary>
    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Set when a slow call was taken back.</summary>
    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Calls of the signature "full" that are refused before one is answered.</summary>
    public int Refusals { get; set; } = int.MaxValue;

    public ServedModel Find(ModelSpec spec)
    {
        if (!_models.TryGetValue(spec.Name, out var versions)) throw NotFound(spec, "Latest");
        long? wanted = spec.Label is null ? spec.Version : Configs[0].VersionLabels.TryGetValue(spec.Label, out var v) ? v : -1;
        return wanted is null ? versions[0] : Array.Find(versions, m => m.Version == wanted) ?? throw NotFound(spec, "Specific");
    }

    public IModelLease Lease(ModelSpec spec) => new Held(this, Find(spec));

    sealed record Held(FakeModels Models, ServedModel Model) : IModelLease
    {
        public Task<PredictAnswer> PredictAsync(string? signature, IReadOnlyDictionary<string, HostTensor> inputs, IReadOnlyCollection<string>? outputs, CancellationToken cancellation) =>
            Models.PredictAsync(new(Model.Name, Model.Version, Signature: signature), inputs, outputs, cancellation);

        public void Dispose() { }
    }

    public async Task<PredictAnswer> PredictAsync(ModelSpec spec, IReadOnlyDictionary<string, HostTensor> inputs, IReadOnlyCollection<string>? outputs, CancellationToken cancellation)
    {
        var model = Find(spec);
        var name = spec.Signature ?? "serving_default";
        if (!model.Signatures.TryGetValue(name, out var signature)) throw new ServingException(TFServingStatus.FailedPrecondition, $"Serving signature key \"{name}\" not found.");
        foreach (var input in signature.Inputs)
            if (inputs[input.Name] is var given && (given.DType != input.DType || !given.Shape.IsCompatibleWith(input.Shape)))
                throw new ServingException(TFServingStatus.InvalidArgument, $"The input '{input.Name}' does not fit. Expected: {input.DType} {input.Shape}. Received: {given.DType} {given.Shape}.");
        if (outputs?.FirstOrDefault(o => signature.Outputs.All(s => s.Name != o)) is { } unknown)
            throw new ServingException(TFServingStatus.InvalidArgument, $"output tensor alias not found in signature: {unknown}");
        var all = await RunAsync(name, inputs, cancellation);
        return new(model, name, outputs is null ? all : all.Where(o => outputs.Contains(o.Key)).ToDictionary());
    }

    async Task<Dictionary<string, HostTensor>> RunAsync(string signature, IReadOnlyDictionary<string, HostTensor> inputs, CancellationToken cancellation)
    {
        switch (signature)
        {
            case "slow":
                Started.TrySetResult();
                using (cancellation.Register(() => Cancelled.TrySetResult())) await Task.Delay(Timeout.Infinite, cancellation);
                throw new InvalidOperationException("A slow call is never answered.");
            case "broken": throw new InvalidOperationException("secret of the server");
            case "full" when Refusals-- > 0: throw new ServingException(TFServingStatus.Unavailable, "The batch scheduling queue to which this task was submitted is full");
            case "nan": return new() { ["y"] = HostTensor.Vector(float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1f) };
            case "two":
                var (a, b) = (inputs["a"].ToInt64(), inputs["b"].ToInt64());
                return new() { ["sum"] = HostTensor.Vector<long>([.. a.Zip(b, (x, y) => x + y)]), ["product"] = HostTensor.Vector<long>([.. a.Zip(b, (x, y) => x * y)]) };
            case "upper":
                return new() { ["text_bytes"] = HostTensor.OfStrings(inputs["text"].Shape, [.. inputs["text"].Strings!.Select(s => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(s).ToUpperInvariant()))]) };
            case "classify":
                var scores = Numbers(inputs);
                return new()
                {
                    ["classes"] = HostTensor.OfStrings(new Shape(scores.Length, 2), [.. scores.SelectMany(_ => new[] { "no"u8.ToArray(), "yes"u8.ToArray() })]),
                    ["scores"] = HostTensor.Of<float>([.. scores.SelectMany(s => new[] { 1 - s, s })], new Shape(scores.Length, 2)),
                };
            case "regress": return new() { ["outputs"] = HostTensor.Of<float>([.. Numbers(inputs).Select(n => n * 10)], new Shape(inputs["inputs"].Shape[0], 1)) };
            case { } echo when echo.StartsWith("echo_", StringComparison.Ordinal): return new() { ["y"] = inputs["x"] };
            default: return new() { ["y"] = HostTensor.Vector<float>([.. inputs["x"].As<float>().ToArray().Select(x => (x / 2) + 2)]) };
        }
    }

    /// <summary>The feature "x" of each example; that of the context where an example has none.</summary>
    static float[] Numbers(IReadOnlyDictionary<string, HostTensor> inputs) =>
        [.. inputs["inputs"].Strings!.Select(s => Example.Parser.ParseFrom(s).Features.Feature["x"].FloatList.Value[0])];

    public IReadOnlyList<VersionStatus> Status(string name, long? version = null, string? label = null)
    {
        if (!_models.TryGetValue(name, out var versions)) throw new ServingException(TFServingStatus.NotFound, $"Could not find any versions of model {name}");
        if (version is not null || label is not null) return [new(Find(new(name, version, label)).Version, VersionState.Available)];
        return [.. versions.Select(v => new VersionStatus(v.Version, VersionState.Available)), new(0, VersionState.End, TFServingStatus.Internal, "no saved_model.pb")];
    }

    public Task ReloadAsync(IReadOnlyList<ModelConfig> configs, CancellationToken cancellation)
    {
        Configs = configs;
        return Task.CompletedTask;
    }

    static ServingException NotFound(ModelSpec spec, string kind) => new(TFServingStatus.NotFound, $"Servable not found for request: {kind}({spec.Name}{(spec.Version is { } v ? $", {v}" : "")})");

    static SignatureTensor Tensor(string name, DType dtype, params long[] shape) => new(name, $"{name}:0", dtype, shape);

    static ServedModel Model(string name, long version, SignatureDescription[] signatures) =>
        new(name, version, signatures.ToDictionary(s => s.Name), signatures.ToDictionary(s => s.Name, Definition));

    static SignatureDef Definition(SignatureDescription signature)
    {
        var definition = new SignatureDef { MethodName = signature.MethodName };
        foreach (var input in signature.Inputs) definition.Inputs.Add(input.Name, Info(input));
        foreach (var output in signature.Outputs) definition.Outputs.Add(output.Name, Info(output));
        return definition;
    }

    static TensorInfo Info(SignatureTensor tensor) => new() { Name = tensor.Tensor, Dtype = ShapeProtos.ToProto(tensor.DType), TensorShape = ShapeProtos.ToProto(tensor.Shape) };
}
