namespace Keras.Transformers.Tests;

sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("keras-tokenizers-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
