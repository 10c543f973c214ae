using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;

namespace Keras.Benchmarks;

/// <summary>The forward pass of an ONNX file of a BERT on ONNX Runtime, with the inputs of Keras.Benchmarks' task "infer"; the first output is read to the host.</summary>
static class OnnxInference
{
    public static IEnumerable<JsonObject> Run(PeerOptions options)
    {
        var (batch, length, clients, threads) = (options.Number("--batch", 1), options.Number("--seq", 128), options.Number("--clients", 1), options.Number("--threads", 2));
        using var settings = new SessionOptions { IntraOpNumThreads = threads };
        using var session = new InferenceSession(options.PathOf("--onnx"), settings);
        var words = options.Number("--vocab", 30522);
        long[] shape = [batch, length], ids = [.. Enumerable.Range(0, batch * length).Select(k => (k * 7919L % (words - 1000)) + 1000)];
        OrtValue Input(string name) => OrtValue.CreateTensorValueFromMemory(name.EndsWith("mask", StringComparison.Ordinal) ? [.. ids.Select(_ => 1L)] : name.EndsWith("type_ids", StringComparison.Ordinal) ? new long[ids.Length] : ids, shape);
        string[] names = [.. session.InputNames], outputs = [session.OutputNames[0]];
        var inputs = Array.ConvertAll(names, Input);
        using var run = new RunOptions();
        float[] first = [];
        JsonObject more = new() { ["clients"] = clients };
        var times = Clients.Time(() =>
        {
            using var results = session.Run(run, names, inputs, outputs);
            first = results[0].GetTensorDataAsSpan<float>().ToArray();
        }, clients, options.Number("--repeat", 10), more);
        yield return PeerReport.Line("onnxruntime", "infer", times, new() { ["threads"] = threads, ["batch"] = batch, ["seq"] = length, ["contention"] = options.Number("--contention", 0) }, more);
    }
}
