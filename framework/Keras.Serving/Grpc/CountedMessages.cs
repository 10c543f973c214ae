using System.IO.Pipelines;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Keras.Serving;

/// <summary>Counts the bytes of messages as they arrive, since gRPC buffers a message until it is complete.</summary>
sealed class CountedMessages(PipeReader inner, BodyBytes.Share share) : PipeReader, IRequestBodyPipeFeature
{
    public PipeReader Reader => this;

    /// <summary>Starts counting the messages of a call.</summary>
    public static void Count(HttpContext context, BodyBytes.Share share)
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true)
            context.Features.Set<IRequestBodyPipeFeature>(new CountedMessages(context.Request.BodyReader, share));
    }

    /// <exception cref="RpcException">ResourceExhausted: there is no room.</exception>
    public static void OrRefuse(Action take)
    {
        try
        {
            take();
        }
        catch (ServingException e)
        {
            throw new RpcException(new Status((StatusCode)e.Status, e.Message));
        }
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => Counted(await inner.ReadAsync(cancellationToken).ConfigureAwait(false));

    public override bool TryRead(out ReadResult result)
    {
        var isRead = inner.TryRead(out result);
        if (isRead) Counted(result);
        return isRead;
    }

    ReadResult Counted(ReadResult result)
    {
        var length = result.Buffer.Length;
        try
        {
            OrRefuse(() => share.TakeTo(length));
        }
        catch
        {
            inner.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            throw;
        }
        return result;
    }

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
