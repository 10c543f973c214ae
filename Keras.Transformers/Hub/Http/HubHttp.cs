using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Keras.Files;
using Polly;
using Polly.Retry;

namespace Keras.Transformers;

/// <summary>Sends requests, with retries after failures of the hub or network; the token only goes to the hub's own host.</summary>
/// <param name="settings">The settings of the call.</param>
/// <param name="token">The token; null for none.</param>
/// <remarks>Uses only Polly.Core, not Microsoft.Extensions.Http.Resilience: that retries whole responses within a client, while an interrupted download resumes where it stopped, and it brings
/// a service container and telemetry with it.</remarks>
sealed class HubHttp(HubSettings settings, string? token)
{
    const int MostRedirects = 10;
    const int LongestError = 1 << 16;
    const int LongestAnswer = 1 << 28;
    static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    /// <summary>The client that sends requests; fuzzing sets another.</summary>
    internal static HttpClient Client { get; set; } = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    static readonly string Agent = $"keras-transformers/{typeof(HubHttp).Assembly.GetName().Version?.ToString(3) ?? "0"}; dotnet/{Environment.Version}";

    /// <summary>The maximum number of retries of a request.</summary>
    internal const int Retries = 5;

    /// <summary>The maximum number of retries if a host cannot be reached at all; a mistyped name should be reported soon.</summary>
    const int RetriesOfHost = 2;

    /// <summary>The first delay; each further one is twice as long.</summary>
    internal static TimeSpan FirstDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The settings of the call.</summary>
    public HubSettings Settings => settings;

    /// <summary>Whether there is a token.</summary>
    public bool HasToken => token is not null || settings.Caller.IsKnown;

    /// <summary>An address below the hub's own.</summary>
    public Uri UriOf(string path) => new($"{settings.Address}/{path}");

    /// <summary>Sends a request until an answer is no failure of the network or hub; returns it, or the last one. The caller disposes it.</summary>
    /// <exception cref="HfHubHttpException">There was no answer.</exception>
    /// <exception cref="OfflineModeIsEnabledException">The hub must not be asked (offline mode).</exception>
    public async Task<HttpResponseMessage> SendAsync(HubRequest request, CancellationToken cancellation)
    {
        if (settings.Offline)
            throw new OfflineModeIsEnabledException("The hub cannot be asked in offline mode", Plain(request.Uri), "HF_HUB_OFFLINE unset or 0", "HF_HUB_OFFLINE=1", "Unset it, or use what the cache holds.");
        try
        {
            return await Pipeline(request).ExecuteAsync(async c => await SendOnceAsync(request, c), cancellation);
        }
        catch (Exception e) when (IsOfLine(e) && !cancellation.IsCancellationRequested)
        {
            throw new HfHubHttpException("The hub could not be reached", Plain(request.Uri), "an answer", Redacted(e is TimeoutException ? e.Message : e is TaskCanceledException ? "a connection that took too long" : Deepest(e)), "Check the connection, HF_ENDPOINT and HTTPS_PROXY.", e);
        }
    }

    /// <summary>Sends a request and returns the answer if it is successful.</summary>
    /// <exception cref="HfHubHttpException">There was none, or it was an error.</exception>
    public async Task<HttpResponseMessage> SendCheckedAsync(HubRequest request, string what, CancellationToken cancellation)
    {
        var response = await SendAsync(request, cancellation);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await ErrorAsync(response, what, cancellation);
    }

    /// <summary>Sends a request and parses the answer's JSON.</summary>
    /// <exception cref="HfHubHttpException">There was no answer, or it was an error.</exception>
    /// <exception cref="FileFormatException">The answer is not JSON.</exception>
    public async Task<JsonPlace> JsonAsync(HubRequest request, string what, CancellationToken cancellation)
    {
        using var response = await SendCheckedAsync(request, what, cancellation);
        return await JsonAsync(response, request.Uri, cancellation);
    }

