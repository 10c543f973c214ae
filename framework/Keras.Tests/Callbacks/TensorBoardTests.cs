using System.Net;
using System.Text;
using Keras.Callbacks;
using Keras.Checkpoints;
using Keras.Graphs;
using Keras.SavedModelProtos;
using static Keras.Api;

namespace Keras.Tests.Callbacks;

/// <summary>The TensorBoard callback's files, read back as TensorBoard does, and the callback that posts logs.</summary>
public sealed class TensorBoardTests
{
    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        keras.utils.set_random_seed(1);
    }

    static Functional TextModel()
    {
        var words = keras.Input(5, dtype: "int32", name: "words");
        Tensor vectors = keras.layers.Embedding(7, 4, name: "vectors").Apply(words);
        var model = keras.Model(words, keras.layers.Dense(1, name: "out").Apply(keras.layers.GlobalAveragePooling1D().Apply(vectors)));
        model.compile(keras.optimizers.SGD(0.25), "mse", metrics: "mae");
        return model;
    }

    static readonly Tensor X = ops.reshape(ops.arange(0, 60, dtype: "int32") % 7, (12, 5)), Y = ops.reshape(ops.arange(0, 12, dtype: "float32"), (12, 1)) / 12;

    static List<Event> Read(string folder) => [.. Directory.GetFiles(folder, "events.out.tfevents.*").Order(StringComparer.Ordinal).SelectMany(f => TfRecordFile.Read(f).Select(r => Event.Parser.ParseFrom(r.Span)))];

    static (string Tag, long Step, HostTensor Value, string? Plugin)[] Values(IEnumerable<Event> events) =>
        [.. events.Where(e => e.Summary is not null).SelectMany(e => e.Summary.Value.Select(v => (v.Tag, e.Step, TensorProtos.FromProto(v.Tensor, "test"), v.Metadata?.PluginData.PluginName)))];

    [Test]
    public void A_run_stands_in_two_folders()
    {
        using var folder = new TemporaryFolder();
        var model = TextModel();
        var history = model.fit(X, Y, batch_size: 4, epochs: 2, validation_data: (X, Y), verbose: 0,
            callbacks: new TensorBoard(folder, histogram_freq: 1, write_images: true, write_steps_per_second: true, update_freq: 2, embeddings_freq: 1, embeddings_metadata: "words.tsv"));

        var train = Read(Path.Combine(folder, "train"));
        Assert.That(train[0].FileVersion, Is.EqualTo("brain.Event:2"));
        Assert.That(train[0].WallTime, Is.EqualTo(DateTimeOffset.UtcNow.ToUnixTimeSeconds()).Within(600));
        var values = Values(train);
        double[] Scalars(string tag) => [.. values.Where(v => v.Tag == tag).Select(v => v.Value.ToDouble()[0])];
        Assert.That(Scalars("epoch_loss"), Is.EqualTo(history.history["loss"]).Within(1e-6));
        Assert.That(Scalars("epoch_mae"), Is.EqualTo(history.history["mae"]).Within(1e-6));
        Assert.That(Scalars("epoch_learning_rate"), Is.EqualTo(new[] { 0.25, 0.25 }));
        Assert.That(Scalars("epoch_steps_per_second"), Has.Length.EqualTo(2).And.All.Positive);
        Assert.That(values.Where(v => v.Tag == "batch_loss").Select(v => v.Step), Is.EqualTo(new[] { 2, 4, 6 }));
        Assert.That(values.Where(v => v.Tag == "batch_steps_per_second").Select(v => v.Value.ToDouble()[0]), Has.Exactly(3).Positive);
        Assert.That(values.Single(v => v.Tag == "keras").Plugin, Is.EqualTo("graph_keras_model"));
        Assert.That(Encoding.UTF8.GetString(values.Single(v => v.Tag == "keras").Value.Strings![0]), Is.EqualTo(model.to_json()));

        var histograms = values.Where(v => v.Tag == "vectors/embeddings/histogram").ToArray();
        Assert.That(histograms.Select(h => h.Step), Is.EqualTo(new[] { 0, 1 }));
        Assert.That(histograms[0].Plugin, Is.EqualTo("histograms"));
        Assert.That(histograms[0].Value.Shape.ToArray(), Is.EqualTo(new[] { 30, 3 }));
        Assert.That(histograms[0].Value.ToDouble().Where((_, i) => i % 3 == 2).Sum(), Is.EqualTo(28));
        var image = values.First(v => v.Tag == "vectors/embeddings/image").Value.Strings!;
        Assert.That(image.Take(2).Select(Encoding.ASCII.GetString), Is.EqualTo(new[] { "7", "4" }), "a matrix lies on its long side");
        Assert.That(image[2].AsSpan(1, 3).SequenceEqual("PNG"u8));

        var graph = GraphDef.Parser.ParseFrom(train.Single(e => e.WhatCase == Event.WhatOneofCase.GraphDef).GraphDef);
        Assert.That(graph.Node.Select(n => n.Op), Does.Contain("StatefulPartitionedCall"));
        Assert.That(graph.Library.Function.SelectMany(f => f.NodeDef).Select(n => n.Op), Does.Contain("MatMul"));

        var validation = Values(Read(Path.Combine(folder, "validation")));
        Assert.That(validation.Where(v => v.Tag == "epoch_loss").Select(v => v.Value.ToDouble()[0]), Is.EqualTo(history.history["val_loss"]).Within(1e-6));
        Assert.That(validation.Where(v => v.Tag == "evaluation_mae_vs_iterations").Select(v => v.Step), Is.EqualTo(new[] { 3, 6 }));

        Assert.That(File.ReadAllText(Path.Combine(folder, "projector_config.pbtxt")), Does.Contain("metadata_path: \"words.tsv\"").And.Contain("tensor_path: \"keras_embedding.vectors.tsv\""));
        var rows = File.ReadAllLines(Path.Combine(folder, "keras_embedding.vectors.tsv"));
        Assert.That(rows.Select(r => r.Split('\t').Length), Is.EqualTo(Enumerable.Repeat(4, 7)));
    }

    [Test]
    public void What_is_not_asked_for_is_not_written()
    {
        using var folder = new TemporaryFolder();
        var model = TextModel();
        model.fit(X, Y, batch_size: 4, verbose: 0, callbacks: keras.callbacks.TensorBoard(folder, write_graph: false));
        Assert.That(Values(Read(Path.Combine(folder, "train"))).Select(v => v.Tag), Is.EquivalentTo(new[] { "epoch_loss", "epoch_mae", "epoch_learning_rate" }));
        Assert.That(Directory.GetFileSystemEntries(folder), Has.Length.EqualTo(1));
        model.evaluate(X, Y, verbose: 0, callbacks: keras.callbacks.TensorBoard(folder));
        Assert.That(Values(Read(Path.Combine(folder, "validation"))).Select(v => v.Tag), Is.EquivalentTo(new[] { "evaluation_loss_vs_iterations", "evaluation_mae_vs_iterations" }));
    }

    [Test]
    public void Values_that_are_all_the_same_or_no_numbers_have_histograms()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new Keras.Events.EventFileWriter(folder))
        {
            writer.Histogram("same", [2, 2, 2], 0);
            writer.Histogram("odd", [double.NaN, 1, double.PositiveInfinity, 3], 0);
            writer.Histogram("none", [double.NaN], 0);
        }
        var values = Values(Read(folder));
        Assert.That(values.Select(v => v.Tag), Is.EqualTo(new[] { "same", "odd" }));
        Assert.That(values[0].Value.ToDouble(), Is.EqualTo(new[] { 1.5, 2.5, 3 }));
        Assert.That(values[1].Value.ToDouble().Where((_, i) => i % 3 == 2).Sum(), Is.EqualTo(2));
    }

    [Test]
    public void Mistakes_are_named()
    {
        Assert.That(() => new TensorBoard(profile_batch: 2), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("profile_batch"));
        Assert.That(() => new TensorBoard(update_freq: "step"), Throws.InstanceOf<ArgumentException>().With.Message.Contains("\"batch\""));
        Assert.That(() => new TensorBoard(update_freq: 0), Throws.InstanceOf<ArgumentException>().With.Message.Contains("update_freq"));
        Assert.That(() => new TensorBoard(histogram_freq: -1), Throws.InstanceOf<ArgumentException>().With.Message.Contains("histogram_freq"));
        Assert.That(() => new TensorBoard(""), Throws.InstanceOf<ArgumentException>().With.Message.Contains("log_dir"));
        using var folder = new TemporaryFolder();
        Assert.That(() => TextModel().fit(X, Y, verbose: 0, callbacks: new TensorBoard(folder, embeddings_freq: 1, embeddings_metadata: new Dictionary<string, string> { ["vector"] = "a.tsv" })),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("Known: vectors"));
        Assert.That(() => new RemoteMonitor("localhost:9000"), Throws.InstanceOf<ArgumentException>().With.Message.Contains("http://host:port"));
        Assert.That(() => new RemoteMonitor("http://me:secret@localhost:9000"), Throws.InstanceOf<ArgumentException>().With.Message.Contains("password").And.Message.Not.Contains("secret"));
        Assert.That(() => new RemoteMonitor(headers: new() { ["X-Key"] = "secret\u0000" }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("X-Key").And.Message.Not.Contains("secret"));
        Assert.That(() => new RemoteMonitor(headers: new() { ["a b"] = "c" }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("a b"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Logs_are_posted(bool json)
    {
        using var server = new HttpListener();
        var port = FreePort();
        server.Prefixes.Add($"http://localhost:{port}/");
        server.Start();
        var posted = Task.Run(async () =>
        {
            var context = await server.GetContextAsync();
            using var reader = new StreamReader(context.Request.InputStream);
            var body = await reader.ReadToEndAsync();
            context.Response.Close();
            return (context.Request.Url!.AbsolutePath, context.Request.ContentType, Body: body, Key: context.Request.Headers["X-Key"]);
        });
        TextModel().fit(X, Y, verbose: 0, callbacks: new RemoteMonitor($"http://localhost:{port}", "/logs", send_as_json: json, headers: new() { ["X-Key"] = "k" }));
        var (path, type, body, key) = await posted;
        Assert.That((path, key), Is.EqualTo(("/logs", "k")));
        Assert.That(type, Does.StartWith(json ? "application/json" : "application/x-www-form-urlencoded"));
        Assert.That(json ? body : WebUtility.UrlDecode(body["data=".Length..]), Does.Contain("\"epoch\":0").And.Contain("\"loss\":"));
    }

    [Test]
    public void A_server_that_is_not_there_stops_nothing()
    {
        var history = TextModel().fit(X, Y, verbose: 0, callbacks: new RemoteMonitor($"http://localhost:{FreePort()}"));
        Assert.That(history.history["loss"], Has.Count.EqualTo(1));
    }

    static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
