using System.Diagnostics.CodeAnalysis;
using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers.Tests;

/// <summary>What the classes share.</summary>
abstract class TFTinyTestPreTrainedModel<TSelf, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TInputs, TOut> : TFPreTrainedModel<TSelf, TInputs, TOut>
    where TSelf : TFTinyTestPreTrainedModel<TSelf, TInputs, TOut>, IPretrainedModel<TSelf>
    where TInputs : TinyTestInputs, new()
    where TOut : ModelOutput
{
    protected TFTinyTestPreTrainedModel(TinyTestConfig config, DTypePolicy? dtype) : base(config, dtype: dtype) => tiny = new(config, dtype_policy);

    protected TinyTestMainLayer tiny { get; }

    public new TinyTestConfig config => (TinyTestConfig)base.config;

    public static string ModelType => "tiny-test";

    public override string base_model_prefix => "tiny";

    public override IReadOnlyDictionary<string, (DType DType, Shape Shape)> input_signature { get; } =
        LayerArguments.TensorNames<TinyTestInputs>().Take(2).ToDictionary(n => n, _ => (DType.Int32, new Shape(-1, -1)));

    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => [("input_ids", new(0, config.vocab_size - 1))];

    protected override IEnumerable<WeightRow> WeightRows => TinyTestWeights.Backbone("tiny.");

    protected override IReadOnlyList<string> OtherHeads => ["lm_head.", "score."];

    public override double? ForwardFlops(long batch, long length) => config.ForwardFlops(batch, length);

    public override Variable get_input_embeddings() => tiny.WordTable;

    public override bool supports_gradient_checkpointing => true;

    protected override void SetGradientCheckpointing(bool on) => tiny.Recomputes = on;

    protected override void ResizeVocabulary(int count)
    {
        tiny.ResizeWords(count);
        config.vocab_size = count;
    }
}

/// <summary>The decoder without a head.</summary>
sealed class TFTinyTestModel(TinyTestConfig config, DTypePolicy? dtype = null)
    : TFTinyTestPreTrainedModel<TFTinyTestModel, TinyTestInputs, TFBaseModelOutputWithPoolingAndCrossAttentions>(config, dtype), IPretrainedModel<TFTinyTestModel>
{
    public static TFTinyTestModel Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((TinyTestConfig)config, dtype);

    protected override IEnumerable<WeightRow> WeightRows => TinyTestWeights.Backbone("");

    protected override TFBaseModelOutputWithPoolingAndCrossAttentions Forward(TinyTestInputs inputs) => tiny.Apply(inputs);
}

/// <summary>The decoder that scores next words with its word vectors.</summary>
sealed class TFTinyTestLMHeadModel : TFTinyTestPreTrainedModel<TFTinyTestLMHeadModel, TinyTestLabelledInputs, TFCausalLMOutputWithCrossAttentions>, IPretrainedModel<TFTinyTestLMHeadModel>
{
    const int Ignored = -100;

    public TFTinyTestLMHeadModel(TinyTestConfig config, DTypePolicy? dtype = null) : base(config, dtype) { }

    public static TFTinyTestLMHeadModel Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((TinyTestConfig)config, dtype);

    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => [.. base.IntegerInputs, ("labels", new(0, config.vocab_size - 1, Ignored))];

    protected override IEnumerable<WeightRow> WeightRows => TinyTestWeights.Backbone("tiny.", "lm_head.weight");

    public override double? ForwardFlops(long batch, long length) => base.ForwardFlops(batch, length) + (2.0 * batch * length * config.n_embd * config.vocab_size);

    public override Variable get_output_embeddings() => get_input_embeddings();

    protected override Tensor OwnLoss(TinyTestLabelledInputs labels, TFCausalLMOutputWithCrossAttentions outputs)
    {
        var next = ops.cast(labels.labels![.., 1..], "int32");
        var counts = ops.cast(ops.not_equal(next, Ignored), "float32");
        var losses = ops.sparse_categorical_crossentropy(ops.maximum(next, 0), ops.cast(outputs.logits[.., ..^1], "float32"), from_logits: true);
        return ops.expand_dims(ops.sum(losses * counts) / ops.sum(counts), 0);
    }

    protected override TFCausalLMOutputWithCrossAttentions Forward(TinyTestLabelledInputs inputs)
    {
        var outputs = tiny.Apply(inputs);
        return new()
        {
            logits = ops.matmul(outputs.last_hidden_state, ops.transpose(ops.cast(get_output_embeddings(), compute_dtype))),
            past_key_values = outputs.past_key_values,
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }
}

/// <summary>The decoder with a classifier on the state of the last token; padding follows it.</summary>
sealed class TFTinyTestForSequenceClassification : TFTinyTestPreTrainedModel<TFTinyTestForSequenceClassification, TinyTestLabelledInputs, TFSequenceClassifierOutput>, IPretrainedModel<TFTinyTestForSequenceClassification>
{
    readonly Dense score;

    public TFTinyTestForSequenceClassification(TinyTestConfig config, DTypePolicy? dtype = null) : base(config, dtype) =>
        score = new(config.num_labels, kernel_initializer: TinyTestMainLayer.New(config), name: "score", dtype: dtype_policy);

    public static TFTinyTestForSequenceClassification Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((TinyTestConfig)config, dtype);

    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => [.. base.IntegerInputs, ("labels", new(0, config.num_labels - 1))];

    protected override IEnumerable<WeightRow> WeightRows => [.. base.WeightRows, .. WeightRow.Dense("score", "score")];

    public override double? ForwardFlops(long batch, long length) => base.ForwardFlops(batch, length) + (2.0 * batch * config.n_embd * config.num_labels);

    protected override Tensor OwnLoss(TinyTestLabelledInputs labels, TFSequenceClassifierOutput outputs) =>
        ops.sparse_categorical_crossentropy(ops.ravel(ops.cast(labels.labels!, "int32")), ops.cast(outputs.logits, "float32"), from_logits: true);

    protected override TFSequenceClassifierOutput Forward(TinyTestLabelledInputs inputs)
    {
        var outputs = tiny.Apply(inputs);
        return new()
        {
            logits = score.Apply(LastStates(outputs.last_hidden_state, inputs.attention_mask)),
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }

    static Tensor LastStates(Tensor states, Tensor? mask) => mask is null ? states[.., ^1]
        : ops.squeeze(ops.take_along_axis(states, ops.reshape(ops.sum(ops.cast(mask, "int32"), 1) - 1, [-1, 1, 1]), 1), 1);
}
