using System.Text.Json;

namespace Keras.Tests.Training;

/// <summary>Policies of dtypes against Keras' records: what each layer computes and keeps, outputs, losses of steps with a scaled loss.</summary>
public sealed class MixedPrecisionGoldenTests
{
    static GoldenList List => GoldenList.Find("training", "mixed_precision")!;

    static IEnumerable<TestCaseData> Cases => GoldenList.Cases("training", "mixed_precision", RunMode.Eager, RunMode.Graph, RunMode.Xla);

    static IEnumerable<TestCaseData> Once => GoldenList.Cases("training", "mixed_precision", RunMode.Eager);

    static IEnumerable<TestCaseData> Policies => GoldenList.Find("training", "mixed_precision")?.Json is { } json
        ? GoldenList.Items(json, "policies").Select(p => new TestCaseData(p).SetArgDisplayNames(p.GetProperty("name").GetString()!).SetCategory("Golden")) : [];

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    [TearDown]
    public void UseDefaultPolicy() => Api.keras.config.set_dtype_policy("float32");

    /// <summary>The model as its record was made: under its policy, which the model's config does not hold.</summary>
    static Model Make(JsonElement golden)
    {
        if (GoldenList.Part(golden, "policy") is { } policy) Api.keras.config.set_dtype_policy(policy.GetString()!);
        return GoldenModel.Make(golden.GetProperty("to_json"));
    }

    [TestCaseSource(nameof(Policies))]
    public void DTypesOfAPolicyAreKeras(JsonElement golden)
    {
        var policy = new DTypePolicy(golden.GetProperty("name").GetString()!);
        if (GoldenList.Part(golden, "compute_dtype") is { } compute) Assert.That(policy.compute_dtype.Name, Is.EqualTo(compute.GetString()));
        if (GoldenList.Part(golden, "variable_dtype") is { } variable) Assert.That(policy.variable_dtype.Name, Is.EqualTo(variable.GetString()));
    }

    [TestCaseSource(nameof(Once))]
    public void DTypesOfLayersAreKeras(JsonElement golden, RunMode _)
    {
        var model = Make(golden);
        foreach (var expected in GoldenList.Items(golden, "layers"))
        {
            var layer = model.get_layer(expected.GetProperty("name").GetString()!);
            void HasDType(string key, DType actual)
            {
                if (GoldenList.Part(expected, key) is { } dtype) Assert.That(actual.Name, Is.EqualTo(dtype.GetString()), $"{key} of {layer.name}");
            }
            HasDType("compute_dtype", layer.compute_dtype);
            HasDType("variable_dtype", layer.variable_dtype);
            if (layer.weights.Count > 0)
                Assert.That(layer.weights.Select(w => w.dtype.Name), Is.EqualTo(GoldenList.Items(expected, "weights").Select(w => w[1].GetString())), layer.name);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void OutputsAndLossesAreKeras(JsonElement golden, RunMode mode)
    {
        var tolerance = GoldenList.Part(golden, "tolerance")?.GetDouble() ?? 1e-5;
        var model = Make(golden);
        Tensors ids = List.Tensor(golden.GetProperty("ids"));
        model.Load(List, golden.GetProperty("weights"), ids);
        if (GoldenList.Part(golden, "output") is { } output) List.Compare(GoldenList.Run(mode, ids, given => model.Apply(given)).Single, output, tolerance, tolerance, "output");
        model.compile(optimizer: Api.keras.optimizers.SGD(0.1), loss: "sparse_categorical_crossentropy", run_eagerly: mode == RunMode.Eager, jit_compile: mode == RunMode.Xla);
        if (GoldenList.Part(golden, "compiled_optimizer_class") is { } name) Assert.That(model.optimizer.GetType().Name, Is.EqualTo(name.GetString()));
        foreach (var (step, loss) in GoldenList.Items(golden, "train_on_batch_losses").Index())
        {
            model.reset_metrics();
            Assert.That((double)model.train_on_batch(ids, List.Tensor(golden.GetProperty("y"))), Is.EqualTo(loss.GetDouble()).Within(Math.Max(tolerance, 1e-5) * (1 + loss.GetDouble())), $"loss of step {step}");
        }
    }
}
