using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Keras.LocalHub;

/// <summary>The store of large files, on a separate host: uploads whole or in parts, downloads by signed addresses.</summary>
sealed class LargeFiles(LocalHub hub)
{
    readonly ConcurrentDictionary<string, byte[]> _stored = new();
    readonly ConcurrentDictionary<(string Oid, int Part), byte[]> _parts = new();

    /// <summary>The content with a hash; null if there is none.</summary>
    public byte[]? Find(string oid) => _stored.GetValueOrDefault(oid);

    /// <summary>Stores a file's content and returns its address's signature.</summary>
    public string Keep(HubFile file)
    {
        _stored[file.Oid] = file.Content;
        return $"s{file.Oid[..8]}";
    }

    /// <summary>Answers where to send contents.</summary>
    public async Task BatchAsync(HttpContext context, HubRepository repository, string endpoint)
    {
        var body = await HubRoutes.BodyAsync(context);
        var parts = body["transfers"] is JsonArray transfers && transfers.Any(t => t!.GetValue<string>() == "multipart");
        await HubRoutes.Json(context, new()
        {
            ["transfer"] = parts ? "multipart" : "basic",
            ["objects"] = new JsonArray([.. ((JsonArray)body["objects"]!).Select(o => (JsonNode)Place(o!["oid"]!.GetValue<string>(), o["size"]!.GetValue<long>(), parts, endpoint))]),
        });
    }

    JsonObject Place(string oid, long size, bool parts, string endpoint)
    {
        var place = new JsonObject { ["oid"] = oid, ["size"] = size };
        if (_stored.ContainsKey(oid)) return place;
        var verify = new JsonObject { ["href"] = $"{endpoint}/lfs/verify", ["header"] = new JsonObject() };
        var upload = new JsonObject { ["href"] = $"{hub.StoreEndpoint}/upload/{oid}?signature=s" };
        if (parts && size > hub.PartSize)
        {
            var header = new JsonObject { ["chunk_size"] = hub.PartSize.ToString(CultureInfo.InvariantCulture) };
            for (var (part, at) = (1, 0L); at < size; part++, at += hub.PartSize) header[part.ToString("D5", CultureInfo.InvariantCulture)] = $"{hub.StoreEndpoint}/upload/{oid}?part={part}&signature=s";
            upload = new() { ["href"] = $"{hub.StoreEndpoint}/complete/{oid}?signature=s", ["header"] = header };
        }
        place["actions"] = new JsonObject { ["upload"] = upload, ["verify"] = verify };
        return place;
    }

    /// <summary>Checks that a content arrived as announced.</summary>
    public async Task VerifyAsync(HttpContext context)
    {
        var body = await HubRoutes.BodyAsync(context);
        if (Find(body["oid"]!.GetValue<string>())?.Length == body["size"]!.GetValue<long>()) await HubRoutes.Json(context, []);
        else await HubRoutes.Error(context, 404, null, "not uploaded");
    }

    /// <summary>Handles requests to the store's host.</summary>
    public async Task HandleStoreAsync(HttpContext context, Fault? fault)
    {
        var path = context.Request.Path.ToString().Split('/');
        var (call, oid) = (path[1], path.ElementAtOrDefault(2) ?? "");
        if (call == "files" && Find(oid) is { } content) await Contents.SendAsync(context, content, fault);
        else if (call == "upload" && context.Request.Method == "PUT") await TakeAsync(context, oid);
        else if (call == "complete" && context.Request.Method == "POST") await JoinAsync(context, oid);
        else await HubRoutes.Error(context, 404, null, "no such file");
    }

    async Task TakeAsync(HttpContext context, string oid)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        if (context.Request.Query["part"].FirstOrDefault() is { } part)
        {
            _parts[(oid, int.Parse(part, CultureInfo.InvariantCulture))] = bytes;
            context.Response.Headers.ETag = $"\"part{part}\"";
        }
        else await StoreAsync(context, oid, bytes);
    }

    async Task JoinAsync(HttpContext context, string oid)
    {
        var body = await HubRoutes.BodyAsync(context);
        int[] numbers = [.. ((JsonArray)body["parts"]!).Select(p => p!["partNumber"]!.GetValue<int>())];
        await StoreAsync(context, oid, [.. numbers.SelectMany(n => _parts[(oid, n)])]);
    }

    Task StoreAsync(HttpContext context, string oid, byte[] bytes)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != oid) return HubRoutes.Error(context, 400, null, "the content has another hash");
        _stored[oid] = bytes;
        return Task.CompletedTask;
    }
}

/// <summary>Sends contents, by ranges on request, and broken if a fault asks for it.</summary>
static class Contents
{
    const int Piece = 1 << 16;

    public static async Task SendAsync(HttpContext context, byte[] content, Fault? fault)
    {
        var (request, response) = (context.Request, context.Response);
        var start = 0;
        if (fault is not { IgnoresRanges: true } && request.Headers.Range.ToString() is ['b', 'y', 't', 'e', 's', '=', .. var range])
        {
            start = int.Parse(range.Split('-')[0], CultureInfo.InvariantCulture);
            if (start >= content.Length)
            {
                response.StatusCode = 416;
                return;
            }
            response.StatusCode = 206;
            response.Headers.ContentRange = $"bytes {start}-{content.Length - 1}/{content.Length}";
        }
        response.ContentLength = content.Length - start;
        response.Headers.AcceptRanges = "bytes";
        if (request.Method == "HEAD") return;
        var end = fault?.CutAfter is { } cut ? Math.Min(content.Length, start + cut) : content.Length;
        for (var at = start; at < end; at += Piece)
        {
            var piece = content[at..Math.Min(end, at + Piece)];
            if (fault is { Changes: true } && at == start) piece[0] ^= 1;
            await response.Body.WriteAsync(piece);
            await response.Body.FlushAsync();
            if (fault?.Slowness is { } pause) await Task.Delay(pause, context.RequestAborted);
        }
        if (end < content.Length) context.Abort();
    }
}
