using static Keras.Transformers.Pipelines;

namespace Keras.Transformers.Tests;

/// <summary>What is wrong with a pipeline or a call is said with what to do.</summary>
sealed class PipelineMistakeTests : EngineFixture
{
    static string Model(string name) => Path.Combine(GoldenFolder.PathOf("pipelines"), name);

    static readonly string Bert = Repository.PathOf("models", "bert-tiny");

    static string Times(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    static IEnumerable<TestCaseData> Mistakes()
    {
        static TestCaseData Case(string name, Type error, Func<object?> act, params string[] parts) => new TestCaseData(error, act, parts).SetArgDisplayNames(name);

        yield return Case("unknown task", typeof(ArgumentException), () => pipeline("text-clasification"), "Did you mean \"text-classification\"?", "\"image-to-text\"");
        yield return Case("no model of its own", typeof(UnsupportedException), () => pipeline("ner"), "fill-mask", "pipeline(\"token-classification\", model: \"folder\")");
        yield return Case("no such folder", typeof(ConfigException), () => pipeline("fill-mask", "/no/such/folder"), "/no/such/folder");
        yield return Case("empty name", typeof(ArgumentException), () => pipeline("fill-mask", ""), "\"organisation/name\"");
        yield return Case("no trained head", typeof(UnsupportedException), () => pipeline("text-classification", Bert), "noise", "classifier", "TFAutoModelForSequenceClassification");
        yield return Case("no class for the task", typeof(ConfigException), () => pipeline("question-answering", Repository.PathOf("models", "vit-tiny")), "vit");
        yield return Case("model of another task", typeof(UnsupportedException), () => pipeline("text-classification", TFAutoModelForMaskedLM.from_pretrained(Bert)), "TFBertForSequenceClassification", "the task \"fill-mask\"");
        yield return Case("model of texts for images", typeof(UnsupportedException), () => pipeline("image-feature-extraction", TFAutoModel.from_pretrained(Model("base")), image_processor: new ViTImageProcessor()), "TFBertModel");
        yield return Case("model from nowhere", typeof(ArgumentException), () => pipeline("fill-mask", TFAutoModelForMaskedLM.from_config(new BertConfig { num_hidden_layers = 1 })), "Give tokenizer");
        yield return Case("idle part", typeof(ArgumentException), () => pipeline("image-classification", tokenizer: AutoTokenizer.from_pretrained(Bert)), "no tokenizer");
        yield return Case("no batch", typeof(ValueRangeException), () => pipeline("fill-mask", Bert, batch_size: 0), "batch_size", "1 or more");
        yield return Case("top_k 0", typeof(ValueRangeException), () => pipeline("fill-mask", Bert, top_k: 0), "top_k", "1 or more");
        yield return Case("option of another task", typeof(ArgumentException), () => pipeline("fill-mask", Bert, aggregation_strategy: "simple"), "aggregation_strategy", "\"targets\"");
        yield return Case("unknown strategy", typeof(ArgumentException), () => pipeline("ner", Model("token"), aggregation_strategy: "simpel"), "Did you mean \"simple\"?");
        yield return Case("unknown function", typeof(ArgumentException), () => pipeline("text-classification", Model("sequence"), function_to_apply: "soft"), "\"softmax\"");
        yield return Case("stride without a strategy", typeof(ArgumentException), () => pipeline("ner", Model("token"), stride: 3).Apply("a"), "aggregation_strategy");
        yield return Case("stride too long", typeof(ValueRangeException), () => pipeline("ner", Model("token"), stride: 38, aggregation_strategy: "first").Apply("a"), "less than 38");
        yield return Case("too long", typeof(ValueRangeException), () => pipeline("text-classification", Model("sequence")).Apply(Times("cat ", 60)), "40 tokens or fewer", "62", "truncation: true");
        yield return Case("null among inputs", typeof(ArgumentNullException), () => pipeline("fill-mask", Bert).Apply(new PipelineInput[] { "a [MASK]", null! }), "One of the inputs is null");
        yield return Case("no mask", typeof(ValueRangeException), () => pipeline("fill-mask", Bert).Apply("a tall tree"), "[MASK]");
        yield return Case("no mask token", typeof(UnsupportedException), () => pipeline("fill-mask", Bert, AutoTokenizer.from_pretrained(Repository.PathOf("models", "gpt2-tiny"))), "mask_token");
        yield return Case("no labels", typeof(ValueRangeException), () => pipeline("zero-shot-classification", Model("nli")).Apply("a"), "candidate_labels");
        yield return Case("empty labels", typeof(ValueRangeException), () => pipeline("zero-shot-classification", Model("nli")).Apply("a", new() { candidate_labels = [] }), "candidate_labels");
        yield return Case("template without a place", typeof(ValueRangeException), () => pipeline("zero-shot-classification", Model("nli"), hypothesis_template: "It is."), "{}");
        yield return Case("nothing follows", typeof(UnsupportedException), () => pipeline("zero-shot-classification", Model("sequence")), "entail", "bad, fair, good");
        yield return Case("empty question", typeof(ValueRangeException), () => pipeline("question-answering", Model("question")).Apply(("", "a cat")), "question");
        yield return Case("one text for a question", typeof(ValueRangeException), () => pipeline("question-answering", Model("question")).Apply("who?"), "(question, context)");
        yield return Case("long question", typeof(ValueRangeException), () => pipeline("question-answering", Model("question")).Apply((Times("who ", 60), "a cat")), "shorter question");
        yield return Case("keys of no input", typeof(ArgumentException), () => pipeline("question-answering", Model("question")).Apply(new Dictionary<string, string> { ["q"] = "" }), "question and context");
        yield return Case("image for a text", typeof(ValueRangeException), () => pipeline("fill-mask", Bert).Apply(new byte[3]), "one text", "Byte[]");
        yield return Case("no image", typeof(FileFormatException), () => pipeline("image-classification", Model("image")).Apply(Path.Combine(Model("image"), "config.json")), "config.json");
        yield return Case("no such image", typeof(FileFormatException), () => pipeline("image-classification", Model("image")).Apply("/no/such.png"), "/no/such.png");
        yield return Case("no pooler", typeof(UnsupportedException), () => pipeline("image-feature-extraction", Model("image"), options: new() { pool = true }).Apply(Path.Combine(GoldenFolder.PathOf("pipelines"), "RGB.png")), "pooler");
        yield return Case("labels of commas alone", typeof(ValueRangeException), () => pipeline("zero-shot-classification", Model("nli"), candidate_labels: " , "), "candidate_labels");
        yield return Case("messages", typeof(UnsupportedException), () => pipeline("text-generation").Apply(new Dictionary<string, string>[] { new() { ["role"] = "user", ["content"] = "hello" } }), "chat template", "Jinja", "TransformersChatClient");
        yield return Case("a message", typeof(UnsupportedException), () => pipeline("text-generation").Apply([new Dictionary<string, string> { ["role"] = "user", ["content"] = "hello" }]), "1 message(s)");
        yield return Case("messages of another kind", typeof(ArgumentException), () => pipeline("text-generation").Apply(new Dictionary<string, string>[] { new() { ["who"] = "user" } }), "role and content");
        yield return Case("messages for a mask", typeof(ValueRangeException), () => pipeline("fill-mask", Bert).Apply(new Dictionary<string, string>[] { new() { ["role"] = "user", ["content"] = "hello" } }), "1 message(s) of a conversation");
        yield return Case("a stop of nothing", typeof(ValueRangeException), () => pipeline("text-generation").Apply("a", new() { stop_sequence = "" }), "stop_sequence");
        yield return Case("two ends", typeof(ArgumentException), () => pipeline("text-generation").Apply("a", new() { stop_sequence = " of", generate_kwargs = new Dictionary<string, object?> { ["eos_token_id"] = 3 } }), "Give one of them");
        yield return Case("a text that is no number", typeof(ConfigException), () => pipeline("text-generation").Apply("a", new() { generate_kwargs = new Dictionary<string, object?> { ["no_repeat_ngram_size"] = "two" } }), "a whole number", "\"two\"");
        yield return Case("given twice", typeof(ArgumentException), () => pipeline("text-generation", max_new_tokens: 3).Apply("a", new() { generate_kwargs = new Dictionary<string, object?> { ["max_new_tokens"] = 4 } }), "Give it once");
        yield return Case("no room for a prompt", typeof(ValueRangeException), () => pipeline("text-generation", max_new_tokens: 200).Apply("a", new() { handle_long_generation = "hole" }), "less than 96");
        yield return Case("prompt too long", typeof(ValueRangeException), () => pipeline("text-generation", max_new_tokens: 5).Apply(Times("cat ", 200)), "96");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_named(Type error, Func<object?> act, string[] parts)
    {
        var thrown = Assert.Catch(() => act())!;
        Assert.That(thrown, Is.InstanceOf(error));
        foreach (var part in parts) Assert.That(thrown.Message, Does.Contain(part));
    }
}
