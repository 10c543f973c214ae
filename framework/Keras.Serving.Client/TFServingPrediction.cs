using System.Text;

namespace Keras.Serving;

/// <summary>The outputs of a Predict call.</summary>
public sealed class TFServingPrediction
{
    readonly IReadOnlyDictionary<string, HostTensor> _outputs;

    internal TFServingPrediction(string model, long? version, string? signature, IReadOnlyDictionary<string, HostTensor> outputs) =>
        (Model, Version, Signature, _outputs) = (model, version, signature, outputs);

    /// <summary>The model that answered.</summary>
    public string Model { get; }

    /// <summary>The version that answered; null if the server does not report it (REST).</summary>
    public long? Version { get; }

    /// <summary>The signature that answered.</summary>
    public string? Signature { get; }

    /// <summary>The names of the outputs.</summary>
    public IEnumerable<string> Outputs => _outputs.Keys;

    /// <summary>The dtype of an output.</summary>
    /// <exception cref="ArgumentException">There is no such output.</exception>
    public DType DTypeOf(string output) => Find(output).DType;

    /// <summary>The shape of an output.</summary>
    /// <exception cref="ArgumentException">There is no such output.</exception>
    public Shape ShapeOf(string output) => Find(output).Shape;

    /// <summary>An output as values of its dtype with its shape: <c>answer.Get&lt;float&gt;("logits")</c>. Strings are read as string (UTF-8) or as byte[].</summary>
    /// <typeparam name="T">The .NET type of the output's dtype.</typeparam>
    /// <exception cref="ArgumentException">There is no such output.</exception>
    /// <exception cref="DTypeMismatchException">The output has another dtype.</exception>
    public TFServingArray<T> Get<T>(string output)
    {
        var tensor = Find(output);
        return new((T[])Values(tensor, typeof(T), output), tensor.Shape);
    }

    /// <summary>Makes a record for each row: constructor parameters, or settable properties, take the output of their name (ignoring case and '_'). Outputs of shape (B) or (B, 1) fill
    /// single values, wider ones arrays.</summary>
    /// <typeparam name="T">A record or class.</typeparam>
    /// <exception cref="ArgumentException">A parameter has no output.</exception>
    /// <exception cref="DTypeMismatchException">An output has another dtype than its parameter.</exception>
    /// <exception cref="ShapeMismatchException">The outputs differ in rows, or one has several values where the record takes one.</exception>
    public IReadOnlyList<T> ToRecords<T>() => RecordMapper<T>.Read(this);

    internal HostTensor Find(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return _outputs.TryGetValue(output, out var tensor) ? tensor : throw Known.Unknown("Unknown output", output, nameof(output), Outputs);
    }

    /// <summary>Converts elements to an array of a .NET type.</summary>
    internal static Array Values(HostTensor tensor, Type type, string output)
    {
        if (tensor.Strings is { } strings && type == typeof(string)) return Array.ConvertAll(strings, Encoding.UTF8.GetString);
        if (tensor.Strings is { } bytes && type == typeof(byte[])) return bytes;
        if (tensor.DType.ClrType != type || tensor.Strings is not null)
            throw new DTypeMismatchException("An output is read as another type", output, tensor.Strings is null ? tensor.DType.ClrType?.Name ?? tensor.DType.Name : "string or byte[]", type.Name);
        var values = Array.CreateInstance(type, tensor.Shape.ElementCount);
        if (values.Length > 0) tensor.Data.CopyTo(System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(values), tensor.Data.Length));
        return values;
    }
}
