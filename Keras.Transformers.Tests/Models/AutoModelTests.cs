using Keras.Layers;
using Keras.Optimizers;
using static Keras.Api;

namespace Keras.Transformers.Tests.Models;

sealed class AutoModelTests : EngineFixture
{
    static readonly (Func<PretrainedConfig, TFPreTrainedModel> FromConfig, Func<string, TFPreTrainedModel> FromPretrained, Type Class)[] All =
    [
        (TFAutoModel.from_config, f => TFAutoModel.from_pretrained(f), typeof(TFBertModel)),
        (TFAutoModelForTextEncoding.from_config, f => TFAutoModelForTextEncoding.from_pretrained(f), typeof(TFBertModel)),
        (TFAutoModelForPreTraining.from_config, f => TFAutoModelForPreTraining.from_pretrained(f), typeof(TFBertForPreTraining)),
        (TFAutoModelWithLMHead.from_config, f => TFAutoModelWithLMHead.from_pretrained(f), typeof(TFBertForMaskedLM)),
        (TFAutoModelForMaskedLM.from_config, f => TFAutoModelForMaskedLM.from_pretrained(f), typeof(TFBertForMaskedLM)),
        (TFAutoModelForCausalLM.from_config, f => TFAutoModelForCausalLM.from_pretrained(f), typeof(TFBertLMHeadModel)),
        (TFAutoModelForNextSentencePrediction.from_config, f => TFAutoModelForNextSentencePrediction.from_pretrained(f), typeof(TFBertForNextSentencePrediction)),
        (TFAutoModelForSequenceClassification.from_config, f => TFAutoModelForSequenceClassification.from_pretrained(f), typeof(TFBertForSequenceClassification)),
        (TFAutoModelForMultipleChoice.from_config, f => TFAutoModelForMultipleChoice.from_pretrained(f), typeof(TFBertForMultipleChoice)),
        (TFAutoModelForTokenClassification.from_config, f => TFAutoModelForTokenClassification.from_pretrained(f), typeof(TFBertForTokenClassification)),
        (TFAutoModelForQuestionAnswering.from_config, f => TFAutoModelForQuestionAnswering.from_pretrained(f), typeof(TFBertForQuestionAnswering)),
    ];

    [Test]
    public void Each_makes_the_class_of_its_task()
    {
        foreach (var (fromConfig, fromPretrained, type) in All)
        {
            using var folder = new TemporaryFolder();
            var model = fromConfig(SmallBert.Config(labels: 2));
            Assert.That(model, Is.InstanceOf(type));
            model.save_pretrained(folder);
            Assert.That(fromPretrained(folder), Is.InstanceOf(type));
        }
    }

    [Test]
    public void Outputs_have_the_common_fields_and_columns_are_tensors()
    {
        ModelOutput output = TFAutoModelForSequenceClassification.from_config(SmallBert.Config(labels: 2)).Apply(new[,] { { 1, 2, 3 } });
        Assert.That(output.logits.shape, Is.EqualTo(new Shape(1, 2)));
        Assert.That(output.loss, Is.Null);
        Assert.That(output.hidden_states, Is.Null);
        Assert.That(() => output.last_hidden_state, Throws.TypeOf<KeyNotFoundException>().With.Message.Contains("logits"));
        Assert.That(TFAutoModel.from_config(SmallBert.Config()).Apply(new[,] { { 1, 2, 3 } }).last_hidden_state.ndim, Is.EqualTo(3));

        var batch = new BatchEncoding([KeyValuePair.Create("input_ids", (BatchColumn)new[] { new[] { 1, 2 }, new[] { 3, 4 } })]);
        Tensor ids = batch["input_ids"];
        Assert.That(ids.numpy(), Is.EqualTo(new[,] { { 1, 2 }, { 3, 4 } }));
    }

    [Test]
    public void Metrics_leave_out_what_the_loss_leaves_out([Values] bool weighted)
    {
        var model = TFAutoModelForTokenClassification.from_config(SmallBert.Config(labels: 3));
        var ids = new[,] { { 1, 2, 3, 4 }, { 5, 6, 7, 0 } };
        var guess = ops.convert_to_numpy(ops.argmax(model.Apply(ids).logits, -1)).Cast<int>().ToArray();
        // Three right, one wrong, the others ignored.
        var labels = new[,] { { guess[0], guess[1], -100, -100 }, { (guess[4] + 1) % 3, guess[5], -100, -100 } };
        if (weighted) model.compile(optimizer: "sgd", weighted_metrics: ["accuracy"]);
        else model.compile(optimizer: "sgd", metrics: ["accuracy"]);
        Assert.That(model.evaluate(ids, labels, sample_weight: weighted ? (Tensors)new float[] { 1, 3 } : null, verbose: 0)["accuracy"], Is.EqualTo(weighted ? 5 / 8.0 : 3 / 4.0).Within(1e-6));
    }

