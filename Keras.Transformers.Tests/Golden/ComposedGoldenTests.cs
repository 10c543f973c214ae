using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests.Golden;

/// <summary>Models made of two models: what Hugging Face's TensorFlow classes wrote is loaded and gives what they gave. Golden/composed/make.py makes the folders.</summary>
[Category("Golden")]
sealed class ComposedGoldenTests : EngineFixture
{
    const double Tolerance = 1e-5;

    static readonly string Root = GoldenFolder.PathOf("composed");

    static IEnumerable<TestCaseData> Cases => (Directory.Exists(Root) ? Directory.GetDirectories(Root) : []).Order(StringComparer.Ordinal).Select(f => new TestCaseData(Path.GetFileName(f)))
        .DefaultIfEmpty(new TestCaseData("").SetArgDisplayNames("none").Ignore($"There are no such cases in {Root}."));

    sealed class Case(string name)
    {
        public string Folder { get; } = Path.Combine(Root, name);

        public JsonNode Json { get; } = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Root, name, "case.json")))!;

        public Dictionary<string, HostTensor> Tensors { get; } = GoldenFolder.ReadTensors(Path.Combine(Root, name, "tensors.safetensors"));

        public TFPreTrainedModel Load()
        {
            var kind = ModelFamilies.All.SelectMany(f => f.Classes).Single(c => c.Class.Name == Json["class"]!.GetValue<string>());
            var model = new PretrainedFolder(Folder).Load(new(null, null, null, null), kind.Create, ignoreMismatched: false, out var report);
            Assert.That(report.ToString(), Does.Contain("every weight was found"));
            return model;
        }

        /// <summary>The tensors whose names begin so, without that.</summary>
        public IEnumerable<(string Name, HostTensor Value)> Under(string prefix) => Tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(t => (t.Key[prefix.Length..], t.Value));

        public Tensors Inputs(params string[] without) => new(Under("input.").Where(i => !without.Contains(i.Name)).Select(i => KeyValuePair.Create(i.Name, new Tensors(Graphs.Tf.Constant(i.Value)))));
    }

    static void Compare(Case golden, string prefix, Tensors outputs)
    {
        var actual = new Dictionary<string, Tensor>();
        Add("", outputs);
        var closeness = new Closeness();
        foreach (var (name, value) in golden.Under(prefix)) closeness.Compare(name, Host(actual[name]), value, Tolerance);
        closeness.Verify();

        void Add(string path, Tensors value)
        {
            if (value.IsLeaf) actual[path] = value.Single;
            else foreach (var (key, inner) in value.IsDictionary ? value.Named() : value.Select((v, i) => KeyValuePair.Create($"{i}", v))) Add(path.Length == 0 ? key : $"{path}.{key}", inner);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void A_call_returns_what_Hugging_Face_returned(string name)
    {
        var golden = new Case(name);
        var model = golden.Load();
        foreach (var mode in new[] { RunMode.Eager, RunMode.Graph })
            Compare(golden, "output.", Run(mode, golden.Inputs("labels"), x => model.Apply(new CallArguments(x).WithOption("output_attentions", true).WithOption("output_hidden_states", true))));
    }

    [TestCaseSource(nameof(Cases))]
    public void The_loss_is_what_Hugging_Face_computed(string name)
    {
        var golden = new Case(name);
        var model = golden.Load();
        var args = new CallArguments(golden.Inputs("decoder_input_ids"));
        Compare(golden, "loss.", model.Apply(model.CallParameters.Contains("return_loss") ? args.WithOption("return_loss", true) : args.WithOption("use_cache", false)));
    }

    [TestCaseSource(nameof(Cases))]
    public void Texts_are_those_that_Hugging_Face_generated(string name)
    {
        var golden = new Case(name);
        var model = golden.Load();
        foreach (var (options, arguments) in golden.Json["generate"]!.AsObject())
            foreach (var cache in new[] { true, false })
            {
                var config = model.generation_config.update(arguments!.AsObject().ToDictionary(a => a.Key, a => (object?)a.Value)).update(new Dictionary<string, object?> { ["use_cache"] = cache });
                var expected = golden.Tensors[$"generate.{options}"];
                var tokens = model.generate(golden.Inputs("labels", "decoder_input_ids"), config).sequences;
                Assert.That(tokens.ToArray<int>(), Is.EqualTo(Graphs.Tf.Constant(expected).ToArray<int>()), $"{options}, cache {cache}");
            }
    }
}
