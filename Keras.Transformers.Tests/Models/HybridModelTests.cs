using Keras.Export;
using Keras.Layers;
using Keras.Optimizers;
using static Keras.Api;

namespace Keras.Transformers.Tests.Models;

/// <summary>Models made of pretrained models: a text and an image tower under dense layers, as a class and as a functional model.</summary>
sealed class HybridModelTests : EngineFixture
{
    const int Rows = 6;

    sealed class HybridVisionLanguageModel : Model
    {
        public readonly TFPreTrainedModel text, image;
        readonly Dense joined = new(8, "tanh");
        readonly Dense head = new(3);
        readonly string _textFolder, _imageFolder;

        public HybridVisionLanguageModel(string textFolder, string imageFolder)
        {
            (_textFolder, _imageFolder) = (textFolder, imageFolder);
            (text, image) = (TFAutoModel.from_pretrained(textFolder), TFAutoModel.from_pretrained(imageFolder));
            // A file says the shape of one input; a model of several makes its own weights, so that they can be read.
            joined.build(new Shape(-1, 24));
            head.build(new Shape(-1, 8));
        }

        public override Dictionary<string, object?> get_config() => new() { ["textFolder"] = _textFolder, ["imageFolder"] = _imageFolder };

        public override Tensors call(Tensors inputs, bool training = false)
        {
            var words = text.Apply(inputs["text"], training: training).last_hidden_state[.., 0];
            var picture = image.Apply(inputs["image"], training: training).pooler_output;
            return head.Apply(joined.Apply(ops.concatenate([words, picture], -1)));
        }
    }

    static readonly Dictionary<string, Func<TFPreTrainedModel>> Texts = new()
    {
        ["bert"] = () => new TFBertModel(SmallBert.Config()),
        ["gpt2"] = () => new TFGPT2Model(new GPT2Config { vocab_size = SmallBert.Vocabulary, n_positions = 16, n_embd = 12, n_layer = 1, n_head = 3, initializer_range = 0.25f, use_cache = false, resid_pdrop = 0, embd_pdrop = 0, attn_pdrop = 0 }),
    };

    static (string Text, string Image) Folders(string folder, string text)
    {
        var (textFolder, imageFolder) = (Path.Combine(folder, "text"), Path.Combine(folder, "image"));
        Texts[text]().save_pretrained(textFolder);
        new TFViTModel(SmallViT.Config()).save_pretrained(imageFolder);
        return (textFolder, imageFolder);
    }

    static Tensors Inputs => new Dictionary<string, Tensors>
    {
        ["text"] = new Dictionary<string, Tensors> { ["input_ids"] = SmallBert.Ids(Rows, 5), ["attention_mask"] = ops.ones([Rows, 5], "int32") },
        ["image"] = SmallViT.Images(Rows),
    };

    /// <summary>What an endpoint calls the leaves of nested inputs.</summary>
    static Tensors Flat(Tensors inputs) => new(EndpointNames.OfInputs(inputs).Select(i => KeyValuePair.Create(i.Name, new Tensors(i.Tensor))));

    static Tensor Labels => SmallBert.Labels(Rows);

    static float[][] Values(Layer layer) => [.. layer.weights.Where(w => w.dtype.IsFloating).Select(w => Floats(w.value))];

    [TestCase("bert")]
    [TestCase("gpt2")]
    public void A_class_of_two_towers_learns_keeps_what_is_frozen_and_comes_back_from_its_weights(string text)
    {
        using var folder = new TemporaryFolder();
        var (textFolder, imageFolder) = Folders(folder, text);
        var model = new HybridVisionLanguageModel(textFolder, imageFolder);
        model.predict(Inputs, verbose: 0);
        model.image.trainable = false;
        var (frozen, free) = (Values(model.image), Values(model.text));
        model.compile(optimizer: new Adam(0.01), loss: keras.losses.SparseCategoricalCrossentropy(from_logits: true));
        Assert.That(model.fit(Inputs, Labels, epochs: 5, verbose: 0).history["loss"], Is.Ordered.Descending);
        Assert.That(Values(model.image), Is.EqualTo(frozen));
        Assert.That(Values(model.text), Is.Not.EqualTo(free));
        model.image.trainable = true;
        model.compile(optimizer: new Adam(0.01), loss: keras.losses.SparseCategoricalCrossentropy(from_logits: true));
        model.fit(Inputs, Labels, verbose: 0);
        Assert.That(Values(model.image), Is.Not.EqualTo(frozen));

        var expected = Floats(model.predict(Inputs, verbose: 0).Single);
        var file = Path.Combine(folder, "all.weights.h5");
        model.save_weights(file);
        var again = new HybridVisionLanguageModel(textFolder, imageFolder);
        again.predict(Inputs, verbose: 0);
        again.load_weights(file);
        Assert.That(Floats(again.predict(Inputs, verbose: 0).Single), Is.EqualTo(expected).Within(1e-6f));

        var archive = Path.Combine(folder, "all.keras");
        model.save(archive);
        var custom = new Dictionary<string, Type> { [nameof(HybridVisionLanguageModel)] = typeof(HybridVisionLanguageModel) };
        Assert.That(Floats(keras.models.load_model(archive, custom).predict(Inputs, verbose: 0).Single), Is.EqualTo(expected).Within(1e-6f));

        model.export(Path.Combine(folder, "served"));
        using var served = new TFSMLayer(Path.Combine(folder, "served"), "serve");
        Assert.That(Floats(served.Apply(Flat(Inputs)).Flatten().Single()), Is.EqualTo(expected).Within(1e-5f));
    }

