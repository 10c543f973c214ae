using System.Text.Json;
using Keras.Graphs;
using Keras.Layers;
using Keras.Tests;
using Keras.Tests.Training;

namespace Keras.Saving.Tests;

/// <summary>Files of whole models: Python's Keras' own, and ours.</summary>
sealed class KerasArchiveTests
{
    static GoldenList Functional => GoldenList.Find("functional", "models")!;

    static GoldenList Saving => GoldenList.Find("saving", "saving")!;

    static IEnumerable<TestCaseData> Models => GoldenList.Cases("functional", "models", RunMode.Eager).Where(HasFile("functional", c => GoldenList.Part(c, "files") is { } files ? GoldenList.Part(files, "keras") : null));

    static IEnumerable<TestCaseData> WithAssets => GoldenList.Cases("saving", "saving", RunMode.Eager)
        .Where(c => c.Arguments[0] is JsonElement json && json.GetProperty("kind").GetString() == "keras_with_assets").Where(HasFile("saving", c => GoldenList.Part(c, "file")));

    [TestCaseSource(nameof(WithAssets))]
    public void Vocabularies_come_with_the_archive_and_go_back_as_Keras_writes_them(JsonElement golden, RunMode mode)
    {
        GoldenList.UseEngine();
        using var folder = new TemporaryFolder();
        var model = Api.keras.models.load_model(Path.Combine(GoldenList.FolderOf("saving"), golden.GetProperty("file").GetString()!));
        var texts = golden.GetProperty("x").EnumerateArray().Select(t => t.GetString()!).ToArray();
        model.save(folder["again.keras"]);
        foreach (var each in new[] { model, Api.keras.models.load_model(folder["again.keras"]) })
        {
            var layer = each.layers.OfType<Keras.Layers.TextVectorization>().Single();
            Assert.That(layer.get_vocabulary(), Is.EqualTo(golden.GetProperty("vocabulary").EnumerateArray().Select(v => v.GetString())));
            Saving.Compare(layer.Apply(texts).Single, golden.GetProperty("ids"), 0, 0, "ids");
            Saving.Compare(each.Apply(texts).Single, golden.GetProperty("output"), 1e-5, 1e-5, "output");
        }
        using var archive = System.IO.Compression.ZipFile.OpenRead(folder["again.keras"]);
        Assert.That(archive.Entries.Select(e => e.FullName), Is.EqualTo(golden.GetProperty("entries").EnumerateArray().Select(e => e.GetString())));
        foreach (var asset in golden.GetProperty("assets").EnumerateObject())
        {
            using var reader = new StreamReader(archive.GetEntry(asset.Name)!.Open());
            Assert.That(reader.ReadToEnd(), Is.EqualTo(asset.Value.GetString()), asset.Name);
        }
    }

    static IEnumerable<TestCaseData> Resumed => GoldenList.Cases("saving", "saving", RunMode.Graph)
        .Where(c => c.Arguments[0] is JsonElement json && json.GetProperty("kind").GetString() == "resume_training").Where(HasFile("saving", c => GoldenList.Part(c, "file")));

    /// <summary>A smaller copy of the golden data may lack files.</summary>
    static Func<TestCaseData, bool> HasFile(string area, Func<JsonElement, JsonElement?> file) =>
        c => c.Arguments[0] is JsonElement json && file(json)?.GetString() is { } path && File.Exists(Path.Combine(GoldenList.FolderOf(area), path));

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    [TestCaseSource(nameof(Models)), Category("Golden")]
    public void Keras_models_load_and_come_out_the_same(JsonElement golden, RunMode _)
    {
        using var folder = new TemporaryFolder();
        var model = Api.keras.models.load_model(Path.Combine(GoldenList.FolderOf("functional"), golden.GetProperty("files").GetProperty("keras").GetString()!));
        var inputs = GoldenTraining.Tensors(Functional, golden.GetProperty("inputs"));
        if (inputs is { IsDictionary: false, Count: 1 }) inputs = inputs[0];
        CompareOutputs(model.Apply(inputs), golden);

        model.save(folder["again.keras"]);
        var again = Api.keras.models.load_model(folder["again.keras"]);
        CompareOutputs(again.Apply(inputs), golden);
        Assert.That(again.to_json(), Is.EqualTo(model.to_json()));
    }

