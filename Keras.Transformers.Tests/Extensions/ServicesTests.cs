using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Keras.Api;

namespace Keras.Transformers.Tests;

/// <summary>Pipelines as services of an application.</summary>
sealed class ServicesTests : EngineFixture
{
    static string Model(string name) => Path.Combine(GoldenFolder.PathOf("pipelines"), name);

    static readonly string Bert = Repository.PathOf("models", "bert-tiny");

    [TearDown]
    public void QuietLogger() => keras.config.set_logger(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

    [Test]
    public void A_pipeline_is_a_keyed_service_that_is_loaded_once()
    {
        var services = new ServiceCollection();
        services.AddTransformers().AddPipeline("fill", "fill-mask", Bert, options: new() { top_k = 2 });
        using var provider = services.BuildServiceProvider();
        var fill = provider.GetRequiredKeyedService<Pipeline>("fill");
        Assert.That(fill.Apply("a tall [MASK] with green leaves").Select(w => w.token_str), Is.EqualTo(new[] { "tree", "shrub" }));

        var pipelines = provider.GetRequiredService<TransformersPipelines>();
        var all = new Pipeline[8];
        Parallel.For(0, all.Length, i => all[i] = pipelines.Get<FillMaskPipeline>("fill"));
        Assert.That(all, Is.All.SameAs(fill));
    }

    [Test]
    public void A_configuration_names_pipelines_and_their_options()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Transformers:Pipelines:mood:Task"] = "sentiment-analysis", ["Transformers:Pipelines:mood:Model"] = Model("sequence"), ["Transformers:Pipelines:mood:BatchSize"] = "4",
            ["Transformers:Pipelines:mood:Options:top_k"] = "2", ["Transformers:Pipelines:topic:Task"] = "zero-shot-classification", ["Transformers:Pipelines:topic:Model"] = Model("nli"),
            ["Transformers:Pipelines:topic:Options:candidate_labels:0"] = "paris", ["Transformers:Pipelines:topic:Options:candidate_labels:1"] = "dog",
        }).Build();
        var services = new ServiceCollection();
        services.AddTransformers(configuration.GetSection("Transformers"));
        using var provider = services.BuildServiceProvider();
        var mood = provider.GetRequiredKeyedService<Pipeline>("mood");
        Assert.That((mood.batch_size, mood.Apply("the big cat").Count), Is.EqualTo((4, 2)));
        Assert.That(provider.GetRequiredKeyedService<Pipeline>("topic").Apply("the big cat")[0].labels, Is.EquivalentTo(new[] { "paris", "dog" }));
    }

    [Test]
    public void What_a_configuration_has_as_text_is_read_by_its_type()
    {
        // As the reader of JSON files gives them: "True" and "False" for flags.
        var gpt2 = Repository.PathOf("models", "gpt2-tiny");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Pipelines:topic:Task"] = "zero-shot-classification", ["Pipelines:topic:Model"] = Model("nli"), ["Pipelines:topic:Options:candidate_labels"] = "paris, dog",
            ["Pipelines:write:Task"] = "text-generation", ["Pipelines:write:Model"] = gpt2, ["Pipelines:write:Options:max_new_tokens"] = "8", ["Pipelines:write:Options:generate_kwargs:no_repeat_ngram_size"] = "2",
            ["Pipelines:write:Options:generate_kwargs:do_sample"] = "False", ["Pipelines:write:Options:generate_kwargs:repetition_penalty"] = "1.5", ["Pipelines:write:Options:generate_kwargs:suppress_tokens"] = "[5, 7]",
        }).Build();
        var services = new ServiceCollection();
        services.AddTransformers(configuration);
        using var provider = services.BuildServiceProvider();
        Assert.That(provider.GetRequiredKeyedService<Pipeline>("topic").Apply("the big cat")[0].labels, Is.EquivalentTo(new[] { "paris", "dog" }));
        var typed = Pipelines.pipeline("text-generation", gpt2, options: new()
        {
            max_new_tokens = 8, generate_kwargs = new Dictionary<string, object?> { ["no_repeat_ngram_size"] = 2, ["do_sample"] = false, ["repetition_penalty"] = 1.5, ["suppress_tokens"] = new[] { 5, 7 } },
        });
        Assert.That(provider.GetRequiredKeyedService<Pipeline>("write").Apply("an animal that")[0].generated_text, Is.EqualTo(typed.Apply("an animal that")[0].generated_text));
    }

    [Test]
    public void Mistakes_are_named_when_a_pipeline_is_needed()
    {
        var services = new ServiceCollection();
        services.AddTransformers().AddPipeline("fill", "fill-mask", Bert).AddPipeline("none", "fill-mask", "/no/such/folder").AddEmbeddingGenerator("fill");
        using var provider = services.BuildServiceProvider();
        Assert.That(Assert.Throws<UnsupportedException>(() => provider.GetRequiredKeyedService<Pipeline>("fil"))!.Message, Does.Contain("one of fill, none"));
        for (var i = 0; i < 2; i++) Assert.Throws<ConfigException>(() => provider.GetRequiredKeyedService<Pipeline>("none"));
        Assert.That(Assert.Throws<UnsupportedException>(() => provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>())!.Message, Does.Contain("FeatureExtractionPipeline"));
        Assert.That(Assert.Throws<ArgumentException>(() => services.AddTransformers().AddEmbeddingGenerator("fill", pooling: "max"))!.Message, Does.Contain("\"cls\""));
    }

    [Test]
    public void The_librarys_messages_go_to_the_hosts_logs()
    {
        using var logs = new RecordedLogs();
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(logs);
        services.AddTransformers().AddPipeline("embed", "feature-extraction", Bert);
        using var provider = services.BuildServiceProvider();
        _ = provider.GetRequiredKeyedService<Pipeline>("embed");
        Assert.That(logs.Lines.Any(l => l.Contains("Pipeline embed (feature-extraction,", StringComparison.Ordinal)), string.Join('\n', logs.Lines));
        Assert.That(logs.Lines.Any(l => l.StartsWith("Keras:", StringComparison.Ordinal) && l.Contains("pooler", StringComparison.Ordinal)), string.Join('\n', logs.Lines));
    }

    /// <summary>Keeps what is logged, with the category before it.</summary>
    sealed class RecordedLogs : ILoggerFactory
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

        public void AddProvider(ILoggerProvider provider) { }

        public void Dispose() { }

        sealed class Category(RecordedLogs all, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                lock (all.Lines) all.Lines.Add($"{category}: {formatter(state, exception)}");
            }
        }
    }
}
