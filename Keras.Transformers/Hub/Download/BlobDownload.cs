using System.Net;
using Keras.Files;

namespace Keras.Transformers;

/// <summary>Downloads one file: resumes an earlier download, checks the whole against its hash, and only then moves it to its final name.</summary>
/// <param name="http">The hub.</param>
/// <param name="file">The metadata of the file.</param>
/// <param name="source">The address on the hub, asked again if a download breaks, since the storage host's address expires.</param>
/// <param name="what">Repository and file, for messages.</param>
sealed class BlobDownload(HubHttp http, FileMetadata file, Uri source, string what)
{
    const int Piece = 1 << 17;

    /// <summary>The free bytes of a folder's disk; tests reduce it.</summary>
    internal static Func<string, long> FreeBytes { get; set; } = FreeBytesOf;

    /// <summary>Creates the file. The caller must hold its lock.</summary>
    /// <param name="path">The file.</param>
    /// <param name="incomplete">The path of the incomplete file, on the same disk.</param>
    /// <param name="progress">Is told how many bytes were transferred; null for no report.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="HfHubHttpException">The hub kept failing; the partial file is kept for the next download.</exception>
    /// <exception cref="ConsistencyCheckException">The content does not match the hub's hash or size; it was removed.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written; the partial file is kept for the next download.</exception>
    public async Task ToAsync(string path, string incomplete, IProgress<long>? progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Directory.CreateDirectory(Path.GetDirectoryName(incomplete)!);
        for (var attempt = 0; ; attempt++)
        {
            await FetchAsync(incomplete, progress, cancellation);
            var wrong = await DifferenceAsync(incomplete, cancellation);
            if (wrong is null) break;
            File.Delete(incomplete);
            // An earlier download may have left wrong bytes: start from the beginning.
            if (attempt == 1) throw new ConsistencyCheckException("A downloaded file is not what the hub says it is", $"{what}, {HubHttp.Plain(source)}", wrong.Value.Expected, wrong.Value.Received, "It was removed; try again, or tell the owner of the mirror.");
        }
        using (var handle = File.OpenHandle(incomplete, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.FlushToDisk(handle);
        File.Move(incomplete, path, overwrite: true);
        FileSystemCalls.FlushFolder(Path.GetDirectoryName(path)!);
    }

    async Task FetchAsync(string incomplete, IProgress<long>? progress, CancellationToken cancellation)
    {
        await using var output = new FileStream(incomplete, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 1, useAsync: false);
        if (file.Size is null || output.Length > file.Size) output.SetLength(0);
        EnsureSpace(incomplete, output.Length);
        progress?.Report(output.Length);
        // Bytes downloaded again after a restart are not progress.
        var furthest = output.Length;
        for (var failures = 0; output.Length != file.Size;)
        {
            try
            {
                await ReadAsync(output, failures == 0 ? file.Location : source, progress, cancellation);
                if (file.Size is null || output.Length == file.Size) return;
                throw new HttpIOException(HttpRequestError.ResponseEnded, $"the connection ended after {output.Length} of {file.Size} bytes");
            }
            catch (Exception e) when (HubHttp.IsOfLine(e) && !cancellation.IsCancellationRequested)
            {
                failures = output.Length > furthest ? 1 : failures + 1;
                furthest = Math.Max(furthest, output.Length);
                if (failures > HubHttp.Retries)
                    throw new HfHubHttpException("A download broke off again and again", $"{what}, {HubHttp.Plain(source)}", $"{file.Size} bytes", $"{output.Length} bytes; {http.Redacted(e.Message)}", "The part that arrived is kept: call again to resume.", e);
                if (file.Size is null) output.SetLength(0);
                await Task.Delay(HubHttp.Delay(failures - 1), cancellation);
            }
        }
    }

    async Task ReadAsync(FileStream output, Uri uri, IProgress<long>? progress, CancellationToken cancellation)
    {
        var start = output.Length;
        using var response = await http.SendAsync(new(HttpMethod.Get, uri)
        {
            Timeout = http.Settings.DownloadTimeout,
            Headers = [("Accept-Encoding", "identity"), .. start > 0 ? [("Range", $"bytes={start}-")] : Array.Empty<(string, string)>()],
        }, cancellation);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            output.SetLength(0);
            throw new HttpIOException(HttpRequestError.InvalidResponse, "the range that is missing does not exist");
        }
        // The signed address has expired; ask the hub for a new one.
        if (uri != source && response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized or HttpStatusCode.NotFound) throw new HttpIOException(HttpRequestError.InvalidResponse, $"{(int)response.StatusCode} {response.ReasonPhrase}");
        if (!response.IsSuccessStatusCode) throw await http.ErrorAsync(response, what, cancellation);
        if (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != start)
        {
            if (response.StatusCode == HttpStatusCode.PartialContent && start > 0)
            {
                output.SetLength(0);
                throw new HttpIOException(HttpRequestError.InvalidResponse, "another range than the one that was asked for");
            }
            progress?.Report(-start);
            output.SetLength(0);
        }
        output.Seek(0, SeekOrigin.End);
        await CopyAsync(response, output, progress, cancellation);
    }

    async Task CopyAsync(HttpResponseMessage response, FileStream output, IProgress<long>? progress, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(http.Settings.DownloadTimeout);
        await using var input = await response.Content.ReadAsStreamAsync(limit.Token);
        var buffer = new byte[Piece];
        while (true)
        {
            int read;
            limit.CancelAfter(http.Settings.DownloadTimeout);
            try
            {
                read = await input.ReadAsync(buffer, limit.Token);
            }
            catch (IOException e)
            {
                throw new HttpIOException(HttpRequestError.ResponseEnded, e.Message, e);
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                throw new TimeoutException($"no byte within {http.Settings.DownloadTimeout.TotalSeconds:0.#} s", e);
            }
            if (read == 0) return;
            if (output.Length + read > (file.Size ?? long.MaxValue)) throw TooLong(output);
            Write(output, buffer.AsSpan(0, read));
            progress?.Report(read);
        }
    }

    /// <summary>Writes bytes; reports a full disk with a remedy, and keeps what was written.</summary>
    void Write(FileStream output, ReadOnlySpan<byte> bytes)
    {
        try
        {
            output.Write(bytes);
        }
        catch (Exception e) when (e is IOException or ArgumentOutOfRangeException) // the latter: longer than a file may be here
        {
            throw new IOException($"A file of the hub could not be written ({what}, {output.Name}). Expected: room for {(file.Size is { } size ? $"{size} bytes" : "all of it")}. Received: {e.Message.TrimEnd('.')}. The part that arrived is kept: free some room and call again to resume, or choose another disk (HF_HUB_CACHE, or local_dir).", e);
        }
    }

    /// <summary>Makes the error for more bytes than announced, which are never written.</summary>
    ConsistencyCheckException TooLong(FileStream output)
    {
        output.SetLength(0);
        return new("A downloaded file is longer than the hub says it is", $"{what}, {HubHttp.Plain(source)}", $"{file.Size} bytes", "more", "It was removed; try again, or tell the owner of the mirror.");
    }

    void EnsureSpace(string path, long present)
    {
        if (file.Size is not { } size) return;
        var free = FreeBytes(Path.GetDirectoryName(path)!);
        if (free < size - present) throw new IOException($"There is no room for a file of the hub ({what}, {path}). Expected: {size - present} free bytes. Received: {free}. Free some, or choose another disk (HF_HUB_CACHE, or local_dir).");
    }

    static long FreeBytesOf(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            // A folder of another machine (\\server\share) has no drive: only writing shows whether there is room.
            return long.MaxValue;
        }
    }

    /// <summary>How the file differs from the expected size or hash; null if it does not.</summary>
    async Task<(string Expected, string Received)?> DifferenceAsync(string path, CancellationToken cancellation)
    {
        if (file.Size is { } size && ContentLength.Of(path) is var length && length != size) return ($"{size} bytes", $"{length} bytes");
        return await ContentHash.OfAsync(path, file.Etag, cancellation) is { } hash && hash != file.Etag ? ($"{(file.Etag.Length == 64 ? "SHA-256" : "git's SHA-1")} {file.Etag}", hash) : null;
    }
}
