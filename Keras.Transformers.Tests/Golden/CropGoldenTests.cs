using System.Text.Json;
using Keras.Graphs;

namespace Keras.Transformers.Tests.Golden;

/// <summary>The middle of images is Hugging Face's, outside of the graph and in it. Golden/crops/make.py makes the cases.</summary>
[Category("Golden")]
sealed class CropGoldenTests : EngineFixture
{
    static readonly string Root = GoldenFolder.PathOf("crops");

    static readonly Lazy<Dictionary<string, HostTensor>> Results = new(() => GoldenFolder.ReadTensors(Path.Combine(Root, "crops.safetensors")));

    static IEnumerable<TestCaseData> Cases => (File.Exists(Path.Combine(Root, "cases.json")) ? JsonElement.Parse(File.ReadAllBytes(Path.Combine(Root, "cases.json"))).EnumerateArray() : [])
        .Select(c => new TestCaseData(c).SetArgDisplayNames(c.GetProperty("key").GetString()!))
        .DefaultIfEmpty(new TestCaseData(default(JsonElement)).SetArgDisplayNames("none").Ignore($"There are no such cases in {Root}."));

    [TestCaseSource(nameof(Cases))]
    public void The_middle_is_Hugging_Faces(JsonElement call)
    {
        int Number(string name) => call.GetProperty(name).GetInt32();
        HeightWidth Size(string name) => call.GetProperty(name).EnumerateArray().Select(n => n.GetInt32()).ToArray();
        var (height, width, channels) = (Number("height"), Number("width"), Number("channels"));
        var (isResized, isFinished) = (call.GetProperty("do_resize").GetBoolean(), call.GetProperty("floats").GetBoolean());
        var images = Tf.Constant(HostTensor.Of<byte>([.. Enumerable.Range(0, height * width * channels).Select(i => (byte)((i * 37) + 11))], new Shape(1, height, width, channels)));
        var processor = new ViTImageProcessor(do_resize: isResized, size: isResized ? Size("size") : 1, resample: 3, do_rescale: isFinished, do_normalize: isFinished,
            image_mean: ((double[])[0.4, 0.5, 0.6])[..channels], image_std: ((double[])[0.2, 0.3, 0.4])[..channels], do_center_crop: true, crop_size: Size("crop_size"));
        var expected = Results.Value[call.GetProperty("key").GetString()!];
        foreach (var actual in (HostTensor[])[processor.Apply(images, input_data_format: "channels_last").Stacked(), Host(TFViTImageProcessor.from_processor(processor).Apply(images))])
        {
            Assert.That((actual.DType, actual.Shape), Is.EqualTo((expected.DType, expected.Shape)));
            Assert.That(actual.Data, Is.EqualTo(expected.Data));
        }
    }
}
