using Keras.SavedModels;

namespace Keras.Serving;

/// <summary>Checks calls against signatures.</summary>
static class SignatureCalls
{
    /// <summary>The default signature, for requests that name none.</summary>
    public const string Default = "serving_default";

    /// <summary>Finds a signature by name.</summary>
    /// <exception cref="ServingException">InvalidArgument: there is no such signature.</exception>
    public static SignatureDescription Find(ServedModel model, string? name) => model.Signatures.TryGetValue(string.IsNullOrEmpty(name) ? Default : name, out var signature) ? signature
        : throw new ServingException(TFServingStatus.InvalidArgument, $"{Known.Unknown($"The model '{model.Name}', version {model.Version}, has no such signature", string.IsNullOrEmpty(name) ? Default : name, null, model.Signatures.Keys).Message}");

    /// <summary>Rejects a signature that no call can use, before inputs are read.</summary>
    /// <exception cref="ServingException">Unimplemented: an input or output is of a quantised dtype.</exception>
    public static void RequirePlain(ServedModel model, SignatureDescription signature)
    {
        try
        {
            PlainSignature.Require(signature);
        }
        catch (UnsupportedException e)
        {
            throw Failure(model, signature, e);
        }
    }

    const int MostEmptyPlaces = 1 << 20;

    /// <summary>Rejects inputs with other names, dtypes or shapes.</summary>
    /// <exception cref="ServingException">InvalidArgument: the inputs do not fit.</exception>
    public static void RequireInputs(SignatureDescription signature, IReadOnlyDictionary<string, HostTensor> inputs)
    {
        foreach (var input in signature.Inputs)
        {
            if (!inputs.TryGetValue(input.Name, out var value)) throw Misfit(signature, $"The input '{input.Name}' is missing", Known.List(signature.Inputs.Select(i => i.Name)), Known.List(inputs.Keys));
            if (value.DType != input.DType) throw Misfit(signature, $"The input '{input.Name}' has another dtype", input.DType.Name, value.DType.Name);
            // A tensor without elements takes no bytes, but a model may make outputs for each of its rows.
            if (value.Shape.ElementCount == 0 && value.Shape.ToArray().Aggregate((Int128)1, (p, d) => p * Math.Max(d, 1)) > MostEmptyPlaces)
                throw Misfit(signature, $"The input '{input.Name}' is empty, but has too large a shape", $"at most {MostEmptyPlaces} rows and columns", value.Shape.ToString());
            if (!value.Shape.IsCompatibleWith(input.Shape)) throw Misfit(signature, $"The input '{input.Name}' has another shape", input.Shape.ToString(), value.Shape.ToString());
        }
        if (inputs.Count > signature.Inputs.Count)
            throw Misfit(signature, $"There is no input '{inputs.Keys.First(k => signature.Inputs.All(i => i.Name != k))}'", Known.List(signature.Inputs.Select(i => i.Name)), Known.List(inputs.Keys));
    }

    /// <summary>Rejects outputs that the signature lacks.</summary>
    /// <exception cref="ServingException">InvalidArgument: there is no such output.</exception>
    public static void RequireOutputs(SignatureDescription signature, IReadOnlyCollection<string>? outputs)
    {
        foreach (var name in outputs ?? [])
            if (signature.Outputs.All(o => o.Name != name)) throw Misfit(signature, $"There is no output '{name}'", Known.List(signature.Outputs.Select(o => o.Name)), name);
    }

    /// <summary>Makes an error in the usual form.</summary>
    public static ServingException Misfit(SignatureDescription signature, string what, string expected, string received) =>
        new(TFServingStatus.InvalidArgument, $"{what} (signature '{signature.Name}'). Expected: {expected}. Received: {received}.");

    /// <summary>Makes the error for a failed model, which names the input if that was the reason.</summary>
    public static ServingException Failure(ServedModel model, SignatureDescription signature, Exception e)
    {
        var status = e is EngineException { IsOfInput: true } or ShapeMismatchException or DTypeMismatchException or ValueRangeException ? TFServingStatus.InvalidArgument
            : e is UnsupportedException ? TFServingStatus.Unimplemented : TFServingStatus.Internal;
        var reason = e is KerasException ? e.Message : e.GetType().Name;
        return new(status, $"The model '{model.Name}', version {model.Version}, failed at its signature '{signature.Name}': {reason}", e);
    }
}
