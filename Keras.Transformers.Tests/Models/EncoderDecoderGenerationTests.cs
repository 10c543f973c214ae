using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers.Tests.Models;

/// <summary>Texts that decoders make of what encoders see: every way of decoding, in steps, in streams and in graphs.</summary>
sealed class EncoderDecoderGenerationTests : EngineFixture
{
    static GPT2Config Gpt2(int width = 18) => new()
    {
        vocab_size = 29, n_positions = 16, n_embd = width, n_layer = 2, n_head = 3, n_inner = 20, resid_pdrop = 0, embd_pdrop = 0, attn_pdrop = 0, initializer_range = 0.5f, bos_token_id = 1, eos_token_id = 2,
    };

    static readonly Dictionary<string, object?> Begins = new() { ["decoder_start_token_id"] = 1, ["pad_token_id"] = 0, ["eos_token_id"] = 2 };

    static readonly Dictionary<string, (Func<TFPreTrainedModel> New, Func<Tensors> Inputs)> Models = new()
    {
        ["vit-gpt2"] = (() => new TFVisionEncoderDecoderModel(VisionEncoderDecoderConfig.from_encoder_decoder_configs(SmallViT.Config(), Gpt2(), Begins)), () => new Dictionary<string, Tensors> { ["pixel_values"] = SmallViT.Images(3) }),
        ["bert-bert"] = (() => new TFEncoderDecoderModel(EncoderDecoderConfig.from_encoder_decoder_configs(SmallBert.Config(), SmallBert.Config(), Begins)), () => new Dictionary<string, Tensors>
        {
            ["input_ids"] = SmallBert.Ids(3, 5), ["attention_mask"] = Tensor.Of(new[,] { { 1, 1, 1, 1, 1 }, { 1, 1, 1, 0, 0 }, { 1, 1, 1, 1, 0 } }),
        }),
    };

    static IEnumerable<string> Names => Models.Keys;

    static GenerationConfig Options(Action<GenerationConfig>? change = null)
    {
        var config = new GenerationConfig { max_new_tokens = 6, decoder_start_token_id = 1, eos_token_id = 2, pad_token_id = 0 };
        change?.Invoke(config);
        return config;
    }

    /// <summary>The most probable tokens by calls of the whole model, nothing kept.</summary>
    static int[][] Greedy(TFPreTrainedModel model, Tensors inputs, int count)
    {
        var rows = (int)inputs[0].Single.shape[0];
        int[][] texts = [.. Enumerable.Range(0, rows).Select(_ => new[] { 1 })];
        for (var step = 0; step < count && texts.Any(t => !t.Contains(2)); step++)
        {
            var ids = Prompt.Tensor([.. texts.SelectMany(t => t)], rows, texts[0].Length);
            var next = ops.argmax(model.Apply(ContractClass.With(inputs, "decoder_input_ids", ids)).logits[.., ^1], -1).ToArray<int>();
            texts = [.. texts.Select((t, i) => (int[])[.. t, t.Contains(2) ? 0 : next[i]])];
        }
        return texts;
    }

    [TestCaseSource(nameof(Names))]
    public void Every_way_of_decoding_gives_the_same_with_and_without_a_cache_compiled_and_in_a_graph(string name)
    {
        var (make, given) = Models[name];
        var (model, inputs) = (make(), given());
        var greedy = model.generate(inputs, Options()).sequences;
        Assert.That(greedy.ToArray<int>(), Is.EqualTo(Greedy(model, inputs, 6).SelectMany(t => t)));
        foreach (var (way, change) in new (string, Action<GenerationConfig>)[]
        {
            ("greedy", _ => { }), ("sampling", c => (c.do_sample, c.seed, c.num_return_sequences) = (true, 7, 2)), ("beams", c => (c.num_beams, c.num_return_sequences) = (3, 2)),
        })
        {
            var expected = model.generate(inputs, Options(change)).sequences.ToArray<int>();
            Assert.That(model.generate(inputs, Options(c => { change(c); c.use_cache = false; })).sequences.ToArray<int>(), Is.EqualTo(expected), $"{way}, nothing kept");
            Assert.That(model.generate(inputs, Options(change), jit_compile: true).sequences.ToArray<int>(), Is.EqualTo(expected), $"{way}, XLA");
            var inGraph = ContractClass.With(inputs, "seed", Tensor.Of(7L));
            var found = Run(RunMode.Graph, inGraph, x => model.GenerateInGraph(way == "sampling" ? x : new Tensors(x.Named().Where(i => i.Key != "seed")), Options(change)))["sequences"].Single;
            Assert.That(found.ToArray<int>(), Is.EqualTo(expected), $"{way}, in a graph");
        }
        Assert.That(model.generate(inputs, Options(c => (c.penalty_alpha, c.top_k) = (0.6, 3))).sequences.shape[0], Is.EqualTo(3));
        foreach (var groups in new[] { 2 }) Assert.That(model.generate(inputs, Options(c => (c.num_beams, c.num_beam_groups, c.diversity_penalty) = (4, groups, 0.5))).sequences.shape[0], Is.EqualTo(3));
        var one = new Tensors(inputs.Named().Select(i => KeyValuePair.Create(i.Key, new Tensors(i.Value.Single[..1]))));
        var alone = model.generate(one, Options()).sequences.ToArray<int>();
        Assert.That(model.generate(one, Options(c => c.prompt_lookup_num_tokens = 2)).sequences.ToArray<int>(), Is.EqualTo(alone), "guesses of the text");
        Assert.That(model.generate(one, Options(), assistant_model: make()).sequences.ToArray<int>(), Is.EqualTo(alone), "guesses of another model");
    }