    /// <inheritdoc cref="JsonAsync(HubRequest, string, CancellationToken)"/>
    public async Task<JsonPlace> JsonAsync(HttpResponseMessage response, Uri uri, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            return JsonPlace.Parse(Redacted(await WholeAsync(response, uri, limit.Token)), Plain(uri));
        }
        catch (Exception e) when (IsOfLine(e) && !cancellation.IsCancellationRequested)
        {
            throw new HfHubHttpException("The hub's answer broke off", Plain(uri), "the whole answer", Redacted(Deepest(e)), "Try again.", e);
        }
    }

    /// <summary>Makes the error for a failed answer.</summary>
    public async Task<HfHubHttpException> ErrorAsync(HttpResponseMessage response, string what, CancellationToken cancellation)
    {
        var text = "";
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            var bytes = new byte[LongestError];
            text = Encoding.UTF8.GetString(bytes, 0, await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation));
        }
        catch (Exception e) when (IsOfLine(e) && !cancellation.IsCancellationRequested)
        {
            // The status is enough.
        }
        return HubAnswers.ErrorOf(response, what, text, HasToken, Redacted);
    }

    /// <summary>Whether an error is a network failure, not one of the caller or the disk.</summary>
    public static bool IsOfLine(Exception e) => e is HttpRequestException or HttpIOException or SocketException or TimeoutException or TaskCanceledException or OperationCanceledException || (e is IOException && e.InnerException is SocketException);

    /// <summary>An address without its query, which may hold secrets.</summary>
    public static string Plain(Uri uri) => uri.IsAbsoluteUri ? uri.GetLeftPart(UriPartial.Path) : uri.ToString().Split('?')[0];

    /// <summary>Removes the token from a text, in case the other side echoed it.</summary>
    public string Redacted(string text)
    {
        foreach (var secret in settings.Caller.Secrets.Append(token)) text = secret is null ? text : text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }

    byte[] Redacted(byte[] json)
    {
        foreach (var secret in settings.Caller.Secrets.Append(token))
            if (secret is not null && json.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0) return Encoding.UTF8.GetBytes(Redacted(Encoding.UTF8.GetString(json)));
        return json;
    }

    /// <summary>Reads the body of an answer, up to a limit.</summary>
    static async Task<byte[]> WholeAsync(HttpResponseMessage response, Uri uri, CancellationToken cancellation)
    {
        using var whole = new MemoryStream();
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var piece = new byte[1 << 16];
        while (await body.ReadAsync(piece, cancellation) is > 0 and var read)
        {
            if (whole.Length + read > LongestAnswer) throw new FileFormatException("An answer of the hub is too long", Plain(uri), $"at most {LongestAnswer} bytes", "more", "Check HF_ENDPOINT.");
            whole.Write(piece, 0, read);
        }
        return whole.ToArray();
    }

    /// <summary>The delay before a retry.</summary>
    public static TimeSpan Delay(int attempt) => TimeSpan.FromTicks(Math.Min(LongestDelay.Ticks, (long)(FirstDelay.Ticks * Math.Pow(2, attempt) * (0.75 + (Random.Shared.NextDouble() / 2)))));

    static ResiliencePipeline<HttpResponseMessage> Pipeline(HubRequest request) => new ResiliencePipelineBuilder<HttpResponseMessage>().AddRetry(new RetryStrategyOptions<HttpResponseMessage>
    {
        MaxRetryAttempts = Retries,
        ShouldHandle = arguments => ValueTask.FromResult(!arguments.Context.CancellationToken.IsCancellationRequested && ShouldRepeat(request, arguments.Outcome, arguments.AttemptNumber)),
        DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(RetryAfter(arguments.Outcome.Result) ?? Delay(arguments.AttemptNumber)),
        OnRetry = arguments =>
        {
            arguments.Outcome.Result?.Dispose();
            return ValueTask.CompletedTask;
        },
    }).Build();

    static bool ShouldRepeat(HubRequest request, Outcome<HttpResponseMessage> outcome, int attempt) => outcome switch
    {
        { Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError } } => request.WaitsForHost && attempt < RetriesOfHost,
        { Exception: HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } } => false,
        { Exception: TimeoutException } => request is { IsRepeatable: true, WaitsForHost: true },
        { Exception: { } e } => request.IsRepeatable && IsOfLine(e),
        { Result.StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } => true,
        { Result.StatusCode: HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout } => request.IsRepeatable,
        _ => false,
    };

    /// <summary>The delay that the hub asks for, limited to 0 to 5 minutes, since its clock may differ.</summary>
    internal static TimeSpan? RetryAfter(HttpResponseMessage? response)
    {
        if (response?.Headers.RetryAfter is not { } after) return null;
        var asked = after.Delta ?? (after.Date - (response.Headers.Date ?? DateTimeOffset.UtcNow)) ?? TimeSpan.Zero;
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked > LongestRetryAfter ? LongestRetryAfter : asked;
    }

    async Task<HttpResponseMessage> SendOnceAsync(HubRequest request, CancellationToken cancellation)
    {
        var (uri, method) = (request.Uri, request.Method);
        for (var hops = 0; ; hops++)
        {
            using var message = new HttpRequestMessage(method, uri);
            if (method == request.Method) message.Content = request.Content?.Invoke();
            foreach (var (name, value) in request.Headers) message.Headers.TryAddWithoutValidation(name, value);
            message.Headers.TryAddWithoutValidation("User-Agent", settings.Caller.AgentOf(Agent));
            if (IsSameHost(uri, settings.Endpoint)) Introduce(message);
            var response = await WithinAsync(message, request.Timeout, cancellation);
            if (Target(response, uri) is not { } target) return response;
            var isSafe = target.Scheme is "http" or "https" && !(uri.Scheme == "https" && target.Scheme != "https");
            if (isSafe && request.StopsAtOtherHosts && !IsSameHost(target, uri)) return response;
            response.Dispose();
            if (hops == MostRedirects) throw new HfHubHttpException("The hub redirects requests in circles", Plain(request.Uri), $"at most {MostRedirects} redirects", "one more");
            if (!isSafe)
                throw new HfHubHttpException("The hub points to an address that is not safe to follow", Plain(request.Uri), "an address with https", Redacted(Plain(target)));
            // Only these two redirects keep method and body.
            if (response.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) && method != HttpMethod.Head) method = HttpMethod.Get;
            uri = target;
        }
    }

    /// <summary>Adds the headers that only the hub's own host may see.</summary>
    void Introduce(HttpRequestMessage message)
    {
        foreach (var (name, value) in settings.Caller.Headers) message.Headers.TryAddWithoutValidation(name, value);
        if (token is not null && !settings.Caller.IsKnown) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    static async Task<HttpResponseMessage> WithinAsync(HttpRequestMessage message, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            return await Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {timeout.TotalSeconds:0.#} s", e);
        }
    }

    /// <summary>The address that an answer points to; null if there is none.</summary>
    static Uri? Target(HttpResponseMessage response, Uri from)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location) return null;
        if (Uri.TryCreate(from, location, out var target) && Addresses.HasHost(target)) return target;
        response.Dispose();
        throw new HfHubHttpException("The hub redirects to an invalid address", Plain(from), "an address with https", "another text", "Check HF_ENDPOINT.");
    }

    /// <summary>Whether two addresses have the same host, so that secrets for one may be sent to the other.</summary>
    public static bool IsSameHost(Uri a, Uri b) => a.Scheme == b.Scheme && a.Port == b.Port && string.Equals(a.IdnHost, b.IdnHost, StringComparison.OrdinalIgnoreCase);

    static string Deepest(Exception e) => e.InnerException is { } inner ? Deepest(inner) : e.Message;
}
