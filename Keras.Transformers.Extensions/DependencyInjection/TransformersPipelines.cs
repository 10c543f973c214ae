using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>The pipelines of an application by name: each is loaded once, on first use, and shared by all threads.</summary>
public sealed class TransformersPipelines
{
    readonly ConcurrentDictionary<string, Lazy<Pipeline>> _loaded = new(StringComparer.Ordinal);
    readonly TransformersOptions _options;
    readonly ILogger _logger;

    /// <summary>The pipelines that options name.</summary>
    /// <param name="options">The options.</param>
    /// <param name="loggers">Where loading and the library's own messages are logged; null for nowhere.</param>
    public TransformersPipelines(IOptions<TransformersOptions> options, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _logger = loggers?.CreateLogger<TransformersPipelines>() ?? (ILogger)NullLogger.Instance;
        if (loggers is not null && _options.UseHostLogs) keras.config.set_logger(loggers.CreateLogger(nameof(Keras)));
    }

    /// <summary>The names, loaded or not.</summary>
    public IReadOnlyCollection<string> Names => _options.Pipelines.Keys;

    /// <summary>A pipeline by its name; the first call loads it.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="UnsupportedException">There is none of this name, or its model does not do its task.</exception>
    /// <exception cref="ArgumentException">Its task or an option is unknown.</exception>
    /// <exception cref="ConfigException">Its folder is missing or damaged.</exception>
    public Pipeline this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            if (!_options.Pipelines.TryGetValue(name, out var settings))
                throw new UnsupportedException("There is no pipeline of this name", "AddTransformers", Names.Count == 0 ? "a name that was added; there are none" : $"one of {string.Join(", ", Names)}", name,
                    $"Add it: services.AddTransformers().AddPipeline(\"{name}\", \"task\", \"model\"), or in the configuration under Pipelines.");
            var made = _loaded.GetOrAdd(name, _ => new(() => Load(name, settings)));
            try
            {
                return made.Value;
            }
            catch
            {
                // Missing files may exist the next time.
                _loaded.TryRemove(KeyValuePair.Create(name, made));
                throw;
            }
        }
    }

    /// <summary>A pipeline by its name, of the class of its task.</summary>
    /// <typeparam name="TPipeline">The class.</typeparam>
    /// <param name="name">The name.</param>
    /// <exception cref="UnsupportedException">It is of another class.</exception>
    /// <inheritdoc cref="this[string]" path="/exception"/>
    public TPipeline Get<TPipeline>(string name) where TPipeline : Pipeline => this[name] is var pipeline && pipeline is TPipeline known ? known
        : throw new UnsupportedException("A pipeline is of another task", name, typeof(TPipeline).Name, $"{pipeline.GetType().Name} (task {pipeline.task})");

    Pipeline Load(string name, PipelineSettings settings)
    {
        if (string.IsNullOrEmpty(settings.Task)) throw new UnsupportedException("A pipeline has no task", $"Pipelines:{name}:Task", "the name of a task, such as \"fill-mask\"", "nothing");
        var clock = Stopwatch.StartNew();
        var pipeline = Pipelines.pipeline(settings.Task, settings.Model, batch_size: settings.BatchSize, options: settings.Options, revision: settings.Revision);
        _logger.LogInformation("Pipeline {Name} ({Task}, {Model}) is loaded after {Milliseconds} ms", name, settings.Task, pipeline.model.name_or_path, clock.ElapsedMilliseconds);
        return pipeline;
    }
}