    static void CompareOutputs(Tensors outputs, JsonElement golden)
    {
        if (GoldenList.Part(golden, "outputs") is not { } expected) return;
        if (expected.ValueKind == JsonValueKind.Object)
            foreach (var named in expected.EnumerateObject()) Functional.Compare(outputs[named.Name].Single, named.Value, 1e-4, 2e-5, named.Name);
        else
            foreach (var (i, value) in expected.EnumerateArray().Index()) Functional.Compare(outputs.Flatten()[i], value, 1e-4, 2e-5, $"output {i}");
    }

    [TestCaseSource(nameof(Resumed)), Category("Golden")]
    public void Training_goes_on_from_Keras_file_and_from_ours(JsonElement golden, RunMode _)
    {
        using var folder = new TemporaryFolder();
        var ours = folder["ours.keras"];
        var first = Api.keras.models.load_model(Path.Combine(GoldenList.FolderOf("saving"), golden.GetProperty("file").GetString()!));
        first.save(ours);
        foreach (var model in new[] { first, Api.keras.models.load_model(ours) })
        {
            foreach (var expected in GoldenList.Items(golden, "logs_after_loading"))
            {
                var logs = model.train_on_batch(Saving.Tensor(golden.GetProperty("x")), Saving.Tensor(golden.GetProperty("y")));
                foreach (var log in expected.EnumerateObject()) GoldenTraining.Close(logs[log.Name], log.Value, log.Name);
            }
            if (GoldenList.Items(golden, "logs_after_loading").Length == 0) continue; // how often it was trained is not known
            if (GoldenList.Part(golden, "weights_after") is { } after) GoldenTraining.CompareWeights(Saving, model.weights, after);
            if (GoldenList.Part(golden, "predict_after") is { } predicted) Saving.Compare(model.Apply(Saving.Tensor(golden.GetProperty("x"))).Single, predicted, 2e-4, 1e-5, "prediction");
        }
    }

    [Test]
    public void What_the_model_was_compiled_with_comes_back()
    {
        using var folder = new TemporaryFolder();
        var model = TwoHeads();
        model.compile(optimizer: Api.keras.optimizers.AdamW(learning_rate: 0.5), loss: new() { ["a"] = "mse", ["b"] = Api.keras.losses.Huber(delta: 2) }, loss_weights: new() { ["a"] = 0.5, ["b"] = 2 },
            metrics: new() { ["a"] = ["mae"], ["b"] = Api.keras.metrics.MeanSquaredError() }, weighted_metrics: [["mse"], []], steps_per_execution: 2);
        model.save(folder["m.keras"]);
        var again = Api.keras.models.load_model(folder["m.keras"]);
        Assert.That(ConfigJson.Write(again.get_compile_config()), Is.EqualTo(ConfigJson.Write(model.get_compile_config())));
        Assert.That(again.compiled);
        Assert.That(Api.keras.models.load_model(folder["m.keras"], compile: false).compiled, Is.False);
    }

    [Test]
    public void A_function_as_loss_is_saved_by_name_and_needs_a_compile_of_its_own()
    {
        using var folder = new TemporaryFolder();
        var model = Mlp();
        model.compile(optimizer: "sgd", loss: (Func<Tensor, Tensor, Tensor>)Off);
        model.save(folder["m.keras"]);
        Assert.That(() => Api.keras.models.load_model(folder["m.keras"]), Throws.InstanceOf<FileFormatException>().With.Message.Contains("Off").And.Message.Contains("compile: false"));
        Assert.That(Values(Api.keras.models.load_model(folder["m.keras"], compile: false).Apply(Ones).Single), Is.EqualTo(Values(model.Apply(Ones).Single)));
    }

    static Tensor Off(Tensor y_true, Tensor y_pred) => Tf.Square(y_true - y_pred);

