namespace Keras.Benchmarks;

/// <summary>Measures the tokenizer on 5 MB of text, all lines as one batch.</summary>
static class TokenizeTask
{
    /// <summary>The vocabulary from whose words every family's text is made: BERT's.</summary>
    static readonly string Words = Path.Combine(AppContext.BaseDirectory, "tok", "bert", "vocab.txt");

    public static Outcome Run(BenchmarkOptions options)
    {
        var own = MeasuredFamily.Of(options).OwnTokenizer;
        var family = MeasuredFamily.Of(options);
        var tokenizer = family.Tokenizer(family.Sizes.ContainsKey(options.Size) ? own : options.Size);
        var text = File.ReadAllText(GeneratedText.Find(Words));
        var (lines, bytes) = (text.Split('\n'), System.Text.Encoding.UTF8.GetByteCount(text));
        var tokens = 0;
        var times = Timings.Of(() => tokens = tokenizer.Apply(lines, return_attention_mask: false, return_token_type_ids: false)["input_ids"].Values.Length, options.Repeat);
        return new(times)
        {
            Tokens = tokens,
            More = new() { ["n_tokens"] = tokens, ["bytes"] = bytes, ["mb_per_s"] = Math.Round(bytes / 1e6 / times.Median, 2), ["lines"] = lines.Length },
        };
    }
}
