using Keras.Engines;
using static Keras.Api;

namespace Keras.Tests.Backend;

/// <summary>Devices are listed and chosen; only CPUs were ever seen by these tests.</summary>
sealed class DeviceTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [Test]
    public void The_CPU_is_listed()
    {
        Assert.That(keras.distribution.list_devices("cpu"), Does.Contain("cpu:0"));
        Assert.That(keras.distribution.list_devices("tpu"), Is.Empty);
        Assert.That(keras.distribution.list_devices(), Is.Not.Empty);
    }

    [TestCase("cpu")]
    [TestCase("CPU:0")]
    public void A_block_computes_builds_and_trains_on_its_device(string name)
    {
        using (keras.device(name))
        {
            Assert.That(Engine.Device, Is.EqualTo("CPU:0"));
            var model = keras.Sequential([keras.Input([2]), keras.layers.Dense(1, kernel_initializer: "ones")]);
            Assert.That(model.predict(new float[,] { { 1, 2 } }, verbose: 0).Single.ToArray<float>(), Is.EqualTo(new[] { 3f }));
            model.compile(optimizer: "sgd", loss: "mse");
            Assert.That(model.fit(new float[,] { { 1, 2 } }, new float[,] { { 0 } }, verbose: 0).history["loss"][0], Is.EqualTo(9).Within(1e-5));
        }
        Assert.That(Engine.Device, Is.Null);
    }

    [Test]
    public async Task A_block_flows_over_awaits_and_blocks_nest()
    {
        using var outer = keras.device("cpu");
        await Task.Yield();
        Assert.That(Engine.Device, Is.EqualTo("CPU:0"));
        await Task.Run(() =>
        {
            using (Engine.UseDevice(null)) Assert.That(Engine.Device, Is.Null);
            Assert.That(Engine.Device, Is.EqualTo("CPU:0"));
        });
    }

    [TestCase("gpu:7")]
    [TestCase("cpu:9")]
    [TestCase("")]
    public void A_device_that_the_engine_lacks_is_refused_and_the_others_are_named(string name) =>
        Assert.That(() => keras.device(name), Throws.TypeOf<UnsupportedException>().With.Message.Contains("cpu:0"));
}
