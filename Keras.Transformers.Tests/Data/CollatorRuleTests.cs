using static Keras.Api;

namespace Keras.Transformers.Tests;

/// <summary>The rules of collators that draw at random, and what a decoder makes of examples in one row.</summary>
[TestFixture]
public sealed class CollatorRuleTests
{
    const int Ignored = -100;

    readonly BertTokenizerFast _tokenizer = TinyBert.Load();

    static string[] Texts => [.. Enumerable.Repeat("hello hellos world b , a worlds naive c .", 1500), "a"];

    static int[] Ints(BatchEncoding batch, string column) => ops.cast((Tensor)batch[column], "int32").ToArray<int>();

    static float[] Floats(Tensor tensor) => tensor.ToArray<float>();

    [Test]
    public void Whole_words_are_hidden_within_the_budget_of_a_row()
    {
        const double share = 0.3;
        var original = _tokenizer.Apply(Texts, padding: true, return_special_tokens_mask: true);
        var masked = new DataCollatorForWholeWordMask(_tokenizer, share, seed: 3).Apply(_tokenizer.Apply(Texts));
        var (ids, now, labels, special) = (Ints(original, "input_ids"), Ints(masked, "input_ids"), Ints(masked, "labels"), Ints(original, "special_tokens_mask"));
        var length = (int)((Tensor)masked["labels"]).shape[1];
        var pieces = Enumerable.Range(1, ids.Length - 1).Where(i => ids[i] == _tokenizer.convert_tokens_to_ids("##s")).ToList();
        var chosen = Enumerable.Range(0, ids.Length).Where(i => labels[i] != Ignored).ToList();
        var budget = (int)Math.Round((Ints(original, "attention_mask").Take(length).Sum()) * share, MidpointRounding.ToEven);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(pieces, Has.All.Matches<int>(i => labels[i] == Ignored == (labels[i - 1] == Ignored)), "pieces go with their word");
            Assert.That(chosen, Has.All.Matches<int>(i => labels[i] == ids[i] && special[i] == 0));
            Assert.That(chosen.GroupBy(i => i / length).SkipLast(1).Max(row => row.Count()), Is.EqualTo(budget));
            Assert.That(chosen.Count(i => i / length == Texts.Length - 1), Is.EqualTo(1), "one token at least");
            // Four standard deviations of some 6,000 tokens.
            Assert.That((double)chosen.Count(i => now[i] == _tokenizer.mask_token_id) / chosen.Count, Is.EqualTo(0.8 + (0.1 / TinyBert.Vocabulary.Length)).Within(0.021));
            Assert.That(Enumerable.Range(0, ids.Length).Except(chosen), Has.All.Matches<int>(i => now[i] == ids[i]));
        }
    }

    [Test]
    public void Permutations_hide_spans_from_those_that_come_before_in_their_order()
    {
        int[][] rows = [.. Enumerable.Range(0, 50).Select(_ => Enumerable.Range(5, 8).ToArray())];
        var batch = new DataCollatorForPermutationLanguageModeling(_tokenizer, seed: 4).Apply(new BatchEncoding([new("input_ids", rows)]));
        var (ids, labels, order, mapping) = (Ints(batch, "input_ids"), Ints(batch, "labels"), Floats(batch["perm_mask"]), Floats(batch["target_mapping"]));
        var hidden = Enumerable.Range(0, labels.Length).Where(i => labels[i] != Ignored).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(hidden, Is.Not.Empty.And.All.Matches<int>(i => ids[i] == _tokenizer.mask_token_id && labels[i] == 5 + (i % 8)));
            for (var r = 0; r < rows.Length; r++)
                for (var i = 0; i < 8; i++)
                    for (var j = 0; j < 8; j++)
                    {
                        var at = (r * 64) + (i * 8) + j;
                        Assert.That(mapping[at], Is.EqualTo(i == j ? 1 : 0));
                        if (labels[(r * 8) + j] == Ignored) Assert.That(order[at], Is.Zero, "what is not hidden is seen by all");
                        else if (i == j) Assert.That(order[at], Is.EqualTo(1), "no hidden token sees itself");
                        else if (labels[(r * 8) + i] != Ignored) Assert.That(order[at] + order[(r * 64) + (j * 8) + i], Is.EqualTo(1), "of two hidden tokens one sees the other");
                    }
        }
        Assert.That(() => new DataCollatorForPermutationLanguageModeling(_tokenizer).Apply(new BatchEncoding([new("input_ids", new int[][] { [5, 6, 7] })])), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("even"));
    }

    [Test]
    public void Examples_in_one_row_are_scored_as_by_themselves()
    {
        var model = new TFGPT2LMHeadModel(new GPT2Config { vocab_size = 40, n_positions = 8, n_embd = 8, n_layer = 2, n_head = 2, resid_pdrop = 0, embd_pdrop = 0, attn_pdrop = 0 });
        int[][] examples = [[3, 4, 5], [7, 8], [9, 10, 11, 12]];
        var batch = new DataCollatorWithFlattening(return_attention_mask: true, return_seq_idx: true).Apply(new BatchEncoding([new("input_ids", examples)]));
        Assert.That(Ints(batch, "labels"), Is.EqualTo(new[] { Ignored, 4, 5, Ignored, 8, Ignored, 10, 11, 12 }));
        Assert.That(Ints(batch, "seq_idx"), Is.EqualTo(new[] { 0, 0, 0, 1, 1, 2, 2, 2, 2 }));
        var together = Floats(model.Apply(new Gpt2LabelledInputs { input_ids = batch["input_ids"], position_ids = batch["position_ids"], attention_mask = batch["attention_mask"] }).logits);
        var alone = examples.SelectMany(e => Floats(model.Apply(Prompt.Tensor(e, 1, e.Length)).logits)).ToArray();
        Assert.That(together, Is.EqualTo(alone).Within(1e-5));
    }
}
