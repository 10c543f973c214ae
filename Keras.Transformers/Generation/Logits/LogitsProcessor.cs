namespace Keras.Transformers;

/// <summary>Changes the scores of the next token. Derive from it to influence <c>generate</c>: it runs outside the compiled step, once per token.</summary>
/// <remarks>Source: transformers/generation/logits_process.py, LogitsProcessor.</remarks>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("gpt2");
/// var model = TFAutoModelForCausalLM.from_pretrained("gpt2");
/// bool[] hasDigit = [.. Enumerable.Range(0, tokenizer.Count).Select(id =&gt; tokenizer.convert_ids_to_tokens(id)!.Any(char.IsDigit))];
/// int[] prompt = [.. tokenizer.encode("Once upon a time")];
/// var output = model.generate(prompt, max_new_tokens: 30, logits_processor: [new Without(hasDigit)]);
///
/// sealed class Without(bool[] tokens) : LogitsProcessor
/// {
///     public override Tensor Apply(Tensor input_ids, Tensor scores) =&gt; ops.where(tokens, double.NegativeInfinity, scores);
/// }
/// </code>
/// </example>
public abstract class LogitsProcessor
{
    /// <summary>Returns the changed scores.</summary>
    /// <param name="input_ids">The tokens so far, prompt and padding included, (R, T), int32; R is the number of samples, times that of beams.</param>
    /// <param name="scores">Scores of the next token, (R, V), float32: raw ones, with beams the logarithms of probabilities.</param>
    /// <returns>(R, V), float32; -infinity for forbidden tokens.</returns>
    public abstract Tensor Apply(Tensor input_ids, Tensor scores);
}
