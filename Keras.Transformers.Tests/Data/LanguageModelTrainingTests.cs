using Keras.Optimizers;
using static Keras.Api;

namespace Keras.Transformers.Tests;

/// <summary>A GPT-2 learns from packed texts; accumulated gradients and checkpointing change what it costs, not what comes of it.</summary>
[TestFixture]
sealed class LanguageModelTrainingTests : EngineFixture
{
    static readonly GPT2TokenizerFast Tokenizer = GPT2TokenizerFast.from_pretrained(TokenizerGolden.VocabFolder("bpe-tiny"));

    static readonly string[] Nouns = ["cat", "dog", "world"];

    static readonly string[] Texts = [.. Enumerable.Range(0, 24).Select(i => $"the {Nouns[i % 3]} and the {Nouns[i % 2]}")];

    static TFGPT2LMHeadModel Model()
    {
        keras.utils.set_random_seed(3);
        return new(new GPT2Config { vocab_size = Tokenizer.Count, n_positions = 16, n_embd = 16, n_layer = 2, n_head = 2, embd_pdrop = 0, resid_pdrop = 0, attn_pdrop = 0, eos_token_id = Tokenizer.eos_token_id });
    }

    static List<Batch> Packed(int batchSize) => [.. new ConstantLengthDataset(Tokenizer, Texts, seq_length: 16, batchSize)];

    static float[][] Trained(int batchSize, int batches, int? accumulated = null, bool checkpointing = false, bool xla = false)
    {
        var model = Model();
        if (checkpointing) model.gradient_checkpointing_enable();
        model.compile(new SGD(0.5, gradient_accumulation_steps: accumulated), jit_compile: xla);
        model.fit(Packed(batchSize).Take(batches), verbose: 0);
        return [.. model.trainable_weights.Select(w => w.value.ToArray<float>())];
    }

    static void AssertSame(float[][] got, float[][] expected)
    {
        for (var i = 0; i < expected.Length; i++) Assert.That(got[i], Is.EqualTo(expected[i]).Within(1e-5f));
    }

    [Test]
    public void Fit_on_packed_texts_lowers_the_perplexity()
    {
        var (model, data) = (Model(), new ConstantLengthDataset(Tokenizer, Texts, seq_length: 16, batch_size: 4));
        model.compile(new Adam(0.01));
        var before = (double)model.evaluate(data, verbose: 0);
        Assert.That(before, Is.EqualTo(Math.Log(Tokenizer.Count)).Within(0.1), "a new model knows nothing");
        model.fit(data, epochs: 8, verbose: 0);
        var after = (double)model.evaluate(data, verbose: 0);
        Assert.That(Math.Exp(after), Is.LessThan(Math.Exp(before) / 4));
    }

    [Test]
    public void Accumulated_gradients_make_the_step_of_one_large_batch() => AssertSame(Trained(batchSize: 2, batches: 3, accumulated: 3), Trained(batchSize: 6, batches: 1));

    [Test]
    public void Checkpointing_makes_the_same_steps([Values] bool xla) => AssertSame(Trained(batchSize: 2, batches: 3, checkpointing: true, xla: xla), Trained(batchSize: 2, batches: 3));
}
