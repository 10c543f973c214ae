using static Keras.Api;

namespace Keras.Transformers;

/// <summary>A model's outputs for one row: values for each token, or for the whole row.</summary>
/// <param name="Values">The values, token by token.</param>
/// <param name="Width">The number of values for each token.</param>
readonly record struct RowValues(float[] Values, int Width)
{
    /// <summary>The values of one token.</summary>
    public ReadOnlySpan<float> this[int token] => Values.AsSpan(token * Width, Width);

    /// <summary>The number of tokens.</summary>
    public int Count => Values.Length / Width;
}

/// <summary>Calls models for pipelines.</summary>
static class ModelCalls
{
    /// <summary>Runs a model on rows of tokens, in batches, and drops the outputs for padding.</summary>
    /// <param name="pipeline">The model and its tokenizer.</param>
    /// <param name="rows">The rows, of any length.</param>
    /// <param name="outputs">The names of outputs: (B, T), (B, T, C), or for rows as a whole (B, C).</param>
    /// <param name="perToken">Whether the outputs have an axis of tokens.</param>
    /// <param name="cancellation">Cancels between batches.</param>
    /// <returns>Each output for each row.</returns>
    /// <remarks>Without a padding token, rows of different lengths run one by one, where Hugging Face fails.</remarks>
    public static RowValues[][] Rows(Pipeline pipeline, IReadOnlyList<EncodingFast> rows, IReadOnlyList<string> outputs, bool perToken, CancellationToken cancellation)
    {
        foreach (var row in rows) EnsureFits(pipeline, row.Count);
        var results = new List<RowValues[]>(rows.Count);
        var size = pipeline.Tokenizer.pad_token_id is null && rows.Select(r => r.Count).Distinct().Skip(1).Any() ? 1 : pipeline.batch_size;
        foreach (var batch in rows.Chunk(size))
        {
            cancellation.ThrowIfCancellationRequested();
            var said = pipeline.model.predict_on_batch(Inputs(pipeline, batch));
            var values = outputs.Select((name, i) => Host(said, name, i)).ToArray();
            for (var r = 0; r < batch.Length; r++)
            {
                var (row, length) = (r, batch[r].Count);
                results.Add([.. values.Select(v => perToken ? Tokens(v.Values, v.Shape, row, length, pipeline.Tokenizer.padding_side == "left") : new(v.Values[(row * Width(v.Shape))..((row + 1) * Width(v.Shape))], Width(v.Shape)))]);
            }
        }
        return [.. results];
    }

    /// <summary>Encodes a text or a pair, truncated if truncation or a length is requested.</summary>
    public static EncodingFast Encode(Pipeline pipeline, string text, string? second, PipelineOptions options)
    {
        var isCut = options.truncation ?? options.max_length is not null;
        // A tokenizer may not know the model's maximum length.
        var most = options.max_length ?? (isCut && Positions(pipeline.model.config) is { } positions && positions < pipeline.Tokenizer.model_max_length ? positions : null);
        return pipeline.Tokenizer.Apply([text], second is null ? null : [second], truncation: isCut, max_length: most)[0];
    }

    /// <summary>An output's values on the host, by name, or by index if a configuration returns lists.</summary>
    public static (float[] Values, Shape Shape) Host(Tensors outputs, string name, int place)
    {
        Tensor value = outputs.IsDictionary ? outputs[name].Single : outputs[place].Single;
        return ((value.dtype == DType.Float32 ? value : ops.cast(value, "float32")).ToArray<float>(), value.shape);
    }

    /// <summary>Splits an output into the values of each image or row.</summary>
    public static float[][] Split((float[] Values, Shape Shape) output) => [.. output.Values.Chunk(Math.Max(1, output.Values.Length / (int)output.Shape[0]))];

    static int Width(Shape shape) => checked((int)shape[-1]);

    static RowValues Tokens(float[] values, Shape shape, int row, int length, bool left)
    {
        var (all, width) = ((int)shape[1], shape.Rank == 3 ? Width(shape) : 1);
        var start = ((row * all) + (left ? all - length : 0)) * width;
        return new(values[start..(start + (length * width))], width);
    }

    /// <summary>Encodes a call's labels as inputs for a model of texts and images.</summary>
    public static Tensors LabelInputs(Pipeline pipeline, IReadOnlyList<EncodingFast> rows)
    {
        foreach (var row in rows) EnsureFits(pipeline, row.Count);
        return Inputs(pipeline, rows);
    }

    /// <summary>Makes the model's inputs from rows, (B, T), padded to the longest.</summary>
    static Tensors Inputs(Pipeline pipeline, IReadOnlyList<EncodingFast> rows)
    {
        var columns = new Dictionary<string, BatchColumn>();
        foreach (var name in pipeline.Tokenizer.model_input_names.Intersect(pipeline.model.InputNames))
            columns[name] = rows.Select(r => name switch
            {
                "token_type_ids" => r.type_ids,
                "attention_mask" => r.attention_mask,
                _ => r.ids,
            }).ToArray();
        var isRectangular = rows.All(r => r.Count == rows[0].Count);
        return isRectangular ? new BatchEncoding(columns) : pipeline.Tokenizer.pad(columns);
    }

    /// <summary>Rejects a row that is empty or longer than the model's positions.</summary>
    static void EnsureFits(Pipeline pipeline, int length)
    {
        if (length == 0) throw new ValueRangeException("A text has no tokens", pipeline.task, "one token or more", "a text of nothing, or of what the tokenizer leaves out", "Take it out of the inputs.");
        if (Positions(pipeline.model.config) is { } most && length > most)
            throw new ValueRangeException("A text is too long for the model", pipeline.task, $"{most} tokens or fewer", $"{length}",
                pipeline.OptionNames.Contains(nameof(PipelineOptions.truncation)) ? $"Give truncation: true to cut it off, without a max_length above {most}." : $"Set the tokenizer's model_max_length to {most}, or give a shorter text.");
    }

    /// <summary>The maximum number of tokens that a model takes; null if unknown.</summary>
    public static int? Positions(PretrainedConfig config) => config switch
    {
        BertConfig bert => bert.max_position_embeddings,
        GPT2Config gpt2 => gpt2.n_positions,
        VisionTextDualEncoderConfig both => Positions(both.text_config),
        _ => null,
    };
}
