using System.Collections.Immutable;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Declares the BERT family.</summary>
static class BertFamily
{
    public static readonly ModelFamily Declaration = new()
    {
        ModelType = "bert",
        Config = () => new BertConfig(),
        Tasks = ImmutableDictionary.CreateRange(new Dictionary<Type, ModelClass>
        {
            [typeof(TFAutoModel)] = ModelClass.Of<TFBertModel>(),
            [typeof(TFAutoModelForTextEncoding)] = ModelClass.Of<TFBertModel>(),
            [typeof(TFAutoModelForPreTraining)] = ModelClass.Of<TFBertForPreTraining>(),
            [typeof(TFAutoModelWithLMHead)] = ModelClass.Of<TFBertForMaskedLM>(),
            [typeof(TFAutoModelForMaskedLM)] = ModelClass.Of<TFBertForMaskedLM>(),
            [typeof(TFAutoModelForCausalLM)] = ModelClass.Of<TFBertLMHeadModel>(),
            [typeof(TFAutoModelForNextSentencePrediction)] = ModelClass.Of<TFBertForNextSentencePrediction>(),
            [typeof(TFAutoModelForSequenceClassification)] = ModelClass.Of<TFBertForSequenceClassification>(),
            [typeof(TFAutoModelForMultipleChoice)] = ModelClass.Of<TFBertForMultipleChoice>(),
            [typeof(TFAutoModelForTokenClassification)] = ModelClass.Of<TFBertForTokenClassification>(),
            [typeof(TFAutoModelForQuestionAnswering)] = ModelClass.Of<TFBertForQuestionAnswering>(),
        }),
        Tokenizer = BertTokenizerFast.Declaration,
        Weights = BertWeights.Dialect,
        Benchmark = new(ModelClass.Of<TFBertForSequenceClassification>(), new Dictionary<string, Func<PretrainedConfig>>
        {
            ["base"] = () => new BertConfig(),
            ["tiny"] = () => new BertConfig { hidden_size = 128, num_hidden_layers = 2, num_attention_heads = 2, intermediate_size = 512 },
        }, inputs => ops.arange(0, ops.shape(inputs["input_ids"])[0], dtype: "int32") % 2),
        SampleVocabulary = new Dictionary<string, string> { ["vocab.txt"] = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\nworld\n##s\n,\n.\nun\n##able\n2\n5\n" },
    };
}
