using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests.Golden;

/// <summary>The golden cases of text generation with a model. Its README is the contract.</summary>
static class GenerationCases
{
    static readonly string Root = GoldenFolder.PathOf("generation");
    static readonly ConcurrentDictionary<string, TFPreTrainedModel> Models = new();
    static readonly ConcurrentDictionary<string, Dictionary<string, HostTensor>> Files = new();

    /// <summary>XLA takes seconds to compile a case: of the copy beside the tests one in so many is run with it, of a folder that was given each.</summary>
    const int OneInXla = 9;

    /// <summary>Every case of some ways of decoding, in each mode.</summary>
    public static IEnumerable<TestCaseData> Of(IReadOnlyCollection<string> decodings, params RunMode[] modes)
    {
        var cases = from folder in Folders()
                    from numbered in Read(folder).Where(c => decodings.Contains(c["mode"]!.GetValue<string>())).Index()
                    let c = numbered.Item
                    from mode in modes
                    where mode != RunMode.Xla || GoldenFolder.Given is not null || numbered.Index % OneInXla == 0
                    select new TestCaseData(folder, c, mode).SetArgDisplayNames(folder, c["id"]!.GetValue<string>(), mode.ToString());
        return cases.DefaultIfEmpty(new TestCaseData("", new JsonObject(), modes[0]).SetArgDisplayNames("none").Ignore($"There are no such cases in {Root}."));
    }

    static IEnumerable<string> Folders()
    {
        var index = Path.Combine(Root, "index.json");
        if (!File.Exists(index)) return [];
        return JsonNode.Parse(File.ReadAllBytes(index))!["folders"]!.AsArray().Where(f => f!["what"]!.GetValue<string>() == "model").Select(f => f!["folder"]!.GetValue<string>())
            .Where(f => File.Exists(Path.Combine(Root, f, "cases.json")));
    }

    static IEnumerable<JsonObject> Read(string folder) => JsonNode.Parse(File.ReadAllBytes(Path.Combine(Root, folder, "cases.json")))!["cases"]!.AsArray().Select(c => c!.AsObject());

    /// <summary>The model of a folder, one for all cases: what calls leave behind in it must not change later ones.</summary>
    public static TFPreTrainedModel Model(string folder) => Models.GetOrAdd($"{folder} {Engines.Engine.Current.Name}", _ => TFAutoModelForCausalLM.from_pretrained(Path.Combine(Root, folder)));

    public static HostTensor Tensor(string folder, JsonNode key) => Files.GetOrAdd(folder, f => GoldenFolder.ReadTensors(Path.Combine(Root, f, "tensors.safetensors")))[key.GetValue<string>()];

    /// <summary>The inputs of a case.</summary>
    public static Tensors Inputs(string folder, JsonObject c) => new(c["inputs"]!.AsObject().Select(i => KeyValuePair.Create(i.Key,
        (Tensors)(i.Value is JsonObject named ? Graphs.Tf.Constant(Tensor(folder, named["tensor"]!)) : Rows(i.Value!)))));

    public static Tensor Rows(JsonNode rows)
    {
        int[][] values = [.. rows.AsArray().Select(r => r!.AsArray().Select(v => v!.GetValue<int>()).ToArray())];
        return Graphs.Tf.Constant(HostTensor.Of<int>([.. values.SelectMany(r => r)], new Shape(values.Length, values[0].Length)));
    }
}
