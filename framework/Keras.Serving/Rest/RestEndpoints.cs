using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Keras.Serving;

/// <summary>The endpoints of TensorFlow Serving's REST API.</summary>
/// <param name="store">The models.</param>
/// <param name="limits">The limits of requests.</param>
/// <param name="metrics">The metrics.</param>
/// <param name="describe">Describes a model of another API by its name; null if there is none.</param>
sealed class RestEndpoints(ModelStore store, RequestLimits limits, ServingMetrics metrics, Func<string, JsonText?> describe)
{
    /// <summary>Adds the endpoints.</summary>
    public void Map(WebApplication app) => app.Map("/v1/models/{**rest}", HandleAsync);

    async Task HandleAsync(HttpContext context)
    {
        var began = Stopwatch.GetTimestamp();
        var (model, verb) = ((string?)null, "status");
        metrics.Began();
        using var activity = ServingMetrics.Activities.StartActivity("serving.rest", ActivityKind.Server);
        TFServingStatus? error = TFServingStatus.Cancelled;
        try
        {
            error = await SendAsync().ConfigureAwait(false);
        }
        finally
        {
            metrics.Ended(model, verb, "REST", error, Stopwatch.GetElapsedTime(began));
        }

        Task<TFServingStatus?> SendAsync() => RestReply.SendAsync(context, limits, async cancellation =>
        {
            var request = RestRequest.Parse(context.Request.Path);
            if (request is null || !IsMethod(context.Request.Method, request.Verb))
                throw new ServingException(TFServingStatus.InvalidArgument, $"Malformed request: {context.Request.Method} {RestReply.Shown(context.Request.Path)}. Expected: GET /v1/models/NAME[/versions/N|/labels/L][/metadata], or POST with :predict, :classify or :regress.");
            verb = request.Verb ?? verb;
            if (verb == "status")
            {
                if (describe(request.Spec.Name) is { } description) return description;
                var status = store.Status(request.Spec.Name, request.Spec.Version, request.Spec.Label);
                model = request.Spec.Name;
                return RestAnswers.Status(status);
            }
            using var lease = store.Lease(request.Spec);
            model = lease.Model.Name;
            activity?.SetTag("serving.model", model).SetTag("serving.version", lease.Model.Version);
            return verb == "metadata" ? RestAnswers.Metadata(lease.Model)
                : await AnswerAsync(lease, verb, new(await RestReply.ReadAsync(context, limits, cancellation).ConfigureAwait(false), limits.MaxJsonDepth), cancellation).ConfigureAwait(false);
        });
    }

    static bool IsMethod(string method, string? verb) => verb is null or "metadata" ? HttpMethods.IsGet(method) : HttpMethods.IsPost(method);

    async Task<JsonText> AnswerAsync(VersionLease lease, string verb, JsonBody body, CancellationToken cancellation)
    {
        var signature = SignatureCalls.Find(lease.Model, body.Text(PredictFields.Signature));
        SignatureCalls.RequirePlain(lease.Model, signature);
        if (verb == "predict")
        {
            var (inputs, byRows) = PredictInputs.Read(body, signature, limits.MaxElements);
            return RestAnswers.Predict(await lease.PredictAsync(signature.Name, inputs, null, cancellation).ConfigureAwait(false), byRows);
        }
        var examples = ExampleCalls.Serialized(ExampleJson.Read(body, limits.MaxElements));
        var answer = await lease.PredictAsync(signature.Name, ExampleCalls.InputsOf(signature, examples), null, cancellation).ConfigureAwait(false);
        return verb == "classify" ? RestAnswers.Classify(ExampleCalls.Classes(signature, answer, examples.Length)) : RestAnswers.Regress(ExampleCalls.Values(signature, answer, examples.Length));
    }
}