    [TestCaseSource(nameof(Names))]
    public async Task Tokens_come_one_by_one_and_outputs_hold_what_was_asked_for(string name)
    {
        var (make, given) = Models[name];
        var (model, inputs) = (make(), given());
        var output = model.generate(inputs, Options(c => (c.output_attentions, c.output_hidden_states, c.output_scores, c.return_dict_in_generate) = (true, true, true, true)));
        var steps = new List<int[]>();
        await foreach (var tokens in model.GenerateTokensAsync(inputs, Options())) steps.Add(tokens);
        var columns = (int)output.sequences.shape[1];
        for (var row = 0; row < 3; row++) Assert.That((int[])[1, .. steps.Select(s => s[row])], Is.EqualTo(output.sequences.ToArray<int>().Skip(row * columns).Take(columns)));
        Assert.That(output.Keys, Is.EqualTo(new[] { "sequences", "scores", "encoder_attentions", "encoder_hidden_states", "decoder_attentions", "cross_attentions", "decoder_hidden_states", "past_key_values" }));
        var states = model.Apply(new CallArguments(ContractClass.With(inputs, "decoder_input_ids", output.sequences)).WithOption("output_attentions", true));
        Assert.That(Floats(output.cross_attentions![1][0].Single), Is.EqualTo(Floats(states["cross_attentions"][0].Single[.., .., 1..2])).Within(1e-5f));
        // A later call goes on from what this one kept.
        var longer = model.generate(ContractClass.With(ContractClass.With(inputs, "decoder_input_ids", output.sequences), "past_key_values", output.past_key_values!), Options(c => c.max_new_tokens = 2)).sequences;
        Assert.That(longer.ToArray<int>(), Is.EqualTo(model.generate(ContractClass.With(inputs, "decoder_input_ids", output.sequences), Options(c => c.max_new_tokens = 2)).sequences.ToArray<int>()));
        // The encoder may have run elsewhere.
        var encoded = ((TFPreTrainedModel)model.GetType().GetProperty("encoder")!.GetValue(model)!).Apply(inputs).last_hidden_state;
        if (name == "vit-gpt2") Assert.That(model.generate(generation_config: Options(), encoder_outputs: encoded).sequences.ToArray<int>(), Is.EqualTo(output.sequences.ToArray<int>()));
    }

    [TestCaseSource(nameof(Names))]
    public void An_export_generates_what_the_model_generates(string name)
    {
        using var folder = new TemporaryFolder();
        var (make, given) = Models[name];
        var (model, inputs) = (make(), given());
        var path = Path.Combine(folder, "1");
        model.export(path, null, Options(c => c.num_beams = 2));
        ServedOps.Require(path);
        using var served = new TFSMLayer(path, "serving_default");
        Assert.That(served.Apply(inputs)["sequences"].Single.ToArray<int>(), Is.EqualTo(model.generate(inputs, Options(c => c.num_beams = 2)).sequences.ToArray<int>()));
    }

    [Test]
    public void Inputs_that_make_no_text_are_refused_by_name()
    {
        var (captioner, images) = (Models["vit-gpt2"].New(), SmallViT.Images(2));
        var translator = Models["bert-bert"].New();
        foreach (var (call, text) in new (Func<object>, string)[]
        {
            (() => captioner.generate(), "pixel_values"),
            (() => captioner.generate(new Dictionary<string, Tensors> { ["input_ids"] = SmallBert.Ids(2, 4) }), "input_ids"),
            (() => captioner.generate(images, decoder_input_ids: Tensor.Of(new[,] { { 1 }, { 1 }, { 1 } })), "2 rows"),
            (() => captioner.generate(images, decoder_input_ids: Tensor.Of(new[,] { { 1 }, { 90 } })), "90"),
            (() => captioner.generate(images[..1, ..2]), "num_channels"),
            (() => captioner.generate(images * float.NaN), "NaN"),
            (() => captioner.generate(images, max_new_tokens: 40), "positions"),
            (() => captioner.generate(images, max_new_tokens: 4, guidance_scale: 2), "guidance_scale"),
            (() => captioner.generate(images[..1], max_new_tokens: 4, assistant_model: translator), "assistant"),
            (() => captioner.GenerateTextAsync(TinyBert.Load(), "hello"), "encoder"),
            (() => captioner.GenerateTextAsync(TinyBert.Load(), (Tensors)images, new GenerationConfig { max_new_tokens = 4, decoder_start_token_id = 1 }), "one row"),
            (() => new GenerationScheduler(captioner), "encoder"),
            (() => captioner.GenerateInGraph(new Dictionary<string, Tensors> { ["input_ids"] = SmallBert.Ids(2, 4) }), "pixel_values"),
            (() => translator.generate(new Dictionary<string, Tensors> { ["attention_mask"] = SmallBert.Ids(2, 4) }), "input_ids"),
            (() => translator.generate(ops.cast(SmallBert.Ids(2, 4), "float32")), "whole numbers"),
        }) Assert.That(() => call(), Throws.Exception.With.Message.Contains(text).And.Not.InstanceOf<NullReferenceException>(), text);
    }
}
