using System.Text.Json;
using Keras.Data;
using Keras.Layers;
using static Keras.Api;

namespace Keras.Tests.Layers;

/// <summary>Layers that change images in training, in pipelines and in files.</summary>
public sealed class AugmentationTrainingTests
{
    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static float[] Values(Tensor x) => AugmentedLayers.Values(x);

    /// <summary>Every layer that keeps the images' size.</summary>
    static Layer[] Chain => [.. AugmentedLayers.New().Select(a => a.Layer).Where(l => l is not (RandomCrop or Pipeline or RandAugment or AugMix))];

    [TestCase(false)]
    [TestCase(true)]
    public void FitAugments(bool jit)
    {
        keras.utils.set_random_seed(1);
        Layer[] layers = jit ? [new RandomFlip(), new RandomRotation(0.1), new RandomContrast(0.2), new RandomCrop(7, 7)] : [.. Chain, new RandomCrop(7, 7), new RandAugment(num_ops: 1)];
        var model = keras.Sequential([keras.Input([8, 9, 3]), .. layers, keras.layers.Rescaling(1.0 / 255), keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(2)]);
        model.compile("adam", "mse", jit_compile: jit);
        var history = model.fit(AugmentedLayers.Images(7), new float[7, 2], batch_size: 4, epochs: 2, verbose: 0);
        Assert.That(history.history["loss"], Has.Count.EqualTo(2).And.All.Matches<double>(double.IsFinite));
    }

    static DataPipeline Augmented(int? threads)
    {
        var layer = keras.layers.Pipeline([keras.layers.RandomFlip(seed: 3), keras.layers.RandomRotation(0.2, seed: 4), keras.layers.RandomErasing(seed: 5)]);
        return keras.data.from_tensor_slices(AugmentedLayers.Images(12)).map(x =>
        {
            Thread.Sleep(Random.Shared.Next(3));
            return layer.Apply(x);
        }, num_parallel_calls: threads);
    }

    static float[][] Walk(DataPipeline pipeline) => [.. pipeline.as_numpy_iterator().Select(e => Values(e.Single))];

    [Test]
    public void PipelinesDrawByElementWhateverTheThreads()
    {
        var (one, four) = (Augmented(null), Augmented(4));
        var first = Walk(one);
        Assert.That(Walk(four), Is.EqualTo(first));
        Assert.That(first.DistinctBy(v => string.Join(",", v)).Count(), Is.EqualTo(12));
        var second = Walk(one);
        Assert.That(second, Is.Not.EqualTo(first), "another walk draws anew");
        Assert.That(Walk(four), Is.EqualTo(second));
        Assert.That(Walk(Augmented(2).skip(5)), Is.EqualTo(first[5..]), "as do the elements from one on");
    }

    [Test]
    public void TwoStepsWithOneGeneratorDrawOtherNumbers()
    {
        var seeds = keras.random.SeedGenerator(3);
        Tensors Drawn(Tensors x) => ops.concatenate(new Tensors[] { x, keras.random.uniform(1, seed: seeds), keras.random.uniform(1, seed: seeds) });
        var drawn = Walk(keras.data.from_tensor_slices(new float[5, 1]).map(Drawn).map(Drawn)).SelectMany(v => v[1..]).ToArray();
        Assert.That(drawn, Is.Unique.And.Length.EqualTo(20));
    }

    [Test]
    public void PipelinesDrawFromTheSeedOfTheState()
    {
        static float[] Drawn(SeedGenerator seeds)
        {
            Tensors Draw(Tensors x) => keras.random.uniform(1, seed: seeds);
            return [.. Walk(keras.data.range(3).map(Draw)).SelectMany(v => v)];
        }
        var loaded = keras.random.SeedGenerator(3);
        loaded.state.assign(keras.random.SeedGenerator(4).state.value);
        Assert.That(Drawn(loaded), Is.EqualTo(Drawn(keras.random.SeedGenerator(4))).And.Not.EqualTo(Drawn(keras.random.SeedGenerator(3))));
    }

    static readonly (string Name, Func<DataPipeline, DataPipeline> Join)[] Joins =
    [
        ("zip", d => d.zip(d, d)),
        ("zip of zip", d => d.zip(d).zip(d)),
        ("concatenate", d => d.concatenate(d).concatenate(d).batch(15)),
        ("choose", d => keras.data.choose_from_datasets([d, d, d], keras.data.range(3).repeat(5)).batch(15)),
        ("interleave", d => d.interleave(_ => d.take(2), cycle_length: 2).concatenate(d).batch(15)),
    ];

    static IEnumerable<TestCaseData> BranchCases => Joins.Select(j => new TestCaseData(j.Join).SetArgDisplayNames(j.Name));

    [TestCaseSource(nameof(BranchCases))]
    public void BranchesWithOneGeneratorDrawOtherNumbers(Func<DataPipeline, DataPipeline> join)
    {
        var seeds = keras.random.SeedGenerator(3);
        Tensors Draw(Tensors x) => keras.random.uniform(1, seed: seeds);
        var drawn = join(keras.data.range(5).map(Draw)).as_numpy_iterator().SelectMany(e => e.Flatten().SelectMany(Values)).ToArray();
        Assert.That(drawn, Is.Unique.And.Length.EqualTo(15));
    }

    /// <summary>Without those that Keras itself cannot put into a model, and of which its configs lose the seed or do not fit the constructor.</summary>
    static Sequential Saved() => keras.Sequential([keras.Input([8, 9, 3]), .. AugmentedLayers.New().Select(a => a.Layer).Where(l => l is not (RandomCrop or RandomGrayscale or RandomShear or Equalization)),
        new RandomShear((0.0, 0.4), (0.0, 0.2), seed: 3), new RandomCrop(4, 5, seed: 1)]);

    [Test]
    public void AFileMakesTheSameLayers()
    {
        using var folder = new TemporaryFolder();
        var model = Saved();
        model.save(folder["model.keras"]);
        var again = keras.models.load_model(folder["model.keras"]);
        Assert.That(((Model)again).to_json(), Is.EqualTo(model.to_json()));
        Assert.That(Values(again.Apply(AugmentedLayers.Images(), training: true)), Is.EqualTo(Values(model.Apply(AugmentedLayers.Images(), training: true))), "one seed, one draw");
    }

    [Test]
    [Category("Peer")]
    public void KerasReadsWhatIsWrittenHereAndTheOtherWayRound()
    {
        using var folder = new TemporaryFolder();
        var model = Saved();
        model.save(folder["ours.keras"]);
        var images = AugmentedLayers.Images();
        var result = KerasPython.Run("framework/Keras.Tests/Layers/Preprocessing/Augmentation/augmentations_in_keras.py", folder["ours.keras"], folder["theirs.keras"], JsonSerializer.Serialize(Values(images)));
        Assert.That(result.GetProperty("outputs").Deserialize<float[]>(), Is.EqualTo(Values(model.Apply(images, training: false))).Within(1e-2));
        var again = (Model)keras.models.load_model(folder["theirs.keras"]);
        Assert.That(Values(again.Apply(images, training: true)), Is.EqualTo(Values(model.Apply(images, training: true))), "Keras kept every option, and the seeds");
    }
}
