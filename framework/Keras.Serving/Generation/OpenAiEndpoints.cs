using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Keras.Serving;

/// <summary>The endpoints of OpenAI's API: completions, embeddings, and the list of models.</summary>
sealed class OpenAiEndpoints(LanguageModels models, RequestLimits limits, ServingMetrics metrics)
{
    const int MostInputs = 2048;

    /// <summary>The maximum body size, since requests hold texts that are tokenized as a whole.</summary>
    const long MostBodyBytes = 16L << 20;

    readonly RequestLimits _limits = limits with { MaxBodyBytes = Math.Min(limits.MaxBodyBytes, MostBodyBytes) };

    /// <summary>Adds the endpoints.</summary>
    public void Map(WebApplication app)
    {
        app.MapPost("/v1/completions", context => HandleAsync(context, "completions", CompleteAsync));
        app.MapPost("/v1/embeddings", context => HandleAsync(context, "embeddings", EmbedAsync));
        app.MapGet("/v1/models", context => RestReply.WriteAsync(context, 200, OpenAiAnswers.Models(models.All)));
    }

    async Task HandleAsync(HttpContext context, string api, Func<HttpContext, OpenAiFields, LanguageModel, CancellationTokenSource, Task> answer)
    {
        var began = Stopwatch.GetTimestamp();
        metrics.Began();
        var (model, status) = ((string?)null, (TFServingStatus?)null);
        using var activity = ServingMetrics.Activities.StartActivity($"serving.{api}", ActivityKind.Server);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(_limits.Timeout);
        try
        {
            var fields = new OpenAiFields(await RestReply.ReadAsync(context, _limits, deadline.Token).ConfigureAwait(false), _limits.MaxJsonDepth);
            var found = models.Get(fields.Text("model"));
            model = found.Name;
            activity?.SetTag("serving.model", model);
            await answer(context, fields, found, deadline).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var error = OpenAiException.Of(e, _limits);
            status = context.RequestAborted.IsCancellationRequested ? TFServingStatus.Cancelled : error.Code == 429 ? TFServingStatus.ResourceExhausted : error.Code < 500 ? TFServingStatus.InvalidArgument : TFServingStatus.Internal;
            if (context.RequestAborted.IsCancellationRequested) return;
            if (!context.Response.HasStarted) await RestReply.WriteAsync(context, error.Code, error.ToJson()).ConfigureAwait(false);
            else await SendEventAsync(context, error.ToJson()).ConfigureAwait(false);
        }
        finally
        {
            metrics.Ended(model, api, "REST", status, Stopwatch.GetElapsedTime(began));
        }
    }

    static async Task CompleteAsync(HttpContext context, OpenAiFields fields, LanguageModel model, CancellationTokenSource deadline)
    {
        if (model.Scheduler is null) throw new OpenAiException(400, "invalid_request_error", $"The model '{model.Name}' does not continue texts. Ask it at /v1/embeddings.", "model");
        var request = CompletionRequest.Read(fields, model);
        var id = $"cmpl-{Guid.NewGuid():N}";
        // All choices end when one fails or the caller disconnects.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
        var parts = Channel.CreateBounded<CompletionPart>(256);
        var writing = Task.WhenAll(Enumerable.Range(0, request.Prompts.Count * request.Count).Select(i => WriteAsync(model, request, i, parts.Writer, ending)));
        var completed = writing.ContinueWith(t => parts.Writer.TryComplete(t.Exception?.InnerExceptions.FirstOrDefault(e => e is not OperationCanceledException) ?? t.Exception?.InnerException), TaskScheduler.Default);
        try
        {
            if (request.Stream) await StreamAsync(context, id, model, request, parts.Reader, deadline).ConfigureAwait(false);
            else await RestReply.WriteAsync(context, 200, Whole(id, model, request, await CollectAsync(parts.Reader, deadline.Token).ConfigureAwait(false))).ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await completed.ConfigureAwait(false);
        }
    }

