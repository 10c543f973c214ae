using Keras.Engines;
using Keras.Graphs;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>A batch of texts of different lengths that get their next tokens together, with their keys and values.</summary>
/// <remarks>When texts join, leave or outgrow their space, one copy lays the memory out anew. Traces work for any number of texts and positions.</remarks>
/// <param name="model">The model.</param>
/// <param name="store">The store of its compiled functions.</param>
/// <param name="dtype">The dtype of keys and values.</param>
/// <param name="eager">Whether to run eagerly, without traces.</param>
sealed class TextBatch(ICausalLanguageModel model, DecoderStore store, DType dtype, bool eager) : IDisposable
{
    readonly CacheForm _form = model.CacheForm;
    readonly List<ScheduledText> _texts = [];
    EagerTensor[]? _resources;
    int _places;

    /// <summary>The texts, in the order of their rows.</summary>
    public IReadOnlyList<ScheduledText> Texts => _texts;

    /// <summary>Computes a text's prompt.</summary>
    /// <returns><c>logits</c>, (1, V), for the next token, and keys and values for <see cref="Arrange"/>.</returns>
    public Tensors Begin(ScheduledText text)
    {
        var (model, form) = (Model, _form);
        var count = text.Seen.Length;
        int[] places = [.. Enumerable.Range(0, count)];
        return Run("begin", x =>
        {
            var cache = new GrowingCache(form.Layers);
            var output = model.Decode(new DecoderInputs
            {
                input_ids = x["input_ids"].Single, position_ids = x["position_ids"].Single, attention_mask = x["attention_mask"].Single, scored = x["scored"].Single, cache = cache,
            });
            var layers = cache.ToTensors();
            return new Tensors(new Dictionary<string, Tensors>
            {
                ["logits"] = ops.cast(output.logits, "float32")[.., 0],
                ["keys_values"] = new Tensors([.. layers.Select(pair => pair[0]), .. layers.Select(pair => pair[1])]),
            });
        }, new()
        {
            ["input_ids"] = Prompt.Tensor(text.Seen, 1, count),
            ["position_ids"] = Prompt.Tensor(places, 1, count),
            ["attention_mask"] = Prompt.Tensor([.. Enumerable.Repeat(1, count)], 1, count),
            ["scored"] = Prompt.Tensor([count - 1], 1),
        });
    }

    /// <summary>Computes the last token of every text.</summary>
    /// <returns><c>logits</c>, (B, V), and the greedy choice of them.</returns>
    public Tensors Step()
    {
        if (_texts.Max(t => t.Count) > _places) Arrange([.. Enumerable.Range(0, _texts.Count)]);
        // The functions outlive this batch, so they may not hold it.
        var (model, form, type, heads) = (Model, _form, dtype, _form.Heads);
        int[] rows = [.. from i in Enumerable.Range(0, _texts.Count) from head in Enumerable.Range(0, heads) select (((i * heads) + head) * _places) + _texts[i].Count - 1];
        var greedy = new GreedyChoice([], scores: false);
        return Run("step", x =>
        {
            var (ids, positions) = (x["input_ids"].Single, x["position_ids"].Single);
            var columns = x["columns"].Single;
            var cache = new RowCache(form, [.. x["cache"].Select(r => r.Single)], x["rows"].Single, ops.shape(ids)[0], ops.shape(columns)[0], type);
            var seen = ops.expand_dims(ops.expand_dims(columns, 0) <= positions, 1);
            var output = model.Decode(new DecoderInputs { input_ids = ids, position_ids = positions, attention_mask = ops.cast(seen, "int32"), scored = Prompt.Tensor([0], 1), cache = cache });
            return new Tensors(greedy.Run(ops.cast(output.logits, "float32")[.., 0], new Tensors(greedy.Inputs(ids, 1))));
        }, new()
        {
            ["cache"] = Resources,
            ["input_ids"] = Prompt.Tensor([.. _texts.Select(t => t.Last)], _texts.Count, 1),
            ["position_ids"] = Prompt.Tensor([.. _texts.Select(t => t.Count - 1)], _texts.Count, 1),
            ["rows"] = Prompt.Tensor(rows, rows.Length, 1),
            ["columns"] = Prompt.Tensor([.. Enumerable.Range(0, _places)], _places),
        });
    }

