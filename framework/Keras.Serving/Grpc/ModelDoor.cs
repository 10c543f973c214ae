using Google.Protobuf.Reflection;
using Grpc.Core;
using Keras.ServingProtos;

namespace Keras.Serving;

/// <summary>TensorFlow Serving's ModelService: the states of versions, and the models to serve.</summary>
[BindServiceMethod(typeof(ModelDoor), nameof(Bind))]
sealed class ModelDoor(IModelServer server) : ModelService.ModelServiceBase
{
    /// <summary>The descriptor for reflection.</summary>
    public static ServiceDescriptor Descriptor => ModelService.Descriptor;

    public static void Bind(ServiceBinderBase binder, ModelService.ModelServiceBase? door) => ModelService.BindService(new CheckedBinder(binder), door!);

    public override Task<GetModelStatusResponse> GetModelStatus(GetModelStatusRequest request, ServerCallContext context)
    {
        var spec = Specs.Read(request.ModelSpec);
        var response = new GetModelStatusResponse();
        foreach (var status in server.Status(spec.Name, spec.Version, spec.Label))
        {
            response.ModelVersionStatus.Add(new ModelVersionStatus
            {
                Version = status.Version,
                State = (ModelVersionStatus.Types.State)status.State,
                Status = new StatusProto { ErrorCode = (Code)(status.Error ?? 0), ErrorMessage = status.Message },
            });
        }
        return Task.FromResult(response);
    }

    public override async Task<ReloadConfigResponse> HandleReloadConfigRequest(ReloadConfigRequest request, ServerCallContext context)
    {
        if (request.Config?.ConfigCase != ModelServerConfig.ConfigOneofCase.ModelConfigList)
            throw new ServingException(TFServingStatus.InvalidArgument, "ServerModelConfig type not supported by HandleReloadConfigRequest. Only ModelConfigList is currently supported");
        await server.ReloadAsync(ModelConfigText.Of(request.Config.ModelConfigList), context.CancellationToken);
        return new() { Status = new StatusProto() };
    }
}
