using System.Collections.Immutable;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>GPT-2, declared.</summary>
static class Gpt2Family
{
    public static readonly ModelFamily Declaration = new()
    {
        ModelType = "gpt2",
        Config = () => new GPT2Config(),
        Tasks = ImmutableDictionary.CreateRange(new Dictionary<Type, ModelClass>
        {
            [typeof(TFAutoModel)] = ModelClass.Of<TFGPT2Model>(),
            [typeof(TFAutoModelForPreTraining)] = ModelClass.Of<TFGPT2LMHeadModel>(),
            [typeof(TFAutoModelWithLMHead)] = ModelClass.Of<TFGPT2LMHeadModel>(),
            [typeof(TFAutoModelForCausalLM)] = ModelClass.Of<TFGPT2LMHeadModel>(),
            [typeof(TFAutoModelForSequenceClassification)] = ModelClass.Of<TFGPT2ForSequenceClassification>(),
            [typeof(TFAutoModelForTokenClassification)] = ModelClass.Of<TFGPT2ForTokenClassification>(),
            [typeof(TFAutoModelForQuestionAnswering)] = ModelClass.Of<TFGPT2ForQuestionAnswering>(),
        }),
        OtherClasses = [ModelClass.Of<TFGPT2DoubleHeadsModel>()],
        Weights = Gpt2Weights.Dialect,
        Benchmark = new(ModelClass.Of<TFGPT2LMHeadModel>(), new Dictionary<string, Func<PretrainedConfig>>
        {
            ["base"] = () => new GPT2Config(),
            ["tiny"] = () => new GPT2Config { n_embd = 128, n_layer = 2, n_head = 2, n_inner = 512 },
        }, inputs => ops.cast(inputs["input_ids"].Single, "int32")),
    };
}