    /// <summary>Keeps some texts and takes one more.</summary>
    /// <param name="keep">The rows of the texts that stay.</param>
    /// <param name="newcomer">The new text with its keys and values from <see cref="Begin"/>; null for none.</param>
    public void Arrange(int[] keep, (ScheduledText Text, Tensors KeysValues)? newcomer = null)
    {
        ScheduledText[] texts = [.. keep.Select(row => _texts[row])];
        if (newcomer is { } added) texts = [.. texts, added.Text];
        var isEmpty = keep.Length == 0;
        if (isEmpty) Dispose();
        if (texts.Length == 0) return;
        var places = Buckets.Tokens(texts.Max(t => t.Count));
        _resources ??= [.. Enumerable.Range(0, 2 * _form.Layers).Select(_ => NewResource())];
        int[] From(int count) => [.. Enumerable.Range(0, places).Select(i => Math.Min(i, count - 1))];
        var inputs = new Dictionary<string, Tensors> { ["cache"] = Resources };
        if (!isEmpty)
        {
            inputs["keep"] = Prompt.Tensor(keep, keep.Length);
            inputs["kept_places"] = Prompt.Tensor(From(_places), places);
            inputs["rows"] = Prompt.Tensor(new int[_texts.Count], _texts.Count);
            inputs["columns"] = Prompt.Tensor(new int[_places], _places);
        }
        if (newcomer is { } text)
        {
            inputs["keys_values"] = text.KeysValues;
            inputs["new_places"] = Prompt.Tensor(From(text.Text.Seen.Length), places);
        }
        var (form, type, hasNew) = (_form, dtype, newcomer is not null);
        Run($"arrange {isEmpty} {hasNew}", x =>
        {
            foreach (var (i, resource) in x["cache"].Select(r => r.Single).Index())
            {
                var parts = new List<Tensor>();
                if (!isEmpty)
                {
                    var whole = ops.reshape(Tf.ReadVariable(resource, type), [ops.shape(x["rows"].Single)[0], form.Heads, ops.shape(x["columns"].Single)[0], form.Size]);
                    parts.Add(ops.take(ops.take(whole, x["keep"].Single, 0), x["kept_places"].Single, 2));
                }
                if (hasNew) parts.Add(ops.cast(ops.take(x["keys_values"][i].Single, x["new_places"].Single, 2), type));
                Tf.AssignVariable(resource, ops.reshape(parts.Count == 1 ? parts[0] : ops.concatenate([.. parts], 0), [-1, form.Size]));
            }
            return new Tensors(Tf.Constant(HostTensor.Vector(0)));
        }, inputs);
        _places = places;
        _texts.Clear();
        _texts.AddRange(texts);
    }

    ICausalLanguageModel Model => model;

    Tensors Resources => new(_resources!.Select(r => new Tensors(r)));

    /// <summary>Makes a variable with any number of rows.</summary>
    EagerTensor NewResource()
    {
        var shape = new Shape(-1, _form.Size);
        return new EagerTensor(Engine.Current.CreateVariable(dtype, shape, Engine.Device), Engine.Current) { HandleData = (dtype, shape) };
    }

    /// <summary>Runs a function traced for any sizes.</summary>
    Tensors Run(string key, Func<Tensors, Tensors> body, Dictionary<string, Tensors> inputs) =>
        eager ? body(new Tensors(inputs)) : store.Function($"schedule {key} {dtype.Name}", body, jit: false).Call(new Tensors(inputs));

    /// <summary>Drops all texts and releases their memory.</summary>
    public void Dispose()
    {
        _texts.Clear();
        foreach (var resource in _resources ?? []) resource.Dispose();
        (_resources, _places) = (null, 0);
    }
}
