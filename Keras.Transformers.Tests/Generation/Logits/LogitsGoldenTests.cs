using System.Text.Json.Nodes;
using Keras.Graphs;

namespace Keras.Transformers.Tests.Generation;

/// <summary>Every golden case of processors and of sampling.</summary>
[Category("Golden")]
sealed class LogitsGoldenTests : EngineFixture
{
    const double Tolerance = 1e-5;

    static IEnumerable<TestCaseData> Processors => ProcessorCases.In("processors", c => !ProcessorCases.IsHamming(c));

    static IEnumerable<TestCaseData> Diversity => ProcessorCases.In("processors", ProcessorCases.IsHamming);

    static IEnumerable<TestCaseData> Sampling => ProcessorCases.In("sampling", _ => true);

    static readonly Dictionary<string, Dictionary<string, HostTensor>> Tensors = [];

    static HostTensor Read(string area, JsonNode key)
    {
        if (!Tensors.TryGetValue(area, out var all)) Tensors[area] = all = GoldenFolder.ReadTensors(GoldenFolder.PathOf("generation", area, "tensors.safetensors"));
        return all[key.GetValue<string>()];
    }

    static JsonObject Case(string area, string id) => ProcessorCases.Of(area).Single(c => c["id"]!.GetValue<string>() == id);

    [TestCaseSource(nameof(Processors))]
    public void A_processor_gives_the_golden_scores(string id, RunMode mode)
    {
        var c = Case("processors", id);
        var ids = Api.ops.cast(Tf.Constant(Read("processors", c["input_ids"]!)), "int32");
        var (scores, length, processor) = (Tf.Constant(Read("processors", c["scores"]!)), ProcessorCases.Whole(c, "cur_len"), ProcessorCases.Processor(c));
        var before = Floats(scores);
        // The buffer is longer than what counts; what is behind is the case's own further tokens, and garbage.
        var buffer = Api.ops.concatenate([ids, Api.ops.full([(int)ids.shape[0], 7], -123456789, "int32")], 1);
        var out_ = processor is TensorLogitsProcessor tensors
            ? ProcessorRun.Of(tensors, mode, buffer, length, scores)
            : processor.Apply(ids[.., ..length], scores);
        Compare(id, Host(out_), Read("processors", c["out"]!));
        Assert.That(Floats(scores), Is.EqualTo(before), "The scores given stay as they are.");
        Compare(id, Host(processor.Apply(ids[.., ..length], scores)), Read("processors", c["out"]!));
    }

    [TestCaseSource(nameof(Diversity))]
    public void Groups_of_beams_get_the_golden_scores(string id, RunMode mode)
    {
        var c = Case("processors", id);
        var processor = new HammingDiversityLogitsProcessor(c["value"]!.GetValue<double>(), ProcessorCases.Whole(c, "num_beams"), ProcessorCases.Whole(c, "num_beam_groups"));
        var scores = Tf.Constant(Read("processors", c["scores"]!));
        var out_ = Run(mode, (scores, Tensor.Of(ProcessorCases.List(c["current_tokens"]!))), x => processor.Apply(Tensor.Of(new int[0, 0]), x[0], x[1], ProcessorCases.Whole(c, "beam_group_idx")));
        Compare(id, Host(out_), Read("processors", c["out"]!));
    }

    [TestCaseSource(nameof(Sampling))]
    public void Options_of_sampling_keep_the_golden_tokens(string id, RunMode mode)
    {
        var c = Case("sampling", id);
        var logits = Tf.Constant(Read("sampling", c["logits"]!));
        var config = new GenerationConfig().update(c["options"]!.AsObject().ToDictionary(o => o.Key, o => (object?)o.Value));
        var list = LogitsProcessors.Of(config, 3, (int)logits.shape[1]);
        Assert.That(list.Select(p => p.GetType().Name), Is.EqualTo(c["order"]!.AsArray().Select(n => n!.GetValue<string>())));
        var ids = Api.ops.ones([(int)logits.shape[0], 3], "int32");
        var out_ = ProcessorRun.Of((TensorLogitsProcessor)list.Joined().Single(), mode, ids, 3, logits);
        Compare(id, Host(out_), Read("sampling", c["processed"]!));
        var probabilities = Floats(Api.ops.softmax(out_));
        var closeness = new Closeness();
        closeness.Compare("probs", [.. probabilities.Select(p => (double)p)], Read("sampling", c["probs"]!).ToDouble(), Tolerance);
        closeness.Verify();
        Assert.That(probabilities.Chunk((int)logits.shape[1]).Select(r => r.Count(p => p > 0)), Is.EqualTo(ProcessorCases.List(c["kept"]!)));
    }

    /// <summary>1e-5; where -infinity is expected, anything as low as TensorFlow's masks is.</summary>
    static void Compare(string name, HostTensor actual, HostTensor expected)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        var (got, wanted) = (actual.ToDouble(), expected.ToDouble());
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] <= -1e30) Assert.That(got[i], Is.LessThanOrEqualTo(-1e30), $"{name}, element {i}");
            else Assert.That(got[i], Is.EqualTo(wanted[i]).Within(Tolerance * Math.Max(1, Math.Abs(wanted[i]))), $"{name}, element {i}");
        }
    }
}

/// <summary>Runs a processor as a step of generation does: over a buffer, its values being inputs.</summary>
sealed class ProcessorRun(string name, RunMode mode) : IDisposable
{
    TensorLogitsProcessor? _processor;
    TracedFunction? _traced;

    public int TraceCount => _traced!.TraceCount;

    public Tensor Call(TensorLogitsProcessor processor, Tensor buffer, int length, Tensor scores)
    {
        if (mode == RunMode.Eager) return processor.Apply(new(buffer, (Tensor)length), scores, processor.Values);
        _processor = processor;
        _traced ??= new(name, x => _processor.Apply(new(x["ids"].Single, x["length"].Single), x["scores"].Single, x.TryGet("values", out var values) ? [.. values.Select(v => v.Single)] : []), new(mode == RunMode.Xla));
        var inputs = new Dictionary<string, Tensors> { ["ids"] = buffer, ["length"] = (Tensor)length, ["scores"] = scores };
        if (processor.Values.Count > 0) inputs["values"] = (Tensor[])[.. processor.Values];
        return _traced.Call(inputs, processor.Structure);
    }

    public static Tensor Of(TensorLogitsProcessor processor, RunMode mode, Tensor buffer, int length, Tensor scores)
    {
        using var run = new ProcessorRun("processor", mode);
        return run.Call(processor, buffer, length, scores);
    }

    public void Dispose() => _traced?.Dispose();
}
