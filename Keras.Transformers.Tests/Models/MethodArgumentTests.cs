using System.Reflection;

namespace Keras.Transformers.Tests;

/// <summary>Bad arguments of the methods of pretrained models, configurations and tokenizers.</summary>
sealed class MethodArgumentTests : EngineFixture
{
    static readonly TemporaryFolder Folder = new();

    static readonly ArgumentAudit Audit = new()
    {
        Subjects = new Dictionary<Type, Func<object?>>
        {
            [typeof(TFBertForSequenceClassification)] = Model, [typeof(BertConfig)] = () => SmallBert.Config(), [typeof(BertTokenizerFast)] = () => TinyBert.Load(), [typeof(AutoTokenizer)] = () => null, [typeof(AutoConfig)] = () => null,
            [typeof(TFAutoModel)] = () => null, [typeof(BatchEncoding)] = () => TinyBert.Load().Apply("hello"), [typeof(GenerationConfig)] = () => new GenerationConfig(),
        },
        Hooks = new HashSet<string> { "call", "build", "compute_mask", "compute_output_shape", "train_step", "test_step", "predict_step", "compute_metrics", "compute_loss", "register", "generate", "load_weights", "load_repo_checkpoint", "GenerateTextAsync", "GenerateInGraph", "generation_config of export", "image_processor of export", "generation_config of ServingSignatures", "image_processor of ServingSignatures", "ForwardFlops", "DecodeBytes", "push_to_hub" },
        // Texts and lists may be empty, a prefix or a folder may be none; places of a batch count from the end.
        Free = new HashSet<string> { "variant", "subfolder", "text", "text_pair", "text_target", "text_pair_target", "pair", "token", "out_string", "key", "prompt", "token_ids", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token", "token_index of token_to_sequence", "token_index of token_to_word", "word_index", "char_index", "sequence_index" },
        NotZero = new HashSet<string> { "pad_to_multiple_of", "num_labels" },
        Signed = new HashSet<string>(),
        Makers = new Dictionary<Type, Func<object?>>
        {
            [typeof(Tensor)] = () => SmallBert.Ids(2, 4), [typeof(Tensors)] = () => (Tensors)SmallBert.Ids(2, 4), [typeof(CallArguments)] = () => new CallArguments(SmallBert.Ids(2, 4)), [typeof(IEnumerable<string>)] = () => new[] { "hello" }, [typeof(bool)] = () => true, [typeof(int)] = () => 5, [typeof(BertLabelledInputs)] = () => new BertLabelledInputs { input_ids = SmallBert.Ids(2, 4) }, [typeof(InGraphTokenizer)] = () => TFBertTokenizer.from_tokenizer(Tokenizer(), max_length: 16), [typeof(ViTImageProcessor)] = () => new ViTImageProcessor(), [typeof(IReadOnlyDictionary<string, object?>)] = () => new Dictionary<string, object?>(), [typeof(PretrainedConfig)] = () => SmallBert.Config(), [typeof(IEnumerable<int>)] = () => new[] { 5 },
            [typeof(IEnumerable<IEnumerable<int>>)] = () => new[] { new[] { 5 } }, [typeof(IEnumerable<(string, string)>)] = () => new[] { ("hello", "world") }, [typeof(IEnumerable<IEnumerable<string>>)] = () => new[] { new[] { "hello", "world" } },
            [typeof(IEnumerable<KeyValuePair<string, object?>>)] = () => new Dictionary<string, object?>(), [typeof(IReadOnlyDictionary<string, BatchColumn>)] = () => Tokenizer().Apply("hello"),
            [typeof(IEnumerable<IReadOnlyDictionary<string, BatchColumn>>)] = () => new IReadOnlyDictionary<string, BatchColumn>[] { Tokenizer().Apply("hello") }, [typeof(AddedToken)] = () => new AddedToken("new"),
            [typeof(IEnumerable<AddedToken>)] = () => new[] { new AddedToken("new") }, [typeof(IReadOnlyDictionary<string, AddedToken>)] = () => new Dictionary<string, AddedToken> { ["cls_token"] = new("[CLS]") },
        },
        Own = new Dictionary<string, Func<object?>>
        {
            ["output_dir"] = () => Folder["card"], ["model_name"] = () => "tiny", ["save_directory"] = () => Folder["saved"], ["filepath"] = () => Folder["exported"], ["filepath of load_weights"] = Weights, ["pretrained_model_name_or_path"] = Pretrained,
            ["token"] = () => "hello", ["text of Apply: String"] = () => "hello", ["text of encode"] = () => "hello", ["text of tokenize"] = () => "hello", ["id"] = () => 5, ["out_string"] = () => "a", ["token_index"] = () => 1, ["batch_index"] = () => 0, ["word_index"] = () => 0, ["char_index"] = () => 0,
            ["token_ids of decode: Tensor"] = () => (Tensor)new[] { 5, 6 }, ["scores of compute_transition_scores"] = () => (Tensors)new Tensor[] { Api.ops.ones((2, SmallBert.Vocabulary)) },
            ["key"] = () => "input_ids", ["model_type"] = () => "bert", ["value of set_input_embeddings"] = () => Api.ops.ones((SmallBert.Vocabulary, 12)),
        },
    };

    static IEnumerable<TestCaseData> Cases => Audit.Cases;

    static TFBertForSequenceClassification Model()
    {
        var model = new TFBertForSequenceClassification(SmallBert.Config());
        model.Apply(SmallBert.Ids(2, 4));
        return model;
    }

    static BertTokenizerFast Tokenizer() => TinyBert.Load();

    static string Pretrained()
    {
        if (!File.Exists(Path.Combine(Folder["saved"], "vocab.txt")))
        {
            Model().save_pretrained(Folder["saved"]);
            new GenerationConfig().save_pretrained(Folder["saved"]);
            Tokenizer().save_pretrained(Folder["saved"]);
        }
        return Folder["saved"];
    }

    static string Weights() => Path.Combine(Pretrained(), "model.safetensors");

    [OneTimeTearDown]
    public void Forget() => Folder.Dispose();

    [TestCaseSource(nameof(Cases))]
    public void ABadArgumentIsRefusedByItsName(Type subject, MethodInfo method) => Audit.Check(subject, method);
}
