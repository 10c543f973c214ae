using System.Globalization;
using Keras.Optimizers;

namespace Keras.Transformers.Tests.Models;

/// <summary>Models of two models learn from real scans: the name of a digit as a caption, and which name goes with an image.</summary>
sealed class DigitTests : EngineFixture
{
    const int Begin = 1, End = 2, Longest = 6, Epochs = 25;

    /// <summary>A rate that falls to nothing, so that what a model knows at the end does not hang on the last batches.</summary>
    static Optimizers.Schedules.PolynomialDecay Falling(double rate, long batches) => new(rate, decay_steps: (int)batches * Epochs, end_learning_rate: 0);

    static readonly string[] Names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

    static int[] Letters(string name) => [.. name.Select(c => c - 'a' + 3)];

    static string Text(IEnumerable<int> ids) => string.Concat(ids.TakeWhile(i => i != End).Where(i => i > End).Select(i => (char)('a' + i - 3)));

    /// <summary>Images (N, 1, 8, 8) from 0 to 1, and what they show; every fifth row is kept for tests.</summary>
    static (Tensor Images, int[] Labels) Rows(bool test)
    {
        var rows = File.ReadLines(Repository.PathOf("examples", "data", "digits", "digits.csv")).Skip(1).Select(l => l.Split(',').Select(v => int.Parse(v, CultureInfo.InvariantCulture)).ToArray())
            .Where((_, i) => i % 5 == 4 == test).ToArray();
        return Of(rows);
    }

    static (Tensor Images, int[] Labels) Of(int[][] rows) => (Graphs.Tf.Constant(HostTensor.Of<float>([.. rows.SelectMany(r => r[..64].Select(v => v / 16f))], new Shape(rows.Length, 1, 8, 8))), [.. rows.Select(r => r[64])]);

    static Tensor Matrix(IEnumerable<int[]> rows, int fill)
    {
        int[][] all = [.. rows];
        return Prompt.Tensor([.. all.SelectMany(r => r.Concat(Enumerable.Repeat(fill, Longest - r.Length)))], all.Length, Longest);
    }

    static ViTConfig Vision => new()
    {
        image_size = 8, patch_size = 2, num_channels = 1, hidden_size = 32, num_hidden_layers = 2, num_attention_heads = 4, intermediate_size = 64, initializer_range = 0.1f,
    };

    [Test]
    public void Captions_of_digits_are_their_names()
    {
        var decoder = new GPT2Config
        {
            vocab_size = 29, n_positions = 8, n_embd = 32, n_layer = 1, n_head = 4, resid_pdrop = 0, embd_pdrop = 0, attn_pdrop = 0, initializer_range = 0.1f, bos_token_id = Begin, eos_token_id = End,
        };
        var model = new TFVisionEncoderDecoderModel(VisionEncoderDecoderConfig.from_encoder_decoder_configs(Vision, decoder, new Dictionary<string, object?> { ["decoder_start_token_id"] = Begin, ["pad_token_id"] = 0, ["eos_token_id"] = End }));
        var (images, labels) = Rows(test: false);
        model.compile(optimizer: new Adam(Falling(0.004, images.shape[0] / 32)));
        model.fit(new Dictionary<string, Tensors> { ["pixel_values"] = images, ["labels"] = Matrix(labels.Select(l => (int[])[.. Letters(Names[l]), End]), -100) }, epochs: Epochs, batch_size: 32, verbose: 0);
        var (unseen, truth) = Rows(test: true);
        var texts = model.generate(unseen, max_new_tokens: Longest).sequences;
        var width = (int)texts.shape[1];
        var right = texts.ToArray<int>().Chunk(width).Zip(truth).Count(t => Text(t.First) == Names[t.Second]);
        Assert.That(right, Is.GreaterThanOrEqualTo(0.85 * truth.Length), $"{right} of {truth.Length}");
    }

    [Test]
    public void Images_find_their_names_among_all()
    {
        var text = new BertConfig
        {
            vocab_size = 29, hidden_size = 32, num_hidden_layers = 1, num_attention_heads = 4, intermediate_size = 64, max_position_embeddings = 8, hidden_dropout_prob = 0, attention_probs_dropout_prob = 0, initializer_range = 0.1f,
        };
        var model = new TFVisionTextDualEncoderModel(VisionTextDualEncoderConfig.from_vision_text_configs(Vision, text, new Dictionary<string, object?> { ["projection_dim"] = 16 }));
        var (images, labels) = Rows(test: false);
        // In each batch every digit comes once: two of one name would count as different.
        var places = Enumerable.Range(0, 10).Select(d => labels.Index().Where(l => l.Item == d).Select(l => l.Index).ToArray()).ToArray();
        int[] order = [.. Enumerable.Range(0, places.Min(p => p.Length)).SelectMany(i => places.Select(p => p[i]))];
        model.compile(optimizer: new Adam(Falling(0.003, order.Length / 10)));
        var inputs = new Dictionary<string, Tensors>
        {
            ["pixel_values"] = Api.ops.take(images, Prompt.Tensor(order, order.Length), 0), ["input_ids"] = Matrix(order.Select(i => Letters(Names[labels[i]])), 0),
            ["attention_mask"] = Matrix(order.Select(i => Letters(Names[labels[i]]).Select(_ => 1).ToArray()), 0),
        };
        model.fit(inputs, epochs: Epochs, batch_size: 10, shuffle: false, verbose: 0);
        var (unseen, truth) = Rows(test: true);
        var likeness = model.Apply(Matrix(Names.Select(Letters), 0), unseen, Matrix(Names.Select(n => n.Select(_ => 1).ToArray()), 0)).logits_per_image;
        var found = Api.ops.argmax(likeness, -1).ToArray<int>();
        var right = found.Zip(truth).Count(f => f.First == f.Second);
        Assert.That(right, Is.GreaterThanOrEqualTo(0.85 * truth.Length), $"{right} of {truth.Length}");
    }
}
