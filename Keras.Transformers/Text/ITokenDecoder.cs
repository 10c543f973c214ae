namespace Keras.Transformers;

/// <summary>What turns token ids into text: every tokenizer.</summary>
public interface ITokenDecoder
{
    /// <summary>The text of token ids. Ids that no token has are left out.</summary>
    /// <param name="token_ids">Token ids.</param>
    /// <param name="skip_special_tokens">Whether special tokens are left out. Default false.</param>
    /// <param name="clean_up_tokenization_spaces">Whether spaces before punctuation are removed. Default: as the tokenizer is set.</param>
    string decode(IEnumerable<int> token_ids, bool skip_special_tokens = false, bool? clean_up_tokenization_spaces = null);
}
