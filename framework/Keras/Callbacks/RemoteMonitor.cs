using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Keras.Files;
using Keras.Graphs;

namespace Keras.Callbacks;

/// <summary>Posts the number and the logs of each epoch to a server.</summary>
/// <remarks>A server that cannot be reached, or answers with an error, causes a warning, and training goes on. Source: keras/src/callbacks/remote_monitor.py.</remarks>
public class RemoteMonitor : Callback, IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly Uri _address;
    readonly string _field;
    readonly Dictionary<string, string> _headers;
    readonly bool _asJson;
    readonly HttpClient _client = new() { Timeout = Patience };

    /// <summary>Posts the number and the logs of each epoch to a server.</summary>
    /// <param name="root">The server; default "http://localhost:9000".</param>
    /// <param name="path">The path on the server; default "/publish/epoch/end/".</param>
    /// <param name="field">The field of the form that holds the logs as JSON, if they are sent as a form; default "data".</param>
    /// <param name="headers">Headers of the request; default none.</param>
    /// <param name="send_as_json">Whether to send the logs as JSON, as application/json; default false, as a form.</param>
    /// <exception cref="ArgumentException">root and path are not an address of http or https, or a header is malformed.</exception>
    public RemoteMonitor(string root = "http://localhost:9000", string path = "/publish/epoch/end/", string field = "data", Dictionary<string, string>? headers = null, bool send_as_json = false)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentException.ThrowIfNullOrEmpty(field);
        if (!Uri.TryCreate(root + path, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new ArgumentException($"The address of the server is not valid. Expected: http://host:port. Received: \"{root}{path}\".", nameof(root));
        if (address.UserInfo.Length > 0) throw new ArgumentException("The address holds a user's name and password. Expected: an address without them. Send them as a header: headers: { [\"Authorization\"] = \"Basic ...\" }.", nameof(root));
        if (!Addresses.HasHost(address)) throw new ArgumentException($"The address of the server is not valid. Expected: http://host:port. Received: \"{root}{path}\", which has no valid host.", nameof(root));
        (_address, _field, _headers, _asJson) = (address, field, new(headers ?? []), send_as_json);
        using var request = Request("");
    }

    /// <inheritdoc/>
    public override void on_epoch_end(int epoch, Logs logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        var values = new JsonObject { ["epoch"] = epoch };
        // JSON has no form for NaN and infinity.
        foreach (var (name, value) in logs) values[name] = double.IsFinite(value) ? value : (JsonNode)value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var request = Request(values.ToJsonString());
        try
        {
            using var response = _client.Send(request);
            if (!response.IsSuccessStatusCode) Diagnostics.Warn($"RemoteMonitor: {Plain} answers {(int)response.StatusCode} to the logs of epoch {epoch + 1}.");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            Diagnostics.Warn($"RemoteMonitor could not reach {Plain}. {e.Message}");
        }
    }

    /// <summary>The address without its query, which may hold secrets.</summary>
    string Plain => _address.GetLeftPart(UriPartial.Path);

    HttpRequestMessage Request(string json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = _asJson ? new StringContent(json, Encoding.UTF8, "application/json") : new FormUrlEncodedContent([new(_field, json)]),
        };
        foreach (var (name, value) in _headers)
        {
            try
            {
                HttpHeaders place = name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) ? request.Content.Headers : request.Headers;
                if (place == request.Content.Headers) place.Remove(name);
                place.Add(name, value);
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
            {
                request.Dispose();
                throw new ArgumentException($"A header is not valid. Expected: names and values of HTTP headers. Received: \"{name}\" with a value that no header can have.", "headers", e);
            }
        }
        return request;
    }

    /// <summary>Closes the connections to the server.</summary>
    public void Dispose()
    {
        _client.Dispose();
        GC.SuppressFinalize(this);
    }
}