    sealed class WordCountConfig : PretrainedConfig
    {
        public override string model_type => "word-count";

        protected override IReadOnlyList<string> Keys => ["vocab_size"];

        public int vocab_size { get => Get(7); set => Set(value); }
    }

    sealed record WordCountInputs : LayerArguments
    {
        public Tensor? input_ids { get; init; }

        public Tensor? labels { get; init; }
    }

    /// <summary>A model of a user: how often each word is there, weighed.</summary>
    sealed class WordCountModel : TFPreTrainedModel<WordCountModel, WordCountInputs, TFSequenceClassifierOutput>, IPretrainedModel<WordCountModel>
    {
        readonly Dense scores;

        public WordCountModel(WordCountConfig config, DTypePolicy? dtype = null) : base(config, dtype: dtype) => scores = new(config.num_labels, name: "scores", dtype: dtype_policy);

        public static string ModelType => "word-count";

        public static WordCountModel Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((WordCountConfig)config, dtype);

        public override string base_model_prefix => "counter";

        public override IReadOnlyDictionary<string, (DType DType, Shape Shape)> input_signature { get; } = new Dictionary<string, (DType, Shape)> { ["input_ids"] = (DType.Int32, new Shape(-1, -1)) };

        protected override IEnumerable<WeightRow> WeightRows => WeightRow.Dense("scores", "scores");

        protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => [("input_ids", new(0, ((WordCountConfig)config).vocab_size - 1))];

        protected override Tensor OwnLoss(WordCountInputs labels, TFSequenceClassifierOutput outputs) => Api.keras.losses.sparse_categorical_crossentropy(labels.labels!, outputs.logits, from_logits: true);

        protected override TFSequenceClassifierOutput Forward(WordCountInputs inputs) => new()
        {
            logits = scores.Apply(Api.ops.sum(Api.ops.one_hot(inputs.input_ids!, ((WordCountConfig)config).vocab_size), axis: 1)),
        };
    }

    [Test]
    public void A_model_of_ones_own_is_registered_trained_saved_and_loaded()
    {
        AutoConfig.register<WordCountConfig>("word-count", exist_ok: true);
        TFAutoModelForSequenceClassification.register<WordCountModel>(exist_ok: true);
        Assert.That(() => TFAutoModelForSequenceClassification.register<WordCountModel>(), Throws.ArgumentException.With.Message.Contains("exist_ok"));
        Assert.That(() => AutoConfig.register<WordCountConfig>("other"), Throws.ArgumentException.With.Message.Contains("word-count"));
        using var folder = new TemporaryFolder();
        var model = (WordCountModel)TFAutoModelForSequenceClassification.from_config(AutoConfig.for_model("word-count"));
        model.compile(new Adam(0.1), metrics: ["accuracy"]);
        var losses = model.fit(SmallBert.Ids(6, 4, 7), SmallBert.Labels(6, 2), epochs: 3, verbose: 0).history["loss"];
        Assert.That(losses, Is.Ordered.Descending);
        model.save_pretrained(folder);
        var loaded = TFAutoModelForSequenceClassification.from_pretrained(folder);
        Assert.That(Floats(loaded.Apply(SmallBert.Ids(2, 4, 7))["logits"].Single), Is.EqualTo(Floats(model.Apply(SmallBert.Ids(2, 4, 7)).logits)));
        Assert.That(() => TFAutoModelForTokenClassification.from_pretrained(folder), Throws.InstanceOf<ConfigException>().With.Message.Contains("bert"));
        Assert.That(() => TFBertModel.from_pretrained(folder), Throws.InstanceOf<ConfigException>().With.Message.Contains("word-count"));
    }