    [Test]
    public void Two_towers_are_layers_of_a_functional_model()
    {
        using var folder = new TemporaryFolder();
        var (textFolder, imageFolder) = Folders(folder, "bert");
        var (text, image) = (TFAutoModel.from_pretrained(textFolder), TFAutoModel.from_pretrained(imageFolder));
        var (ids, pixels) = (keras.Input([5], dtype: "int32", name: "input_ids"), keras.Input([3, 8, 8], name: "pixel_values"));
        var joined = ops.concatenate([text.Apply(ids).pooler_output, image.Apply(pixels).pooler_output], -1);
        var model = keras.Model(new Tensors([ids, pixels]), keras.layers.Dense(3).Apply(joined));
        Tensors inputs = new Tensors([SmallBert.Ids(Rows, 5), SmallViT.Images(Rows)]);
        text.trainable = false;
        var frozen = Values(text);
        model.compile(optimizer: new Adam(0.01), loss: keras.losses.SparseCategoricalCrossentropy(from_logits: true));
        Assert.That(model.fit(inputs, Labels, epochs: 5, verbose: 0).history["loss"], Is.Ordered.Descending);
        Assert.That(Values(text), Is.EqualTo(frozen));

        var expected = Floats(model.predict(inputs, verbose: 0).Single);
        var file = Path.Combine(folder, "functional.weights.h5");
        model.save_weights(file);
        foreach (var weight in model.trainable_weights) weight.assign(ops.zeros_like(weight));
        model.load_weights(file);
        Assert.That(Floats(model.predict(inputs, verbose: 0).Single), Is.EqualTo(expected));
        model.export(Path.Combine(folder, "served"));
        using var served = new TFSMLayer(Path.Combine(folder, "served"), "serve");
        Tensors named = new Dictionary<string, Tensors> { ["input_ids"] = inputs[0], ["pixel_values"] = inputs[1] };
        Assert.That(Floats(served.Apply(named).Flatten().Single()), Is.EqualTo(expected).Within(1e-5f));
    }

    /// <summary>An image tower whose states a decoder attends to.</summary>
    sealed class Captioner : Model
    {
        public readonly TFViTModel encoder = new(SmallViT.Config(), add_pooling_layer: false);
        public readonly TFGPT2LMHeadModel decoder = new(new GPT2Config
        {
            vocab_size = 11, n_positions = 8, n_embd = 12, n_layer = 1, n_head = 3, initializer_range = 0.25f, add_cross_attention = true, resid_pdrop = 0, embd_pdrop = 0, attn_pdrop = 0,
            bos_token_id = 1, eos_token_id = 2,
        });

        public override Tensors call(Tensors inputs, bool training = false) => decoder.Apply(inputs["input_ids"],
            encoder_hidden_states: encoder.Apply(inputs["pixel_values"], training: training).last_hidden_state, use_cache: false, training: training).logits;
    }

    [Test]
    public void A_decoder_learns_what_an_image_tower_sees_and_generates_it()
    {
        var model = new Captioner();
        var images = SmallViT.Images(2);
        int[,] given = { { 1, 3, 4, 5 }, { 1, 6, 7, 8 } }, next = { { 3, 4, 5, 2 }, { 6, 7, 8, 2 } };
        Tensors inputs = new Dictionary<string, Tensors> { ["input_ids"] = (Tensor)given, ["pixel_values"] = images };
        model.compile(optimizer: new Adam(0.02), loss: keras.losses.SparseCategoricalCrossentropy(from_logits: true));
        Assert.That(model.fit(inputs, (Tensor)next, epochs: 40, verbose: 0).history["loss"][^1], Is.LessThan(0.1));
        var states = model.encoder.Apply(images).last_hidden_state;
        foreach (var beams in new[] { 1, 3 })
        {
            var captions = model.decoder.generate(Tensor.Of(new[,] { { 1 }, { 1 } }), encoder_hidden_states: states, max_new_tokens: 4, num_beams: beams, pad_token_id: 0).sequences;
            Assert.That(captions.ToArray<int>(), Is.EqualTo(new[] { 1, 3, 4, 5, 2, 1, 6, 7, 8, 2 }), $"{beams} beams");
        }
    }
}
