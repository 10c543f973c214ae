using System.Collections.Immutable;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Declares the GPT-2 family.</summary>
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
        Tokenizer = GPT2TokenizerFast.Declaration,
        Weights = Gpt2Weights.Dialect,
        Benchmark = new(ModelClass.Of<TFGPT2LMHeadModel>(), new Dictionary<string, Func<PretrainedConfig>>
        {
            ["base"] = () => new GPT2Config(),
            ["tiny"] = () => new GPT2Config { n_embd = 128, n_layer = 2, n_head = 2, n_inner = 512 },
        }, inputs => ops.cast(inputs["input_ids"].Single, "int32")),
        SampleVocabulary = new Dictionary<string, string>
        {
            ["vocab.json"] = """{"H":0,"e":1,"l":2,"o":3,",":4,"\u0120":5,"w":6,"r":7,"d":8,"2":9,".":10,"5":11,"he":12,"ll":13,"\u0120w":14,"llo":15,"<|endoftext|>":16}""",
            ["merges.txt"] = "#version: 0.2\nl l\n\u0120 w\nll o\n",
        },
    };
}
