using System.Text.Json;
using Keras.SavedModels;
using static Keras.Serving.PredictFields;

namespace Keras.Serving;

/// <summary>Reads the inputs of a predict request, in row form ("instances") or column form ("inputs").</summary>
static class PredictInputs
{
    /// <summary>Reads the inputs of a signature.</summary>
    /// <returns>The inputs by name, and whether they came in row form, which outputs then use too.</returns>
    /// <exception cref="ServingException">InvalidArgument: the inputs do not fit the signature.</exception>
    public static (Dictionary<string, HostTensor> Inputs, bool ByRows) Read(JsonBody body, SignatureDescription signature, long maxElements)
    {
        body.RequireOnly(Signature, Rows, Columns);
        var byRows = body.Has(Rows);
        if (byRows == body.Has(Columns)) throw JsonBody.Bad("The body names its inputs in no form or in both", $"\"{Rows}\" or \"{Columns}\"", string.Join(", ", body.Names));
        try
        {
            return (byRows ? ReadRows(body.Value(Rows), signature, maxElements) : ReadColumns(body.Value(Columns), signature, maxElements), byRows);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw JsonBody.Broken(e);
        }
    }

    static Dictionary<string, HostTensor> ReadRows(Utf8JsonReader json, SignatureDescription signature, long maxElements)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw JsonBody.Bad($"'{Rows}' is no list", "a list with an element for each row", JsonBody.Say(ref json));
        if (signature.Inputs.Count == 0) throw SignatureCalls.Misfit(signature, "The signature has no inputs, and so no rows", $"\"{Columns}\": {{}}", Rows);
        var row = 0;
        var readers = signature.Inputs.Select(i => new TensorReader(i, byRows: true, maxElements)).ToArray();
        for (; json.Read() && json.TokenType != JsonTokenType.EndArray; row++)
        {
            if (json.TokenType == JsonTokenType.StartObject && !IsBytes(json, signature)) ReadFields(ref json, signature, readers, $"{Rows}[{row}]", row);
            else if (readers is [{ } only]) only.ReadRow(ref json, row);
            else throw JsonBody.Bad($"A row does not name its inputs ({Rows}[{row}])", $"an object with {Known.List(signature.Inputs.Select(i => i.Name))}", JsonBody.Say(ref json));
        }
        if (row == 0) throw JsonBody.Bad($"'{Rows}' is empty", "at least one row", "none");
        return readers.ToDictionary(r => r.Input.Name, r => r.ToTensor(row));
    }

    static Dictionary<string, HostTensor> ReadColumns(Utf8JsonReader json, SignatureDescription signature, long maxElements)
    {
        var readers = signature.Inputs.Select(i => new TensorReader(i, byRows: false, maxElements)).ToArray();
        if (json.TokenType == JsonTokenType.StartObject && !IsBytes(json, signature)) ReadFields(ref json, signature, readers, Columns, null);
        else if (readers is [{ } only]) only.Read(ref json);
        else throw JsonBody.Bad($"'{Columns}' does not name its inputs", $"an object with {Known.List(signature.Inputs.Select(i => i.Name))}", JsonBody.Say(ref json));
        return readers.ToDictionary(r => r.Input.Name, r => r.ToTensor());
    }

    /// <summary>Reads an object with each input once.</summary>
    static void ReadFields(ref Utf8JsonReader json, SignatureDescription signature, TensorReader[] readers, string place, int? row)
    {
        var seen = new bool[readers.Length];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var at = 0;
            while (at < readers.Length && !json.ValueTextEquals(readers[at].Input.Name)) at++;
            if (at == readers.Length) throw SignatureCalls.Misfit(signature, $"There is no such input ({place})", Known.List(signature.Inputs.Select(i => i.Name)), JsonBody.StringOf(ref json) is { Length: > 64 } name ? name[..64] : JsonBody.StringOf(ref json));
            if (seen[at]) throw SignatureCalls.Misfit(signature, $"An input stands twice ({place})", "each once", readers[at].Input.Name);
            seen[at] = true;
            json.Read();
            if (row is { } index) readers[at].ReadRow(ref json, index);
            else readers[at].Read(ref json);
        }
        if (Array.IndexOf(seen, false) is >= 0 and var missing)
            throw SignatureCalls.Misfit(signature, $"The input '{readers[missing].Input.Name}' is missing ({place})", Known.List(signature.Inputs.Select(i => i.Name)), Known.List(readers.Where((_, i) => seen[i]).Select(r => r.Input.Name)));
    }

    /// <summary>Whether an object is the value of the only input, {"b64": ...}, not an object of inputs by name.</summary>
    static bool IsBytes(Utf8JsonReader json, SignatureDescription signature) =>
        signature.Inputs is [{ } only] && only.DType == DType.String && only.Name != "b64" && TensorReader.TryReadBase64(ref json) is not null;
}
