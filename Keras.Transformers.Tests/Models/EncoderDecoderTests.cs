using Keras.Engines;
using Keras.Optimizers;
using static Keras.Api;

namespace Keras.Transformers.Tests.Models;

/// <summary>Models of an encoder and a decoder: against their parts computed one by one, from folders of the parts, in training and in files.</summary>
sealed class EncoderDecoderTests : EngineFixture
{
    static readonly Dictionary<string, object?> Begins = new() { ["decoder_start_token_id"] = 1, ["pad_token_id"] = 0, ["eos_token_id"] = 2 };

    static GPT2Config Gpt2(int width = 12) => new()
    {
        vocab_size = 29, n_positions = 16, n_embd = width, n_layer = 2, n_head = 3, n_inner = 20, resid_pdrop = 0, embd_pdrop = 0, attn_pdrop = 0, initializer_range = 0.25f, bos_token_id = 1, eos_token_id = 2,
    };

    static TFVisionEncoderDecoderModel Captioner(int width = 18) => new(VisionEncoderDecoderConfig.from_encoder_decoder_configs(SmallViT.Config(), Gpt2(width), Begins));

    static Tensor Words => Tensor.Of(new[,] { { 3, 4, 5, 6 }, { 7, 8, 9, 10 } });

    static float[] Scores(TFSeq2SeqLMOutput output) => Floats(output.logits);

    [Test]
    public void Outputs_are_those_of_the_parts_one_after_the_other()
    {
        var model = Captioner();
        var images = SmallViT.Images(2);
        var output = model.Apply(pixel_values: images, decoder_input_ids: Words, output_attentions: true, output_hidden_states: true);
        var states = model.encoder.Apply(images).last_hidden_state;
        var kernel = model.Weights.VariableOf("enc_to_dec_proj.weight");
        var projected = ops.matmul(states, kernel) + model.Weights.VariableOf("enc_to_dec_proj.bias");
        var decoded = ((TFGPT2LMHeadModel)model.decoder).Apply(Words, encoder_hidden_states: projected, use_cache: false);
        Assert.That(Scores(output), Is.EqualTo(Floats(decoded.logits)).Within(1e-6f));
        Assert.That(output.Keys, Is.EqualTo(new[] { "logits", "past_key_values", "decoder_hidden_states", "decoder_attentions", "cross_attentions", "encoder_last_hidden_state", "encoder_hidden_states", "encoder_attentions" }));
        Assert.That(output.cross_attentions![0].Single.shape, Is.EqualTo(new Shape(2, 3, 4, 5)));
        foreach (var given in new Tensors[] { states, new([states]), model.encoder.Apply(images) })
            Assert.That(Scores(model.Apply(encoder_outputs: given, decoder_input_ids: Words)), Is.EqualTo(Scores(output)).Within(1e-6f));
    }

    [Test]
    public void A_past_goes_on_as_one_call_does()
    {
        foreach (var decoder in new PretrainedConfig[] { Gpt2(), SmallBert.Config() })
        {
            var model = new TFVisionEncoderDecoderModel(VisionEncoderDecoderConfig.from_encoder_decoder_configs(SmallViT.Config(), decoder, Begins));
            var images = SmallViT.Images(2);
            var expected = Floats(model.Apply(pixel_values: images, decoder_input_ids: Words).logits[.., 2..]);
            var first = model.Apply(pixel_values: images, decoder_input_ids: Words[.., ..2], use_cache: true);
            var second = model.Apply(encoder_outputs: first.encoder_last_hidden_state, decoder_input_ids: Words[.., 2..], past_key_values: first.past_key_values);
            Assert.That(Scores(second), Is.EqualTo(expected).Within(1e-5f), decoder.model_type);
        }
    }

