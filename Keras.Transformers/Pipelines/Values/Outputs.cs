namespace Keras.Transformers;

/// <summary>A class and how probable it is.</summary>
public sealed class LabelScore : PipelineOutput
{
    readonly bool _scoreFirst;

    internal LabelScore(string label, float score, bool scoreFirst = false) => (this.label, this.score, _scoreFirst) = (label, score, scoreFirst);

    /// <summary>The name of the class.</summary>
    public string label { get; }

    /// <summary>Its probability, or its raw value if no function is applied.</summary>
    public float score { get; }

    private protected override IEnumerable<(string Name, object? Value)> Fields => _scoreFirst ? [("score", score), ("label", label)] : [("label", label), ("score", score)];
}

/// <summary>A token with its tag, or with an aggregation strategy an entity.</summary>
public sealed class TokenEntity : PipelineOutput
{
    internal TokenEntity(string word) => this.word = word;

    /// <summary>The tag of the token; null for an entity of several.</summary>
    public string? entity { get; internal init; }

    /// <summary>The kind of the entity; null for a single token.</summary>
    public string? entity_group { get; internal init; }

    /// <summary>Its probability, of an entity the mean of its tokens or words.</summary>
    public float score { get; internal init; }

    /// <summary>The number of the token; null for an entity.</summary>
    public int? index { get; internal init; }

    /// <summary>The token, or the text that the entity's tokens make.</summary>
    public string word { get; }

    /// <summary>The first UTF-16 unit in the text: <c>text[start..end]</c> is what was marked.</summary>
    public int start { get; internal init; }

    /// <summary>One more than the last UTF-16 unit.</summary>
    public int end { get; internal init; }

    private protected override IEnumerable<(string Name, object? Value)> Fields => entity_group is not null
        ? [("entity_group", entity_group), ("score", score), ("word", word), ("start", start), ("end", end)]
        : [("entity", entity), ("score", score), ("index", index), ("word", word), ("start", start), ("end", end)];
}

/// <summary>An answer to a question, a part of the context.</summary>
public sealed class QuestionAnswer : PipelineOutput
{
    internal QuestionAnswer(float score, int start, int end, string answer) => (this.score, this.start, this.end, this.answer) = (score, start, end, answer);

    /// <summary>The probability that the answer begins and ends there.</summary>
    public float score { get; }

    /// <summary>The first UTF-16 unit in the context: <c>context[start..end]</c> is the answer.</summary>
    public int start { get; }

    /// <summary>One more than the last UTF-16 unit.</summary>
    public int end { get; }

    /// <summary>The answer; "" if the context has none.</summary>
    public string answer { get; }

    private protected override IEnumerable<(string Name, object? Value)> Fields => [("score", score), ("start", start), ("end", end), ("answer", answer)];
}

/// <summary>A token in place of a mask.</summary>
public sealed class FilledMask : PipelineOutput
{
    internal FilledMask(string token_str, string sequence) => (this.token_str, this.sequence) = (token_str, sequence);

    /// <summary>The token's probability.</summary>
    public float score { get; internal init; }

    /// <summary>The token's id.</summary>
    public int token { get; internal init; }

    /// <summary>The token's text.</summary>
    public string token_str { get; }

    /// <summary>The whole text with the token in it; special tokens are kept if the text has several masks.</summary>
    public string sequence { get; }

    /// <summary>The index of the mask in the text, from 0; not a key of the dictionary.</summary>
    public int Mask { get; internal init; }

    private protected override IEnumerable<(string Name, object? Value)> Fields => [("score", score), ("token", token), ("token_str", token_str), ("sequence", sequence)];
}

/// <summary>The states of a model: a row for each token, or, pooled, one for all.</summary>
public sealed class ExtractedFeatures : PipelineOutput
{
    internal ExtractedFeatures(float[][] features) => this.features = features;

    /// <summary>The rows, each as long as the model is wide. Python returns these lists in a list of one, without a key.</summary>
    public float[][] features { get; }

    private protected override IEnumerable<(string Name, object? Value)> Fields => [("features", features)];
}

/// <summary>The similarities of a text to others.</summary>
public sealed class SentenceLikeness : PipelineOutput
{
    internal SentenceLikeness(float[] scores) => this.scores = scores;

    /// <summary>The cosines of the angles between the text and each other one, in the order given.</summary>
    public IReadOnlyList<float> scores { get; }

    private protected override IEnumerable<(string Name, object? Value)> Fields => [("scores", scores)];
}

/// <summary>Labels for a text that the model was not trained for.</summary>
public sealed class ZeroShotLabels : PipelineOutput
{
    internal ZeroShotLabels(string sequence, string[] labels, float[] scores) => (this.sequence, this.labels, this.scores) = (sequence, labels, scores);

    /// <summary>The text.</summary>
    public string sequence { get; }

    /// <summary>The labels, the most probable first.</summary>
    public IReadOnlyList<string> labels { get; }

    /// <summary>The probability of each label.</summary>
    public IReadOnlyList<float> scores { get; }

    private protected override IEnumerable<(string Name, object? Value)> Fields => [("sequence", sequence), ("labels", labels), ("scores", scores)];
}

/// <summary>A text that a model wrote.</summary>
public sealed class GeneratedText : PipelineOutput
{
    internal GeneratedText(string generated_text) => this.generated_text = generated_text;

    /// <summary>The text.</summary>
    public string generated_text { get; }

    private protected override IEnumerable<(string Name, object? Value)> Fields => [("generated_text", generated_text)];
}
