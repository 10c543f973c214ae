namespace Keras.Serving;

/// <summary>A class and its score.</summary>
/// <param name="Label">The label; empty if the model gives none.</param>
/// <param name="Score">The score; 0 if the model gives none.</param>
public sealed record TFServingClass(string Label, float Score);

/// <summary>A task of MultiInference.</summary>
/// <param name="Signature">The signature; each may be used once.</param>
/// <param name="IsRegression">Whether the task is a regression; default false: it classifies.</param>
public sealed record TFServingTask(string Signature, bool IsRegression = false);

/// <summary>The result of a MultiInference task: either classes or values; the other is null.</summary>
/// <param name="Signature">The signature.</param>
/// <param name="Classes">The classes of each example.</param>
/// <param name="Values">A number for each example.</param>
public sealed record TFServingResult(string Signature, IReadOnlyList<IReadOnlyList<TFServingClass>>? Classes, IReadOnlyList<float>? Values);

/// <summary>An input or output of a signature.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">Its dtype.</param>
/// <param name="Shape">Its shape; dimensions may be unknown.</param>
public sealed record TFServingTensorInfo(string Name, DType DType, Shape Shape);

/// <summary>A signature of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="MethodName">Its method, such as <c>tensorflow/serving/predict</c>.</param>
/// <param name="Inputs">Its inputs by name.</param>
/// <param name="Outputs">Its outputs by name.</param>
public sealed record TFServingSignature(string Name, string MethodName, IReadOnlyDictionary<string, TFServingTensorInfo> Inputs, IReadOnlyDictionary<string, TFServingTensorInfo> Outputs);

/// <summary>The signatures of a model's version.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">The version.</param>
/// <param name="Signatures">Its signatures by name.</param>
public sealed record TFServingMetadata(string Model, long Version, IReadOnlyDictionary<string, TFServingSignature> Signatures);

/// <summary>The state of a version.</summary>
/// <param name="Version">The version.</param>
/// <param name="State">START, LOADING, AVAILABLE, UNLOADING or END.</param>
/// <param name="Error">Why it could not be loaded; empty if there was no error.</param>
public sealed record TFServingVersion(long Version, string State, string Error)
{
    /// <summary>Whether it answers requests.</summary>
    public bool IsAvailable => State == "AVAILABLE";
}

/// <summary>A model to be served.</summary>
/// <param name="Name">The name that callers use.</param>
/// <param name="BasePath">The folder of its versions, on the server.</param>
public sealed record TFServingModel(string Name, string BasePath)
{
    /// <summary>The versions to serve; default empty: the newest.</summary>
    public IReadOnlyList<long> Versions { get; init; } = [];

    /// <summary>The number of newest versions to serve if none are given; default 1, 0 for all.</summary>
    public int Latest { get; init; } = 1;

    /// <summary>Names for versions, such as "stable".</summary>
    public IReadOnlyDictionary<string, long> Labels { get; init; } = new Dictionary<string, long>();
}