    [Test]
    public void Labels_are_moved_to_be_the_decoders_inputs_and_give_the_loss()
    {
        var model = Captioner();
        var images = SmallViT.Images(2);
        var labels = Tensor.Of(new[,] { { 3, 4, 2, -100 }, { 7, 2, -100, -100 } });
        var shifted = model.prepare_decoder_input_ids_from_labels(labels);
        Assert.That(shifted.ToArray<int>(), Is.EqualTo(new[] { 1, 3, 4, 2, 1, 7, 2, 0 }));
        var output = model.Apply(pixel_values: images, labels: labels);
        Assert.That(Scores(output), Is.EqualTo(Scores(model.Apply(pixel_values: images, decoder_input_ids: shifted))).Within(1e-6f));
        var losses = Floats(ops.sparse_categorical_crossentropy(ops.maximum(labels, 0), output.logits, from_logits: true));
        Assert.That(Floats(output.loss!)[0], Is.EqualTo(new[] { 0, 1, 2, 4, 5 }.Average(i => losses[i])).Within(1e-5));
        model.config.decoder_start_token_id = null;
        Assert.That(() => model.Apply(pixel_values: images, labels: labels), Throws.InstanceOf<ConfigException>().With.Message.Contains("decoder_start_token_id"));
        Assert.That(() => model.Apply(pixel_values: images), Throws.ArgumentException.With.Message.Contains("decoder_input_ids"));
    }

    [Test]
    public void It_learns_with_and_without_a_loss_of_its_own_and_says_what_it_learned()
    {
        var images = SmallViT.Images(2);
        var labels = Tensor.Of(new[,] { { 3, 4, 5, 2 }, { 6, 7, 8, 2 } });
        Tensors inputs = new Dictionary<string, Tensors> { ["pixel_values"] = images };
        foreach (var own in new[] { true, false })
        {
            var model = Captioner(12);
            model.EnsureBuilt();
            model.encoder.trainable = own;
            var frozen = model.encoder.weights.Select(w => Floats(w.value)).ToArray();
            if (own) model.compile(optimizer: new Adam(0.02));
            else model.compile(optimizer: new Adam(0.02), loss: keras.losses.SparseCategoricalCrossentropy(from_logits: true));
            Assert.That(model.fit(inputs, labels, epochs: 50, verbose: 0).history["loss"][^1], Is.LessThan(0.1));
            Assert.That(model.encoder.weights.Select(w => Floats(w.value)), own ? Is.Not.EqualTo(frozen) : Is.EqualTo(frozen));
            foreach (var beams in new[] { 1, 3 })
                Assert.That(model.generate(images, max_new_tokens: 6, num_beams: beams).sequences.ToArray<int>(), Is.EqualTo(new[] { 1, 3, 4, 5, 2, 1, 6, 7, 8, 2 }), $"{beams} beams");
        }
    }

    [Test]
    public void Parts_come_from_folders_of_their_own_and_get_what_they_need()
    {
        using var folder = new TemporaryFolder();
        var (encoder, decoder) = (Path.Combine(folder, "encoder"), Path.Combine(folder, "decoder"));
        new TFViTForImageClassification(SmallViT.Config()).save_pretrained(encoder);
        var words = new TFGPT2LMHeadModel(Gpt2());
        words.save_pretrained(decoder);
        var model = TFVisionEncoderDecoderModel.from_encoder_decoder_pretrained(encoder, decoder, config: new Dictionary<string, object?>
        {
            ["decoder_start_token_id"] = 1, ["pad_token_id"] = 0, ["decoder_attn_pdrop"] = 0.5f, ["encoder_hidden_dropout_prob"] = 0.25f,
        });
        Assert.That((model.config.decoder.is_decoder, model.config.decoder.add_cross_attention, model.config.decoder_start_token_id, model.config.pad_token_id), Is.EqualTo((true, true, 1, 0)));
        Assert.That((((GPT2Config)model.config.decoder).attn_pdrop, ((ViTConfig)model.config.encoder).hidden_dropout_prob), Is.EqualTo((0.5f, 0.25f)));
        Assert.That(Floats(model.decoder.get_input_embeddings().value), Is.EqualTo(Floats(words.get_input_embeddings().value)));
        Assert.That(model.config.decoder, Is.SameAs(model.decoder.config));

        var whole = Path.Combine(folder, "whole");
        model.save_pretrained(whole, safe_serialization: false);
        var again = TFAutoModelForVision2Seq.from_pretrained(whole);
        Tensors inputs = new Dictionary<string, Tensors> { ["pixel_values"] = SmallViT.Images(2), ["decoder_input_ids"] = Words };
        Assert.That(Floats(again.Apply(inputs).logits), Is.EqualTo(Scores(model.Apply(inputs))));
        Assert.That(again.generation_config.decoder_start_token_id, Is.EqualTo(1));
        // Either part of it is a model of its own.
        model.decoder.save_pretrained(decoder);
        Assert.That(Floats(TFGPT2LMHeadModel.from_pretrained(decoder).Apply(Words).logits), Is.EqualTo(Floats(((TFGPT2LMHeadModel)model.decoder).Apply(Words).logits)));
    }

