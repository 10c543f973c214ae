using Keras.Graphs;

namespace Keras.Transformers.Tests.Generation;

/// <summary>Both caches give what one call without a cache gives, eager, traced and compiled; the fixed one in place.</summary>
sealed class KeyValueCacheTests : EngineFixture
{
    const int Rows = 2;
    const int Heads = 3;
    const int HeadSize = 4;
    const int Layers = 2;

    static TFBertLMHeadModel Model(bool cross = false)
    {
        Api.keras.utils.set_random_seed(5);
        var config = SmallBert.Config();
        (config.is_decoder, config.add_cross_attention) = (true, cross);
        return new(config);
    }

    static Tensor States => Api.ops.cast(Api.ops.reshape(SmallBert.Ids(Rows, 60), [Rows, 5, 12]), "float32") * 0.1;

    static KeyValueCache New(bool isFixed) => isFixed ? new FixedSizeCache(Layers, Rows, Heads, SmallBert.Longest, HeadSize) : new GrowingCache(Layers);

    static float[] Logits(TFBertLMHeadModel model, Tensor ids, Tensor? mask = null, KeyValueCache? cache = null, Tensor? encoder = null) =>
        Floats(model.Apply(new BertLMHeadInputs { input_ids = ids, attention_mask = mask, cache = cache, encoder_hidden_states = encoder, use_cache = false }).logits);

    /// <summary>The part of (rows, whole, V) that belongs to some positions.</summary>
    static float[] Part(float[] whole, int length, int from, int count) => [.. whole.Chunk(SmallBert.Vocabulary)
        .Where((_, i) => i % length >= from && i % length < from + count).SelectMany(row => row)];

    [Test]
    public void Steps_with_a_cache_give_the_logits_of_one_call([Values] bool isFixed, [Values] bool masked, [Values] bool cross)
    {
        var (model, ids) = (Model(cross), SmallBert.Ids(Rows, 7));
        var encoder = cross ? States : null;
        var mask = masked ? Tensor.Of(new[,] { { 0, 0, 1, 1, 1, 1, 1 }, { 1, 1, 1, 1, 1, 1, 1 } }) : null;
        var whole = Logits(model, ids, mask, encoder: encoder);
        var cache = New(isFixed);
        foreach (var (from, count) in new[] { (0, 3), (3, 1), (4, 3) })
        {
            var step = Logits(model, ids[.., from..(from + count)], mask?[.., ..(from + count)], cache, encoder);
            // What padding itself attends to depends on how many places there are, and means nothing.
            var (got, wanted) = (step.Chunk(SmallBert.Vocabulary).ToArray(), Part(whole, 7, from, count).Chunk(SmallBert.Vocabulary).ToArray());
            for (var i = 0; i < got.Length; i++)
                if (!masked || i >= count || from + i >= 2) Assert.That(got[i], Is.EqualTo(wanted[i]).Within(2e-5f), $"row {i / count}, position {from + (i % count)}");
            Assert.That(cache.Length.Known, Is.EqualTo(from + count));
        }
    }

    [Test]
    public void A_cache_is_read_in_Hugging_Faces_layout_and_made_of_it([Values] bool isFixed, [Values] bool cross)
    {
        var (model, ids) = (Model(cross), SmallBert.Ids(Rows, 5));
        var cache = New(isFixed);
        Logits(model, ids, cache: cache, encoder: cross ? States : null);
        var expected = model.Apply(new BertLMHeadInputs { input_ids = ids, encoder_hidden_states = cross ? States : null }).past_key_values!;
        var layout = cache.ToTensors();
        Assert.That(layout.Select(l => l.Count), Is.All.EqualTo(cross ? 4 : 2).And.Exactly(Layers).Items);
        Assert.That(layout[0][0].shape, Is.EqualTo(new Shape(Rows, Heads, 5, HeadSize)));
        foreach (var (got, wanted) in layout.Flatten().Zip(expected.Flatten())) Assert.That(Floats(got), Is.EqualTo(Floats(wanted)).Within(1e-6f));
        var next = SmallBert.Ids(Rows, 1);
        Assert.That(Logits(model, next, cache: GrowingCache.Of(layout, Layers), encoder: cross ? States : null), Is.EqualTo(Logits(model, next, cache: cache, encoder: cross ? States : null)).Within(2e-5f));
    }

    [Test]
    public void Reordered_rows_continue_others([Values] bool isFixed)
    {
        var (model, ids) = (Model(), SmallBert.Ids(Rows, 4));
        var cache = New(isFixed);
        Logits(model, ids, cache: cache);
        cache.Reorder(Tensor.Of(new[] { 1, 0 }));
        var swapped = Api.ops.take(ids, Tensor.Of(new[] { 1, 0 }), 0);
        var next = SmallBert.Ids(Rows, 1);
        var whole = Logits(model, Api.ops.concatenate([swapped, next], 1));
        Assert.That(Logits(model, next, cache: cache), Is.EqualTo(Part(whole, 5, 4, 1)).Within(2e-5f));
    }

    [Test]
    public void A_traced_step_takes_the_resources_as_arguments_and_is_traced_once([Values(RunMode.Graph, RunMode.Xla)] RunMode mode)
    {
        var (model, ids) = (Model(), SmallBert.Ids(Rows, 9));
        var cache = new FixedSizeCache(Layers, Rows, Heads, SmallBert.Longest, HeadSize);
        var whole = Logits(model, ids);
        Assert.That(Logits(model, ids[.., ..4], cache: cache), Is.EqualTo(Part(whole, 9, 0, 4)).Within(2e-5f));
        using var step = new TracedFunction("step", x => model.Apply(new BertLMHeadInputs
        {
            input_ids = x["ids"], use_cache = false,
            cache = cache.Over([.. x["cache"].Select(r => r.Single)], x["length"].Single),
        }).logits, new(mode == RunMode.Xla));
        for (var at = 4; at < 9; at++)
        {
            var logits = step.Call(new Dictionary<string, Tensors> { ["ids"] = ids[.., at..(at + 1)], ["length"] = (Tensor)at, ["cache"] = (Tensor[])[.. cache.Resources] });
            Assert.That(logits.ToArray<float>(), Is.EqualTo(Part(whole, 9, at, 1)).Within(2e-5f), $"position {at}");
            cache.SetLength(at + 1);
        }
        Assert.That(step.TraceCount, Is.EqualTo(1));
        Assert.That(Floats(cache.ToTensors()[1][1]), Is.EqualTo(Floats(model.Apply(new BertLMHeadInputs { input_ids = ids }).past_key_values![1][1])).Within(1e-5f));
    }

    [Test]
    public void A_shorter_length_forgets_and_a_full_cache_says_so()
    {
        var model = Model();
        var cache = new FixedSizeCache(Layers, Rows, Heads, 6, HeadSize);
        var ids = SmallBert.Ids(Rows, 6);
        var whole = Logits(model, ids);
        Logits(model, SmallBert.Ids(Rows, 5), cache: cache);
        cache.SetLength(0);
        Assert.That(Logits(model, ids, cache: cache), Is.EqualTo(whole).Within(2e-5f));
        Assert.That(() => Logits(model, SmallBert.Ids(Rows, 1), cache: cache), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("6 tokens").And.Message.Contains("7"));
        Assert.That(() => cache.SetLength(7), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new FixedSizeCache(Layers, Rows, Heads, 0, HeadSize), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("places"));
        Assert.That(() => new GrowingCache(Layers).ToTensors(), Throws.InvalidOperationException.With.Message.Contains("layer 0"));
    }
}
