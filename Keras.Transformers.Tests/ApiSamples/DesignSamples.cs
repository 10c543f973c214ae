using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers.Tests.ApiSamples;

/// <summary>User code as it is meant to read: a pretrained model inside one of one's own, functional and sequential models around it.</summary>
[TestFixture]
sealed class DesignSamples
{
    static string Models => Path.Combine(TestContext.CurrentContext.TestDirectory, "bert-tiny");

    /// <summary>A text model and an image model side by side (the philosophy's hybrid; the image tower is a small convolution here).</summary>
    sealed class HybridVisionLanguageModel : Model
    {
        readonly TFBertModel text = TFBertModel.from_pretrained(Models);
        readonly Conv2D patches = new(filters: 8, kernel_size: 4, strides: 4, activation: "gelu");
        readonly GlobalAveragePooling2D pool = new();
        readonly Dense head = new(units: 1);

        public override Tensors call(Tensors inputs, bool training = false)
        {
            var t = text.Apply(inputs["text"], training: training).pooler_output;
            var v = pool.Apply(patches.Apply(inputs["image"]));
            return head.Apply(ops.concatenate([t, v], axis: -1));
        }
    }

    static Tensors TwoTexts()
    {
        var tokenizer = AutoTokenizer.from_pretrained(Models);
        return tokenizer.Apply(["a large wild cat", "a tall tree with needles"], padding: true);
    }

    [Test]
    public void AHybridOfTextAndImageLearns()
    {
        keras.utils.set_random_seed(1);
        var model = new HybridVisionLanguageModel();
        Tensors x = new Dictionary<string, Tensors> { ["text"] = TwoTexts(), ["image"] = keras.random.normal([2, 8, 8, 3], seed: 1) };
        model.compile(optimizer: keras.optimizers.Adam(1e-3), loss: "mse", jit_compile: true);
        var history = model.fit(x, new[,] { { 1f }, { -1f } }, epochs: 12, verbose: 0);
        Assert.That(history.history["loss"][^1], Is.LessThan(history.history["loss"][0] / 2));
    }

    [Test]
    public void ATensorFlowDotNetModelMovesByItsUsings()
    {
        var inputs = keras.Input(shape: (32, 32, 3), name: "img");
        var x = keras.layers.Conv2D(32, 3, activation: "relu").Apply(inputs);
        x = keras.layers.MaxPooling2D(3).Apply(x);
        x = keras.layers.BatchNormalization().Apply(x);
        x = keras.layers.Flatten().Apply(x);
        x = keras.layers.Dropout(0.5).Apply(x);
        var outputs = keras.layers.Dense(10, activation: "softmax").Apply(x);
        var model = keras.Model(inputs, outputs, name: "toy_resnet");

        model.compile(optimizer: keras.optimizers.RMSprop(1e-3), loss: keras.losses.SparseCategoricalCrossentropy(), metrics: ["accuracy"]);
        var history = model.fit(keras.random.uniform([8, 32, 32, 3], seed: 1), new[] { 0, 1, 2, 3, 4, 5, 6, 7 }, batch_size: 4, epochs: 1, verbose: 0);

        Assert.That(history.history.Keys, Is.EquivalentTo(new[] { "loss", "accuracy" }));
        Assert.That(model.predict(keras.random.uniform([3, 32, 32, 3], seed: 2), verbose: 0).Single.shape, Is.EqualTo(new Shape(3, 10)));
    }

    [Test]
    public void ATransformerBlockReads()
    {
        var tokens = keras.Input(shape: [null], dtype: DType.Int32, name: "tokens");
        var embedded = keras.layers.Embedding(100, 16, mask_zero: true).Apply(tokens);
        var attended = keras.layers.MultiHeadAttention(num_heads: 2, key_dim: 8).Apply(embedded, embedded);
        var x = keras.layers.LayerNormalization().Apply(keras.layers.Add().Apply([embedded, attended]));
        var fed = keras.Sequential([keras.layers.Dense(32, activation: "gelu"), keras.layers.Dense(16)]).Apply(x);
        x = keras.layers.LayerNormalization().Apply(keras.layers.Add().Apply([x, fed]));
        var model = keras.Model(inputs: tokens, outputs: keras.layers.Dense(3).Apply(keras.layers.GlobalAveragePooling1D().Apply(x)));

        Tensor shorter = new[,] { { 4, 7, 9 } };
        Tensor padded = new[,] { { 4, 7, 9, 0, 0 } };
        Assert.That(model.Apply(padded).Single.ToArray<float>(), Is.EqualTo(model.Apply(shorter).Single.ToArray<float>()).Within(1e-5), "padding does not count");
    }

    [Test]
    public void TheDefaultLossIsTheModels()
    {
        var model = TFAutoModelForSequenceClassification.from_pretrained(Models, num_labels: 2);
        int[] labels = [0, 1];
        model.compile(optimizer: "adam");                                  // no loss argument: the model's own
        Assert.That(model.train_on_batch(TwoTexts(), labels)["loss"], Is.GreaterThan(0));
        model.compile(optimizer: "adam", loss: null);                      // none at all
        Assert.That(() => model.train_on_batch(TwoTexts(), labels), Throws.InvalidOperationException);
    }
}