    [Test]
    public void Subfolders_variants_dtypes_and_a_model_without_pooler_are_loaded()
    {
        using var folder = new TemporaryFolder();
        var inner = Path.Combine(folder, "inner");
        var model = new TFBertModel(SmallBert.Config());
        var expected = Floats(model.Apply(SmallBert.Ids(2, 4)).last_hidden_state);
        model.save_pretrained(inner);
        Assert.That(Floats(TFBertModel.from_pretrained(folder, subfolder: "inner").Apply(SmallBert.Ids(2, 4)).last_hidden_state), Is.EqualTo(expected));
        Assert.That(TFBertModel.from_pretrained(inner, add_pooling_layer: false).Apply(SmallBert.Ids(2, 4)).Keys, Is.EqualTo(new[] { "last_hidden_state" }));

        File.Move(Path.Combine(inner, "model.safetensors"), Path.Combine(inner, "model.fp16.safetensors"));
        Assert.That(() => TFBertModel.from_pretrained(inner), Throws.InstanceOf<WeightLoadException>());
        Assert.That(Floats(((TFBertModel)TFAutoModel.from_pretrained(inner, variant: "fp16")).Apply(SmallBert.Ids(2, 4)).last_hidden_state), Is.EqualTo(expected));

        var half = TFBertModel.from_pretrained(inner, variant: "fp16", dtype: "bfloat16");
        Assert.That(half.weights.Where(w => w.dtype.IsFloating).Select(w => w.dtype), Is.All.EqualTo(DType.BFloat16));
        Assert.That(half.Apply(SmallBert.Ids(2, 4)).last_hidden_state.dtype, Is.EqualTo(DType.BFloat16));
        half.save_pretrained(inner);
        Assert.That(TFBertModel.from_pretrained(inner).dtype_policy.name, Is.EqualTo("float32"));
        Assert.That(TFBertModel.from_pretrained(inner, dtype: "auto").dtype_policy.name, Is.EqualTo("bfloat16"));
    }

    /// <summary>The backbone as a layer among others.</summary>
    sealed class Pooled : Model
    {
        readonly TFBertMainLayer bert = new(SmallBert.Config(), add_pooling_layer: false);
        readonly Dense head = new(1);

        public override Tensors call(Tensors inputs, bool training = false) => head.Apply(Api.ops.mean(bert.Apply(inputs, training: training).last_hidden_state, axis: 1));
    }

    [Test]
    public void The_backbone_is_a_layer_that_takes_its_inputs_in_every_form([Values] RunMode mode)
    {
        var model = new Pooled();
        model.compile(optimizer: new Adam(0.001), loss: "mse", run_eagerly: mode == RunMode.Eager, jit_compile: mode == RunMode.Xla);
        Assert.That(model.fit(SmallBert.Inputs(4, 5), new float[,] { { 1 }, { 0 }, { 2 }, { 1 } }, epochs: 4, verbose: 0).history["loss"], Is.Ordered.Descending);
        var inputs = SmallBert.Inputs(4, 5);
        Tensors list = new([inputs["input_ids"], inputs["attention_mask"], inputs["token_type_ids"]]);
        Assert.That(Floats(model.predict(list, verbose: 0).Single), Is.EqualTo(Floats(model.predict(inputs, verbose: 0).Single)));
    }

    [Test]
    public void Create_optimizer_warms_up_decays_and_leaves_norms_and_biases_alone()
    {
        var (optimizer, schedule) = Optimization.create_optimizer(1.0, num_train_steps: 10, num_warmup_steps: 4, min_lr_ratio: 0.1, weight_decay_rate: 0.5);
        double Rate(int step) => schedule.Apply(Graphs.Tf.Constant(step, DType.Int64)).ToScalar<float>();
        Assert.That(new[] { 0, 2, 4, 7, 10, 12 }.Select(Rate), Is.EqualTo(new[] { 0, 0.5, 1, 0.55, 0.1, 0.1 }).Within(1e-6));
        Assert.That(Optimization.create_optimizer(1.0, 10, 0).optimizer, Is.TypeOf<Adam>());

        (optimizer, _) = Optimization.create_optimizer(0.5, 2, 0, weight_decay_rate: 0.5, adam_epsilon: 1, include_in_weight_decay: ["output/LayerNorm/gamma"]);
        var model = new TFBertModel(SmallBert.Config());
        model.EnsureBuilt();
        foreach (var weight in model.weights.Where(w => w.dtype.IsFloating)) weight.assign(Graphs.Tf.Full(weight.shape, 1, weight.dtype));
        optimizer.apply([.. model.trainable_weights.Select(w => Graphs.Tf.Zeros(w.shape, w.dtype))], model.trainable_weights);
        foreach (var (path, weight) in LayerPaths.Of(model).Where(p => p.Variable.dtype.IsFloating))
        {
            var decays = path.Contains("output/LayerNorm/gamma", StringComparison.Ordinal) || !(path.Contains("LayerNorm", StringComparison.Ordinal) || path.EndsWith("bias", StringComparison.Ordinal));
            Assert.That(Floats(weight.value), Is.All.EqualTo(decays ? 0.75f : 1).Within(1e-6f), path);
        }
    }
}
