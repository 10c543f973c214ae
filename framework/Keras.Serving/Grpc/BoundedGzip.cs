using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Keras.Serving;

/// <summary>gzip for messages with a limit on decompressed size; gRPC's own limit counts compressed bytes.</summary>
sealed class BoundedGzip(long most) : ICompressionProvider
{
    public string EncodingName => "gzip";

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) => new GZipStream(stream, compressionLevel ?? CompressionLevel.Fastest, leaveOpen: true);

    public Stream CreateDecompressionStream(Stream stream) => new Bounded(new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true), most);

    /// <summary>Reads another stream up to a number of bytes.</summary>
    sealed class Bounded(Stream inner, long most) : Stream
    {
        long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _read; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            CountedMessages.OrRefuse(() => BodyBytes.Current?.Take(read));
            return (_read += read) <= most ? read : throw new RpcException(new Status(StatusCode.ResourceExhausted, $"Received message exceeds the maximum configured message size: more than {most} bytes, decompressed."));
        }

        public override void Flush() => inner.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