    [Test]
    public void Layers_of_a_users_own_need_their_class_and_a_whole_config()
    {
        using var folder = new TemporaryFolder();
        var model = Api.keras.Sequential([Api.keras.Input(new Shape(3)), new Scaled(2.5)]);
        model.save(folder["m.keras"]);
        Assert.That(() => Api.keras.models.load_model(folder["m.keras"]), Throws.InstanceOf<FileFormatException>().With.Message.Contains("Scaled").And.Message.Contains("custom_objects"));
        var again = Api.keras.models.load_model(folder["m.keras"], new Dictionary<string, Type> { ["Scaled"] = typeof(Scaled) });
        Assert.That(Values(again.Apply(Ones).Single), Is.EqualTo(new[] { 2.5, 2.5, 2.5 }));
        Assert.That(Values(Api.keras.models.clone_model(model).Apply(Ones).Single), Is.EqualTo(new[] { 2.5, 2.5, 2.5 }));

        var forgetful = Api.keras.Sequential([Api.keras.Input(new Shape(3)), new Forgetful(2)]);
        Assert.That(() => forgetful.save(folder["f.keras"]), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("factor").And.Message.Contains("get_config"));
        Assert.That(File.Exists(folder["f.keras"]), Is.False);
    }

    [Test]
    public void Classes_of_a_users_own_are_found_wherever_they_stand()
    {
        using var folder = new TemporaryFolder();
        var model = Api.keras.Sequential([Api.keras.Input(new Shape(2, 3)), new TimeDistributed(new Scaled(2)), new Dense(3, kernel_regularizer: new Sums(0.5))]);
        model.compile(optimizer: "sgd", loss: new Huber(3), metrics: [new Distance()]);
        model.save(folder["m.keras"]);
        var again = Api.keras.models.load_model(folder["m.keras"], new Dictionary<string, Type>
        {
            ["Scaled"] = typeof(Scaled), ["Sums"] = typeof(Sums), ["Huber"] = typeof(Huber), ["Distance"] = typeof(Distance),
        });
        Assert.That(again.to_json(), Is.EqualTo(model.to_json()));
        Assert.That(again.loss!.ToConfig(), Is.EqualTo(model.loss!.ToConfig()));
        var x = Tf.OnesLike(Tf.Zeros(new Shape(1, 2, 3), DType.Float32));
        Assert.That(Values(again.Apply(x).Single), Is.EqualTo(Values(model.Apply(x).Single)));
        // A loss of the same name as one of Keras' does not become that.
        Assert.That(() => Api.keras.models.load_model(folder["m.keras"], new Dictionary<string, Type> { ["Scaled"] = typeof(Scaled), ["Sums"] = typeof(Sums), ["Distance"] = typeof(Distance) }),
            Throws.InstanceOf<FileFormatException>().With.Message.Contains("Huber"));
        Assert.That(Api.keras.models.clone_model(Api.keras.Sequential([Api.keras.Input(new Shape(3)), new Scaled(2), new Dense(2)])).layers, Has.Count.EqualTo(2));

        var forgetful = Mlp();
        forgetful.compile(optimizer: "sgd", loss: new ForgetfulLoss(3));
        Assert.That(() => forgetful.save(folder["f.keras"]), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("power"));
    }

    [Test]
    public void A_value_that_JSON_has_no_form_for_is_refused()
    {
        foreach (var value in new object[] { DayOfWeek.Monday, 'c', DateTime.UnixEpoch, double.NaN, float.PositiveInfinity, new object() })
            Assert.That(() => ConfigJson.Write(new Dictionary<string, object?> { ["x"] = value }), Throws.InstanceOf<UnsupportedException>(), $"{value}");
        Assert.That(ConfigJson.Write(new object?[] { null, true, 1, 2L, 3u, 1.0, 0.1f, "ä\n", DType.Int32, Shape.Create([1, null]), new Dictionary<string, object?> { ["a"] = Array.Empty<int>() } }),
            Is.EqualTo("[null, true, 1, 2, 3, 1.0, 0.10000000149011612, \"\\u00e4\\n\", \"int32\", [1, null], {\"a\": []}]"));
    }