    static async Task WriteAsync(LanguageModel model, CompletionRequest request, int index, ChannelWriter<CompletionPart> parts, CancellationTokenSource ending)
    {
        try
        {
            await foreach (var part in Completion.RunAsync(model, request, index, ending.Token).ConfigureAwait(false)) await parts.WriteAsync(part, ending.Token).ConfigureAwait(false);
        }
        catch
        {
            await ending.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    static async Task<List<CompletionPart>> CollectAsync(ChannelReader<CompletionPart> parts, CancellationToken cancellation)
    {
        var all = new List<CompletionPart>();
        await foreach (var part in parts.ReadAllAsync(cancellation).ConfigureAwait(false)) all.Add(part);
        // A cancelled choice ends the channel without an error.
        cancellation.ThrowIfCancellationRequested();
        return all;
    }

    static JsonText Whole(string id, LanguageModel model, CompletionRequest request, List<CompletionPart> parts)
    {
        var choices = parts.GroupBy(p => p.Index).OrderBy(g => g.Key).Select(g => new CompletionPart(g.Key, string.Concat(g.Select(p => p.Text)), g.Last().FinishReason, 0));
        return OpenAiAnswers.Completion(id, model, choices, UsageOf(request, parts.Sum(p => p.Tokens)));
    }

    static OpenAiAnswers.Usage UsageOf(CompletionRequest request, int tokens) => new(request.Prompts.Sum(p => p.Length), tokens);

    static async Task StreamAsync(HttpContext context, string id, LanguageModel model, CompletionRequest request, ChannelReader<CompletionPart> parts, CancellationTokenSource deadline)
    {
        // A failure before the first part can still be reported by status.
        await parts.WaitToReadAsync(deadline.Token).ConfigureAwait(false);
        // A stream that has started has no deadline.
        deadline.CancelAfter(Timeout.InfiniteTimeSpan);
        (context.Response.ContentType, context.Response.Headers.CacheControl) = ("text/event-stream", "no-cache");
        var tokens = 0;
        await foreach (var part in parts.ReadAllAsync(context.RequestAborted).ConfigureAwait(false))
        {
            tokens += part.Tokens;
            await SendEventAsync(context, OpenAiAnswers.Completion(id, model, [part], null, request.IncludeUsage)).ConfigureAwait(false);
        }
        if (request.IncludeUsage) await SendEventAsync(context, OpenAiAnswers.Completion(id, model, [], UsageOf(request, tokens))).ConfigureAwait(false);
        await context.Response.Body.WriteAsync("data: [DONE]\n\n"u8.ToArray(), context.RequestAborted).ConfigureAwait(false);
    }

    static async Task SendEventAsync(HttpContext context, JsonText data)
    {
        var body = context.Response.Body;
        await body.WriteAsync("data: "u8.ToArray(), context.RequestAborted).ConfigureAwait(false);
        await body.WriteAsync(data.Text, context.RequestAborted).ConfigureAwait(false);
        await body.WriteAsync("\n\n"u8.ToArray(), context.RequestAborted).ConfigureAwait(false);
        await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    static async Task EmbedAsync(HttpContext context, OpenAiFields fields, LanguageModel model, CancellationTokenSource deadline)
    {
        if (model.Scheduler is not null) throw new OpenAiException(400, "invalid_request_error", $"The model '{model.Name}' makes no vectors: it continues texts. Ask it at /v1/completions.", "model");
        fields.RequireAbsent("dimensions", "vectors have the model's width.");
        fields.Text("user");
        var format = fields.Text("encoding_format") ?? "float";
        if (format is not ("float" or "base64")) throw OpenAiException.Bad("encoding_format", "'encoding_format' has no such value", "float or base64", RestReply.Shown(format));
        int[][] inputs = [.. fields.Prompts("input", MostInputs).Select(p => model.IdsOf(p.Text, p.Ids, "input"))];
        fields.RequireNoOthers();
        foreach (var input in inputs)
        {
            if (input.Length == 0) throw OpenAiException.Bad("input", "A text is empty", "at least one token", "none");
            if (input.Length > model.MostTokens) throw OpenAiException.Bad("input", "A text is too long", $"at most {model.MostTokens} tokens", $"{input.Length}");
        }
        var (values, width) = await model.EmbedAsync(inputs, deadline.Token).ConfigureAwait(false);
        await RestReply.WriteAsync(context, 200, OpenAiAnswers.Embeddings(model, values, width, format == "base64", inputs.Sum(i => i.Length))).ConfigureAwait(false);
    }
}
