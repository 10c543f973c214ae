using Keras.Graphs;

namespace Keras.Transformers.Tests.Models;

/// <content>What models take, in which forms, and what they refuse.</content>
sealed partial class FamilyContractTests
{
    /// <summary>The inputs in the record's order, up to the first that is not given.</summary>
    /// <summary>What predict returns: keys and values are for a call that follows.</summary>
    static Tensors WithoutPast(Tensors outputs) => new(outputs.Named().Where(o => o.Key != "past_key_values"));

    static Tensors Listed(TFPreTrainedModel model, Tensors inputs) => new(model.InputNames.TakeWhile(inputs.ContainsKey).Select(n => inputs[n]));

    static Tensors Wide(Tensors inputs) => inputs.Map(t => t.dtype.IsInteger ? Tf.Cast(t, DType.Int64) : t);

    [TestCaseSource(nameof(Classes))]
    public void Inputs_come_in_a_dictionary_a_list_by_keyword_or_in_a_record(ContractClass c)
    {
        var model = c.New();
        var inputs = ContractClass.Inputs(model);
        var expected = model.Apply(inputs);
        var keywords = new CallArguments(inputs[model.main_input_name]);
        foreach (var (name, value) in inputs.Named().Skip(1)) keywords.With(name, value);
        // A list may stop early: what a head adds to the family's inputs comes behind them.
        var listed = Listed(model, inputs);
        var named = new Tensors(model.InputNames.Zip(listed, KeyValuePair.Create));
        AssertSame(model.Apply(listed), model.Apply(named));
        Assert.That(listed.Count, Is.GreaterThanOrEqualTo(Math.Min(2, inputs.Count)), "The signature's inputs come first.");
        AssertSame(model.Apply(keywords), expected);
        AssertSame(ContractClass.ApplyRecord(model, inputs), expected);
        AssertSame(model.Apply(Wide(inputs)), expected);
        var needed = new Tensors(model.NeededInputs.Select(n => KeyValuePair.Create(n, inputs[n])));
        Assert.That(Values(model.Apply(needed.Count == 1 ? needed[0] : needed)), Has.Length.EqualTo(Values(expected).Length), "The main input is enough, or what the model says.");
        Compile(model, RunMode.Graph, "sgd");
        AssertSame(model.predict(listed, batch_size: 3, verbose: 0), WithoutPast(model.Apply(named)), 1e-5f);
    }

    [TestCaseSource(nameof(Classes))]
    public void Inputs_that_are_unknown_double_missing_too_many_or_of_another_rank_are_refused(ContractClass c)
    {
        var model = c.New();
        var inputs = ContractClass.Inputs(model);
        var (main, value) = (model.main_input_name, inputs[model.main_input_name]);
        Assert.That(() => model.Apply(ContractClass.With(inputs, "tea_leaves", value)), Throws.ArgumentException.With.Message.Contains("tea_leaves").And.Message.Contains(main));
        Assert.That(() => model.Apply(new CallArguments(inputs).With(main, value)), Throws.ArgumentException.With.Message.Contains(main));
        Assert.That(() => model.Apply(new Tensors(Enumerable.Repeat(new Tensors(Tf.ZerosLike(value.Single)), model.InputNames.Count + 1))), Throws.ArgumentException.With.Message.Contains($"#{model.InputNames.Count}"));
        foreach (var needed in model.NeededInputs)
            Assert.That(() => model.Apply(new Tensors(inputs.Named().Where(i => i.Key != needed))), Throws.ArgumentException.With.Message.Contains(needed));
        Assert.That(() => ContractClass.ApplyRecord(model, new Tensors(inputs.Named().Where(i => i.Key != main))), Throws.ArgumentException.With.Message.Contains(main));
        var tensor = value.Single;
        foreach (var wrong in new[] { Tf.Reshape(tensor, new Shape(-1)), Tf.ExpandDims(tensor, -1) })
        {
            Assert.That(() => model.Apply(wrong), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains(main));
            Assert.That(() => ((Layer)model).Apply(ContractClass.With(inputs, main, wrong)), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains(main));
        }
    }

