namespace Keras.Transformers;

/// <summary>Continues texts and streams the parts. The model is loaded once for as many prompts as there are.</summary>
/// <remarks><code>
/// using static System.Console;
/// var writer = new GenerationJob { Model = "models/gpt2-tiny", Temperature = 0 }.Open();
/// await foreach (var part in writer.ContinueAsync("animal: a large")) Write(part);
/// </code></remarks>
public sealed record GenerationJob
{
    /// <summary>The model: a folder, or a repository of the hub.</summary>
    public required string Model { get; init; }

    /// <summary>How many tokens are added at most; default 64.</summary>
    public int MaxNewTokens { get; init; } = 64;

    /// <summary>The temperature of sampling; 0 always takes the most probable token. Default 0.8.</summary>
    public double Temperature { get; init; } = 0.8;

    /// <summary>The total probability of the most likely tokens to choose from; default 0.95.</summary>
    public double TopP { get; init; } = 0.95;

    /// <summary>The choice is among this many tokens; 0 for all. Default 50.</summary>
    public int TopK { get; init; } = 50;

    /// <summary>The seed that makes texts repeatable; default random.</summary>
    public int? Seed { get; init; }

    /// <summary>Loads the model.</summary>
    /// <exception cref="JobOptionException">An option cannot be right, or the model does not go on from texts.</exception>
    /// <exception cref="ConfigException">The model's configuration is missing, damaged, or of a model without a class for the task.</exception>
    /// <exception cref="WeightLoadException">The model's weights are missing or do not fit.</exception>
    public TextWriterModel Open()
    {
        JobOptionException.AtLeast(1, MaxNewTokens, nameof(MaxNewTokens));
        JobOptionException.AtLeast(0, TopK, nameof(TopK));
        if (!(Temperature >= 0 && double.IsFinite(Temperature))) throw new JobOptionException(nameof(Temperature), "A number is out of range", "a finite number of 0 or more", Known.Say(Temperature));
        if (TopP is not (> 0 and <= 1)) throw new JobOptionException(nameof(TopP), "A share is out of range", "a number above 0, at most 1", Known.Say(TopP));
        var config = AutoConfig.from_pretrained(Model);
        if (config.Architectures is { Length: > 0 } classes && classes.All(c => CardTasks.OfClass(c) != "text-generation"))
            throw new JobOptionException(nameof(Model), "The model does not go on from texts", "a causal language model, such as GPT2LMHeadModel", Known.List(classes));
        var tokenizer = AutoTokenizer.from_pretrained(Model);
        var model = TFAutoModelForCausalLM.from_pretrained(Model);
        var options = new Dictionary<string, object?> { ["max_new_tokens"] = MaxNewTokens, ["do_sample"] = Temperature > 0, ["pad_token_id"] = tokenizer.pad_token_id ?? tokenizer.eos_token_id, ["seed"] = Seed };
        if (Temperature > 0) (options["temperature"], options["top_p"], options["top_k"]) = (Temperature, TopP, TopK);
        return new(tokenizer, model, model.generation_config.update(options));
    }
}

/// <summary>A loaded model that continues texts.</summary>
public sealed class TextWriterModel
{
    readonly PreTrainedTokenizerBase _tokenizer;
    readonly TFPreTrainedModel _model;
    readonly GenerationConfig _options;

    internal TextWriterModel(PreTrainedTokenizerBase tokenizer, TFPreTrainedModel model, GenerationConfig options) => (_tokenizer, _model, _options) = (tokenizer, model, options);

    /// <summary>Continues a text.</summary>
    /// <param name="prompt">The beginning of the text, which is not part of the result.</param>
    /// <param name="cancellationToken">Ends it between two tokens.</param>
    /// <returns>The parts of the text, never half a character.</returns>
    /// <exception cref="ValueRangeException">The prompt does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IAsyncEnumerable<string> ContinueAsync(string prompt, CancellationToken cancellationToken = default) => _model.GenerateTextAsync(_tokenizer, prompt, _options, cancellationToken: cancellationToken);
}
