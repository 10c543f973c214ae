using System.Globalization;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Serving;

/// <summary>Writes response bodies like TensorFlow Serving.</summary>
static class RestAnswers
{
    /// <summary>Writes {"error": ...}.</summary>
    public static JsonText Error(string message)
    {
        var text = new JsonText();
        text.Raw("{\"error\":"u8).String(message).Raw("}"u8);
        return text;
    }

    /// <summary>Writes {"predictions": [...]} in row form or {"outputs": ...} in column form; a single output has no name.</summary>
    /// <exception cref="ServingException">The outputs differ in their number of rows, or have a dtype without a JSON form.</exception>
    public static JsonText Predict(PredictAnswer answer, bool byRows)
    {
        TensorText[] outputs = [.. answer.Outputs.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => new TensorText(o.Key, o.Value))];
        var text = new JsonText();
        if (byRows) text.Raw("{\"predictions\":["u8);
        else text.Raw("{\"outputs\":"u8);
        if (!byRows) Write(text, outputs, static (o, t) => o.Write(t));
        else
            for (var row = 0L; row < RowsOf(outputs); row++)
            {
                if (row > 0) text.Raw(","u8);
                Write(text, outputs, static (o, t) => o.WriteRow(t));
            }
        return byRows ? text.Raw("]}"u8) : text.Raw("}"u8);
    }

    static void Write(JsonText text, TensorText[] outputs, Action<TensorText, JsonText> write)
    {
        if (outputs is [{ } only])
        {
            write(only, text);
            return;
        }
        Object(text, outputs, o => o.Name, o => write(o, text));
    }

    static long RowsOf(TensorText[] outputs)
    {
        var rows = outputs.Length == 0 ? 0 : outputs[0].Rows;
        return outputs.All(o => o.Rows == rows) && rows is { } count ? count
            : throw new ServingException(TFServingStatus.InvalidArgument, $"The outputs have not the same rows, so that they cannot be written by rows. Received: {string.Join(", ", outputs.Select(o => $"{o.Name}: {o.Rows?.ToString(CultureInfo.InvariantCulture) ?? "no"} rows"))}. Ask for columns: {{\"inputs\": ...}}.");
    }

    /// <summary>Writes {"results": [[[label, score], ...], ...]}.</summary>
    public static JsonText Classify(IReadOnlyList<IReadOnlyList<(string Label, float Score)>> results)
    {
        var text = new JsonText().Raw("{\"results\":"u8);
        List(text, results, classes => List(text, classes, c =>
        {
            text.Raw("["u8).String(c.Label).Raw(","u8);
            text.Float(c.Score);
            text.Raw("]"u8);
        }));
        return text.Raw("}"u8);
    }

    /// <summary>Writes {"results": [...]}.</summary>
    public static JsonText Regress(float[] values)
    {
        var text = new JsonText().Raw("{\"results\":"u8);
        List(text, values, text.Float);
        return text.Raw("}"u8);
    }

    /// <summary>Writes {"model_version_status": [...]}.</summary>
    public static JsonText Status(IReadOnlyList<VersionStatus> versions)
    {
        var text = new JsonText().Raw("{\"model_version_status\":"u8);
        List(text, versions, v => text.Raw("{\"version\":"u8).String(v.Version.ToString(CultureInfo.InvariantCulture))
            .Raw(",\"state\":"u8).String(VersionStates.Name(v.State))
            .Raw(",\"status\":{\"error_code\":"u8).String(v.Error is { } error ? System.Text.Json.JsonNamingPolicy.SnakeCaseUpper.ConvertName(error.ToString()) : "OK")
            .Raw(",\"error_message\":"u8).String(v.Message).Raw("}}"u8));
        return text.Raw("}"u8);
    }

    /// <summary>Writes the signatures as GetModelMetadataResponse in JSON.</summary>
    public static JsonText Metadata(ServedModel model)
    {
        var text = new JsonText().Raw("{\"model_spec\":{\"name\":"u8).String(model.Name).Raw(",\"signature_name\":\"\",\"version\":"u8).String(model.Version.ToString(CultureInfo.InvariantCulture))
            .Raw("},\"metadata\":{\"signature_def\":{\"signature_def\":"u8);
        Object(text, model.SignatureDefs.OrderBy(s => s.Key, StringComparer.Ordinal), s => s.Key, s =>
        {
            text.Raw("{\"inputs\":"u8);
            Tensors(text, s.Value.Inputs);
            text.Raw(",\"outputs\":"u8);
            Tensors(text, s.Value.Outputs);
            text.Raw(",\"method_name\":"u8).String(s.Value.MethodName).Raw("}"u8);
        });
        return text.Raw("}}}"u8);
    }

    static void Tensors(JsonText text, IEnumerable<KeyValuePair<string, TensorInfo>> tensors) => Object(text, tensors.OrderBy(t => t.Key, StringComparer.Ordinal), t => t.Key, t =>
    {
        var shape = ShapeProtos.FromProto(t.Value.TensorShape ?? new());
        text.Raw("{\"dtype\":"u8).String(NameOf(t.Value.Dtype)).Raw(",\"tensor_shape\":{\"dim\":"u8);
        List(text, shape.HasRank ? shape.ToArray() : [], dim => text.Raw("{\"size\":"u8).String(dim.ToString(CultureInfo.InvariantCulture)).Raw(",\"name\":\"\"}"u8));
        text.Raw(",\"unknown_rank\":"u8).Raw(shape.HasRank ? "false"u8 : "true"u8).Raw("},\"name\":"u8).String(t.Value.Name).Raw("}"u8);
    });

    /// <summary>The name of a dtype in types.proto: "DT_FLOAT".</summary>
    static string NameOf(DataType type) => SavedModelProtos.TypesReflection.Descriptor.EnumTypes.First(e => e.Name == "DataType").FindValueByNumber((int)type)?.Name ?? $"{(int)type}";

    static void List<T>(JsonText text, IEnumerable<T> items, Action<T> write)
    {
        text.Raw("["u8);
        foreach (var (i, item) in items.Index())
        {
            if (i > 0) text.Raw(","u8);
            write(item);
        }
        text.Raw("]"u8);
    }

    static void Object<T>(JsonText text, IEnumerable<T> items, Func<T, string> name, Action<T> write)
    {
        text.Raw("{"u8);
        foreach (var (i, item) in items.Index())
        {
            if (i > 0) text.Raw(","u8);
            text.String(name(item)).Raw(":"u8);
            write(item);
        }
        text.Raw("}"u8);
    }
}
