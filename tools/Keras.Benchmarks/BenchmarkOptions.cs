using System.Globalization;

namespace Keras.Benchmarks;

/// <summary>The error for an unknown option or an invalid value.</summary>
sealed class OptionException(string message) : Exception(message);

/// <summary>The command line; <c>--name value</c> or <c>--name=value</c>.</summary>
sealed record BenchmarkOptions
{
    static readonly string[] Modes = ["eager", "graph", "xla"];
    static readonly string[] DTypes = ["float32", "bfloat16", "float16"];

    /// <summary>Every option: its name, what it takes, and how it is set. A flag takes nothing.</summary>
    static readonly (string Name, string? Takes, Action<BenchmarkOptions, string> Set)[] Table =
    [
        ("--model", string.Join("|", MeasuredFamily.All.Keys), (o, v) => o.Model = OneOf("--model", v, MeasuredFamily.All.Keys)),
        ("--task", string.Join("|", TaskTable.Names), (o, v) => o.Task = OneOf("--task", v, TaskTable.All.Keys)),
        ("--size", "base|tiny|FOLDER", (o, v) => o.Size = v),
        ("--batch", "N", (o, v) => o.Batch = Positive("--batch", v)),
        ("--seq", "N", (o, v) => o.Sequence = Positive("--seq", v)),
        ("--mode", string.Join("|", Modes), (o, v) => o.Mode = OneOf("--mode", v, Modes)),
        ("--threads", "N", (o, v) => o.Threads = Positive("--threads", v)),
        ("--repeat", "N", (o, v) => o.Repeat = Positive("--repeat", v)),
        ("--clients", "N", (o, v) => o.Clients = Positive("--clients", v)),
        ("--contention", "N", (o, v) => o.Contention = Count("--contention", v)),
        ("--new-tokens", "N", (o, v) => o.NewTokens = Positive("--new-tokens", v)),
        ("--beams", "N", (o, v) => o.Beams = Positive("--beams", v)),
        ("--gigabytes", "N", (o, v) => o.Gigabytes = Positive("--gigabytes", v)),
        ("--picture", "FILE", (o, v) => o.Picture = v),
        ("--dtype", string.Join("|", DTypes), (o, v) => o.DType = OneOf("--dtype", v, DTypes)),
        ("--sample", null, (o, _) => o.Sample = true),
        ("--top-k", "N", (o, v) => o.TopK = Count("--top-k", v)),
        ("--json", null, (o, _) => o.Json = true),
    ];

    /// <summary>The model family; default "bert".</summary>
    public string Model { get; private set; } = "bert";

    /// <summary>What is measured; default "infer".</summary>
    public string Task { get; private set; } = "infer";

    /// <summary>"base" or "tiny" (random weights) or a model folder; default "base".</summary>
    public string Size { get; private set; } = "base";

    /// <summary>Samples in a batch; default 1.</summary>
    public int Batch { get; private set; } = 1;

    /// <summary>Tokens in a sample; default 128.</summary>
    public int Sequence { get; private set; } = 128;

    /// <summary>"eager": op by op; "graph": one traced function; "xla": the same, compiled. Default "eager".</summary>
    public string Mode { get; private set; } = "eager";

    /// <summary>Threads of the engine; default 2.</summary>
    public int Threads { get; private set; } = 2;

    /// <summary>Measured calls; default 10.</summary>
    public int Repeat { get; private set; } = 10;

    /// <summary>Threads that call one model at once, each --repeat times; default 1. For "infer".</summary>
    public int Clients { get; private set; } = 1;

    /// <summary>Processes that each keep a core busy meanwhile; default 0.</summary>
    public int Contention { get; private set; }

    /// <summary>Tokens to generate after the prompt; default 64.</summary>
    public int NewTokens { get; private set; } = 64;

    /// <summary>Beams of generation; default 1, which means no beam search.</summary>
    public int Beams { get; private set; } = 1;

    /// <summary>The dtype policy of the model that generates; default "float32".</summary>
    public string DType { get; private set; } = "float32";

    /// <summary>What is streamed, in GB; default 10.</summary>
    public int Gigabytes { get; private set; } = 10;

    /// <summary>The PNG file that a task draws; default none.</summary>
    public string? Picture { get; private set; }

    /// <summary>Whether to sample tokens, with top_p 0.9 and top_k, instead of taking the best.</summary>
    public bool Sample { get; private set; }

    /// <summary>The likeliest tokens that are sampled from; 0 for all. Default 50.</summary>
    public int TopK { get; private set; } = 50;

    /// <summary>Whether the figures are printed as one line of JSON instead of a list.</summary>
    public bool Json { get; private set; }

    /// <summary>Parses a command line.</summary>
    /// <exception cref="OptionException">An option is unknown, lacks its value or has an invalid one.</exception>
    public static BenchmarkOptions Parse(string[] arguments)
    {
        var options = new BenchmarkOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            var parts = arguments[i].Split('=', 2);
            var (name, takes, set) = Table.FirstOrDefault(o => o.Name == parts[0]);
            if (name is null) throw new OptionException($"Unknown option '{parts[0]}'. Expected: {Usage}.");
            if (takes is null)
            {
                if (parts.Length > 1) throw new OptionException($"{name} takes no value. Received: {parts[1]}.");
                set(options, "");
                continue;
            }
            if (parts.Length == 1 && i + 1 == arguments.Length) throw new OptionException($"{name} needs a value. Expected: {name} {takes}.");
            set(options, parts.Length > 1 ? parts[1] : arguments[++i]);
        }
        return options;
    }

    /// <summary>The same options for another process, with another task.</summary>
    public IEnumerable<string> With(string task) =>
        ["--model", Model, "--task", task, "--size", Size, "--batch", Text(Batch), "--seq", Text(Sequence), "--mode", Mode, "--threads", Text(Threads)];

    static string Usage => string.Join(", ", Table.Select(o => o.Takes is null ? o.Name : $"{o.Name} {o.Takes}"));

    static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    static int Count(string name, string value) => value == "0" ? 0 : Positive(name, value);

    static int Positive(string name, string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
        ? number
        : throw new OptionException($"{name} has no such value. Expected: a whole number of 1 or more. Received: {value}.");

    static string OneOf(string name, string value, IEnumerable<string> known) => known.Contains(value)
        ? value
        : throw new OptionException($"{name} has no such value. Expected: {string.Join(", ", known.Where(k => k[0] != '_'))}. Received: {value}.");
}
