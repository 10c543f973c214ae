using System.Text.Json.Nodes;
using Keras.Saving;

namespace Keras.Transformers.Tests.Golden;

/// <summary>The golden cases of models. Its README is the contract.</summary>
static class ModelCases
{
    public static readonly string Root = GoldenFolder.PathOf("models");

    /// <summary>The classes of all families; one that takes more arguments than its configuration has a line of its own.</summary>
    static readonly Dictionary<string, Func<PretrainedConfig, JsonObject, TFPreTrainedModel>> Classes =
        new(ModelFamilies.All.SelectMany(f => f.Classes).ToDictionary(c => c.Class.Name, c => (Func<PretrainedConfig, JsonObject, TFPreTrainedModel>)((config, _) => c.Create(config, null))))
        {
            [nameof(TFViTModel)] = (config, arguments) => new TFViTModel((ViTConfig)config, arguments["add_pooling_layer"]?.GetValue<bool>() ?? true),
            [nameof(TFBertModel)] = (config, arguments) => new TFBertModel((BertConfig)config, arguments["add_pooling_layer"]?.GetValue<bool>() ?? true),
        };

    /// <summary>The kinds of weight files that the library reads.</summary>
    static readonly string[] ReadableWeights = ["pt_safetensors", "sharded_safetensors", "float16", "bfloat16", "tf_h5", "sharded_h5", "tf_safetensors", "tf_sharded_safetensors", "pytorch_bin"];

    public static ModelCase Open(string name) => new(Path.Combine(Root, name));

    public static TFPreTrainedModel Create(string className, PretrainedConfig config, JsonObject arguments) => Classes[className](config, arguments);

    /// <summary>Every case with a part ("calls", "training"...), in each mode; a class that the library does not have is one skipped test.</summary>
    public static IEnumerable<TestCaseData> With(string part, params RunMode[] modes) => OrNone(
        from c in All()
        where c.Json.ContainsKey(part)
        from test in Classes.ContainsKey(c.ClassName)
            ? modes.Select(mode => new TestCaseData(c.Name, mode).SetArgDisplayNames(c.Name, mode.ToString()))
            : [new TestCaseData(c.Name, modes[0]).SetArgDisplayNames(c.Name).Ignore(Missing(c.ClassName))]
        select test, "", modes[0]);

    /// <summary>Every loading of a case's weights into a class.</summary>
    public static IEnumerable<TestCaseData> Loadings() => OrNone(
        from c in All()
        from loading in (c.Json["loading"]?.AsArray() ?? []).Select((l, i) => (Json: l!.AsObject(), Index: i))
        let className = loading.Json["class"]!.GetValue<string>()
        let source = loading.Json["source"]!.GetValue<string>()
        let test = new TestCaseData(c.Name, loading.Index).SetArgDisplayNames($"{c.Name} {loading.Index}: {source} into {className}")
        select !Classes.ContainsKey(className) ? test.Ignore(Missing(className)) : Unreadable(source) is { } reason ? test.Ignore(reason) : test, "", 0);

    /// <summary>Every kind of weights of every case.</summary>
    public static IEnumerable<TestCaseData> Weights() => OrNone(
        from c in All()
        where Classes.ContainsKey(c.ClassName)
        from weights in c.Json["weights"]!.AsObject()
        where File.Exists(Path.Combine(c.Folder, weights.Value!.GetValue<string>()))
        let test = new TestCaseData(c.Name, weights.Key).SetArgDisplayNames(c.Name, weights.Key)
        select Unreadable(weights.Key) is { } reason ? test.Ignore(reason) : test, "", "");

    /// <summary>The cases of known classes that have a kind of weights.</summary>
    public static IEnumerable<string> NamesWith(string kind) => All().Where(c => Classes.ContainsKey(c.ClassName) && c.Json["weights"]!.AsObject().ContainsKey(kind)).Select(c => c.Name);

    static string Missing(string className) => $"The class {className} is not in the library.";

    static string? Unreadable(string kind) => ReadableWeights.Contains(kind) ? null : $"Weights of the kind {kind} are not read by the library.";

    /// <summary>The copy beside the tests holds some of the cases that the index names; a folder that was given holds all or says which are absent.</summary>
    static IEnumerable<ModelCase> All()
    {
        var index = Path.Combine(Root, "index.json");
        if (!File.Exists(index)) yield break;
        foreach (var name in JsonNode.Parse(File.ReadAllBytes(index))!["cases"]!.AsArray().Select(n => n!.GetValue<string>()))
            if (File.Exists(Path.Combine(Root, name, "case.json"))) yield return Open(name);
            else if (GoldenFolder.Given is not null) TestContext.Progress.WriteLine($"The golden model case {name} is in the index and not in the folder.");
    }

    /// <summary>An empty source would vanish from the report.</summary>
    static IEnumerable<TestCaseData> OrNone(IEnumerable<TestCaseData> cases, params object[] arguments) =>
        cases.DefaultIfEmpty(new TestCaseData(arguments).SetArgDisplayNames("none").Ignore($"There are no such cases in {Root}."));
}

/// <summary>One case: its description, its tensors, its model.</summary>
sealed class ModelCase(string folder)
{
    readonly Lazy<Dictionary<string, HostTensor>> _tensors = new(() => GoldenFolder.ReadTensors(Path.Combine(folder, "tensors.safetensors")));

    public string Folder => folder;

    public string Name => Path.GetFileName(folder);

    public JsonObject Json { get; } = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "case.json")))!.AsObject();

    public string ClassName => Json["class"]!.GetValue<string>();

    public string WeightsFile(string kind) => Path.Combine(folder, Json["weights"]![kind]!.GetValue<string>());

    public HostTensor Host(JsonNode key) => _tensors.Value[key.GetValue<string>()];

    /// <summary>A key's tensor; a list or dictionary of keys likewise.</summary>
    public Tensors Tensors(JsonNode keys) => keys switch
    {
        JsonArray list => new Tensors(list.Select(k => Tensors(k!))),
        JsonObject named => new Tensors(named.Select(k => KeyValuePair.Create(k.Key, Tensors(k.Value!)))),
        _ => Graphs.Tf.Constant(Host(keys)),
    };

    /// <summary>The case's model with its weights.</summary>
    public TFPreTrainedModel Load(string? kind = null) => Load(ClassName, WeightsFile(kind ?? (Json["weights"]!.AsObject().ContainsKey("pt_safetensors") ? "pt_safetensors" : "sharded_safetensors")), [], out _);

    /// <summary>A class with weights of a file, as <c>from_pretrained</c> does it.</summary>
    public TFPreTrainedModel Load(string className, string file, JsonObject kwargs, out LoadingReport report)
    {
        var (json, path) = PretrainedConfig.ReadFile(Path.GetDirectoryName(file)!);
        var config = ModelFamilies.ConfigOf(json, path);
        new PretrainedWishes(kwargs["num_labels"]?.GetValue<int>(), null, null, null).ApplyTo(config);
        var model = ModelCases.Create(className, config, Json["model_arguments"]!.AsObject());
        using var source = WeightSource.OpenFile(file);
        report = WeightLoader.Load(model.Weights, source, kwargs["ignore_mismatched_sizes"]?.GetValue<bool>() ?? false);
        return model;
    }
}