    [Test]
    public void Parts_of_the_wrong_kind_are_refused_by_what_they_lack()
    {
        using var folder = new TemporaryFolder();
        var (vit, gpt2) = (Path.Combine(folder, "vit"), Path.Combine(folder, "gpt2"));
        new TFViTModel(SmallViT.Config()).save_pretrained(vit);
        new TFGPT2LMHeadModel(Gpt2()).save_pretrained(gpt2);
        var crossed = Gpt2();
        (crossed.is_decoder, crossed.add_cross_attention) = (true, true);
        foreach (var (call, text) in new (Func<object>, string)[]
        {
            (() => TFVisionEncoderDecoderModel.from_encoder_decoder_pretrained(gpt2, gpt2), "takes no images"),
            (() => TFEncoderDecoderModel.from_encoder_decoder_pretrained(vit, gpt2), "takes no texts"),
            (() => TFVisionEncoderDecoderModel.from_encoder_decoder_pretrained(vit, vit), "TFAutoModelForCausalLM"),
            (() => TFVisionEncoderDecoderModel.from_encoder_decoder_pretrained(vit), "decoder_pretrained_model_name_or_path"),
            (() => TFVisionEncoderDecoderModel.from_encoder_decoder_pretrained(vit, gpt2, config: new Dictionary<string, object?> { ["decoder_heads"] = 3 }), "heads"),
            (() => new TFVisionEncoderDecoderModel(encoder: new TFViTModel(SmallViT.Config()), decoder: new TFGPT2LMHeadModel(Gpt2())), "add_cross_attention"),
            (() => new TFVisionEncoderDecoderModel(encoder: new TFViTForImageClassification(SmallViT.Config()), decoder: new TFGPT2LMHeadModel(crossed)), "has a head"),
            (() => new TFVisionEncoderDecoderModel(encoder: new TFViTModel(SmallViT.Config())), "no decoder"),
            (() => new TFVisionEncoderDecoderModel(new VisionEncoderDecoderConfig()), "encoder"),
            (() => TFVisionEncoderDecoderModel.from_pretrained(gpt2), "vision-encoder-decoder"),
        })
        {
            Assert.That(() => call(), Throws.InstanceOf<ConfigException>().Or.InstanceOf<ArgumentException>(), text);
            Assert.That(() => call(), Throws.Exception.With.Message.Contains(text));
        }
        Assert.That(() => Captioner().resize_token_embeddings(3), Throws.InstanceOf<UnsupportedException>());
    }

    [Test]
    public void Parts_on_different_engines_are_refused()
    {
        if (TestEngines.Find(Engine.Current.Name == "torch" ? "tensorflow" : "torch") is not { } other) return;
        var config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(SmallViT.Config(), Gpt2());
        var decoder = new TFGPT2LMHeadModel((GPT2Config)config.decoder);
        decoder.predict(Words, verbose: 0);
        TFViTModel encoder;
        using (Engine.Use(other))
        {
            encoder = new(SmallViT.Config());
            encoder.predict(SmallViT.Images(1), verbose: 0);
        }
        Assert.That(() => new TFVisionEncoderDecoderModel(encoder: encoder, decoder: decoder), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("different engines").And.Message.Contains("torch"));
    }

    [Test]
    public void A_decoder_with_more_words_is_saved_and_used_with_them()
    {
        using var folder = new TemporaryFolder();
        var model = Captioner();
        var images = SmallViT.Images(2);
        model.compile(optimizer: "sgd");
        Tensors inputs = new Dictionary<string, Tensors> { ["pixel_values"] = images, ["decoder_input_ids"] = Words };
        model.predict(inputs, verbose: 0);
        model.decoder.resize_token_embeddings(33);
        Assert.That(((TFSeq2SeqLMOutput)model.predict(inputs, verbose: 0)).logits.shape[^1], Is.EqualTo(33));
        model.save_pretrained(folder);
        Assert.That(Scores(TFVisionEncoderDecoderModel.from_pretrained(folder).Apply(inputs)), Is.EqualTo(Scores(model.Apply(inputs))));
    }
}
