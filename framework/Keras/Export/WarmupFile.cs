using Google.Protobuf;
using Keras.Checkpoints;
using Keras.Graphs;
using Keras.SavedModelProtos;
using Keras.SavedModels;
using Keras.ServingProtos;

namespace Keras.Export;

/// <summary>The requests that TensorFlow Serving answers before it takes others: a TFRecord file of PredictionLog messages.</summary>
static class WarmupFile
{
    public const string Path = "assets.extra/tf_serving_warmup_requests";

    /// <summary>The largest number of records that TensorFlow Serving reads.</summary>
    const int Most = 1000;

    /// <summary>The records of requests.</summary>
    /// <exception cref="ArgumentException">There are too many, a signature does not exist, or an input is missing or unknown.</exception>
    /// <exception cref="DTypeMismatchException">An input is of another dtype.</exception>
    /// <exception cref="ShapeMismatchException">An input is of another shape.</exception>
    /// <exception cref="ValueRangeException">An input is not finite, or not a valid record.</exception>
    public static byte[][] Records(IReadOnlyList<WarmupRequest> requests, IReadOnlyDictionary<string, SavedModelSignature> signatures)
    {
        if (requests.Count > Most) throw new ArgumentException($"There are too many warm-up requests. Expected: at most {Most}, as many as TensorFlow Serving reads. Received: {requests.Count}.");
        return [.. requests.Select((request, i) => Record(request ?? throw new ArgumentException($"A warm-up request is null, number {i}."), $"warm-up request {i}", signatures))];
    }

    public static void Write(Stream stream, byte[][] records)
    {
        foreach (var record in records) TfRecordFile.Write(stream, record);
    }

    static byte[] Record(WarmupRequest request, string where, IReadOnlyDictionary<string, SavedModelSignature> signatures)
    {
        if (request.Inputs is null) throw new ArgumentException($"{where} has no inputs.");
        if (!signatures.TryGetValue(request.Signature ?? "", out var signature)) throw new ArgumentException($"{where} is for the signature '{request.Signature}', which the export does not have. It has: {Known.List(signatures.Keys)}.");
        var inputs = Inputs(request, where, signature);
        var spec = new ModelSpec { SignatureName = request.Signature };
        var log = signature.MethodName switch
        {
            SavedModelSignature.ClassifyMethod => new PredictionLog { ClassifyLog = new() { Request = new() { ModelSpec = spec, Input = Examples(inputs.Values.Single(), where) } } },
            SavedModelSignature.RegressMethod => new PredictionLog { RegressLog = new() { Request = new() { ModelSpec = spec, Input = Examples(inputs.Values.Single(), where) } } },
            _ => new PredictionLog { PredictLog = new() { Request = new() { ModelSpec = spec } } },
        };
        if (log.PredictLog is { } predict)
            foreach (var (name, value) in inputs) predict.Request.Inputs.Add(name, TensorProtos.ToProto(value));
        return log.ToByteArray();
    }

    static Dictionary<string, HostTensor> Inputs(WarmupRequest request, string where, SavedModelSignature signature)
    {
        var given = request.Inputs is { IsLeaf: true } one && signature.InputNames is [var only] ? new Dictionary<string, Tensors> { [only] = one } : request.Inputs.IsDictionary
            ? request.Inputs.Named().ToDictionary(i => i.Key, i => i.Value) : throw new ArgumentException($"{where} needs a dictionary of the signature's inputs: {Known.List(signature.InputNames)}.");
        string[] wrong = [.. given.Keys.Except(signature.InputNames), .. signature.InputNames.Except(given.Keys)];
        if (wrong.Length > 0) throw new ArgumentException($"{where} does not fit the signature '{request.Signature}', which takes {Known.List(signature.InputNames)}. Received: {Known.List(given.Keys)}.");
        return signature.InputNames.Zip(signature.Function.Inputs).ToDictionary(i => i.First, i => Checked(given[i.First], $"{where}, input '{i.First}'", i.Second));
    }

    static HostTensor Checked(Tensors given, string where, Tensor parameter)
    {
        var value = (given.IsLeaf ? given.Single : throw new ArgumentException($"{where} is not one tensor. Received: {given.Structure}.")).RequireEager().ToHost();
        if (value.DType != parameter.dtype) throw new DTypeMismatchException("A warm-up request does not fit its signature", where, parameter.dtype.Name, value.DType.Name);
        if (!value.Shape.IsCompatibleWith(parameter.shape)) throw new ShapeMismatchException("A warm-up request does not fit its signature", where, parameter.shape.ToString(), value.Shape.ToString());
        if (value.DType.IsFloating && !Array.TrueForAll(value.ToDouble(), double.IsFinite)) throw new ValueRangeException("A warm-up request is not finite", where, "finite numbers", "NaN or infinity");
        return value;
    }

    static Input Examples(HostTensor records, string where)
    {
        try
        {
            return new() { ExampleList = new() { Examples = { records.Strings!.Select(Example.Parser.ParseFrom) } } };
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ValueRangeException("A warm-up request holds something other than a tf.train.Example", where, "serialized records", e.Message);
        }
    }
}
