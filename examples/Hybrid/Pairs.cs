using Keras.Transformers;

namespace Keras.Examples;

/// <summary>Pairs scans with texts, half of which name what is on the scan.</summary>
static class Pairs
{
    /// <summary>The model's inputs, and 1 if the text names the digit, otherwise 0, (B, 1).</summary>
    public static (Tensors Inputs, Tensor Fits) Of(Digit[] digits, PreTrainedTokenizerBase tokenizer, ViTImageProcessor processor, Random random)
    {
        var fits = digits.Select((_, i) => i % 2 == 0 ? 1f : 0).ToArray();
        var texts = digits.Select((d, i) => $"the number {Digit.Names[fits[i] > 0 ? d.Label : (d.Label + random.Next(1, Digit.Names.Length)) % Digit.Names.Length]}").ToArray();
        Tensors inputs = new Dictionary<string, Tensors>
        {
            ["text"] = tokenizer.Apply(texts, padding: true, return_tensors: "tf"),
            ["image"] = processor.Apply(Digits.Images(digits)).pixel_values,
        };
        return (inputs, (Tensor)fits.Chunk(1).ToArray());
    }
}
