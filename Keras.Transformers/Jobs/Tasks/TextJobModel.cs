namespace Keras.Transformers;

/// <summary>A model for texts with its tokenizer.</summary>
abstract class TextJobModel : JobModel
{
    protected TextJobModel(JobRequest request, TFPreTrainedModel model) : base(request, model)
    {
        Tokenizer = AutoTokenizer.from_pretrained(request.Folder);
        if (Tokenizer.pad_token is null && Tokenizer.eos_token is { } end)
        {
            // Decoders were trained without padding; with a mask, any token will do.
            Tokenizer.pad_token = end;
            model.config.pad_token_id = Tokenizer.pad_token_id;
        }
        var positions = Positions(model.config);
        var most = Math.Min(Tokenizer.model_max_length, positions);
        if (request.MaxLength > most) throw new JobOptionException("MaxLength", "Texts may not be as long", $"at most {most}, as the model is made", $"{request.MaxLength}");
        MaxLength = request.MaxLength ?? most;
        Multiple = request.Multiple is { } multiple && (positions == int.MaxValue || ((long)MaxLength + multiple - 1) / multiple * multiple <= positions) ? multiple : null;
    }

    public PreTrainedTokenizerBase Tokenizer { get; }

    /// <summary>The maximum number of tokens in a text.</summary>
    public int MaxLength { get; }

    /// <summary>The multiple to which lengths are rounded up; null if that exceeds what the model takes.</summary>
    protected int? Multiple { get; }

    public override void SaveBeside(string folder) => Tokenizer.save_pretrained(folder);

    /// <summary>The tokenizer as part of a graph; null if there is none.</summary>
    public InGraphTokenizer? InGraph() => Tokenizer switch
    {
        BertTokenizerFast bert => TFBertTokenizer.from_tokenizer(bert, max_length: MaxLength),
        GPT2TokenizerFast gpt2 => TFGPT2Tokenizer.from_tokenizer(gpt2, pad_token_id: gpt2.pad_token_id),
        _ => null,
    };

    /// <summary>The maximum number of tokens that a model takes.</summary>
    public static int Positions(PretrainedConfig config) => ModelCalls.Positions(config) ?? int.MaxValue;

    /// <summary>The lengths of a column's texts in characters, for grouping rows.</summary>
    protected static int[] Lengths(Dataset data, string column)
    {
        var lengths = new int[data.num_rows];
        var row = 0;
        foreach (var batch in data.select_columns(column).iter(1000))
            foreach (var cell in batch[column]) lengths[row++] = cell.IsNull ? 0 : cell.Feature is Sequence ? cell.Count : ((string?)cell)?.Length ?? 0;
        return lengths;
    }

    /// <summary>The texts of a role.</summary>
    /// <exception cref="JobOptionException">The column holds no texts, or a text is missing.</exception>
    protected string[] TextsOf(DatasetBatch rows, ColumnRole role) => Texts(rows[Column(role)], Column(role), role);

    /// <summary>The texts of a column.</summary>
    /// <exception cref="JobOptionException">The column holds no texts, or a text is missing.</exception>
    protected static string[] Texts(DatasetColumn column, string name, ColumnRole role)
    {
        if (column.feature is not Value { dtype: "string" or "large_string" })
            throw new JobOptionException(role.Option, "A column holds no texts", "texts", $"{column.feature} in column \"{name}\"", "Name another column.");
        if (column.HasNulls) throw new JobOptionException(role.Option, "A text is missing", "a text in each row", $"an empty cell of column \"{name}\"", "Leave such rows out.");
        return column;
    }
}
