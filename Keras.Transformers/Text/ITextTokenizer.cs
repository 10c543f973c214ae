namespace Keras.Transformers;

/// <summary>What generation needs from a tokenizer; every tokenizer of the library implements it.</summary>
public interface ITextTokenizer
{
    /// <summary>The token ids of a text to be continued, without special tokens around it.</summary>
    /// <param name="text">The text.</param>
    IReadOnlyList<int> IdsOf(string text);

    /// <summary>The text of token ids. Ids that no token has are left out.</summary>
    /// <param name="token_ids">Token ids.</param>
    /// <param name="skip_special_tokens">Whether special tokens are left out. Default false.</param>
    /// <param name="clean_up_tokenization_spaces">Whether spaces before punctuation are removed. Default: as the tokenizer is set.</param>
    string decode(IEnumerable<int> token_ids, bool skip_special_tokens = false, bool? clean_up_tokenization_spaces = null);

    /// <summary>Begins a text whose tokens come one by one.</summary>
    /// <param name="skip_special_tokens">Whether special tokens are left out.</param>
    ITextStream BeginText(bool skip_special_tokens);
}

/// <summary>A text whose tokens arrive one by one; text is returned as soon as no later token can change it.</summary>
public interface ITextStream
{
    /// <summary>Takes the next id. Unknown ids are skipped.</summary>
    /// <param name="token_id">A token id.</param>
    /// <returns>The text that became certain; it may be empty.</returns>
    string Push(int token_id);

    /// <summary>Ends the text.</summary>
    /// <returns>The rest of the text.</returns>
    string Flush();
}
