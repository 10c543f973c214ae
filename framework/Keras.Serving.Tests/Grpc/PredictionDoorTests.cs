using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Keras.Graphs;
using Keras.SavedModelProtos;
using Keras.ServingProtos;
using static Keras.ServingProtos.PredictionService;

namespace Keras.Serving.Tests;

public sealed class PredictionDoorTests
{
    GrpcHost _host = null!;
    GrpcChannel _channel = null!;
    PredictionServiceClient _client = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _host = await GrpcHost.StartAsync(1 << 20);
        _channel = GrpcChannel.ForAddress(_host.Address);
        _client = new(_channel);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
    }

    [Test]
    public void APredictionNamesTheVersionAndSignatureThatAnswered()
    {
        var response = _client.Predict(Half(new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(3), FloatVal = { 1, 2, 5 } }));
        Assert.That(response.Outputs["y"].FloatVal, Is.EqualTo([2.5f, 3f, 4.5f]));
        Assert.That((response.ModelSpec.Name, response.ModelSpec.Version, response.ModelSpec.SignatureName), Is.EqualTo(("half", 3L, "serving_default")));
    }

    [Test]
    public void QuantisedInputsAreRefusedWithWhatToDo()
    {
        var request = Half(new TensorProto { Dtype = DataType.DtQuint8, TensorShape = Shape(1) });
        request.ModelSpec.SignatureName = "quantized";
        Assert.That(() => _client.Predict(request), Throws.TypeOf<RpcException>().With.Property("StatusCode").EqualTo(StatusCode.Unimplemented).And.Message.Contains("Dequantize"));
    }

    [Test]
    public void VersionsAndLabelsChoose()
    {
        var request = Half(new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(1), FloatVal = { 1 } });
        request.ModelSpec.Version = 1;
        Assert.That(_client.Predict(request).ModelSpec.Version, Is.EqualTo(1));
        request.ModelSpec.VersionLabel = "stable";
        Assert.That(_client.Predict(request).ModelSpec.Version, Is.EqualTo(2));
        request.ModelSpec.VersionLabel = "canary";
        Assert.That(Failure(request).StatusCode, Is.EqualTo(StatusCode.NotFound));
    }

    [Test]
    public void AFilterGivesTheOutputsThatItNames()
    {
        var request = new PredictRequest
        {
            ModelSpec = new() { Name = "half", SignatureName = "two" },
            Inputs = { ["a"] = TensorMessages.WriteValues(HostTensor.Vector(2L, 3L)), ["b"] = TensorMessages.WriteContent(HostTensor.Vector(5L, 7L)) },
            OutputFilter = { "product" },
        };
        var response = _client.Predict(request);
        Assert.That(response.Outputs.Keys, Is.EqualTo(["product"]));
        Assert.That(response.Outputs["product"].Int64Val, Is.EqualTo([10L, 21L]));
        request.OutputFilter.Add("product");
        Assert.That(Failure(request), Is.EqualTo(new Status(StatusCode.InvalidArgument, "duplicate output tensor alias: product")));
    }

    [TestCaseSource(typeof(FakeModels), nameof(FakeModels.EchoTypes))]
    public void EveryDtypeGoesThroughInBothForms(DType dtype)
    {
        var tensor = dtype == DType.String
            ? HostTensor.OfStrings(new Shape(2, 1), [[0xFF, 0], []])
            : HostTensor.OfBytes(dtype, new Shape(2, 1), [.. Enumerable.Range(0, 2 * dtype.Size).Select(i => dtype == DType.Bool ? (byte)(i % 2) : (byte)(60 - i))]);
        foreach (var proto in (TensorProto[])[TensorMessages.WriteValues(tensor), TensorMessages.WriteContent(tensor), TensorProtos.ToProto(tensor)])
        {
            var response = _client.Predict(new PredictRequest { ModelSpec = new() { Name = "half", SignatureName = $"echo_{dtype}" }, Inputs = { ["x"] = proto } });
            var read = TensorMessages.Read(response.Outputs["y"], "y");
            Assert.That((read.DType, read.Shape), Is.EqualTo((dtype, tensor.Shape)));
            Assert.That(read.Data, Is.EqualTo(tensor.Data));
            Assert.That(read.Strings, Is.EqualTo(tensor.Strings));
        }
    }

    [Test]
    public void StringsMayBeContent()
    {
        var proto = new TensorProto { Dtype = DataType.DtString, TensorShape = Shape(2), TensorContent = ByteString.CopyFrom([2, 1, .. "abc"u8]) };
        Assert.That(TensorMessages.Read(proto, "x").Strings, Is.EqualTo([[.. "ab"u8], (byte[])[.. "c"u8]]));
    }

    [Test]
    public void OneValueStandsForAll()
    {
        var response = _client.Predict(Half(new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(4), FloatVal = { 2, 4 } }));
        Assert.That(response.Outputs["y"].FloatVal, Is.EqualTo([3f, 4f, 4f, 4f]));
    }

    static IEnumerable<TestCaseData> Hostile()
    {
        yield return Case("NoDtype", new TensorProto { TensorShape = Shape(1), FloatVal = { 1 } });
        yield return Case("UnknownDtype", new TensorProto { Dtype = (DataType)77, TensorShape = Shape(1), FloatVal = { 1 } });
        yield return Case("ResourceDtype", new TensorProto { Dtype = DataType.DtResource, TensorShape = Shape(1) });
        yield return Case("QuantisedDtype", new TensorProto { Dtype = DataType.DtQint8, TensorShape = Shape(1), IntVal = { 1 } });
        yield return Case("WrongDtype", new TensorProto { Dtype = DataType.DtInt32, TensorShape = Shape(1), IntVal = { 1 } });
        yield return Case("WrongRank", new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(1, 1), FloatVal = { 1 } });
        yield return Case("NegativeDimension", new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(-1), FloatVal = { 1 } });
        yield return Case("MostNegativeDimension", new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(long.MinValue), FloatVal = { 1 } });
        yield return Case("UnknownRank", new TensorProto { Dtype = DataType.DtFloat, TensorShape = new() { UnknownRank = true }, FloatVal = { 1 } });
        yield return Case("HugeRepeated", new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(500_000_000), FloatVal = { 1 } });
        yield return Case("HugeStrings", new TensorProto { Dtype = DataType.DtString, TensorShape = Shape(500_000_000), StringVal = { ByteString.Empty } });
        yield return Case("HugeEmptyContent", new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(1L << 62) });
        yield return Case("Overflow", new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(1L << 33, 1L << 33), FloatVal = { 1 } });
        yield return Case("OverflowWithZero", new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(1L << 62, 8, 0), FloatVal = { 1 } });
        yield return Case("ShortContent", new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(2), TensorContent = ByteString.CopyFrom(new byte[7]) });
        yield return Case("LongContent", new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(1), TensorContent = ByteString.CopyFrom(new byte[8]) });
        yield return Case("MoreValues", new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(1), FloatVal = { 1, 2 } });
        yield return Case("ManyDimensions", new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape([.. Enumerable.Repeat(1L, 1000)]), FloatVal = { 1 } });
        yield return Case("StringContentWithoutStrings", new TensorProto { Dtype = DataType.DtString, TensorShape = Shape(2), TensorContent = ByteString.CopyFrom([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]) });
        yield return Case("StringContentTooLong", new TensorProto { Dtype = DataType.DtString, TensorShape = Shape(1), TensorContent = ByteString.CopyFrom([1, 65, 66]) });
    }

    static TestCaseData Case(string name, TensorProto proto) => new TestCaseData(proto).SetName($"{{m}}({name})");

    [TestCaseSource(nameof(Hostile))]
    public void AHostileTensorIsTheCallersError(object tensor)
    {
        var before = GC.GetTotalAllocatedBytes();
        Assert.That(Failure(Half((TensorProto)tensor)), Has.Property(nameof(Status.StatusCode)).EqualTo(StatusCode.InvalidArgument).And.Property(nameof(Status.Detail)).Contains("x"));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(8 << 20));
    }

    [Test]
    public void InputsOfOtherNamesAreRefused()
    {
        var request = new PredictRequest { ModelSpec = new() { Name = "half" }, Inputs = { ["z"] = new TensorProto() } };
        Assert.That(Failure(request), Is.EqualTo(new Status(StatusCode.InvalidArgument, "input size does not match signature: 1!=1 len({z}) != len({x}). Sent extra: {z}. Missing but required: {x}.")));
    }

    [TestCase("", "half", StatusCode.FailedPrecondition, "nothing")]
    [TestCase("", "none", StatusCode.NotFound, null)]
    [TestCase("", "", StatusCode.InvalidArgument, null)]
    public void UnknownModelsAndSignaturesHaveTheirCodes(string _, string model, StatusCode code, string? signature)
    {
        var request = Half(new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(1), FloatVal = { 1 } });
        request.ModelSpec = new() { Name = model, SignatureName = signature ?? "" };
        Assert.That(Failure(request).StatusCode, Is.EqualTo(code));
        request.ModelSpec = null;
        Assert.That(Failure(request), Is.EqualTo(new Status(StatusCode.InvalidArgument, "Missing ModelSpec")));
    }

    [Test]
    public void AFailureOfTheServerTellsNothingOfItsInside()
    {
        var status = Failure(Of("broken"));
        Assert.That(status.StatusCode, Is.EqualTo(StatusCode.Internal));
        Assert.That(status.Detail, Does.Not.Contain("secret"));
    }

    [Test]
    public async Task ADeadlineEndsTheCallOnBothSides()
    {
        var call = _client.PredictAsync(Of("slow"), deadline: DateTime.UtcNow.AddSeconds(1));
        await _host.Models.Started.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That((await Assert.ThrowsAsync<RpcException>(async () => await call))!.StatusCode, Is.EqualTo(StatusCode.DeadlineExceeded));
        await _host.Models.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public void ARequestBeyondTheBoundIsRefused()
    {
        var request = Half(TensorMessages.WriteContent(HostTensor.OfBytes(DType.Float32, new Shape(1 << 19), new byte[1 << 21])));
        Assert.That(Failure(request).StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
    }

    [Test]
    public void BytesThatAreNoMessageAreTheCallersError()
    {
        var method = new Method<byte[], byte[]>(MethodType.Unary, "tensorflow.serving.PredictionService", "Predict", Marshallers.Create<byte[]>(b => b, b => b), Marshallers.Create<byte[]>(b => b, b => b));
        var call = _channel.CreateCallInvoker();
        foreach (var bytes in (byte[][])[[0xFF], [0x0A, 0x7F], [.. Enumerable.Repeat((byte)0x0B, 500)], [0x0A, 0x02, 0x12, 0x05]])
            Assert.That(Assert.Throws<RpcException>(() => call.BlockingUnaryCall(method, null, default, bytes))!.StatusCode, Is.EqualTo(StatusCode.InvalidArgument));
    }

    [Test]
    public void ExamplesAreClassified()
    {
        var response = _client.Classify(new ClassificationRequest { ModelSpec = new() { Name = "half", SignatureName = "classify" }, Input = new() { ExampleList = new() { Examples = { Number(0.25f), Number(1) } } } });
        Assert.That(response.Result.Classifications.Select(c => c.Classes.Select(k => (k.Label, k.Score))), Is.EqualTo(new[] { new[] { ("no", 0.75f), ("yes", 0.25f) }, [("no", 0f), ("yes", 1f)] }));
        Assert.That(response.ModelSpec.SignatureName, Is.EqualTo("classify"));
    }

    [Test]
    public void AContextStandsBeforeEachExample()
    {
        var input = new Input { ExampleListWithContext = new() { Context = Number(0.5f), Examples = { new Example(), Number(2) } } };
        var response = _client.Regress(new RegressionRequest { ModelSpec = new() { Name = "half", SignatureName = "regress" }, Input = input });
        Assert.That(response.Result.Regressions.Select(r => r.Value), Is.EqualTo([5f, 20f]));
    }

    [Test]
    public void SeveralTasksShareTheExamples()
    {
        var request = new MultiInferenceRequest
        {
            Tasks = { Task("regress", PredictionDoor.RegressMethod), Task("classify", PredictionDoor.ClassifyMethod) },
            Input = new() { ExampleList = new() { Examples = { Number(0.25f) } } },
        };
        var results = _client.MultiInference(request).Results;
        Assert.That(results[0].RegressionResult.Regressions.Single().Value, Is.EqualTo(2.5f));
        Assert.That(results[1].ClassificationResult.Classifications.Single().Classes[1].Score, Is.EqualTo(0.25f));
        Assert.That(results.Select(r => (r.ModelSpec.SignatureName, r.ModelSpec.Version)), Is.EqualTo(new[] { ("regress", (long?)3), ("classify", 3) }));
        request.Tasks.Add(Task("classify", PredictionDoor.ClassifyMethod));
        Assert.That(Assert.Throws<RpcException>(() => _client.MultiInference(request))!.Status, Is.EqualTo(new Status(StatusCode.InvalidArgument, "Duplicate evaluation of signature: classify")));
        request.Tasks[2].MethodName = "tensorflow/serving/predict";
        request.Tasks[2].ModelSpec.SignatureName = "two";
        Assert.That(Assert.Throws<RpcException>(() => _client.MultiInference(request))!.StatusCode, Is.EqualTo(StatusCode.Unimplemented));
    }

    [Test]
    public void OtherSignaturesDoNotClassify()
    {
        var request = new ClassificationRequest { ModelSpec = new() { Name = "half" }, Input = new() { ExampleList = new() { Examples = { Number(1) } } } };
        Assert.That(Assert.Throws<RpcException>(() => _client.Classify(request))!.Status.Detail, Is.EqualTo("Expected classification signature method_name to be tensorflow/serving/classify. Was: tensorflow/serving/predict"));
        request.ModelSpec.SignatureName = "classify";
        request.Input = new() { ExampleList = new() };
        Assert.That(Assert.Throws<RpcException>(() => _client.Classify(request))!.Status, Has.Property(nameof(Status.StatusCode)).EqualTo(StatusCode.InvalidArgument).And.Property(nameof(Status.Detail)).Contains("no examples"));
    }

    [Test]
    public void MetadataAreTheSignatures()
    {
        var request = new GetModelMetadataRequest { ModelSpec = new() { Name = "half", Version = 1 }, MetadataField = { "signature_def" } };
        var response = _client.GetModelMetadata(request);
        Assert.That(response.Metadata["signature_def"].TypeUrl, Is.EqualTo("type.googleapis.com/tensorflow.serving.SignatureDefMap"));
        var map = response.Metadata["signature_def"].Unpack<SignatureDefMap>();
        Assert.That(map.SignatureDef["serving_default"].Inputs["x"].Dtype, Is.EqualTo(DataType.DtFloat));
        Assert.That((response.ModelSpec.Name, response.ModelSpec.Version), Is.EqualTo(("half", (long?)1)));
        request.MetadataField[0] = "weights";
        Assert.That(Assert.Throws<RpcException>(() => _client.GetModelMetadata(request))!.StatusCode, Is.EqualTo(StatusCode.InvalidArgument));
        request.MetadataField.Clear();
        Assert.That(Assert.Throws<RpcException>(() => _client.GetModelMetadata(request))!.StatusCode, Is.EqualTo(StatusCode.InvalidArgument));
    }

    static InferenceTask Task(string signature, string method) => new() { ModelSpec = new() { Name = "half", SignatureName = signature }, MethodName = method };

    static Example Number(float x) => new() { Features = new() { Feature = { ["x"] = new() { FloatList = new() { Value = { x } } } } } };

    static TensorShapeProto Shape(params long[] dims) => new() { Dim = { dims.Select(d => new TensorShapeProto.Types.Dim { Size = d }) } };

    static PredictRequest Half(TensorProto x) => new() { ModelSpec = new() { Name = "half" }, Inputs = { ["x"] = x } };

    static PredictRequest Of(string signature)
    {
        var request = Half(new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(1), FloatVal = { 1 } });
        request.ModelSpec.SignatureName = signature;
        return request;
    }

    Status Failure(PredictRequest request) => Assert.Throws<RpcException>(() => _client.Predict(request))!.Status is var status ? new(status.StatusCode, status.Detail) : default;

    [Test]
    public async Task AMessageThatGzipMakesLargeIsRefused()
    {
        using var channel = GrpcChannel.ForAddress(_host.Address, new() { CompressionProviders = [new Grpc.Net.Compression.GzipCompressionProvider(System.IO.Compression.CompressionLevel.Fastest)] });
        var client = new PredictionServiceClient(channel);
        PredictRequest Zeros(int bytes) => Half(TensorMessages.WriteContent(HostTensor.OfBytes(DType.Float32, new Shape(bytes / 4), new byte[bytes])));
        Metadata gzip = new() { { "grpc-internal-encoding-request", "gzip" } };
        Assert.That((await client.PredictAsync(Zeros(1 << 19), gzip)).Outputs, Is.Not.Empty);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.PredictAsync(Zeros(1 << 22), gzip));
        Assert.That(error!.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
    }
}
