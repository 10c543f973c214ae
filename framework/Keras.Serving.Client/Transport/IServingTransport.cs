using Keras.SavedModelProtos;

namespace Keras.Serving;

/// <summary>The model, version and signature that a call is for.</summary>
readonly record struct ServingTarget(string Model, long? Version, string? Label, string? Signature);

/// <summary>A call's deadline and cancellation token, which is also cancelled at the deadline.</summary>
readonly record struct CallTime(DateTime? Deadline, CancellationToken Cancellation);

/// <summary>Sends calls to a server, each once. Every failure except cancellation is a <see cref="TFServingException"/>.</summary>
interface IServingTransport : IDisposable
{
    Task<TFServingPrediction> PredictAsync(ServingTarget target, IReadOnlyDictionary<string, HostTensor> inputs, IReadOnlyCollection<string> outputs, CallTime time);

    Task<IReadOnlyList<IReadOnlyList<TFServingClass>>> ClassifyAsync(ServingTarget target, IReadOnlyList<Example> examples, Example? context, CallTime time);

    Task<IReadOnlyList<float>> RegressAsync(ServingTarget target, IReadOnlyList<Example> examples, Example? context, CallTime time);

    Task<IReadOnlyList<TFServingResult>> MultiInferenceAsync(ServingTarget target, IReadOnlyList<TFServingTask> tasks, IReadOnlyList<Example> examples, Example? context, CallTime time);

    Task<TFServingMetadata> MetadataAsync(ServingTarget target, CallTime time);

    Task<IReadOnlyList<TFServingVersion>> StatusAsync(ServingTarget target, CallTime time);

    Task ReloadAsync(IReadOnlyList<TFServingModel> models, CallTime time);
}
