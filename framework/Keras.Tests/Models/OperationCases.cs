using System.Text.Json;
using static Keras.Api;

namespace Keras.Tests.Models;

/// <summary>The golden cases of keras.ops as functional models: each a call between keras.Input tensors and outputs.</summary>
static class OperationCases
{
    public static IEnumerable<(GoldenList List, JsonElement Golden, string Id)> All =>
        from list in GoldenList.Names("ops")
        let golds = GoldenList.Find("ops", list)!
        where golds.Json.TryGetProperty("cases", out _)
        from golden in golds.Json.GetProperty("cases").EnumerateArray()
        where !golden.TryGetProperty("raises", out _) && new GoldenCall(golden).Inputs.Count > 0
        select (golds, golden, golden.GetProperty("id").GetString()!);

    /// <summary>The model of a case, its inputs, and what the same call gives at once; null where nothing of it is symbolic.</summary>
    public static (Functional Model, Tensor[] Inputs, Tensor[] Expected)? Make(GoldenList golds, JsonElement golden)
    {
        var call = new GoldenCall(golden);
        Tensor[] values = [.. call.Inputs.Select(golds.Tensor)];
        Tensor[] symbolic = [.. values.Select((v, i) => keras.Input(batch_shape: v.shape, dtype: v.dtype, name: $"x{i}"))];
        var outputs = Call(golden, call, symbolic);
        if (outputs.Length == 0 || Array.Exists(outputs, o => o is not SymbolicTensor)) return null;
        return (keras.Model(new Tensors(symbolic.Select(s => new Tensors(s))), new Tensors(outputs.Select(o => new Tensors(o)))), values, Call(golden, call, values));
    }

    static Tensor[] Call(JsonElement golden, GoldenCall call, Tensor[] inputs)
    {
        var name = golden.GetProperty("function").GetString()!;
        const string images = "image.";
        var result = name.StartsWith(images, StringComparison.Ordinal) ? call.Invoke(ops.image, name[images.Length..], inputs) : call.Invoke(ops, name, inputs);
        return [.. GoldenCall.Flatten(result).OfType<Tensor>()];
    }
}
