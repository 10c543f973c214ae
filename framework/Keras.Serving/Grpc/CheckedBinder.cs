using Google.Protobuf;
using Grpc.Core;

namespace Keras.Serving;

/// <summary>Binds methods so that malformed messages are the caller's error, not the server's.</summary>
sealed class CheckedBinder(ServiceBinderBase binder) : ServiceBinderBase
{
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var request = method.RequestMarshaller;
        var marshaller = Marshallers.Create<TRequest>(request.ContextualSerializer, context => Read(request, context));
        binder.AddMethod(new Method<TRequest, TResponse>(method.Type, method.ServiceName, method.Name, marshaller, method.ResponseMarshaller), handler!);
    }

    /// <summary>Whether an exception means a malformed message; Google.Protobuf's parser throws InvalidOperationException for broken number wrappers.</summary>
    public static bool IsOfMessage(Exception e) => e is InvalidProtocolBufferException or InvalidOperationException;

    static T Read<T>(Marshaller<T> marshaller, DeserializationContext context)
    {
        try
        {
            return marshaller.ContextualDeserializer(context);
        }
        catch (Exception e) when (IsOfMessage(e))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The request is no {typeof(T).Name}: {e.Message}"));
        }
    }
}
