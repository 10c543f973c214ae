using Keras.SavedModels;
using Keras.Serving;

namespace Keras.Fuzz;

/// <summary>Targets for requests to a host's REST endpoint: paths, predict requests of every dtype, examples, and OpenAI's requests.</summary>
static class RestTargets
{
    /// <summary>The allowed memory; a short number may take eight bytes, and growing lists are held twice.</summary>
    const long Memory = 4 << 20;

    const int MostElements = 10_000, MostDepth = 64;

    static SignatureTensor Input(string name, DType dtype, params long[] dims) => new(name, $"{name}:0", dtype, new Shape(dims));

    /// <summary>The signatures, chosen by a file's first byte.</summary>
    static readonly SignatureDescription[] Signatures =
    [
        new("one", "", [Input("x", DType.Float32, -1, 2)], []),
        new("text", "", [Input("s", DType.String, -1)], []),
        new("free", "", [new("u", "u:0", DType.Int64, Shape.Unknown)], []),
        new("many", "", [Input("f", DType.Float64, -1), Input("h", DType.Float16, -1), Input("b", DType.BFloat16, -1), Input("i", DType.Int8, -1, -1), Input("q", DType.UInt64, -1), Input("t", DType.Bool, -1)], []),
        new("scalar", "", [Input("n", DType.Int32), Input("x", DType.UInt8, -1)], []),
    ];

    public static readonly IReadOnlyList<FuzzTarget> All =
    [
        new("rest", "fuzz.json", Read) { Memory = Memory, Made = [.. Bodies().Select((body, i) => (byte[])[(byte)i, .. System.Text.Encoding.UTF8.GetBytes(body)])] },
    ];

    static void Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length == 0) return;
        var (kind, body) = (bytes[0], bytes[1..]);
        try
        {
            RestRequest.Parse("/v1/models/" + System.Text.Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(64, body.Length))));
            if (kind % 8 < Signatures.Length)
            {
                var signature = Signatures[kind % 8];
                var (inputs, byRows) = PredictInputs.Read(new(body, MostDepth), signature, MostElements);
                SignatureCalls.RequireInputs(signature, inputs);
                // What was read must be writable and readable again.
                if (!inputs.ContainsKey("n")) RestAnswers.Predict(new(new("m", 1, new Dictionary<string, SignatureDescription>(), new Dictionary<string, SavedModelProtos.SignatureDef>()), "s", inputs), byRows);
            }
            else if (kind % 8 < 7) ExampleCalls.Serialized(ExampleJson.Read(new(body, MostDepth), MostElements));
            else
            {
                var fields = new OpenAiFields(body, MostDepth);
                fields.Text("model");
                fields.Prompts("prompt", 128);
                fields.Texts("stop", 4);
                fields.Number("temperature", 1, 0, 2);
                fields.Whole("n", 1, 1, 128);
                fields.Truth("stream");
                fields.RequireNoOthers();
            }
        }
        catch (Exception e) when (e is ServingException or OpenAiException)
        {
            throw new FileFormatException("The request is refused", path, null, e.Message);
        }
    }

    static IEnumerable<string> Bodies() =>
    [
        """{"instances": [[1, 2.5], [NaN, -Infinity]], "signature_name": "one"}""",
        """{"inputs": {"s": ["a\u00e4\ud83d\ude00", {"b64": "AAECAw=="}, ""]}}""",
        """{"inputs": [[[1, 2], [3, -4]], [[5, 6], [7, 9223372036854775807]]]}""",
        """{"instances": [{"f": 1e300, "h": 65504, "b": 3e38, "i": [-128, 127], "q": 18446744073709551615, "t": true}, {"f": 0, "h": -0.0, "b": 1, "i": [1, 2], "q": 0, "t": false}]}""",
        """{"inputs": {"n": 7, "x": [0, 255]}, "signature_name": "scalar"}""",
        """{"examples": [{"a": 1, "b": [1.5, 2], "c": "text", "d": {"b64": "AA=="}, "e": []}], "context": {"k": [1, 2]}}""",
        """{"signature_name": "s", "examples": [{"a": "x"}, {}]}""",
        """{"model": "m", "prompt": ["a", [1, 2, 3]], "stop": ["x", "yy"], "temperature": 0.5, "n": 2, "stream": true}""",
    ];
}
