using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Google.Protobuf;
using Keras.SavedModelProtos;
using Keras.ServingProtos;

namespace Keras.Serving;

/// <summary>Calls servers over REST. Responses give neither a single output's name nor dtypes, so signatures are requested once.</summary>
sealed class RestTransport : IServingTransport
{
    const string DefaultSignature = "serving_default";

    static readonly TimeSpan MetadataAge = TimeSpan.FromSeconds(5);

    readonly HttpClient _http;
    readonly TFServingClientOptions _options;
    readonly ConcurrentDictionary<ServingTarget, (TFServingMetadata Metadata, long Asked)> _metadata = new();

    /// <param name="options">The address, limits and headers.</param>
    /// <param name="http">The client that sends requests; null for a new one.</param>
    public RestTransport(TFServingClientOptions options, HttpClient? http)
    {
        _options = options;
        _http = http ?? new HttpClient(Connections.NewHandler());
        // Deadlines are handled here, not by HttpClient.
        _http.Timeout = Timeout.InfiniteTimeSpan;
    }

    public async Task<TFServingPrediction> PredictAsync(ServingTarget target, IReadOnlyDictionary<string, HostTensor> inputs, IReadOnlyCollection<string> outputs, CallTime time)
    {
        var signatures = target with { Signature = null };
        var isFresh = !_metadata.ContainsKey(signatures);
        var signature = SignatureOf(await KnownMetadataAsync(signatures, time), target);
        Require(signature, target, outputs);
        using var answer = await SendAsync(target, ":predict", JsonMessages.Predict(target.Signature, inputs), time);
        if (!answer.RootElement.TryGetProperty("outputs", out var value)) throw Unreadable(target, "it has no 'outputs'");
        IReadOnlyDictionary<string, HostTensor> tensors;
        try
        {
            tensors = JsonMessages.Outputs(value, signature);
        }
        catch (FormatException) when (!isFresh)
        {
            // A version loaded since may have other outputs.
            _metadata.TryRemove(signatures, out _);
            signature = SignatureOf(await KnownMetadataAsync(signatures, time), target);
            tensors = Guarded(target, () => JsonMessages.Outputs(value, signature));
        }
        catch (FormatException e)
        {
            throw Unreadable(target, e.Message, e);
        }
        return new(target.Model, target.Version, signature.Name, outputs.Count == 0 ? tensors : outputs.ToDictionary(o => o, o => tensors[o]));
    }

    public async Task<IReadOnlyList<IReadOnlyList<TFServingClass>>> ClassifyAsync(ServingTarget target, IReadOnlyList<Example> examples, Example? context, CallTime time)
    {
        using var answer = await SendAsync(target, ":classify", JsonMessages.Examples(target.Signature, examples, context), time);
        return Guarded(target, () => JsonMessages.Classes(answer.RootElement));
    }

    public async Task<IReadOnlyList<float>> RegressAsync(ServingTarget target, IReadOnlyList<Example> examples, Example? context, CallTime time)
    {
        using var answer = await SendAsync(target, ":regress", JsonMessages.Examples(target.Signature, examples, context), time);
        return Guarded(target, () => JsonMessages.Values(answer.RootElement));
    }

    public Task<IReadOnlyList<TFServingResult>> MultiInferenceAsync(ServingTarget target, IReadOnlyList<TFServingTask> tasks, IReadOnlyList<Example> examples, Example? context, CallTime time) =>
        throw new UnsupportedException("REST has no MultiInference", target.Model, null, null, "Use TFServingClient.Grpc, or classify and regress one after the other.");

    public async Task<TFServingMetadata> MetadataAsync(ServingTarget target, CallTime time)
    {
        using var answer = await SendAsync(target, "/metadata", null, time);
        return Guarded(target, () =>
        {
            var root = answer.RootElement;
            var map = Parser.Parse<SignatureDefMap>(root.GetProperty("metadata").GetProperty("signature_def").GetRawText());
            return MetadataMessages.Metadata(target.Model, long.Parse(root.GetProperty("model_spec").GetProperty("version").GetString()!, CultureInfo.InvariantCulture), map);
        });
    }

    public async Task<IReadOnlyList<TFServingVersion>> StatusAsync(ServingTarget target, CallTime time)
    {
        using var answer = await SendAsync(target, "", null, time);
        return Guarded(target, () => MetadataMessages.Versions(Parser.Parse<GetModelStatusResponse>(answer.RootElement.GetRawText())));
    }

