namespace Keras.Transformers.Tests.Generation;

/// <summary>How probable chosen tokens were; the golden texts compare the values.</summary>
sealed class TransitionScoreTests : EngineFixture
{
    static readonly int[] Prompt = [1, 2, 3];

    [Test]
    public void Of_beams_they_sum_to_the_score_of_a_text()
    {
        var model = InGraphModels.Model("gpt2");
        var output = model.generate(Prompt, max_new_tokens: 6, num_beams: 3, num_return_sequences: 3, length_penalty: 0.7, output_scores: true, return_dict_in_generate: true, eos_token_id: TokenIds.None, pad_token_id: 0);
        var each = model.compute_transition_scores(output.sequences, output.scores!, output.beam_indices);
        Assert.That(each.shape, Is.EqualTo(new Shape(3, 6)));
        Assert.That(Floats(Api.ops.sum(each, 1)).Select(s => s / Math.Pow(6, 0.7)), Is.EqualTo(Floats(output.sequences_scores!).Select(s => (double)s)).Within(1e-4));
    }

    [Test]
    public void Of_raw_scores_normalised_ones_are_logarithms_of_probabilities()
    {
        var model = InGraphModels.Model("gpt2");
        var output = model.generate(Prompt, max_new_tokens: 4, output_logits: true, return_dict_in_generate: true, eos_token_id: TokenIds.None, pad_token_id: 0);
        var each = Floats(model.compute_transition_scores(output.sequences, output.logits!, normalize_logits: true));
        Assert.That(each, Is.EqualTo(output.logits!.Select(l => Floats(Api.ops.max(Api.ops.log_softmax(l.Single), 1))[0])).Within(1e-5f));
    }

    [Test]
    public void What_is_not_of_one_call_is_refused()
    {
        var model = InGraphModels.Model("gpt2");
        var output = model.generate(Prompt, max_new_tokens: 3, num_beams: 2, num_return_sequences: 1, output_scores: true, return_dict_in_generate: true);
        Assert.Multiple(() =>
        {
            Assert.That(() => model.compute_transition_scores(output.sequences, output.scores!), Throws.TypeOf<ShapeMismatchException>().With.Message.Contains("beam_indices"));
            Assert.That(() => model.compute_transition_scores(output.sequences, new Tensors(Array.Empty<Tensors>())), Throws.ArgumentException.With.Message.Contains("output_scores"));
            Assert.That(() => model.compute_transition_scores(output.sequences[0], output.scores!), Throws.TypeOf<ShapeMismatchException>());
            Assert.That(() => model.compute_transition_scores(output.sequences + 100_000, output.scores!, output.beam_indices), Throws.TypeOf<ValueRangeException>());
            Assert.That(() => model.compute_transition_scores(output.sequences - 100_000, output.scores!, output.beam_indices), Throws.TypeOf<ValueRangeException>().With.Message.Contains("-"));
            Assert.That(() => model.compute_transition_scores(output.sequences, output.scores!, output.beam_indices! + 2), Throws.TypeOf<ShapeMismatchException>().With.Message.Contains("not of one call"));
            Assert.That(model.compute_transition_scores(output.sequences, output.scores!, output.beam_indices! * 0 - 1).shape, Is.EqualTo(new Shape(1, 0)));
        });
    }
}
