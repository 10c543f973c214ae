namespace Keras.Transformers;

/// <summary>A file that one process at a time holds, as Python's filelock does it: an exclusive lock of the system, which a killed process loses.</summary>
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
            // Its last holder may have removed the file between our opening and locking it; then others lock another one.
            if (File.Exists(path)) return file;
            file.Dispose();
        }
    }
}
