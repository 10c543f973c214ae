namespace Keras.Serving;

/// <summary>The model, version and signature that a request is for.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The version; null for the newest, or the one of the label.</param>
/// <param name="Label">The version's label, such as "stable"; not together with a version.</param>
/// <param name="Signature">The signature; null for "serving_default".</param>
sealed record ModelSpec(string Name, long? Version = null, string? Label = null, string? Signature = null);
