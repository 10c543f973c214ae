namespace Keras.Transformers;

/// <summary>Creates, names and checks the parts of models that are made of two models.</summary>
static class ModelParts
{
    /// <summary>The configuration of the whole, given or new, with those of the given parts.</summary>
    /// <param name="config">The whole's configuration; null to start from the defaults.</param>
    /// <param name="parts">The parts by key; null for one that the configuration describes.</param>
    public static TConfig ConfigOf<TConfig>(TConfig? config, params (string Key, TFPreTrainedModel? Model)[] parts) where TConfig : PretrainedConfig, new()
    {
        if (config is null && parts.FirstOrDefault(p => p.Model is null) is { Key: { } missing })
            throw new ConfigException("A model of two models was given neither a configuration nor both models", typeof(TConfig).Name, $"config, or {string.Join(" and ", parts.Select(p => p.Key))}", $"no {missing}");
        config ??= new();
        config.Update(parts.Where(p => p.Model is not null).Select(p => KeyValuePair.Create(p.Key, (object?)p.Model!.config)));
        return config;
    }

    /// <summary>A part, given or new, under its name in files.</summary>
    /// <param name="given">The model; null to make one.</param>
    /// <param name="name">The name.</param>
    /// <param name="task">The Auto class that makes it.</param>
    /// <param name="config">The model's configuration.</param>
    /// <param name="dtype">The whole's dtype policy.</param>
    public static TFPreTrainedModel Named(TFPreTrainedModel? given, string name, Type task, PretrainedConfig config, DTypePolicy dtype)
    {
        var part = given ?? ModelFamilies.Create(task, config, dtype);
        part.name = name;
        return part;
    }

    /// <summary>Loads a part from a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="task">The Auto class that makes it.</param>
    /// <param name="settings">Settings that override the file's.</param>
    /// <param name="change">Further changes that a part of its kind needs.</param>
    /// <param name="dtype">The dtype policy; null for the global one.</param>
    /// <param name="fromPt">Whether PyTorch's pickles come first.</param>
    public static TFPreTrainedModel Load(string folder, Type task, IReadOnlyDictionary<string, object?> settings, Action<PretrainedConfig> change, string? dtype, bool fromPt) =>
        new PretrainedFolder(folder, fromPt: fromPt).Load(new(null, null, settings, dtype), (config, policy) =>
        {
            change(config);
            return ModelFamilies.Create(task, config, policy);
        }, ignoreMismatched: false, out _);

    /// <summary>Gets a part from a model or a folder.</summary>
    /// <exception cref="ArgumentException">Neither the model nor the folder is given, or both are.</exception>
    public static TFPreTrainedModel Given(TFPreTrainedModel? model, string? folder, string name, Func<string, TFPreTrainedModel> load) => (model, folder) switch
    {
        (null, not null) => load(folder),
        (not null, null) => model,
        _ => throw new ArgumentException($"A part is not given exactly once. Expected: either a folder or a model. Received: {(model is null ? "neither" : "both")}.", name),
    };

    /// <summary>Splits settings by prefix, as in Hugging Face's keyword arguments: "encoder_output_attentions".</summary>
    /// <param name="config">The settings; null for none.</param>
    /// <param name="whole">A configuration of the whole; settings whose full name it knows are its own.</param>
    /// <param name="parts">The prefixes.</param>
    /// <returns>The settings of each part, the whole's last.</returns>
    public static IReadOnlyDictionary<string, object?>[] Settings(IReadOnlyDictionary<string, object?>? config, PretrainedConfig whole, params string[] parts)
    {
        Dictionary<string, object?>[] split = [.. parts.Append("").Select(_ => new Dictionary<string, object?>())];
        foreach (var (key, value) in config ?? new Dictionary<string, object?>())
        {
            var part = whole.Knows(key) ? -1 : Array.FindIndex(parts, p => key.StartsWith(p + "_", StringComparison.Ordinal));
            if (part < 0) split[^1][key] = value;
            else split[part][key[(parts[part].Length + 1)..]] = value;
        }
        return split;
    }

    /// <summary>Rejects settings for parts that already exist.</summary>
    /// <exception cref="ArgumentException">There are such settings.</exception>
    public static void RefuseIdle(IReadOnlyDictionary<string, object?>[] settings, params (TFPreTrainedModel? Model, string Name)[] parts)
    {
        foreach (var ((model, name), own) in parts.Zip(settings))
            if (model is not null && own.Count > 0)
                throw new ArgumentException($"Settings of a part that is a model already would change nothing. Expected: the folder of the part, or no settings that begin with {name}_. Received: {Known.List(own.Keys.Select(k => $"{name}_{k}"))}.", "config");
    }

    /// <summary>Turns recomputing on or off in parts.</summary>
    public static void SetCheckpointing(bool on, params ReadOnlySpan<TFPreTrainedModel> parts)
    {
        foreach (var part in parts)
            if (on) part.gradient_checkpointing_enable();
            else part.gradient_checkpointing_disable();
    }

    /// <summary>Checks that all parts' weights are on one engine.</summary>
    /// <exception cref="UnsupportedException">The parts' weights are on different engines.</exception>
    public static void RequireOneEngine(string owner, params TFPreTrainedModel[] parts)
    {
        string[] engines = [.. parts.Select(p => p.weights.Select(w => w.Owner?.Name).FirstOrDefault(n => n is not null) ?? "")];
        if (engines.Where(e => e.Length > 0).Distinct().Count() > 1)
            throw new UnsupportedException("The parts of a model lie on different engines", owner, "one engine", string.Join(", ", parts.Zip(engines, (p, e) => $"{p.name} on {e}")),
                "Load both parts with the same KERAS_BACKEND, or within one keras.backend setting.");
    }

    /// <summary>The size of a part's state vectors.</summary>
    /// <exception cref="ConfigException">Its configuration has no hidden_size.</exception>
    public static int Width(PretrainedConfig config) => config.Common("hidden_size") is { } width ? (int)width
        : throw new ConfigException("A part does not say how wide its states are", config.GetType().Name, "hidden_size, or an attribute_map that has it", "neither");

    /// <summary>Calls a part with the options that it knows.</summary>
    public static ModelOutput Call(TFPreTrainedModel part, Tensors inputs, params ReadOnlySpan<(string Name, object? Value)> options)
    {
        var args = new CallArguments(inputs);
        foreach (var (name, value) in options)
            if (part.CallParameters.Contains(name)) args.WithOption(name, value);
        return part.Apply(args);
    }

    /// <summary>Collects named tensors, without those that are null.</summary>
    public static Tensors Named(params ReadOnlySpan<(string Name, Tensors? Value)> tensors)
    {
        var given = new List<KeyValuePair<string, Tensors>>();
        foreach (var (name, value) in tensors)
            if (value is not null) given.Add(new(name, value));
        return new Tensors(given);
    }

    /// <summary>Converts an optional tensor to an optional input.</summary>
    public static Tensors? Of(Tensor? tensor) => tensor is null ? null : new Tensors(tensor);
}