    [TestCaseSource(nameof(Classes))]
    public void Integers_out_of_range_are_found_by_every_call(ContractClass c)
    {
        var model = c.New();
        Compile(model, RunMode.Graph, "sgd");
        var good = ContractClass.Inputs(model);
        var labels = ContractClass.Labels(model, good);
        var all = ContractClass.With(good, labels);
        foreach (var (name, value) in all.Named().Where(i => model.InputRanges.ContainsKey(i.Key)))
            foreach (var bad in new[] { model.InputRanges[name].Max + 1, model.InputRanges[name].Min - 1 })
            {
                var wrong = Last(value.Single, bad);
                var x = ContractClass.With(all, name, wrong);
                var isMain = name == model.main_input_name;
                foreach (var (form, call) in new (string, Func<object?>)[]
                {
                    ("Apply", () => model.Apply(x)),
                    ("Apply of a whole call", () => model.Apply(new CallArguments(x))),
                    ("Apply by keyword", () => model.Apply(new CallArguments(new Tensors(x.Named().Where(i => i.Key != name))).With(name, wrong))),
                    ("Apply of a record", () => ContractClass.ApplyRecord(model, x)),
                    ("Apply of a list", () => isMain ? model.Apply(Listed(model, x)) : model.Apply(x, return_dict: false)),
                    ("Apply of the main input", () => isMain ? model.Apply(wrong) : model.Apply(x)),
                    ("a Model's Apply", () => ((Model)model).Apply(x)),
                    ("a Layer's Apply", () => ((Layer)model).Apply(x)),
                    ("a Layer's Apply of a call", () => ((Layer)model).Apply(new CallArguments(x))),
                    ("predict", () => model.predict(x, verbose: 0)),
                    ("predict_on_batch", () => model.predict_on_batch(x)),
                })
                    Assert.That(() => call(), Throws.InstanceOf<ValueRangeException>().With.Message.Contains($"{bad}"), $"{form}, {name}");
                if (labels.Count == 0) continue;
                Assert.That(() => model.fit(x, verbose: 0), Throws.InstanceOf<ValueRangeException>(), $"fit, {name}");
                Assert.That(() => model.evaluate(x, verbose: 0), Throws.InstanceOf<ValueRangeException>(), $"evaluate, {name}");
                Assert.That(() => model.fit([new Batch(x)], verbose: 0), Throws.InstanceOf<ValueRangeException>(), $"fit on batches, {name}");
                if (!labels.ContainsKey(name)) continue;
                var y = new Tensors(labels.Select(l => l.Key == name ? KeyValuePair.Create(name, new Tensors(wrong)) : l));
                foreach (var form in new[] { y, labels.Count == 1 ? wrong : new Tensors(y.Named().Select(l => l.Value)) })
                    Assert.That(() => model.fit(good, form, verbose: 0), Throws.InstanceOf<ValueRangeException>(), $"fit with {form.Structure}");
            }
    }

    /// <summary>A tensor with another last element.</summary>
    static Tensor Last(Tensor tensor, long value)
    {
        var values = tensor.ToArray<int>();
        values[^1] = checked((int)value);
        return Tf.Constant(HostTensor.Of<int>(values, tensor.shape));
    }

    [TestCaseSource(nameof(WithEmbeddings))]
    public void Embeddings_may_be_given_instead_of_ids(ContractClass c)
    {
        var model = c.New();
        var inputs = ContractClass.Inputs(model);
        var expected = model.Apply(inputs);
        var embedded = Tf.Gather(model.get_input_embeddings().value, inputs[model.main_input_name].Single, 0);
        var without = new Tensors(inputs.Named().Where(i => i.Key != model.main_input_name).Append(new("inputs_embeds", embedded)));
        AssertSame(model.Apply(without), expected, 1e-6f);
        AssertSame(ContractClass.ApplyRecord(model, without), expected, 1e-6f);
        Assert.That(() => model.Apply(ContractClass.With(inputs, "inputs_embeds", embedded)), Throws.ArgumentException.With.Message.Contains("both"));
    }

    [TestCaseSource(nameof(WithHeadMask))]
    public void A_mask_of_heads_takes_out_heads_of_all_layers_or_of_each(ContractClass c)
    {
        var model = c.New();
        var inputs = ContractClass.Inputs(model);
        var attentions = model.Apply(new CallArguments(inputs).WithOption("output_attentions", true))["attentions"];
        var (layers, heads) = (attentions.Count, (int)attentions[0].Single.shape[1]);
        var expected = model.Apply(inputs);
        Tensors Masked(Func<int, int, bool> isOut, bool each) => model.Apply(ContractClass.With(inputs, "head_mask", Tf.Constant(HostTensor.Of<float>(
            [.. Enumerable.Range(0, each ? layers * heads : heads).Select(k => isOut(k / heads, k % heads) ? 0f : 1f)], each ? new Shape(layers, heads) : new Shape(heads)))));
        AssertSame(Masked((_, _) => false, each: false), expected);
        AssertSame(Masked((_, _) => false, each: true), expected);
        var one = Masked((_, head) => head == 1, each: false);
        AssertSame(Masked((_, head) => head == 1, each: true), one);
        Assert.That(Values(one), Is.Not.EqualTo(Values(expected)));
        Assert.That(Values(Masked((layer, head) => layer == 0 && head == 1, each: true)), Is.Not.EqualTo(Values(one)).And.Not.EqualTo(Values(expected)));
    }
}
