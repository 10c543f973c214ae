using Keras.Graphs;
using Keras.Optimizers;

namespace Keras.Transformers.Tests.Hub;

/// <summary>Trained models on the hub: their cards, and what a callback uploads while they are trained.</summary>
public sealed class TrainedHubTests : HubFixture
{
    static TFBertForSequenceClassification Compiled()
    {
        var model = new TFBertForSequenceClassification(SmallBert.Config());
        model.compile(new Adam(1e-2), metrics: "accuracy");
        return model;
    }

    static void Fit(TFBertForSequenceClassification model, params Keras.Callbacks.Callback[] callbacks) =>
        model.fit(SmallBert.Ids(6, 5), new[] { 0, 1, 2, 0, 1, 2 }, batch_size: 3, epochs: 2, verbose: 0, callbacks: callbacks);

    [SetUp]
    public void HaveToken()
    {
        EngineFixture.SkipWithoutEngine();
        Set("HF_TOKEN", Token);
    }

    [Test]
    public void A_trained_model_is_pushed_with_its_card()
    {
        var model = Compiled();
        model.push_to_hub("tester/plain");
        Assert.That(new HfApi().list_repo_files("tester/plain"), Has.No.Member("README.md"), "it has no training to tell of");
        Fit(model);
        model.push_to_hub("tester/trained");
        var card = ModelCard.load(HuggingFaceHub.hf_hub_download("tester/trained", "README.md"));
        Assert.That(card.text, Does.Contain("trained from nothing").And.Contain("Epoch"));
    }

    [Test]
    public void A_card_that_was_written_by_hand_stays_and_one_of_before_is_replaced()
    {
        var model = Compiled();
        Fit(model);
        static string Card(string repository) => File.ReadAllText(HuggingFaceHub.hf_hub_download(repository, "README.md"));
        Hub.Repositories.Create("model", "tester/own")!.Add([("README.md", Text("By hand.\n"))]);
        model.push_to_hub("tester/own");
        Assert.That(Card("tester/own"), Is.EqualTo("By hand.\n"));
        Assert.That(new HfApi().list_repo_files("tester/own"), Has.Member("model.safetensors").And.No.Member("learning-curves.svg"));

        model.push_to_hub("tester/again");
        var first = Card("tester/again");
        Fit(model);
        model.push_to_hub("tester/again");
        Assert.That(Card("tester/again"), Is.Not.EqualTo(first).And.Contains(TrainingSummary.Mark));
    }

    [Test]
    public void A_card_says_which_model_was_fine_tuned()
    {
        Compiled().push_to_hub("tester/first");
        var loaded = TFAutoModelForSequenceClassification.from_pretrained("tester/first");
        loaded.compile(new Adam(1e-2));
        Fit((TFBertForSequenceClassification)loaded);
        loaded.create_model_card(Home["card"], "second");
        Assert.That(ModelCard.load(Home["card"]).data["base_model"], Is.EqualTo("tester/first"));

        loaded.save_pretrained(Home["local"]);
        TFAutoModelForSequenceClassification.from_pretrained(Home["local"]).create_model_card(Home["other"], "third");
        Assert.That(ModelCard.load(Home["other"]).content, Does.Not.Contain("from nothing").And.Not.Contain(Home.Path).And.Not.Contain("base_model"));
    }

    [Test]
    public void A_callback_pushes_what_loads_again()
    {
        var model = Compiled();
        Fit(model, new PushToHubCallback(Home["pushed"], hub_model_id: "pushed"));
        var loaded = TFAutoModelForSequenceClassification.from_pretrained("tester/pushed");
        Assert.That(((Tensor)loaded.Apply(SmallBert.Ids(2, 5))["logits"]).ToArray<float>(), Is.EqualTo(((Tensor)model.Apply(SmallBert.Ids(2, 5))["logits"]).ToArray<float>()));
        Assert.That(Hub.Repositories.Find("model", "tester/pushed")!.Messages, Has.Count.GreaterThan(1));
    }

    [Test]
    public void An_upload_that_the_hub_refuses_is_told_without_the_token()
    {
        var warn = Diagnostics.Warn;
        var warnings = new List<string>();
        Diagnostics.Warn = warnings.Add;
        try
        {
            Hub.Break(new() { Path = "/api/repos/create", Status = 403, Headers = { ["X-Error-Message"] = $"{Token} may not" }, Body = $"{{\"error\": \"{Token}\"}}", Times = 10 });
            var push = new PushToHubCallback(Home["pushed"], hub_model_id: "refused", hub_token: Token);
            Fit(Compiled(), push);
            Assert.That(push.Failures, Is.Not.Empty);
            Assert.That(string.Join('\n', [.. push.Failures.Select(f => f.ToString()), .. warnings]), Does.Contain("does not allow this").And.Not.Contain(Token));
        }
        finally
        {
            Diagnostics.Warn = warn;
        }
    }

    [Test]
    public void Training_goes_on_from_a_checkpoint_of_the_hub()
    {
        var model = Compiled();
        var push = new PushToHubCallback(Home["pushed"], hub_model_id: "pushed", checkpoint: true);
        Fit(model, push, new Keras.Callbacks.LambdaCallback(on_epoch_end: (_, _) => SpinWait.SpinUntil(() => !push.IsUploading, TimeSpan.FromSeconds(30))));
        Directory.Delete(Home["pushed"], recursive: true);
        var other = Compiled();
        other.Apply(SmallBert.Ids(1, 5));
        Assert.That(other.load_repo_checkpoint("tester/pushed")["epoch"], Is.EqualTo(2));
        Assert.That(other.get_weights().SelectMany(w => w.ToArray<float>()), Is.EqualTo(model.get_weights().SelectMany(w => w.ToArray<float>())));
        Assert.That(other.load_repo_checkpoint("tester/pushed", revision: Hub.Repositories.Find("model", "tester/pushed")!.CommitOf("main"))["epoch"], Is.EqualTo(2));

        Compiled().push_to_hub("tester/no-checkpoint");
        Assert.That(() => other.load_repo_checkpoint("tester/no-checkpoint"), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("checkpoint"));
        Assert.That(() => other.load_repo_checkpoint("tester/pusht"), Throws.TypeOf<RepositoryNotFoundException>().With.Message.Contains("Did you mean \"tester/pushed\"?"));
        Assert.That(() => other.load_repo_checkpoint(Home["none"]), Throws.TypeOf<FileNotFoundException>());
    }
}
