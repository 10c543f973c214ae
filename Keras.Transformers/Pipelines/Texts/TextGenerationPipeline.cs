using Keras.Graphs;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Continues texts.</summary>
/// <remarks>Known deviations: prompts of a batch are padded on the left, so they need no pad_token; messages (role and content) are rejected, since chat templates are not interpreted. Source: transformers/pipelines/text_generation.py.</remarks>
public sealed class TextGenerationPipeline : Pipeline<GeneratedText>
{
    /// <summary>Options that <c>generate</c> has too.</summary>
    internal static readonly string[] OfGenerate =
    [
        nameof(PipelineOptions.max_new_tokens), nameof(PipelineOptions.max_length), nameof(PipelineOptions.do_sample), nameof(PipelineOptions.num_beams), nameof(PipelineOptions.num_return_sequences),
        nameof(PipelineOptions.temperature), nameof(PipelineOptions.top_k), nameof(PipelineOptions.top_p), nameof(PipelineOptions.repetition_penalty), nameof(PipelineOptions.seed),
    ];

    internal static readonly string[] Names =
    [
        .. OfGenerate, nameof(PipelineOptions.generate_kwargs), nameof(PipelineOptions.return_full_text), nameof(PipelineOptions.prefix), nameof(PipelineOptions.handle_long_generation),
        nameof(PipelineOptions.clean_up_tokenization_spaces), nameof(PipelineOptions.truncation), nameof(PipelineOptions.stop_sequence),
    ];

    /// <summary>A pipeline of a model that predicts the next word.</summary>
    /// <param name="model">The model, as <see cref="TFAutoModelForCausalLM"/> makes it.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="batch_size">The number of prompts to continue at once; default 1.</param>
    /// <param name="options">The default options of calls: options of <c>generate</c>, return_full_text, prefix, handle_long_generation, clean_up_tokenization_spaces, truncation, stop_sequence.</param>
    /// <exception cref="UnsupportedException">The model does not continue texts.</exception>
    /// <exception cref="ArgumentException">The task has no such option.</exception>
    public TextGenerationPipeline(TFPreTrainedModel model, PreTrainedTokenizerBase tokenizer, int batch_size = 1, PipelineOptions? options = null)
        : base("text-generation", Names, PipelineTask.Require("text-generation", model), tokenizer ?? throw new ArgumentNullException(nameof(tokenizer)), null, batch_size, options) { }

    /// <summary>Continues a prompt, part by part as the text becomes certain.</summary>
    /// <param name="prompt">The prompt, which is not part of the result.</param>
    /// <param name="options">Options of this call that override the pipeline's. Beams, several texts, and return_full_text do not go with streaming.</param>
    /// <param name="cancellationToken">Ends the text between two tokens.</param>
    /// <returns>The parts of the text, never half a character.</returns>
    /// <exception cref="ValueRangeException">The prompt does not fit the model.</exception>
    /// <exception cref="ArgumentException">The task has no such option.</exception>
    /// <exception cref="ConfigException">An option is impossible, or does not go with streaming.</exception>
    public IAsyncEnumerable<string> StreamTextAsync(string prompt, PipelineOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var joined = Joined(options);
        if (joined.num_return_sequences is > 1 and var texts) throw new ConfigException("A stream is of one text", $"{task}, num_return_sequences", "1", $"{texts}", "Call Apply.");
        if (joined.return_full_text == true) throw new ConfigException("A stream holds what is new alone", $"{task}, return_full_text", "false", "true", "Write the prompt yourself.");
        var (ids, config) = Prepared(prompt, joined);
        return model.GenerateTextAsync(Tokenizer, ids.Length == 0 ? new Tensors(ops.convert_to_tensor(new[,] { { model.generation_config.bos_token_id ?? throw NoBeginning() } }, "int32")) : new Tensors(Row(ids)), config, cancellationToken: cancellationToken);
    }

    private protected override IReadOnlyList<PipelineOutputs<GeneratedText>> Run(IReadOnlyList<PipelineInput> batch, PipelineOptions options, CancellationToken cancellation)
    {
        (string Prompt, int[] Ids, GenerationConfig Config)[] prompts = [.. batch.Select(i => Prompt(i)).Select(t => Prepared(t, options) is var (ids, config) ? (t, ids, config) : default)];
        // Options may depend on the prompt, and an empty one gets a first token.
        if (prompts.Length == 1 || prompts.Any(p => p.Ids.Length == 0) || options.prefix is not null) return [.. prompts.SelectMany(p => Continue([p], options, cancellation))];
        return Continue(prompts, options, cancellation);
    }

    string Prompt(PipelineInput input) => input.Messages is not { } messages ? input.Text(task)
        : throw new UnsupportedException("Messages become a prompt by the tokenizer's chat template, a program in Jinja, which is not interpreted here", $"{task}, inputs", "a text", $"{messages} message(s)",
            "Write the prompt as the model was trained to read it, or give TransformersChatClient (Keras.Transformers.Extensions) a template in C#.");

