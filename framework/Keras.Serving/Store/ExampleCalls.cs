using Google.Protobuf;
using Keras.SavedModels;
using Keras.ServingProtos;

namespace Keras.Serving;

/// <summary>Handles requests with examples: a signature with one input takes them serialized, and gives classes with scores, or a number for each.</summary>
static class ExampleCalls
{
    const long MostBytes = 256L << 20;

    /// <summary>Serializes the examples of a request, each after the context.</summary>
    /// <exception cref="ServingException">InvalidArgument: there are no examples, or they are too large.</exception>
    public static byte[][] Serialized(Input? input)
    {
        var (examples, context) = input?.KindCase switch
        {
            Input.KindOneofCase.ExampleList => (input.ExampleList.Examples, null),
            Input.KindOneofCase.ExampleListWithContext => (input.ExampleListWithContext.Examples, input.ExampleListWithContext.Context),
            _ => ([], null),
        };
        if (examples.Count == 0) throw new ServingException(TFServingStatus.InvalidArgument, "The request holds no examples. Expected: at least one.");
        // The context is repeated before each example, so a small request can become large here.
        long before = context?.CalculateSize() ?? 0, size = before * examples.Count;
        foreach (var example in examples) size += example.CalculateSize();
        if (size > MostBytes) throw new ServingException(TFServingStatus.InvalidArgument, $"The examples are too large, each with the context. Expected: at most {MostBytes} bytes. Received: {size}. Send fewer examples.");
        // Concatenated serialized messages merge, and later values count.
        var shared = context?.ToByteArray() ?? [];
        return [.. examples.Select(e => (byte[])[.. shared, .. e.ToByteArray()])];
    }

    /// <summary>Makes the signature's input from examples.</summary>
    /// <exception cref="ServingException">InvalidArgument: the signature takes no examples.</exception>
    public static Dictionary<string, HostTensor> InputsOf(SignatureDescription signature, byte[][] examples) => signature.Inputs is [{ } only] && only.DType == DType.String && (!only.Shape.HasRank || only.Shape.Rank == 1)
        ? new() { [only.Name] = HostTensor.OfStrings(examples.Length, examples) }
        : throw SignatureCalls.Misfit(signature, "The signature takes no examples", "one input of serialized examples, string (batch)", Known.List(signature.Inputs.Select(i => $"{i.Name} {i.DType} {i.Shape}")));

    /// <summary>Reads each example's classes and scores from a classify signature's outputs.</summary>
    /// <exception cref="ServingException">InvalidArgument: the signature gives neither.</exception>
    public static IReadOnlyList<IReadOnlyList<(string Label, float Score)>> Classes(SignatureDescription signature, PredictAnswer answer, int count)
    {
        var (classes, scores) = (answer.Outputs.GetValueOrDefault("classes"), answer.Outputs.GetValueOrDefault("scores"));
        if (classes is null && scores is null) throw SignatureCalls.Misfit(signature, "The signature gives no classes", "an output 'classes' (strings), 'scores' (float32) or both", Known.List(answer.Outputs.Keys));
        if (classes is { Strings: null } || (scores is not null && scores.DType != DType.Float32)) throw SignatureCalls.Misfit(signature, "The classes or scores have another dtype", "string classes, float32 scores", $"{classes?.DType} {scores?.DType}");
        var shape = (classes ?? scores!).Shape;
        if (shape.Rank != 2 || shape[0] != count || (classes is not null && scores is not null && classes.Shape != scores.Shape))
            throw SignatureCalls.Misfit(signature, "The classes and scores do not fit the examples", $"({count}, classes) of both", $"{classes?.Shape} {scores?.Shape}");
        var (width, values) = ((int)shape[1], scores is null ? null : scores.As<float>().ToArray());
        return [.. Enumerable.Range(0, count).Select(row => Enumerable.Range(row * width, width)
            .Select(i => (classes is null ? "" : System.Text.Encoding.UTF8.GetString(classes.Strings![i]), values is null ? 0 : values[i])).ToArray())];
    }

    /// <summary>Reads each example's number from a regress signature's outputs.</summary>
    /// <exception cref="ServingException">InvalidArgument: the signature gives no numbers.</exception>
    public static float[] Values(SignatureDescription signature, PredictAnswer answer, int count) =>
        answer.Outputs.TryGetValue("outputs", out var values) && values.DType == DType.Float32 && values.Shape.ElementCount == count && values.Shape.Rank is 1 or 2
            ? values.As<float>().ToArray()
            : throw SignatureCalls.Misfit(signature, "The signature gives no numbers", $"an output 'outputs', float32 ({count}) or ({count}, 1)", Known.List(answer.Outputs.Select(o => $"{o.Key} {o.Value.DType} {o.Value.Shape}")));
}
