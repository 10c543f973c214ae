using Google.Protobuf;
using Grpc.Core;

namespace Keras.Serving;

/// <summary>Binds methods so that bytes which are no message are the caller's error, not the server's.</summary>
sealed class CheckedBinder(ServiceBinderBase binder) : ServiceBinderBase
{
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var request = method.RequestMarshaller;
        var marshaller = Marshallers.Create<TRequest>(request.ContextualSerializer, context => Read(request, context));
        binder.AddMethod(new Method<TRequest, TResponse>(method.Type, method.ServiceName, method.Name, marshaller, method.ResponseMarshaller), handler!);
    }

    /// <summary>Whether a parser says that bytes are no message. The one of Google.Protobuf has two ways: broken wrappers of numbers give InvalidOperationException.</summary>
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