    PipelineOutputs<GeneratedText>[] Continue((string Prompt, int[] Ids, GenerationConfig Config)[] prompts, PipelineOptions options, CancellationToken cancellation)
    {
        Tensors? inputs = prompts.Length > 1 ? prompts.Select(p => (Tensor)Flat(p.Ids)).ToArray() : prompts[0].Ids.Length == 0 ? null : new Tensors(Row(prompts[0].Ids));
        var sequences = model.generate(inputs, prompts[0].Config, tokenizer: Tokenizer, cancellationToken: cancellation).sequences;
        int[][] rows = [.. sequences.ToArray<int>().Chunk((int)sequences.shape[1])];
        var (each, begin) = (rows.Length / prompts.Length, prompts.Max(p => p.Ids.Length));
        return [.. prompts.Select((p, i) => new PipelineOutputs<GeneratedText>([.. rows.Skip(i * each).Take(each).Select(r => new GeneratedText(Text(p.Prompt, p.Ids, r[begin..], options)))]))];
    }

    /// <summary>The new text: the difference between decoding all tokens and only the prompt's, since a token's text may depend on the one before.</summary>
    string Text(string prompt, int[] ids, int[] written, PipelineOptions options)
    {
        string Decode(IEnumerable<int> tokens) => Tokenizer.decode(tokens, skip_special_tokens: true, options.clean_up_tokenization_spaces ?? true);
        var (all, known) = (Decode(ids.Concat(written)), ids.Length == 0 ? 0 : Decode(ids).Length);
        var added = all[Math.Min(known, all.Length)..];
        return options.return_full_text ?? true ? prompt + added : added;
    }

    /// <summary>A prompt's tokens, and the options of generate.</summary>
    (int[] Ids, GenerationConfig Config) Prepared(string prompt, PipelineOptions options)
    {
        var given = options.Generation(OfGenerate);
        if (options.stop_sequence is { } stop && !given.TryAdd(nameof(GenerationConfig.eos_token_id), End(stop)))
            throw new ArgumentException("stop_sequence and eos_token_id both say what ends a text. Give one of them.", nameof(options));
        var ids = Tokenizer.encode(options.prefix + prompt, truncation: options.truncation ?? false, max_length: options.truncation == true ? options.max_length : null);
        if (options.prefix is { Length: > 0 } prefix && !given.ContainsKey(nameof(GenerationConfig.max_new_tokens)))
            given[nameof(GenerationConfig.max_length)] = Convert.ToInt32(given.GetValueOrDefault(nameof(GenerationConfig.max_length)) ?? model.generation_config.max_length, System.Globalization.CultureInfo.InvariantCulture) + Tokenizer.encode(prefix, add_special_tokens: false).Length;
        var config = model.generation_config.update(given);
        return (options.handle_long_generation == "hole" ? WithHole(ids, config) : ids, config);
    }

    /// <summary>The token id of a stop text.</summary>
    int End(string stop)
    {
        int[] ids = [.. Tokenizer.encode(stop, add_special_tokens: false)];
        if (ids.Length == 0) throw new ValueRangeException("A text that ends texts has no tokens", $"{task}, stop_sequence", "one token", Known.Say(stop), "Leave it out.");
        if (ids.Length > 1) Diagnostics.Warn($"{task}: stop_sequence {Known.Say(stop)} is {ids.Length} tokens, of which the first, {Known.Say(Tokenizer.decode([ids[0]]))}, ends texts. generate_kwargs with stop_strings takes whole texts.");
        return ids[0];
    }

    int[] WithHole(int[] ids, GenerationConfig config)
    {
        var added = config.max_new_tokens ?? config.max_length - ids.Length;
        if (added < 0) throw new ValueRangeException("The prompt alone is longer than the text may become", $"{task}, max_length", $"more than {ids.Length}", $"{config.max_length}", "Give max_new_tokens.");
        var most = Math.Min(Tokenizer.model_max_length, ModelCalls.Positions(model.config) ?? int.MaxValue);
        if (ids.Length + (long)added <= most) return ids;
        var kept = most - added;
        return kept > 0 ? ids[^kept..] : throw new ValueRangeException("The new tokens leave no room for a prompt", $"{task}, max_new_tokens", $"less than {most}", $"{added}");
    }

    static Tensor Flat(int[] ids) => ops.convert_to_tensor(ids, "int32");

    static Tensor Row(int[] ids) => ops.reshape(Flat(ids), [1, ids.Length]);

    ValueRangeException NoBeginning() => new("A prompt has no tokens, and the model does not say what texts begin with", task, "a prompt, or a bos_token_id in the model's generation_config", "\"\"");
}