    public Task ReloadAsync(IReadOnlyList<TFServingModel> models, CallTime time) =>
        throw new UnsupportedException("REST cannot change which models are served", null, null, null, "Use TFServingClient.Grpc.");

    public void Dispose() => _http.Dispose();

    static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>Gets signatures, cached for a while only, since a newly loaded version may have others.</summary>
    async Task<TFServingMetadata> KnownMetadataAsync(ServingTarget target, CallTime time)
    {
        if (_metadata.TryGetValue(target, out var known) && Stopwatch.GetElapsedTime(known.Asked) < MetadataAge) return known.Metadata;
        var metadata = await MetadataAsync(target, time);
        _metadata[target] = (metadata, Stopwatch.GetTimestamp());
        return metadata;
    }

    static TFServingSignature SignatureOf(TFServingMetadata metadata, ServingTarget target) => metadata.Signatures.TryGetValue(target.Signature ?? DefaultSignature, out var signature)
        ? signature
        : throw new TFServingException(TFServingStatus.FailedPrecondition, target.Model, $"Serving signature key \"{target.Signature ?? DefaultSignature}\" not found. Signatures: {string.Join(", ", metadata.Signatures.Keys.Order())}.");

    static void Require(TFServingSignature signature, ServingTarget target, IReadOnlyCollection<string> outputs)
    {
        if (outputs.FirstOrDefault(o => !signature.Outputs.ContainsKey(o)) is { } unknown)
            throw new TFServingException(TFServingStatus.InvalidArgument, target.Model, $"output tensor alias not found in signature: {unknown} Outputs expected to be in the set {{{string.Join(',', signature.Outputs.Keys.Order())}}}.");
    }

    Uri UriOf(ServingTarget target, string verb)
    {
        var version = target.Version is { } v ? $"/versions/{v}" : target.Label is { } label ? $"/labels/{Uri.EscapeDataString(label)}" : "";
        return new($"{_options.Address!.AbsoluteUri.TrimEnd('/')}/v1/models/{Uri.EscapeDataString(target.Model)}{version}{verb}");
    }

    async Task<JsonDocument> SendAsync(ServingTarget target, string verb, ReadOnlyMemory<byte>? body, CallTime time)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, UriOf(target, verb));
        foreach (var (name, value) in _options.Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is { } bytes) request.Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, time.Cancellation).ConfigureAwait(false);
            var content = await ReadAsync(response, target, time.Cancellation).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                throw new TFServingException(HttpStatuses.Of(response.StatusCode), target.Model, JsonMessages.Error(content) ?? $"HTTP {(int)response.StatusCode} {response.ReasonPhrase}");
            var answer = JsonDocument.Parse(NonFinite.Quoted(content), JsonMessages.Deep);
            return answer.RootElement.ValueKind == JsonValueKind.Object ? answer : throw Unreadable(target, "it is no JSON object");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            time.Cancellation.ThrowIfCancellationRequested();
            throw new TFServingException(TFServingStatus.Unavailable, target.Model, e.Message, e);
        }
        catch (JsonException e)
        {
            throw Unreadable(target, "it is no JSON", e);
        }
    }

    async Task<byte[]> ReadAsync(HttpResponseMessage response, ServingTarget target, CancellationToken cancellation)
    {
        var most = _options.MaxMessageBytes;
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var buffer = new MemoryStream((int)Math.Min(response.Content.Headers.ContentLength ?? 0, most));
        var part = new byte[1 << 16];
        for (int read; (read = await stream.ReadAsync(part, cancellation).ConfigureAwait(false)) > 0;)
        {
            if (buffer.Length + read > most) throw new TFServingException(TFServingStatus.OutOfRange, target.Model, $"The answer is larger than {nameof(TFServingClientOptions.MaxMessageBytes)}, {most} bytes.");
            buffer.Write(part, 0, read);
        }
        return buffer.ToArray();
    }

    static T Guarded<T>(ServingTarget target, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or InvalidOperationException or InvalidJsonException or InvalidProtocolBufferException or ArgumentNullException or UnsupportedException)
        {
            throw Unreadable(target, e.Message, e);
        }
    }

    static TFServingException Unreadable(ServingTarget target, string why, Exception? inner = null) => new(TFServingStatus.Internal, target.Model, $"The answer cannot be read: {why}", inner);
}
