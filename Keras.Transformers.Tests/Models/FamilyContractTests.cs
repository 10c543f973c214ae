namespace Keras.Transformers.Tests.Models;

/// <summary>What holds for every class of every registered family, also one from outside; Models/Contract holds the parts.</summary>
sealed partial class FamilyContractTests : EngineFixture
{
    static IEnumerable<TestCaseData> Where(Func<TFPreTrainedModel, bool> holds) =>
        ContractClass.All.Where(c => !ContractRow.All.ContainsKey(c.Family.ModelType) || holds(c.New())).Select(c => new TestCaseData(c).SetArgDisplayNames(c.Name));

    static IEnumerable<TestCaseData> Classes => Where(_ => true);

    /// <summary>Classes that take labels.</summary>
    static IEnumerable<TestCaseData> Heads => Where(m => m.LabelNames.Count > 0);

    /// <summary>A model of two models has two vocabularies.</summary>
    static IEnumerable<TestCaseData> WithWords => Where(m => HasWords(m) && m.NeededInputs.Count == 1);

    static IEnumerable<TestCaseData> WithEmbeddings => Where(m => m.InputNames.Contains("inputs_embeds"));

    static IEnumerable<TestCaseData> WithHeadMask => Where(m => m.InputNames.Contains("head_mask"));

    static IEnumerable<TestCaseData> WithStates => Where(m => m.CallParameters.Contains("output_hidden_states"));

    static IEnumerable<TestCaseData> WithCheckpointing => Where(m => m.supports_gradient_checkpointing);

    static bool HasWords(TFPreTrainedModel model) => model.InputRanges.ContainsKey(model.main_input_name);

    static bool HasIntegers(TFPreTrainedModel model) => model.input_signature.Values.Any(i => i.DType.IsInteger);

    static float[] Values(Tensors outputs) => ContractClass.Values(outputs);

    static void AssertSame(Tensors actual, Tensors expected, float within = 0, string? message = null)
    {
        Assert.That(actual.Keys, Is.EqualTo(expected.Keys), message);
        Assert.That(Values(actual), within == 0 ? Is.EqualTo(Values(expected)) : Is.EqualTo(Values(expected)).Within(within), message);
    }

    [TestCaseSource(nameof(Classes))]
    public void A_task_makes_its_class_of_a_configuration(ContractClass c)
    {
        foreach (var task in c.Family.Tasks.Where(t => t.Value.Class == c.Class.Class).Select(t => t.Key)) Assert.That(ModelFamilies.Create(task, c.Config()), Is.TypeOf(c.Class.Class), task.Name);
        var model = c.New();
        Assert.That((model.config.model_type, c.Family.Config!().model_type), Is.EqualTo((c.Family.ModelType, c.Family.ModelType)));
        Assert.That(model.input_signature.Keys, Is.SubsetOf(model.InputNames));
        Assert.That(model.main_input_name, Is.EqualTo(model.input_signature.Keys.First()));
        Assert.That(model.LabelNames, Is.SubsetOf(model.InputNames));
    }
}
