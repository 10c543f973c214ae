using Keras.Callbacks;
using Keras.Graphs;
using Keras.Optimizers;

namespace Keras.Transformers.Tests.Callbacks;

/// <summary>Models that are saved and uploaded while they are trained, with an uploader that is slow, fails or never ends.</summary>
[NonParallelizable]
sealed class PushToHubCallbackTests : EngineFixture
{
    static (Tensor Ids, Tensor Labels) Data => (SmallBert.Ids(6, 5), new[] { 0, 1, 2, 0, 1, 2 });

    IHubUploader? _before;
    Action<string>? _warnBefore;
    readonly List<string> _warnings = [];

    [SetUp]
    public void Remember()
    {
        (_before, _warnBefore) = (HubUploads.Uploader, Diagnostics.Warn);
        _warnings.Clear();
        Diagnostics.Warn = _warnings.Add;
    }

    [TearDown]
    public void Restore() => (HubUploads.Uploader, Diagnostics.Warn) = (_before!, _warnBefore!);

    /// <summary>Remembers what it uploads, and does with each upload what it is told.</summary>
    sealed class FakeHub(Func<int, CancellationToken, Task>? act = null) : IHubUploader
    {
        int _running;

        public List<(string Repo, string Message, string? Token, string[] Files)> Uploads { get; } = [];

        /// <summary>How many ran at once at most.</summary>
        public int Most { get; private set; }

        public async Task Upload(string folder, string repoId, string commitMessage, string? token, CancellationToken cancellationToken)
        {
            int number;
            lock (Uploads)
            {
                Most = Math.Max(Most, ++_running);
                number = Uploads.Count;
                Uploads.Add((repoId, commitMessage, token, [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal)]));
            }
            try
            {
                if (act is not null) await act(number, cancellationToken);
            }
            finally
            {
                lock (Uploads) _running--;
            }
        }

