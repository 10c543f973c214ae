using System.IO.Compression;
using System.Text.Json;
using Keras.Callbacks;
using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers.Tests.Golden;

/// <summary>Whatever an earlier version wrote loads and predicts the same.</summary>
sealed class CompatibilityTests : EngineFixture
{
    static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Golden", "compat-0.1");

    static readonly Dictionary<string, float[]> Expected = JsonSerializer.Deserialize<Dictionary<string, float[]>>(File.ReadAllText(Path.Combine(Root, "expected.json")))!;

    static readonly int[,] Ids = { { 1, 2, 3, 4, 5, 0 }, { 7, 8, 9, 3, 2, 1 } };

    static Tensor Numbers => new[,] { { 1, 2, 3, 4 }, { 0, -1, 2, 0.5f } };

    static Tensors Texts => new Dictionary<string, Tensors>
    {
        ["input_ids"] = (Tensor)Ids, ["attention_mask"] = (Tensor)new[,] { { 1, 1, 1, 1, 1, 0 }, { 1, 1, 1, 1, 1, 1 } }, ["token_type_ids"] = (Tensor)new int[2, 6],
    };

    static Sequential Dense() => keras.Sequential([keras.Input([4]), keras.layers.Dense(5, activation: "gelu"), keras.layers.Dense(2)]);

    static void AssertSame(Tensor predictions, string name) => Assert.That(predictions.ToArray<float>(), Is.EqualTo(Expected[name]).Within(1e-5f));

    /// <summary>A copy of a golden file or folder, unpacked.</summary>
    static string Unpacked(TemporaryFolder folder, string name)
    {
        var from = Path.Combine(Root, name);
        foreach (var file in File.Exists(from + ".gz") ? [from + ".gz"] : Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(folder, Path.GetRelativePath(Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            if (!file.EndsWith(".gz", StringComparison.Ordinal))
            {
                File.Copy(file, to);
                continue;
            }
            using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            using var target = File.Create(to[..^3]);
            packed.CopyTo(target);
        }
        return Path.Combine(folder, name);
    }

    [Test]
    public void A_keras_file_is_a_model_again() => AssertSame(keras.models.load_model(Path.Combine(Root, "functional.keras")).predict(Ids, verbose: 0), "functional");

    [Test]
    public void Weights_of_a_model_are_read()
    {
        var model = Dense();
        model.load_weights(Path.Combine(Root, "sequential.weights.h5"));
        AssertSame(model.predict(Numbers, verbose: 0), "sequential");
    }

    [Test]
    public void A_keras_file_of_a_sequential_model_is_one_again()
    {
        using var folder = new TemporaryFolder();
        var model = keras.models.load_model(Unpacked(folder, "sequential.keras"));
        Assert.That(model, Is.TypeOf<Sequential>());
        AssertSame(model.predict(Numbers, verbose: 0), "sequential");
    }

    [Test]
    public void Weights_of_a_functional_model_are_read()
    {
        using var folder = new TemporaryFolder();
        var x = keras.Input([6], dtype: "int32");
        Tensors h = keras.layers.Embedding(12, 8).Apply(x);
        h = keras.layers.LayerNormalization().Apply(keras.layers.MultiHeadAttention(2, 4).Apply(h.Single, h.Single));
        h = keras.layers.Conv1D(8, 3, padding: "same", activation: "relu").Apply(h);
        h = keras.layers.LSTM(5).Apply(keras.layers.BatchNormalization().Apply(h));
        var model = keras.Model(x, keras.layers.Dense(3, activation: "softmax").Apply(h));
        model.load_weights(Unpacked(folder, "functional.weights.h5"));
        AssertSame(model.predict(Ids, verbose: 0), "functional");
    }

    [TestCase("bert-pt")]
    [TestCase("bert-h5")]
    public void A_pretrained_folder_is_loaded_whole(string name)
    {
        var model = TFBertForSequenceClassification.from_pretrained(Path.Combine(Root, name), out var report);
        Assert.That((report.missing_keys.Count, report.unexpected_keys.Count, report.mismatched_keys.Count), Is.EqualTo((0, 0, 0)));
        AssertSame(model.predict(Texts, verbose: 0)["logits"], "bert");
    }

    [Test]
    public void Keras_weights_of_a_pretrained_model_are_read()
    {
        using var folder = new TemporaryFolder();
        var model = TFAutoModelForSequenceClassification.from_config(AutoConfig.from_pretrained(Path.Combine(Root, "bert-pt")));
        model.predict(Texts, verbose: 0);
        model.load_weights(Unpacked(folder, "bert.weights.h5"));
        AssertSame(model.predict(Texts, verbose: 0)["logits"], "bert");
    }

    [Test]
    public void A_SavedModel_answers()
    {
        using var folder = new TemporaryFolder();
        var layer = new TFSMLayer(Path.Combine(Unpacked(folder, Path.Combine("bert-pt", "saved_model")), "1"), call_endpoint: "serving_default");
        AssertSame(layer.Apply(Texts)["logits"], "bert");
    }

    [Test]
    public void A_backup_is_gone_on_with()
    {
        using var folder = new TemporaryFolder();
        var model = Dense();
        model.compile(optimizer: "adam", loss: "mse");
        // Both epochs are done: nothing is trained, and the weights are the backup's.
        model.fit(Numbers, Numbers[.., ..2], epochs: 2, verbose: 0, callbacks: [new BackupAndRestore(Unpacked(folder, "backup"), delete_checkpoint: false)]);
        AssertSame(model.predict(Numbers, verbose: 0), "backup");
    }
}
