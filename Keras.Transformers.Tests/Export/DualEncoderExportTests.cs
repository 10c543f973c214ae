using Keras.Engines;
using Keras.Export;
using Keras.SavedModels;

namespace Keras.Transformers.Tests.Export;

/// <summary>Models of images and texts with signatures of one's own: each half by itself, and both.</summary>
sealed class DualEncoderExportTests : EngineFixture
{
    const int Width = 10;

    static TFVisionTextDualEncoderModel Model() => new(VisionTextDualEncoderConfig.from_vision_text_configs(SmallViT.Config(), SmallBert.Config(), new Dictionary<string, object?> { ["projection_dim"] = Width }));

    static HostTensor HostOf(Tensor tensor) => tensor.RequireEager().ToHost();

    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(true, true)]
    public void Halves_are_served_by_signatures_of_their_own(bool frozen, bool int8)
    {
        using var folder = new TemporaryFolder();
        var model = Model();
        var (ids, images) = (SmallBert.Ids(3, 5), SmallViT.Images(2));
        var (texts, pictures) = (HostOf(model.get_text_features(ids)).ToDouble(), HostOf(model.get_image_features(images)).ToDouble());
        var whole = HostOf(model.Apply((Tensors)new Dictionary<string, Tensors> { ["input_ids"] = ids, ["pixel_values"] = images }).logits_per_text).ToDouble();
        var (idSpec, imageSpec) = (new InputSpec(DType.Int32, new Shape(-1, -1), name: "input_ids"), new InputSpec(DType.Float32, new Shape([-1, .. images.shape.ToArray()[1..]]), name: "pixel_values"));
        var signatures = model.ServingSignatures();
        signatures.Add("text_features", x => new Dictionary<string, Tensors> { ["text_embeds"] = model.get_text_features(x.Single) }, idSpec);
        signatures.Add("image_features", x => new Dictionary<string, Tensors> { ["image_embeds"] = model.get_image_features(x.Single) }, imageSpec);
        signatures.Add("likeness", x => new Dictionary<string, Tensors> { ["logits_per_text"] = model.Apply(x).logits_per_text }, new Dictionary<string, Tensors> { ["input_ids"] = idSpec, ["pixel_values"] = imageSpec });
        var path = Path.Combine(folder, "1");
        model.export(path, signatures, new ExportOptions { Frozen = frozen, Int8Kernels = int8 });
        ServedOps.Require(path);

        var close = int8 ? 0.2 : 1e-4;
        foreach (var runner in new[] { Backend.EngineSelection.LoadSavedModel(path), SavedModelRunner.Load(path, Engine.Current) })
        {
            Assert.That(runner.Run("text_features", new Dictionary<string, HostTensor> { ["input_ids"] = HostOf(ids) })["text_embeds"].ToDouble(), Is.EqualTo(texts).Within(close));
            Assert.That(runner.Run("image_features", new Dictionary<string, HostTensor> { ["pixel_values"] = HostOf(images) })["image_embeds"].ToDouble(), Is.EqualTo(pictures).Within(close));
            if (!int8) Assert.That(runner.Run("likeness", new Dictionary<string, HostTensor> { ["input_ids"] = HostOf(ids), ["pixel_values"] = HostOf(images) })["logits_per_text"].ToDouble(), Is.EqualTo(whole).Within(1e-3), "three texts, two images");
            runner.Dispose();
        }
    }
}
