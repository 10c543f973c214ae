namespace Keras.Transformers;

/// <summary>Groups scored tokens into entities.</summary>
/// <param name="tokenizer">The tokenizer of the tokens.</param>
/// <param name="config">The configuration with the tags' names.</param>
/// <param name="strategy">"none", "simple", "first", "average" or "max".</param>
sealed class TokenGrouping(PreTrainedTokenizerBase tokenizer, PretrainedConfig config, string strategy)
{
    /// <summary>A token, or the tokens of a word.</summary>
    sealed record Piece(string Word, float[] Scores, int Start, int End, int Index, bool Continues);

    /// <summary>A token or a word with its tag.</summary>
    readonly record struct Tagged(string Tag, float Score, Piece Piece);

    readonly IReadOnlyDictionary<int, string> _tags = config.id2label;

    /// <summary>The entities of a text, or of a part of one.</summary>
    public IEnumerable<TokenEntity> Entities(string text, EncodingFast row, RowValues logits)
    {
        var pieces = Pieces(text, row, logits);
        Tagged[] tagged = [.. (strategy is "none" or "simple" ? pieces.Select(p => Tag(p, p.Scores)) : Words(pieces).Select(Join))];
        return strategy == "none"
            ? tagged.Select(t => new TokenEntity(t.Piece.Word) { entity = t.Tag, score = t.Score, index = t.Piece.Index, start = t.Piece.Start, end = t.Piece.End })
            : Groups(tagged).Select(Group);
    }

    List<Piece> Pieces(string text, EncodingFast row, RowValues logits)
    {
        var (pieces, special, ids, offsets) = (new List<Piece>(), row.special_tokens_mask, row.ids, row.offsets);
        for (var i = 0; i < row.Count; i++)
        {
            if (special[i] == 1) continue;
            var (start, end) = (offsets[i].start, offsets[i].end);
            var (word, source) = (tokenizer.convert_ids_to_tokens(ids[i]) ?? "", text[start..end]);
            var isUnknown = ids[i] == tokenizer.unk_token_id;
            pieces.Add(new(isUnknown ? source : word, Scores.Softmax(logits[i]), start, end, i, !isUnknown && Continues(text, word, source, start)));
        }
        return pieces;
    }

    /// <summary>Whether a token continues the previous word: if a prefix makes it longer than its source, or otherwise if no space precedes it.</summary>
    bool Continues(string text, string word, string source, int start) => tokenizer.ContinuesWord(word) is not null
        ? word.EnumerateRunes().Count() != source.EnumerateRunes().Count()
        : start > 0 && !text.AsSpan(start - 1, Math.Min(2, text.Length - start + 1)).Contains(' ');

    Tagged Tag(Piece piece, float[] scores) => Scores.Best(scores) is var best ? new(_tags.GetValueOrDefault(best) ?? $"LABEL_{best}", scores[best], piece) : default;

    static IEnumerable<List<Piece>> Words(List<Piece> pieces)
    {
        List<Piece> word = [];
        foreach (var piece in pieces)
        {
            if (word.Count > 0 && !piece.Continues)
            {
                yield return word;
                word = [];
            }
            word.Add(piece);
        }
        if (word.Count > 0) yield return word;
    }

    /// <summary>A word's tag: by its first token, the mean scores, or its most certain token.</summary>
    Tagged Join(List<Piece> word)
    {
        var whole = word[0] with { Word = tokenizer.convert_tokens_to_string(word.Select(p => p.Word)), End = word[^1].End };
        return Tag(whole, strategy switch
        {
            "first" => word[0].Scores,
            "max" => word.MaxBy(p => p.Scores.Max())!.Scores,
            _ => [.. word[0].Scores.Select((_, i) => word.Average(p => p.Scores[i]))],
        });
    }

    /// <summary>Groups neighbours of one kind; a "B-" tag starts a new group.</summary>
    static IEnumerable<List<Tagged>> Groups(Tagged[] tagged)
    {
        List<Tagged> group = [];
        foreach (var next in tagged)
        {
            if (group.Count > 0 && (Kind(next.Tag) != Kind(group[^1].Tag) || next.Tag.StartsWith("B-", StringComparison.Ordinal)))
            {
                yield return group;
                group = [];
            }
            group.Add(next);
        }
        if (group.Count > 0) yield return group;
    }

    static string Kind(string tag) => tag.StartsWith("B-", StringComparison.Ordinal) || tag.StartsWith("I-", StringComparison.Ordinal) ? tag[2..] : tag;

    TokenEntity Group(List<Tagged> group) => new(tokenizer.convert_tokens_to_string(group.Select(t => t.Piece.Word)))
    {
        // The name is what follows the first hyphen, whatever comes before, as in Hugging Face.
        entity_group = group[0].Tag[(group[0].Tag.IndexOf('-', StringComparison.Ordinal) + 1)..],
        score = group.Average(t => t.Score),
        start = group[0].Piece.Start,
        end = group[^1].Piece.End,
    };
}
