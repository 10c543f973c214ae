namespace Keras.Transformers.Tests.Hub;

public sealed class PretrainedTests : HubFixture
{
    [OneTimeSetUp]
    public void Serve()
    {
        foreach (var name in (string[])["bert-tiny", "gpt2-tiny", "vit-tiny"]) Hub.Repositories.AddFolder("model", $"local/{name}", Repository.PathOf("models", name));
    }

    [Test]
    public void Models_and_tokenizers_come_by_name_with_what_they_need_alone()
    {
        var model = TFAutoModel.from_pretrained("local/bert-tiny");
        var local = TFAutoModel.from_pretrained(Repository.PathOf("models", "bert-tiny"));
        Assert.That(Hub.Records.Select(r => r.Path), Has.None.Contains("README"));
        var tokenizer = AutoTokenizer.from_pretrained("local/bert-tiny");
        var inputs = tokenizer.Apply(["This is a sentence!", "This is another one!"], padding: true, return_tensors: "tf");
        Assert.That(((Tensor)model.Apply(inputs)["last_hidden_state"]).ToArray<float>(), Is.EqualTo(((Tensor)local.Apply(inputs)["last_hidden_state"]).ToArray<float>()));
        Hub.Reset();
        TFBertForMaskedLM.from_pretrained("local/bert-tiny");
        Assert.That(Hub.Records, Has.Count.EqualTo(1), "the second time the hub is asked for the branch alone");
        TFBertModel.from_pretrained("local/bert-tiny", add_pooling_layer: false, local_files_only: true);
        Assert.That(Hub.Records, Has.Count.EqualTo(1));
    }

    [Test]
    public void Everything_else_comes_by_name_too()
    {
        Assert.Multiple(() =>
        {
            Assert.That(AutoConfig.from_pretrained("local/vit-tiny").model_type, Is.EqualTo("vit"));
            Assert.That(AutoImageProcessor.from_pretrained("local/vit-tiny").size, Is.EqualTo(ViTImageProcessor.from_pretrained(Repository.PathOf("models", "vit-tiny")).size));
            Assert.That(ViTImageProcessorFast.from_pretrained("local/vit-tiny"), Is.Not.Null);
            Assert.That(GenerationConfig.from_pretrained("local/gpt2-tiny").ToString(), Is.EqualTo(GenerationConfig.from_pretrained(Repository.PathOf("models", "gpt2-tiny")).ToString()));
            Assert.That(BertTokenizerFast.from_pretrained("local/bert-tiny").vocab_size, Is.EqualTo(12288));
            Assert.That(GPT2Tokenizer.from_pretrained("local/gpt2-tiny").tokenize("a b"), Is.Not.Empty);
            Assert.That(TFBertTokenizer.from_pretrained("local/bert-tiny").max_length, Is.EqualTo(512));
        });
    }

    [Test]
    public void Shards_subfolders_revisions_and_other_formats_are_found()
    {
        Set("HF_TOKEN", Token);
        var model = TFBertModel.from_pretrained("local/bert-tiny");
        var commit = model.push_to_hub("tester/sharded", max_shard_size: "1MB", @private: true);
        model.push_to_hub("tester/sharded", safe_serialization: false, revision: "h5");
        var repository = Hub.Repositories.Find("model", "tester/sharded")!;
        Assert.That(repository.Private);
        Assert.That(repository.Commits[commit.oid].Keys, Does.Contain("model.safetensors.index.json").And.None.EqualTo("model.safetensors"));
        repository.Add(repository.Commits[commit.oid].Select(f => ($"inner/{f.Key}", f.Value.Content)), "sub");
        foreach (var loaded in (TFBertModel[])[TFBertModel.from_pretrained("tester/sharded"), TFBertModel.from_pretrained("tester/sharded", revision: "h5", use_safetensors: false), TFBertModel.from_pretrained("tester/sharded", subfolder: "inner", revision: "sub")])
            Assert.That(loaded.weights[0].value.ToArray<float>(), Is.EqualTo(model.weights[0].value.ToArray<float>()));
        var error = Assert.Throws<WeightLoadException>(() => TFBertModel.from_pretrained("tester/sharded", use_safetensors: false));
        Assert.That(error!.Message, Does.Contain("There are safetensors"));
    }