    [Test]
    public void Text_of_a_config_makes_the_model_again()
    {
        var model = Mlp();
        var again = Api.keras.models.model_from_json(model.to_json());
        Assert.That(again.to_json(), Is.EqualTo(model.to_json()));
        Assert.That(() => Api.keras.models.model_from_json("[1]"), Throws.InstanceOf<FileFormatException>());
        Assert.That(() => Api.keras.models.model_from_json("{}"), Throws.InstanceOf<FileFormatException>().With.Message.Contains("class_name"));
        Assert.That(() => Api.keras.models.model_from_json(ConfigJson.Write(Api.keras.layers.serialize(new Dense(3)))), Throws.InstanceOf<FileFormatException>().With.Message.Contains("Dense"));
        foreach (var units in new[] { "\"abc\"", "1e30", "{}", "-3", "NaN" })
            Assert.That(() => Api.keras.models.model_from_json(model.to_json().Replace("\"units\": 4", $"\"units\": {units}", StringComparison.Ordinal)), Throws.InstanceOf<FileFormatException>(), units);
    }

    [Test]
    public void Names_and_files_that_do_not_do_are_refused()
    {
        using var folder = new TemporaryFolder();
        var model = Mlp();
        Assert.That(() => model.save(folder["m.h5"]), Throws.ArgumentException.With.Message.Contains(".keras"));
        Assert.That(() => Api.keras.models.load_model(folder["m.h5"]), Throws.ArgumentException.With.Message.Contains("load_weights"));
        Assert.That(() => Api.keras.models.load_model(folder["m.keras"]), Throws.InstanceOf<IOException>());
        Assert.That(() => Api.keras.Sequential([new Dense(2)]).save(folder["m.keras"]), Throws.InvalidOperationException);
        model.save(folder["m.keras"]);
        Assert.That(() => model.save(folder["m.keras"], overwrite: false), Throws.InstanceOf<IOException>());
        File.WriteAllText(folder["text.keras"], "no archive");
        Assert.That(() => Api.keras.models.load_model(folder["text.keras"]), Throws.InstanceOf<FileFormatException>());
    }

    [Test]
    public void Broken_archives_are_read_or_refused_with_a_typed_error()
    {
        using var folder = new TemporaryFolder();
        var model = Mlp();
        model.compile(optimizer: "adam", loss: "mse", metrics: ["mae"]);
        model.save(folder["m.keras"]);
        byte[][] files = [File.ReadAllBytes(folder["m.keras"])];
        var refused = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            File.WriteAllBytes(folder["broken.keras"], Fuzz.Mutator.Make(new Random(seed), files));
            try
            {
                Api.keras.models.load_model(folder["broken.keras"]);
            }
            catch (KerasException)
            {
                refused++;
            }
        }
        Assert.That(refused, Is.InRange(100, 399));
    }

    static Tensor Ones => Tf.OnesLike(Tf.Zeros(new Shape(1, 3), DType.Float32));

    static Sequential Mlp() => Api.keras.Sequential([Api.keras.Input(new Shape(3)), new Dense(4, activation: "relu"), new Dense(2)]);

    static Functional TwoHeads()
    {
        var x = Api.keras.Input(new Shape(3));
        return Api.keras.Model(x, new Dictionary<string, Tensors> { ["a"] = new Dense(1, name: "a").Apply(x), ["b"] = new Dense(2, name: "b").Apply(x) });
    }

    static double[] Values(Tensor value) => ((EagerTensor)value).ToHost().ToDouble();

    public sealed class Scaled(double factor, string? name = null) : Layer(name: name)
    {
        public override Tensors call(Tensors inputs, bool training = false) => inputs.Single * (float)factor;

        public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["factor"] = factor };
    }

    public sealed class Sums(double factor) : Regularizers.Regularizer
    {
        public override Tensor call(Tensor x) => Tf.Sum(x) * (float)factor;

        public override Dictionary<string, object?> get_config() => new() { ["factor"] = factor };
    }

    public sealed class Huber(double power, string name = "own") : Losses.Loss(name)
    {
        public override Tensor call(Tensor y_true, Tensor y_pred) => Tf.Mean(Tf.Pow(Tf.Abs(y_true - y_pred), (float)power), [-1]);

        public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["power"] = power };
    }

    public sealed class ForgetfulLoss(double power) : Losses.Loss
    {
        public override Tensor call(Tensor y_true, Tensor y_pred) => Tf.Mean(Tf.Pow(Tf.Abs(y_true - y_pred), (float)power), [-1]);
    }

    public sealed class Distance(string name = "distance") : Metrics.Mean(name);

    public sealed class Forgetful(double factor) : Layer
    {
        public override Tensors call(Tensors inputs, bool training = false) => inputs.Single * (float)factor;
    }
}
