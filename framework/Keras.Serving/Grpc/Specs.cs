namespace Keras.Serving;

/// <summary>Reads and writes the model specs of messages.</summary>
static class Specs
{
    /// <exception cref="ServingException">InvalidArgument: no model is named.</exception>
    public static ModelSpec Read(ServingProtos.ModelSpec? spec)
    {
        if (spec is null) throw new ServingException(TFServingStatus.InvalidArgument, "Missing ModelSpec");
        if (spec.Name.Length == 0) throw new ServingException(TFServingStatus.InvalidArgument, "ModelSpec has no name specified.");
        return new(
            spec.Name,
            spec.VersionChoiceCase == ServingProtos.ModelSpec.VersionChoiceOneofCase.Version ? spec.Version : null,
            spec.VersionChoiceCase == ServingProtos.ModelSpec.VersionChoiceOneofCase.VersionLabel ? spec.VersionLabel : null,
            spec.SignatureName.Length == 0 ? null : spec.SignatureName);
    }

    /// <summary>Writes the model and version that answered.</summary>
    public static ServingProtos.ModelSpec Of(ServedModel model, string signature) => new() { Name = model.Name, Version = model.Version, SignatureName = signature };
}
