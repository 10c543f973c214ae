namespace Keras.Transformers.Tests.Models;

/// <summary>What a step of decoding reads, by the models' own count.</summary>
sealed class DecodeBytesTests : EngineFixture
{
    [Test]
    public void A_step_reads_the_weights_but_for_tables_of_positions_and_the_past()
    {
        var config = new GPT2Config { vocab_size = 41, n_positions = 24, n_embd = 12, n_layer = 2, n_head = 3 };
        var model = new TFGPT2LMHeadModel(config);
        model.EnsureBuilt();
        var weights = model.count_params() - (24 * 12);
        Assert.That(model.DecodeBytes(3, 10), Is.EqualTo(4.0 * (weights + (2 * 2 * 3 * 10 * 12))));
        config.tie_word_embeddings = false;
        var untied = new TFGPT2LMHeadModel(config);
        untied.EnsureBuilt();
        Assert.That(untied.DecodeBytes(3, 10), Is.EqualTo(model.DecodeBytes(3, 10)), "Of the own table of words single rows are read.");
    }

    [Test]
    public void Only_a_decoder_decodes()
    {
        BertConfig Config(bool decoder) => new() { vocab_size = 41, hidden_size = 12, num_hidden_layers = 2, num_attention_heads = 3, intermediate_size = 20, max_position_embeddings = 24, is_decoder = decoder };
        var model = new TFBertLMHeadModel(Config(true));
        model.EnsureBuilt();
        Assert.That(model.DecodeBytes(1, 5), Is.EqualTo(4.0 * (model.count_params() - ((24 + 2) * 12) + (2 * 2 * 5 * 12))));
        Assert.That(new TFBertLMHeadModel(Config(false)).DecodeBytes(1, 5), Is.Null);
        Assert.That(new TFGPT2Model(new GPT2Config { vocab_size = 41, n_embd = 12, n_layer = 1, n_head = 3 }).DecodeBytes(1, 5), Is.Null);
    }
}
