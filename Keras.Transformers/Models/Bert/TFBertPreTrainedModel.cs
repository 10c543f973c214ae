using System.Diagnostics.CodeAnalysis;

namespace Keras.Transformers;

/// <summary>The base of BERT models: inputs, names and the vocabulary.</summary>
/// <typeparam name="TSelf">The class.</typeparam>
/// <typeparam name="TInputs">The record of its inputs.</typeparam>
/// <typeparam name="TOut">Its output.</typeparam>
public abstract class TFBertPreTrainedModel<TSelf, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TInputs, TOut> : TFPreTrainedModel<TSelf, TInputs, TOut>
    where TSelf : TFBertPreTrainedModel<TSelf, TInputs, TOut>, IPretrainedModel<TSelf>
    where TInputs : BertInputs, new()
    where TOut : ModelOutput
{
    /// <inheritdoc/>
    /// <param name="config">The model's configuration.</param>
    /// <param name="add_pooling_layer">Whether the first state is pooled.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    protected TFBertPreTrainedModel(BertConfig config, bool add_pooling_layer, string? name = null, DTypePolicy? dtype = null) : base(config, name, dtype) =>
        bert = new(config, add_pooling_layer, dtype: dtype_policy);

    /// <summary>BERT without the model's head.</summary>
    public TFBertMainLayer bert { get; }

    /// <summary>The configuration of the model.</summary>
    public new BertConfig config => (BertConfig)base.config;

    /// <summary>The "model_type" of its configurations.</summary>
    public static string ModelType => "bert";

    /// <inheritdoc/>
    public override string base_model_prefix => "bert";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, (DType DType, Shape Shape)> input_signature { get; } = Signature(new Shape(-1, -1));

    private protected static IReadOnlyDictionary<string, (DType DType, Shape Shape)> Signature(Shape shape) =>
        LayerArguments.TensorNames<BertInputs>().Take(3).ToDictionary(n => n, _ => (DType.Int32, shape));

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs =>
    [
        (nameof(BertInputs.input_ids), new(0, config.vocab_size - 1)),
        (nameof(BertInputs.token_type_ids), new(0, config.type_vocab_size - 1)),
        (nameof(BertInputs.position_ids), new(0, config.max_position_embeddings - 1)),
    ];

    /// <summary>Applies the backbone to the inputs that it takes.</summary>
    private protected TFBaseModelOutputWithPoolingAndCrossAttentions Backbone(BertInputs inputs) => bert.Apply(inputs as BertDecoderInputs ?? new(inputs));

    /// <summary>The rate of dropout before a classifier.</summary>
    private protected double ClassifierDropout => config.classifier_dropout ?? config.hidden_dropout_prob;

    /// <inheritdoc/>
    public override Variable get_input_embeddings() => bert.get_input_embeddings();

    /// <inheritdoc/>
    protected override void ResizeVocabulary(int count)
    {
        bert.ResizeWords(count);
        config.vocab_size = count;
    }

    /// <inheritdoc/>
    public override bool supports_gradient_checkpointing => true;

    /// <inheritdoc/>
    protected override void SetGradientCheckpointing(bool on) => bert.Recomputes = on;

    /// <summary>Calls the model with its inputs as named arguments.</summary>
    /// <param name="input_ids">Token ids, (B, T), integers from 0 to vocab_size - 1; or a dictionary or list of all inputs.</param>
    /// <param name="attention_mask">1 for tokens, 0 for padding, (B, T); default all tokens.</param>
    /// <param name="token_type_ids">The segment of each token, (B, T), integers; default 0.</param>
    /// <param name="position_ids">The position of each token, (B, T), integers; default 0, 1, 2...</param>
    /// <param name="head_mask">1 for heads that are kept, 0 for others, (H) or (L, H); default all.</param>
    /// <param name="inputs_embeds">Word vectors instead of ids, (B, T, C).</param>
    /// <param name="output_attentions">Whether attention probabilities are returned; default the configuration's.</param>
    /// <param name="output_hidden_states">Whether the states of every layer are returned; default the configuration's.</param>
    /// <param name="labels">The labels for the model's head, if it has labels of this name; then the output holds a loss.</param>
    /// <param name="training">Whether dropout is on; null inherits from the enclosing call, then false.</param>
    /// <exception cref="ArgumentException">The model takes no such input.</exception>
    public TOut Apply(Tensors? input_ids = null, Tensor? attention_mask = null, Tensor? token_type_ids = null, Tensor? position_ids = null,
        Tensor? head_mask = null, Tensor? inputs_embeds = null, bool? output_attentions = null, bool? output_hidden_states = null, Tensor? labels = null, bool? training = null) =>
        Apply(Keywords(input_ids, new BertInputs { attention_mask = attention_mask, token_type_ids = token_type_ids, position_ids = position_ids, head_mask = head_mask, inputs_embeds = inputs_embeds, output_attentions = output_attentions, output_hidden_states = output_hidden_states }, training)
            .With(nameof(BertLabelledInputs.labels), labels));
}