    [Test]
    public void What_is_pushed_is_what_comes_back()
    {
        Set("HF_TOKEN", Token);
        var (tokenizer, processor) = (AutoTokenizer.from_pretrained("local/bert-tiny"), AutoImageProcessor.from_pretrained("local/vit-tiny"));
        tokenizer.push_to_hub("pushed");
        processor.push_to_hub("pushed");
        new VisionTextDualEncoderProcessor(processor, tokenizer).push_to_hub("both", create_pr: true);
        AutoConfig.from_pretrained("local/vit-tiny").push_to_hub("config-only", "only the config");
        GenerationConfig.from_pretrained("local/gpt2-tiny").push_to_hub("generation-only");
        Assert.Multiple(() =>
        {
            Assert.That(AutoTokenizer.from_pretrained("tester/pushed").tokenize("another sentence"), Is.EqualTo(tokenizer.tokenize("another sentence")));
            Assert.That(VisionTextDualEncoderProcessor.from_pretrained("tester/both", revision: "refs/pr/1").model_input_names, Does.Contain("pixel_values"));
            Assert.That(Hub.Repositories.Find("model", "tester/config-only")!.Messages, Does.Contain("only the config"));
            Assert.That(GenerationConfig.from_pretrained("tester/generation-only"), Is.Not.Null);
            Assert.Throws<RepositoryNotFoundException>(() => AutoConfig.from_pretrained("tester/nothing-there"));
        });
        Hub.Reset();
        VisionTextDualEncoderProcessor.from_pretrained("tester/both", revision: "refs/pr/1");
        Assert.That(Hub.Records, Has.Count.EqualTo(1), "both parts are of the commit that the branch was found to be");
    }

    [Test]
    public void Perplexity_takes_a_model_by_name()
    {
        MetricValue texts = new[] { "animal: large moth of temperate forests", "plant: a tall lily" };
        MetricValue Of(string model) => Evaluate.evaluate.load("perplexity").compute(predictions: texts, model_id: model)["perplexities"];
        Assert.That((double[])Of("local/gpt2-tiny"), Is.EqualTo((double[])Of(Repository.PathOf("models", "gpt2-tiny"))));
        Assert.That(Assert.Throws<RepositoryNotFoundException>(() => Of("local/gpt2-tyny"))!.Message, Does.Contain("Did you mean \"local/gpt2-tiny\"?"));
    }

    [Test]
    public void A_hub_that_does_not_answer_is_waited_for_once()
    {
        Hub.Break(new() { CutAfter = 0, Times = 1000 });
        Assert.That(Assert.Throws<LocalEntryNotFoundException>(() => AutoTokenizer.from_pretrained("local/bert-tiny"))!.Message, Does.Contain("does not answer"));
        Assert.That(Hub.Records, Has.Count.EqualTo(HubHttp.Retries + 1));
    }

    [Test]
    public void The_hub_is_not_asked_for_names_where_it_is_not_to_be_asked()
    {
        AutoConfig.from_pretrained("local/bert-tiny");
        Hub.Reset();
        Assert.Throws<WeightLoadException>(() => TFBertModel.from_pretrained("local/bert-tiny", local_files_only: true));
        Assert.That(Hub.Records, Is.Empty);
    }

    [Test]
    public void What_is_neither_folder_nor_repository_is_told_so()
    {
        var error = Assert.Throws<RepositoryNotFoundException>(() => TFAutoModel.from_pretrained("local/bert-tyny"))!;
        Assert.That(error.Message, Does.Contain("neither a folder").And.Contain("Did you mean \"local/bert-tiny\"?").And.Contain(Path.GetFullPath("local/bert-tyny")));
        Set("HF_HUB_OFFLINE", "1");
        Assert.That(Assert.Throws<LocalEntryNotFoundException>(() => AutoTokenizer.from_pretrained("local/bert-tyny"))!.Message, Does.Contain("neither a folder").And.Contain("HF_HUB_OFFLINE"));
        Assert.Throws<ConfigException>(() => TFAutoModel.from_pretrained("./local/none"));
        Assert.Throws<VocabularyNotFoundException>(() => AutoTokenizer.from_pretrained(Home["none"]));
    }
}
