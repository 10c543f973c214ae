using Google.Protobuf;
using Keras.Serving;
using Keras.ServingProtos;
using Keras.Tests;

namespace Keras.Fuzz;

/// <summary>Targets for requests to a host's gRPC endpoint, and for its configuration files.</summary>
static class ServingTargets
{
    /// <summary>The allowed memory; one value may be repeated up to this limit, and is held several times: as a tensor, as an answer, as bytes.</summary>
    const long Memory = 8 * TensorMessages.MostRepeated;

    static readonly EchoModels Server = new();
    static readonly PredictionDoor Predictions = new(Server);
    static readonly ModelDoor Models = new(Server);

    /// <summary>The methods, chosen by a file's first byte; the rest is the request.</summary>
    static readonly (string Name, MessageParser Parser, Func<IMessage, IMessage> Answer)[] Methods =
    [
        ("Predict", PredictRequest.Parser, m => Predictions.Predict((PredictRequest)m, new FuzzContext()).GetAwaiter().GetResult()),
        ("Classify", ClassificationRequest.Parser, m => Predictions.Classify((ClassificationRequest)m, new FuzzContext()).GetAwaiter().GetResult()),
        ("Regress", RegressionRequest.Parser, m => Predictions.Regress((RegressionRequest)m, new FuzzContext()).GetAwaiter().GetResult()),
        ("MultiInference", MultiInferenceRequest.Parser, m => Predictions.MultiInference((MultiInferenceRequest)m, new FuzzContext()).GetAwaiter().GetResult()),
        ("GetModelMetadata", GetModelMetadataRequest.Parser, m => Predictions.GetModelMetadata((GetModelMetadataRequest)m, new FuzzContext()).GetAwaiter().GetResult()),
        ("GetModelStatus", GetModelStatusRequest.Parser, m => Models.GetModelStatus((GetModelStatusRequest)m, new FuzzContext()).GetAwaiter().GetResult()),
        ("HandleReloadConfigRequest", ReloadConfigRequest.Parser, m => Models.HandleReloadConfigRequest((ReloadConfigRequest)m, new FuzzContext()).GetAwaiter().GetResult()),
    ];

    public static readonly IReadOnlyList<FuzzTarget> All =
    [
        new("grpc", "fuzz.pb", ReadRequest) { Memory = Memory, Made = [.. Requests()] },
        new("text_proto", "fuzz.config", ReadConfig) { Made = [.. Configs()] },
    ];

    static void ReadRequest(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length == 0) return;
        try
        {
            // The client must be able to read the host's answer.
            var (name, parse, answer) = Methods[bytes[0] % Methods.Length];
            var said = answer(Parsed(parse, bytes[1..])).ToByteArray();
            if (name == "Predict")
                foreach (var (output, tensor) in PredictResponse.Parser.ParseFrom(said).Outputs) TensorMessages.Read(tensor, output);
        }
        catch (ServingException e)
        {
            throw new FileFormatException("The request is refused", path, null, e.Message);
        }

        IMessage Parsed(MessageParser parser, byte[] message)
        {
            try
            {
                return parser.ParseFrom(message);
            }
            catch (Exception e) when (CheckedBinder.IsOfMessage(e))
            {
                throw new FileFormatException("The request is no message", path, null, e.Message);
            }
        }
    }

    static void ReadConfig(string path)
    {
        try
        {
            if (new FileInfo(path).Length % 2 == 0) ModelConfigText.Read(path);
            else BatchingText.Read(path);
        }
        catch (ServingException e)
        {
            throw new FileFormatException("The config is refused", path, null, e.Message);
        }
    }

    static IEnumerable<byte[]> Requests()
    {
        var folder = Repository.PathOf("framework", "Keras.Serving.Tests", "Golden", "wire");
        foreach (var file in Directory.EnumerateFiles(folder, "*.request.hex").Order(StringComparer.Ordinal))
        {
            var lines = File.ReadAllLines(file);
            var method = Array.FindIndex(Methods, m => lines[0].Contains($"/{m.Name}:", StringComparison.Ordinal));
            yield return [(byte)method, .. lines.SelectMany(l => l.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(h => Convert.ToByte(h, 16))];
        }
        yield return [4, .. new GetModelMetadataRequest { ModelSpec = new() { Name = "half" }, MetadataField = { "signature_def" } }.ToByteArray()];
    }

    static IEnumerable<byte[]> Configs() => Directory.EnumerateFiles(Repository.PathOf("deploy"), "*.config", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
        .Append("model_config_list: { config < name: 'a\\x41\\101\\n' \"b\" base_path: '/m'; version_labels: [{ key: 'l' value: 0x1F }] > }"u8.ToArray());
}
