using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using Keras.ServingProtos;
using static Keras.ServingProtos.ModelService;

namespace Keras.Serving.Tests;

public sealed class ModelDoorTests
{
    GrpcHost _host = null!;
    GrpcChannel _channel = null!;
    ModelServiceClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        _host = await GrpcHost.StartAsync();
        _channel = GrpcChannel.ForAddress(_host.Address);
        _client = new(_channel);
    }

    [TearDown]
    public async Task Stop()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
    }

    [Test]
    public void StatesOfAllVersionsComeTheNewestFirst()
    {
        var versions = _client.GetModelStatus(new() { ModelSpec = new() { Name = "half" } }).ModelVersionStatus;
        Assert.That(versions.Select(v => v.Version), Is.EqualTo([3, 2, 1, 0]));
        Assert.That(versions[0].State, Is.EqualTo(ModelVersionStatus.Types.State.Available));
        Assert.That((versions[3].State, versions[3].Status.ErrorCode, versions[3].Status.ErrorMessage), Is.EqualTo((ModelVersionStatus.Types.State.End, Code.Internal, "no saved_model.pb")));
    }

    [Test]
    public void UnknownModelsAndVersionsAreNotFound()
    {
        foreach (var spec in (ServingProtos.ModelSpec[])[new() { Name = "none" }, new() { Name = "half", Version = 9 }])
            Assert.That(Assert.Throws<RpcException>(() => _client.GetModelStatus(new() { ModelSpec = spec }))!.StatusCode, Is.EqualTo(StatusCode.NotFound));
    }

    [Test]
    public void AnotherListOfModelsIsServed()
    {
        var config = new ServingProtos.ModelConfig
        {
            Name = "other", BasePath = "/models/other", ModelPlatform = "tensorflow", VersionLabels = { ["stable"] = 1 },
            ModelVersionPolicy = new() { Specific = new() { Versions = { 1, 2 } } },
        };
        var response = _client.HandleReloadConfigRequest(new() { Config = new() { ModelConfigList = new() { Config = { config } } } });
        Assert.That(response.Status.ErrorCode, Is.EqualTo(Code.Ok));
        Assert.That(_host.Models.Configs.Single().Policy.Specific, Is.EqualTo([1, 2]));
        Assert.That(_host.Models.Configs.Single().VersionLabels["stable"], Is.EqualTo(1));
    }

    [Test]
    public void AListThatCannotBeServedChangesNothing()
    {
        ServingProtos.ModelConfig[] bad =
        [
            new() { BasePath = "/a" }, new() { Name = "a" }, new() { Name = "a", BasePath = "/a", ModelPlatform = "caffe" },
            new() { Name = "a", BasePath = "/a", ModelVersionPolicy = new() { Specific = new() } },
        ];
        var before = _host.Models.Configs;
        foreach (var config in bad)
            Assert.That(Assert.Throws<RpcException>(() => _client.HandleReloadConfigRequest(new() { Config = new() { ModelConfigList = new() { Config = { config } } } }))!.StatusCode, Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(Assert.Throws<RpcException>(() => _client.HandleReloadConfigRequest(new()))!.StatusCode, Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(_host.Models.Configs, Is.SameAs(before));
    }

    [TestCase("", HealthCheckResponse.Types.ServingStatus.Serving)]
    [TestCase("tensorflow.serving.PredictionService", HealthCheckResponse.Types.ServingStatus.Serving)]
    [TestCase("half", HealthCheckResponse.Types.ServingStatus.Serving)]
    public void HealthIsThatOfTheModels(string service, HealthCheckResponse.Types.ServingStatus state) =>
        Assert.That(new Health.HealthClient(_channel).Check(new() { Service = service }).Status, Is.EqualTo(state));

    [Test]
    public async Task HealthIsWatched()
    {
        var client = new Health.HealthClient(_channel);
        using var watch = client.Watch(new());
        Assert.That(await watch.ResponseStream.MoveNext(default), Is.True);
        Assert.That(watch.ResponseStream.Current.Status, Is.EqualTo(HealthCheckResponse.Types.ServingStatus.Serving));
        await _host.Models.ReloadAsync([new("gone", "/models/gone")], default);
        Assert.That(await watch.ResponseStream.MoveNext(default), Is.True);
        Assert.That(watch.ResponseStream.Current.Status, Is.EqualTo(HealthCheckResponse.Types.ServingStatus.NotServing));
        Assert.That(client.Check(new() { Service = "gone" }).Status, Is.EqualTo(HealthCheckResponse.Types.ServingStatus.NotServing));
        Assert.That(Assert.Throws<RpcException>(() => client.Check(new() { Service = "nobody" }))!.StatusCode, Is.EqualTo(StatusCode.NotFound));
    }

    [Test]
    public async Task ReflectionListsTheServices()
    {
        using var call = new ServerReflection.ServerReflectionClient(_channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new() { ListServices = "" });
        Assert.That(await call.ResponseStream.MoveNext(default), Is.True);
        Assert.That(call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name), Is.SupersetOf((string[])["tensorflow.serving.PredictionService", "tensorflow.serving.ModelService", "grpc.health.v1.Health"]));
        await call.RequestStream.CompleteAsync();
    }
}
