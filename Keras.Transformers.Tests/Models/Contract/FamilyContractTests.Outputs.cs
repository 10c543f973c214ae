using Keras.Engines;
using Keras.Graphs;
using Keras.Optimizers;

namespace Keras.Transformers.Tests.Models;

/// <content>What models give: in which forms, in which modes, on which engine, at what cost.</content>
sealed partial class FamilyContractTests
{
    [TestCaseSource(nameof(Classes))]
    public void Outputs_come_as_a_list_where_that_is_wanted(ContractClass c)
    {
        var config = c.Config();
        var model = c.New(config);
        var inputs = ContractClass.Inputs(model);
        var labels = ContractClass.Labels(model, inputs);
        var all = ContractClass.With(inputs, labels);
        var named = model.Apply(all);
        foreach (var list in new[] { model.Apply(all, return_dict: false), named.to_tuple() })
        {
            Assert.That((list.IsDictionary, list.Count), Is.EqualTo((false, named.Count)));
            Assert.That(Values(list), Is.EqualTo(Values(named)));
        }
        Assert.That(() => model.Apply(new CallArguments(inputs).WithOption("return_dict", false)), Throws.ArgumentException.With.Message.Contains("to_tuple"));

        config.return_dict = false;
        Assert.That(model.Apply(inputs), Is.InstanceOf<ModelOutput>(), "A typed call has names in any case.");
        Assert.That(((Layer)model).Apply(inputs).IsDictionary, Is.False);
        Compile(model, RunMode.Graph, "sgd");
        Assert.That(model.predict(inputs, verbose: 0).IsDictionary, Is.False);
        if (labels.Count > 0) Assert.That(model.fit(inputs, new Tensors(labels), verbose: 0).history["loss"], Has.Count.EqualTo(1));
    }

    /// <summary>All fields, those of outputs within an output by both names.</summary>
    static Dictionary<string, Tensors> Fields(Tensors outputs) => outputs.Named().SelectMany(o => o.Value.IsDictionary
        ? Fields(o.Value).Select(f => KeyValuePair.Create($"{o.Key}.{f.Key}", f.Value)) : [o]).ToDictionary();

    [TestCaseSource(nameof(WithStates))]
    public void States_and_attentions_come_by_call_or_by_configuration_and_do_not_disturb_training(ContractClass c)
    {
        var config = c.Config();
        var model = c.New(config);
        var inputs = ContractClass.Inputs(model);
        var labels = ContractClass.Labels(model, inputs);
        var asked = model.Apply(new CallArguments(inputs).WithOption("output_hidden_states", true).WithOption("output_attentions", true));
        // A model of several models has the states of each.
        var flat = Fields(asked);
        string[] fields = [.. flat.Keys.Where(k => k.EndsWith("hidden_states", StringComparison.Ordinal))];
        Assert.That(fields, Is.Not.Empty);
        static string Attentions(string field) => field.Replace("hidden_states", "attentions", StringComparison.Ordinal);
        foreach (var field in fields) Assert.That(Fields(model.Apply(inputs)).Keys, Has.No.Member(field).And.No.Member(Attentions(field)));
        (config.output_hidden_states, config.output_attentions) = (true, true);
        AssertSame(model.Apply(inputs), asked);
        var unasked = Fields(model.Apply(new CallArguments(inputs).WithOption("output_hidden_states", false).WithOption("output_attentions", false))).Keys;
        foreach (var (states, attentions) in fields.Select(f => (flat[f], flat[Attentions(f)])))
        {
            Assert.That(states.Count, Is.EqualTo(attentions.Count + 1));
            Assert.That(states.Select(s => s.Single.shape.ElementCount).Distinct().ToArray(), Has.Length.EqualTo(1));
            foreach (var attention in attentions)
            {
                Assert.That((attention.Single.ndim, attention.Single.shape[2]), Is.EqualTo((4, states[0].Single.shape[1])));
                Assert.That(Values(attention).Chunk((int)attention.Single.shape[3]).Select(row => row.Sum()), Is.All.EqualTo(1).Within(1e-5f));
            }
        }
        Assert.That(unasked, Is.EqualTo(flat.Keys.Where(k => !k.EndsWith("hidden_states", StringComparison.Ordinal) && !k.EndsWith("attentions", StringComparison.Ordinal))));
        Compile(model, RunMode.Graph, new Adam(0.01));
        if (labels.Count > 0) Assert.That(model.fit(ContractClass.With(inputs, labels), epochs: 3, verbose: 0).history["loss"], Is.Ordered.Descending);
        var predicted = Fields(model.predict(inputs, batch_size: 3, verbose: 0));
        foreach (var field in fields) Assert.That(predicted[field].Count, Is.EqualTo(flat[field].Count));
    }

    [TestCaseSource(nameof(Classes))]
    public void Eager_graph_XLA_and_the_other_engine_give_the_same(ContractClass c)
    {
        using var folder = new TemporaryFolder();
        var model = c.New();
        var inputs = ContractClass.Inputs(model);
        var expected = model.Apply(inputs);
        foreach (var mode in new[] { RunMode.Graph, RunMode.Xla }) AssertSame(Run(mode, inputs, x => model.Apply(x)), expected, 2e-5f, $"{mode}");
        model.save_pretrained(folder);
        if (TestEngines.Find(Engine.Current.Name == "torch" ? "tensorflow" : "torch") is not { } other) return;
        var (keys, values) = (expected.Keys, Values(expected));
        using (Engine.Use(other))
        {
            var twin = c.Load(folder);
            var outputs = twin.Apply(ContractClass.Inputs(twin));
            Assert.That(outputs.Keys, Is.EqualTo(keys));
            Assert.That(Values(outputs), Is.EqualTo(values).Within(2e-5f), other.Name);
        }
    }

    /// <summary>A class whose inputs have more free axes than batch and length cannot know its operations of these two.</summary>
    [TestCaseSource(nameof(Classes))]
    public void A_forward_pass_has_the_products_that_the_model_says(ContractClass c)
    {
        var model = c.New();
        var signature = model.input_signature;
        if (signature.Values.Any(i => i.Shape.ToArray().Count(d => d < 0) > 2))
        {
            Assert.That(model.ForwardFlops(1, 1), Is.Null);
            return;
        }
        foreach (var (rows, length) in new[] { (1, 1), (2, 7), (3, 16) })
        {
            var inputs = ContractClass.Inputs(model, rows, length);
            var traced = FunctionGraph.Trace("flops", inputs.Named().Select(i => (i.Value.Single.dtype, i.Value.Single.shape, i.Key)),
                given => model.Apply(new Tensors(signature.Keys.Zip(given, (name, tensor) => KeyValuePair.Create(name, new Tensors(tensor)))), training: false).Flatten());
            Assert.That(model.ForwardFlops(rows, length), Is.EqualTo(TracedFlops.Of(traced)), $"batch {rows}, length {length}");
        }
    }
}
