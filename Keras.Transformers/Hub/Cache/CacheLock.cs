namespace Keras.Transformers;

/// <summary>A lock file held by one process at a time, as in Python's filelock: an exclusive system lock, which is released if the process dies.</summary>
static class CacheLock
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until the file is free and holds it until the result is disposed.</summary>
    public static async Task<IDisposable> TakeAsync(string path, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            FileStream file;
            try
            {
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(Pause, cancellation);
                continue;
            }
            // The last holder may have removed the file between our opening and locking it; then others lock a new one.
            if (File.Exists(path)) return file;
            file.Dispose();
        }
    }
}
