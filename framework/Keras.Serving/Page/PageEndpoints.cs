using System.Globalization;
using System.Text.Json;
using Keras.Backend;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Keras.Serving;

/// <summary>A page that shows the models with their signatures, and a form to try each.</summary>
static class PageEndpoints
{
    /// <summary>The content security policy: the page loads nothing from elsewhere, and no other site can show it in a frame.</summary>
    const string Policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

    static readonly Lazy<byte[]> Page = new(() =>
    {
        using var stream = typeof(PageEndpoints).Assembly.GetManifestResourceStream("index.html")!;
        var page = new byte[stream.Length];
        stream.ReadExactly(page);
        return page;
    });

    /// <summary>Adds the endpoints.</summary>
    /// <param name="app">The application.</param>
    /// <param name="store">The SavedModels.</param>
    /// <param name="languages">The language models.</param>
    /// <param name="metrics">The path of the metrics; null if they are not exposed.</param>
    public static void Map(WebApplication app, ModelStore store, LanguageModels languages, string? metrics)
    {
        app.MapGet("/", context =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.Body.WriteAsync(Page.Value, context.RequestAborted).AsTask();
        });
        app.MapGet("/page/models", () => Results.Bytes(State(store, languages, metrics), "application/json"));
    }

    static byte[] State(ModelStore store, LanguageModels languages, string? metrics)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("engine", EngineSelection.Name);
            json.WriteString("metrics", metrics);
            json.WriteStartArray("models");
            foreach (var config in store.Configs) Write(json, config.Name, store.Status(config.Name), store.Loaded.FirstOrDefault(m => m.Name == config.Name));
            json.WriteEndArray();
            json.WriteStartArray("languages");
            foreach (var model in languages.All)
            {
                json.WriteStartObject();
                json.WriteString("name", model.Name);
                json.WriteBoolean("generates", model.Scheduler is not null);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    static void Write(Utf8JsonWriter json, string name, IReadOnlyList<VersionStatus> versions, ServedModel? newest)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteStartArray("versions");
        foreach (var version in versions)
        {
            json.WriteStartObject();
            json.WriteString("version", version.Version.ToString(CultureInfo.InvariantCulture));
            json.WriteString("state", VersionStates.Name(version.State));
            json.WriteString("message", version.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("signatures");
        foreach (var signature in (newest?.Signatures.Values ?? []).OrderBy(s => s.Name != SignatureCalls.Default).ThenBy(s => s.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name", signature.Name);
            json.WriteString("method", signature.MethodName);
            Write(json, "inputs", signature.Inputs);
            Write(json, "outputs", signature.Outputs);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, string name, IReadOnlyList<SavedModels.SignatureTensor> tensors)
    {
        json.WriteStartArray(name);
        foreach (var tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("dtype", tensor.DType.Name);
            json.WritePropertyName("shape");
            if (!tensor.Shape.HasRank) json.WriteNullValue();
            else
            {
                json.WriteStartArray();
                foreach (var dim in tensor.Shape.ToArray()) json.WriteNumberValue(dim);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
