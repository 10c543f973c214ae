using Google.Protobuf;
using Keras.Checkpoints;
using Keras.Engines;
using Keras.Graphs;
using Keras.ServingProtos;

namespace Keras.Serving;

/// <summary>Runs the warm-up requests in a model's folder, so that the first caller does not wait for one-time work.</summary>
static class WarmUp
{
    const string FileName = "tf_serving_warmup_requests";
    const int Most = 1000;

    /// <summary>Runs the requests of a folder and returns their number.</summary>
    /// <exception cref="KerasException">The file is damaged, or a request fails.</exception>
    public static int Run(ServedModel model, ISavedModelRunner runner, string folder)
    {
        var path = Path.Combine(folder, "assets.extra", FileName);
        if (!File.Exists(path)) return 0;
        var count = 0;
        foreach (var record in TfRecordFile.Read(path))
        {
            if (count == Most) throw new FileFormatException("A model brings too many warm-up requests", path, $"at most {Most}", "more");
            var (signature, inputs) = Request(model, Parse(record, path, count), $"{path}, row {count}");
            var description = SignatureCalls.Find(model, signature);
            SignatureCalls.RequireInputs(description, inputs);
            runner.Run(description.Name, inputs);
            count++;
        }
        return count;
    }

    static PredictionLog Parse(ReadOnlyMemory<byte> record, string path, int row)
    {
        try
        {
            return PredictionLog.Parser.ParseFrom(record.Span);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new FileFormatException("A warm-up request is no PredictionLog", $"{path}, row {row}", null, null, "Make the file anew.", e);
        }
    }

    static (string? Signature, IReadOnlyDictionary<string, HostTensor> Inputs) Request(ServedModel model, PredictionLog log, string where) => log.LogTypeCase switch
    {
        PredictionLog.LogTypeOneofCase.PredictLog => (log.PredictLog.Request?.ModelSpec?.SignatureName, (log.PredictLog.Request?.Inputs ?? []).ToDictionary(i => i.Key, i => TensorProtos.FromProto(i.Value, where))),
        PredictionLog.LogTypeOneofCase.ClassifyLog => Examples(model, log.ClassifyLog.Request?.ModelSpec, log.ClassifyLog.Request?.Input),
        PredictionLog.LogTypeOneofCase.RegressLog => Examples(model, log.RegressLog.Request?.ModelSpec, log.RegressLog.Request?.Input),
        _ => throw new UnsupportedException("A warm-up request is of a kind that is not known", where, "predict_log, classify_log or regress_log", log.LogTypeCase.ToString(), "Leave it out of the file."),
    };

    static (string?, IReadOnlyDictionary<string, HostTensor>) Examples(ServedModel model, ServingProtos.ModelSpec? spec, Input? input)
    {
        var signature = SignatureCalls.Find(model, spec?.SignatureName);
        return (signature.Name, ExampleCalls.InputsOf(signature, ExampleCalls.Serialized(input)));
    }
}
