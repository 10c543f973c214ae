using Keras.Graphs;

namespace Keras.Transformers.Tests.Generation;

/// <summary>Padding behind a prompt is warned of.</summary>
sealed class PromptPaddingTests : EngineFixture
{
    [TestCase(null)]
    [TestCase(0)]
    public void A_prompt_that_ends_with_padding_is_warned_of_with_and_without_a_pad_token(int? pad)
    {
        var warnings = new List<string>();
        var warn = Diagnostics.Warn;
        Diagnostics.Warn = warnings.Add;
        try
        {
            var model = InGraphModels.Model("gpt2");
            model.generate(Tensor.Of(new[,] { { 5, 9, 12 }, { 7, 8, 0 } }), attention_mask: Tensor.Of(new[,] { { 1, 1, 1 }, { 1, 1, 0 } }), max_new_tokens: 2, pad_token_id: pad, eos_token_id: 3);
            Assert.That(warnings, Has.Exactly(1).Contains("padding_side"));
            warnings.Clear();
            model.generate(Tensor.Of(new[,] { { 5, 9, 12 }, { 0, 7, 8 } }), attention_mask: Tensor.Of(new[,] { { 1, 1, 1 }, { 0, 1, 1 } }), max_new_tokens: 2, pad_token_id: pad, eos_token_id: 3);
            Assert.That(warnings, Has.None.Contains("padding_side"));
        }
        finally
        {
            Diagnostics.Warn = warn;
        }
    }
}