        public IEnumerable<string> Messages => Uploads.Select(u => u.Message);
    }

    static FakeHub Use(FakeHub hub)
    {
        HubUploads.Uploader = hub;
        return hub;
    }

    static TFBertForSequenceClassification Model(float dropout = 0)
    {
        var config = SmallBert.Config();
        config.hidden_dropout_prob = dropout;
        var model = new TFBertForSequenceClassification(config);
        model.compile(new Adam(1e-2), metrics: "accuracy");
        return model;
    }

    static void Fit(Model model, Callback callback, int epochs = 3, int initial_epoch = 0) => Fit(model, [callback], epochs, initial_epoch);

    static void Fit(Model model, Callback[] callbacks, int epochs, int initial_epoch = 0) =>
        model.fit(Data.Ids, Data.Labels, batch_size: 2, epochs: epochs, initial_epoch: initial_epoch, shuffle: false, verbose: 0, callbacks: callbacks);

    /// <summary>Has each epoch, and each batch if need be, wait until nothing is uploaded.</summary>
    static LambdaCallback Paces(PushToHubCallback push, bool batches = false)
    {
        void Wait(int number, Logs logs) => Assert.That(SpinWait.SpinUntil(() => !push.IsUploading, TimeSpan.FromSeconds(30)), "the upload ended");
        return new(on_epoch_end: Wait, on_train_batch_end: batches ? Wait : null);
    }

    [Test]
    public void Each_epoch_and_the_end_are_uploaded_with_card_and_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var hub = Use(new());
        var push = new PushToHubCallback(folder["out"], hub_model_id: "org/tiny", hub_token: "hf_secret", checkpoint: true, dataset: "Digits", license: "mit");
        var model = Model();
        model.fit(Data.Ids, Data.Labels, batch_size: 2, epochs: 2, verbose: 0, callbacks: [push, Paces(push)]);
        Assert.That(hub.Messages, Is.EqualTo(new[] { "Training in progress epoch 0", "Training in progress epoch 1", "End of training" }));
        Assert.That(hub.Uploads[^1].Files, Is.EqualTo(new[] { "README.md", "checkpoint/extra_data.json", "checkpoint/model.weights.h5", "config.json", "learning-curves.svg", "model.safetensors" }));
        Assert.That((hub.Uploads[^1].Repo, hub.Uploads[^1].Token, push.Failures.Count, _warnings.Count), Is.EqualTo(("org/tiny", "hf_secret", 0, 0)));
        Assert.That(File.ReadAllText(folder["out/README.md"]), Does.Contain("| 2 |").And.Contain("license: mit").And.Not.Contain("hf_secret"));
        Assert.That(TFBertForSequenceClassification.from_pretrained(folder["out"]).predict(Data.Ids, verbose: 0)["logits"].Single.ToArray<float>(), Is.EqualTo(model.predict(Data.Ids, verbose: 0)["logits"].Single.ToArray<float>()));
    }

    [Test]
    public void While_an_upload_runs_none_is_begun_and_the_end_waits_for_it()
    {
        using var folder = new TemporaryFolder();
        using var gate = new ManualResetEventSlim();
        var hub = Use(new((number, stop) => Task.Run(() => { if (number == 0) gate.Wait(stop); }, stop)));
        var opens = new LambdaCallback(on_train_end: _ => new Thread(() => { Thread.Sleep(100); gate.Set(); }).Start());
        Model().fit(Data.Ids, Data.Labels, batch_size: 2, epochs: 4, verbose: 0, callbacks: [opens, new PushToHubCallback(folder["out"])]);
        Assert.That(hub.Messages, Is.EqualTo(new[] { "Training in progress epoch 0", "End of training" }));
        Assert.That(hub.Most, Is.EqualTo(1), "the end waited");
        Assert.That(hub.Uploads[0].Repo, Is.EqualTo("out"));
        Assert.That(File.ReadAllText(folder["out/README.md"]), Does.Contain("| 4 |"), "the last card has all epochs");
    }

    [Test]
    public void An_upload_that_fails_loses_no_training_and_is_reported()
    {
        using var folder = new TemporaryFolder();
        var hub = Use(new((_, _) => throw new IOException("the network is down")));
        var push = new PushToHubCallback(folder["out"]);
        var model = Model();
        Fit(model, push);
        Assert.That(model.history!.epoch, Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(push.Failures, Is.Not.Empty.And.All.Message.EqualTo("the network is down"));
        Assert.That(_warnings, Has.Count.EqualTo(push.Failures.Count).And.All.Contains("the network is down").And.All.Contains(folder["out"]));
        Assert.That(hub.Messages.Last(), Is.EqualTo("End of training"), "the end tries once more");
        Assert.That(File.Exists(folder["out/model.safetensors"]));
    }

    [Test]
    public void An_upload_that_never_ends_is_given_up()
    {
        using var folder = new TemporaryFolder();
        using var stopped = new ManualResetEventSlim();
        Use(new(async (_, stop) =>
        {
            stop.Register(stopped.Set);
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }));
        var push = new PushToHubCallback(folder["out"], upload_timeout: TimeSpan.FromMilliseconds(200));
        Fit(Model(), push);
        Assert.That(push.Failures.Single(), Is.TypeOf<TimeoutException>());
        Assert.That(stopped.IsSet, "the upload was told to stop");
        Assert.That(File.ReadAllText(folder["out/README.md"]), Does.Contain("| 3 |"), "the last state is saved all the same");
    }

    [Test]
    public void A_folder_that_cannot_be_written_loses_no_training()
    {
        using var folder = new TemporaryFolder();
        var hub = Use(new());
        File.WriteAllText(folder["out"], "a file is in the way");
        var push = new PushToHubCallback(folder["out"]);
        var model = Model();
        Fit(model, push);
        Assert.That((model.history!.epoch.Count, hub.Uploads.Count, push.Failures.Count), Is.EqualTo((3, 0, 4)));
    }

    [TestCase("no", null, new[] { "End of training" })]
    [TestCase("steps", 2, new[] { "Training in progress steps 1", "Training in progress steps 0", "Training in progress steps 2", "End of training" })]
    public void The_strategy_says_when(string strategy, int? steps, string[] messages)
    {
        using var folder = new TemporaryFolder();
        var hub = Use(new());
        var push = new PushToHubCallback(folder["out"], save_strategy: strategy, save_steps: steps);
        Model().fit(Data.Ids, Data.Labels, batch_size: 2, epochs: 2, verbose: 0, callbacks: [push, Paces(push, batches: true)]);
        Assert.That(hub.Messages, Is.EqualTo(messages));
    }

    [Test]
    public void Training_goes_on_from_a_checkpoint_to_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        Use(new());
        var whole = Model(dropout: 0.1f);
        whole.Apply(Data.Ids);
        var (start, draws) = (whole.get_weights(), TrainingState.Save(whole, withMetrics: false));
        Fit(whole, new LambdaCallback(), epochs: 4);
        var first = Model(dropout: 0.1f);
        first.Apply(Data.Ids);
        first.set_weights(start);
        TrainingState.Restore(first, draws);
        var push = new PushToHubCallback(folder["out"], checkpoint: true);
        Fit(first, epochs: 2, callbacks: [push, Paces(push)]);
        var second = Model(dropout: 0.1f);
        var checkpoint = second.load_repo_checkpoint(folder["out"]);
        Assert.That(checkpoint["epoch"], Is.EqualTo(2));
        Fit(second, new LambdaCallback(), epochs: 4, initial_epoch: checkpoint["epoch"]);
        Assert.That(second.get_weights().SelectMany(w => w.ToArray<float>()), Is.EqualTo(whole.get_weights().SelectMany(w => w.ToArray<float>())));
    }

    [Test]
    public void Weights_that_are_put_back_at_the_end_are_the_models_and_not_the_checkpoints()
    {
        using var folder = new TemporaryFolder();
        Use(new());
        var model = Model();
        model.Apply(Data.Ids);
        var (best, last) = (model.get_weights(), Array.Empty<Tensor>());
        static float[] Values(IEnumerable<Tensor> weights) => [.. weights.SelectMany(w => w.ToArray<float>())];
        var push = new PushToHubCallback(folder["out"], checkpoint: true);
        var restores = new LambdaCallback(on_epoch_end: (_, _) => last = [.. model.get_weights()], on_train_end: _ => model.set_weights(best));
        Fit(model, epochs: 2, callbacks: [restores, push, Paces(push)]);
        var other = Model();
        Assert.That(other.load_repo_checkpoint(folder["out"])["epoch"], Is.EqualTo(2));
        Assert.That(Values(other.get_weights()), Is.EqualTo(Values(last)).And.Not.EqualTo(Values(best)));
        Assert.That(Values(TFBertForSequenceClassification.from_pretrained(folder["out"]).get_weights()), Is.EqualTo(Values(best)));
    }

    [Test]
    public void A_checkpoint_that_is_missing_or_damaged_is_named()
    {
        using var folder = new TemporaryFolder();
        Use(new());
        Assert.That(() => Model().load_repo_checkpoint(folder), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("checkpoint"));
        Assert.That(() => new TFBertForSequenceClassification(SmallBert.Config()).load_repo_checkpoint(folder), Throws.InvalidOperationException.With.Message.Contains("compile"));
        Fit(Model(), new PushToHubCallback(folder["out"], checkpoint: true), epochs: 1);
        File.WriteAllText(folder["out/checkpoint/extra_data.json"], "{\"epoch\": \"x\"}");
        Assert.That(() => Model().load_repo_checkpoint(folder["out"]), Throws.TypeOf<FileFormatException>().With.Message.Contains("how far training was"));
    }

    [Test]
    public void A_card_field_that_the_hub_refuses_is_named_before_training()
    {
        Use(new());
        Assert.That(() => new PushToHubCallback("out", license: "Apache 2.0"), Throws.TypeOf<FileFormatException>().With.Message.Contains("license"));
        Assert.That(() => new PushToHubCallback("out", language: "english"), Throws.TypeOf<FileFormatException>().With.Message.Contains("language"));
        Assert.That(() => new PushToHubCallback("out", dataset_tags: "my data"), Throws.TypeOf<FileFormatException>().With.Message.Contains("datasets"));
        Assert.That(() => new PushToHubCallback("out", finetuned_from: "/models/base"), Throws.TypeOf<FileFormatException>().With.Message.Contains("base_model"));
    }

    static IEnumerable<TestCaseData> Mistakes()
    {
        static TestCaseData Of(string says, Func<object> make) => new TestCaseData(says, make).SetArgDisplayNames(says);
        yield return Of("save_steps and save_strategy", () => new PushToHubCallback("out", save_strategy: "steps"));
        yield return Of("save_steps and save_strategy", () => new PushToHubCallback("out", save_steps: 3));
        yield return Of("whole epochs", () => new PushToHubCallback("out", save_strategy: "no", checkpoint: true));
        yield return Of("Did you mean \"epoch\"", () => new PushToHubCallback("out", save_strategy: "epochs"));
        yield return Of("org/name", () => new PushToHubCallback("out", hub_model_id: "../../x"));
        yield return Of("Received: \"org/x.git\"", () => new PushToHubCallback("out", hub_model_id: "org/x.git"));
        yield return Of("Received: \"org/x-\"", () => new PushToHubCallback("out", hub_model_id: "org/x-"));
        yield return Of("the folder's name", () => new PushToHubCallback("my model"));
        yield return Of("save_steps", () => new PushToHubCallback("out", save_strategy: "steps", save_steps: 0));
        yield return Of("upload_timeout", () => new PushToHubCallback("out", upload_timeout: TimeSpan.Zero));
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_named(string says, Func<object> make)
    {
        Use(new());
        Assert.That(() => make(), Throws.InstanceOf<ArgumentException>().With.Message.Contains(says));
    }
}
