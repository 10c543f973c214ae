using System.Globalization;
using System.Text.Json.Nodes;
using Keras.Files;

namespace Keras.Transformers;

/// <summary>Uploads contents to Git LFS: asks where to, sends them whole or in parts, and has them verified.</summary>
/// <param name="http">The hub.</param>
/// <param name="name">The repository.</param>
/// <param name="revision">The branch for which they are meant.</param>
/// <remarks>Source: huggingface_hub/lfs.py and git-lfs' batch protocol.</remarks>
sealed class LfsUpload(HubHttp http, RepoName name, string revision)
{
    const int BatchSize = 256;
    const int Workers = 4;
    const string Json = "application/vnd.git-lfs+json";
    static readonly TimeSpan UploadTimeout = TimeSpan.FromHours(2);

    /// <summary>Sends the contents that the hub lacks.</summary>
    /// <exception cref="HfHubHttpException">The hub or the store rejected a content, or failed repeatedly.</exception>
    public async Task SendAsync(IEnumerable<CommitOperationAdd> files, CancellationToken cancellation)
    {
        foreach (var batch in files.DistinctBy(f => f.Sha256).Chunk(BatchSize))
        {
            var bySha = batch.ToDictionary(f => f.Sha256);
            var answer = await BatchAsync(batch, cancellation);
            await Parallel.ForEachAsync(answer["objects"].Items().ToArray(), new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellation }, async (place, stop) =>
            {
                if (place["error"].HasValue) throw new HfHubHttpException("The hub rejected a large file", name.ToString(), "a place to send it to", $"{place["error"]["code"].Received}: {RepoName.Printable(place["error"]["message"].TextOrNull() ?? "")}");
                var file = bySha.GetValueOrDefault(place["oid"].Text()) ?? throw place["oid"].Wrong("one of the hashes that were asked for");
                if (place["actions"].HasValue) await SendAsync(file, place["actions"], stop);
            });
        }
    }

    Task<JsonPlace> BatchAsync(CommitOperationAdd[] files, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["operation"] = "upload", ["transfers"] = new JsonArray("basic", "multipart"), ["hash_algo"] = "sha256", ["ref"] = new JsonObject { ["name"] = revision },
            ["objects"] = new JsonArray([.. files.Select(f => (JsonNode)new JsonObject { ["oid"] = f.Sha256, ["size"] = f.Size })]),
        };
        return http.JsonAsync(Post(http.UriOf($"{name.Page}.git/info/lfs/objects/batch"), body), $"{name}, large files", cancellation);
    }

    async Task SendAsync(CommitOperationAdd file, JsonPlace actions, CancellationToken cancellation)
    {
        if (actions["upload"] is { HasValue: true } upload)
        {
            if (upload["header"]["chunk_size"] is { HasValue: true } chunk) await SendPartsAsync(file, upload, SizeOf(chunk), cancellation);
            else await SendPartAsync(file, UriOf(upload["href"]), 0, file.Size, [.. HeadersOf(upload)], cancellation);
        }
        if (actions["verify"] is { HasValue: true } verify)
            (await http.SendCheckedAsync(Post(UriOf(verify["href"]), new() { ["oid"] = file.Sha256, ["size"] = file.Size }), $"{name}, check of {file.path_in_repo}", cancellation)).Dispose();
    }

    async Task SendPartsAsync(CommitOperationAdd file, JsonPlace upload, long size, CancellationToken cancellation)
    {
        (int Number, Uri Uri)[] parts = [.. upload["header"].Members().Where(m => int.TryParse(m.Name, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(m => (int.Parse(m.Name, CultureInfo.InvariantCulture), UriOf(m.Value))).OrderBy(p => p.Item1)];
        var expected = (file.Size + size - 1) / size;
        if (parts.Length != expected || parts.Where((p, i) => p.Number != i + 1).Any()) throw upload["header"].Wrong($"addresses of {expected} parts, numbered from 1");
        var etags = new JsonArray();
        foreach (var (number, uri) in parts)
        {
            var start = (number - 1) * size;
            var etag = await SendPartAsync(file, uri, start, Math.Min(size, file.Size - start), [], cancellation);
            etags.Add((JsonNode)new JsonObject { ["partNumber"] = number, ["etag"] = etag ?? throw new HfHubHttpException("A store of large files does not name the part that it took", HubHttp.Plain(uri), "a header ETag", "none") });
        }
        (await http.SendCheckedAsync(Post(UriOf(upload["href"]), new() { ["oid"] = file.Sha256, ["parts"] = etags }), $"{name}, parts of {file.path_in_repo}", cancellation)).Dispose();
    }

    async Task<string?> SendPartAsync(CommitOperationAdd file, Uri uri, long start, long length, IReadOnlyList<(string, string)> headers, CancellationToken cancellation)
    {
        var request = new HubRequest(HttpMethod.Put, uri) { Timeout = UploadTimeout, Headers = headers, Content = () => new PartContent(file.Open, start, length) };
        using var response = await http.SendCheckedAsync(request, $"{name}, upload of {file.path_in_repo}", cancellation);
        return HubAnswers.Header(response, "ETag");
    }

    static HubRequest Post(Uri uri, JsonObject body) => HfApi.Post(uri, body, isRepeatable: true, type: Json) with { Headers = [("Accept", Json)] };

    static long SizeOf(JsonPlace chunk) => (chunk.IsText ? long.TryParse(chunk.Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0 : chunk.Size()) is > 0 and var bytes ? bytes : throw chunk.Wrong("a number of bytes above 0");

    static Uri UriOf(JsonPlace place) => Uri.TryCreate(place.Text(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && Addresses.HasHost(uri) ? uri : throw place.Wrong("an address");

    static IEnumerable<(string, string)> HeadersOf(JsonPlace action) => action["header"].HasValue ? action["header"].Members().Where(m => m.Value.IsText).Select(m => (m.Name, m.Value.Text())) : [];
}

/// <summary>A part of a file as a request's body, opened anew each time it is sent.</summary>
sealed class PartContent(Func<Stream> open, long start, long length) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
    {
        await using var file = open();
        file.Position = start;
        var buffer = new byte[1 << 16];
        for (var left = length; left > 0;)
        {
            var read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)));
            if (read == 0) throw new EndOfStreamException("The file became shorter while it was sent.");
            await stream.WriteAsync(buffer.AsMemory(0, read));
            left -= read;
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
