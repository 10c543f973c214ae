namespace Keras.Transformers;

/// <summary>A collator that pads rows with a tokenizer.</summary>
public abstract class PaddingCollator : DataCollator
{
    private protected PaddingCollator(PreTrainedTokenizerBase tokenizer, PaddingStrategy? padding, int? max_length, int? pad_to_multiple_of, string return_tensors) : base(return_tensors)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        (Tokenizer, Padding) = (tokenizer, padding ?? true);
        (MaxLength, Multiple) = (PadLengths.Check(max_length, nameof(max_length)), PadLengths.Check(pad_to_multiple_of, nameof(pad_to_multiple_of)));
    }

    private protected PreTrainedTokenizerBase Tokenizer { get; }

    private protected PaddingStrategy Padding { get; }

    private protected int? MaxLength { get; }

    private protected int? Multiple { get; }

    /// <summary>The columns, with rows padded by the tokenizer.</summary>
    private protected Dictionary<string, BatchColumn> Padded(Dictionary<string, BatchColumn> columns) => Tokenizer.pad(columns, Padding, MaxLength, Multiple).ToDictionary();
}

/// <summary>A collator that also pads labels, one per token.</summary>
public abstract class LabelPaddingCollator : PaddingCollator
{
    private protected LabelPaddingCollator(PreTrainedTokenizerBase tokenizer, PaddingStrategy? padding, int? max_length, int? pad_to_multiple_of, int label_pad_token_id, string return_tensors)
        : base(tokenizer, padding, max_length, pad_to_multiple_of, return_tensors) => this.label_pad_token_id = label_pad_token_id;

    /// <summary>The value that labels are padded with.</summary>
    public int label_pad_token_id { get; }
}
