using Keras.Data;
using static Keras.Api;

namespace Keras.Tests.Data;

/// <summary>Sources and steps give the elements that tf.data gives.</summary>
[TestFixture]
public sealed class DataPipelineTests
{
    static DataPipeline Numbers(long stop) => keras.data.range(stop);

    static long[] Values(DataPipeline pipeline) => [.. pipeline.as_numpy_iterator().Select(e => (long)e.Single)];

    static long[][] Rows(DataPipeline pipeline) => [.. pipeline.as_numpy_iterator().Select(e => e.Single.ToArray<long>())];

    [Test]
    public void Ranges_and_simple_steps()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Values(keras.data.range(2, 11, 3)), Is.EqualTo(new[] { 2, 5, 8 }));
            Assert.That(Values(keras.data.range(5, 0, -2)), Is.EqualTo(new[] { 5, 3, 1 }));
            Assert.That(Values(Numbers(10).skip(3).take(4)), Is.EqualTo(new[] { 3, 4, 5, 6 }));
            Assert.That(Values(Numbers(4).take(-1)), Is.EqualTo(new[] { 0, 1, 2, 3 }));
            Assert.That(Values(Numbers(4).skip(-1)), Is.Empty);
            Assert.That(Values(Numbers(3).repeat(2)), Is.EqualTo(new[] { 0, 1, 2, 0, 1, 2 }));
            Assert.That(Values(Numbers(3).repeat().take(5)), Is.EqualTo(new[] { 0, 1, 2, 0, 1 }));
            Assert.That(Values(Numbers(10).shard(3, 1)), Is.EqualTo(new[] { 1, 4, 7 }));
            Assert.That(Values(Numbers(10).filter(e => (long)e.Single % 4 == 1)), Is.EqualTo(new[] { 1, 5, 9 }));
            Assert.That(Values(Numbers(2).concatenate(keras.data.range(7, 9))), Is.EqualTo(new[] { 0, 1, 7, 8 }));
            Assert.That(Values(Numbers(4).map(e => e.Single * 10)), Is.EqualTo(new[] { 0, 10, 20, 30 }));
            Assert.That(Numbers(5).reduce(0L, (sum, e) => sum + (long)e.Single), Is.EqualTo(10));
            Assert.That(Numbers(3).enumerate(5).as_numpy_iterator().Select(e => ((long)e[0].Single, (long)e[1].Single)), Is.EqualTo(new[] { (5L, 0L), (6, 1), (7, 2) }));
        });
    }

    [Test]
    public void Batches()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Rows(Numbers(5).batch(2)), Is.EqualTo(new long[][] { [0, 1], [2, 3], [4] }));
            Assert.That(Rows(Numbers(5).batch(2, drop_remainder: true)), Is.EqualTo(new long[][] { [0, 1], [2, 3] }));
            Assert.That(Rows(Numbers(7).batch(3).rebatch(2)), Is.EqualTo(new long[][] { [0, 1], [2, 3], [4, 5], [6] }));
            Assert.That(Values(Numbers(5).batch(3).unbatch()), Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
            Assert.That(Numbers(5).batch(2).element_spec.Single.shape, Is.EqualTo(new Shape(-1)));
            Assert.That(Numbers(5).batch(2, drop_remainder: true).element_spec.Single.shape, Is.EqualTo(new Shape(2)));
        });
    }

    [Test]
    public void Structures_stay()
    {
        var pipeline = keras.data.from_tensor_slices((new Dictionary<string, Tensors> { ["a"] = new float[,] { { 1, 2 }, { 3, 4 } }, ["s"] = new[] { "x", "y" } }, new[] { 7, 8 })).batch(2);
        var (x, y) = pipeline.as_numpy_iterator().Single() is var e ? (e[0], e[1]) : default;
        Assert.Multiple(() =>
        {
            Assert.That(x["a"].Single.ToArray<float>(), Is.EqualTo(new[] { 1f, 2, 3, 4 }));
            Assert.That(x["s"].Single.ToArray<string>(), Is.EqualTo(new[] { "x", "y" }));
            Assert.That(y.Single.ToArray<int>(), Is.EqualTo(new[] { 7, 8 }));
            Assert.That(pipeline.element_spec[0]["a"].Single, Is.EqualTo(new TensorSpec([null, 2], DType.Float32)));
            Assert.That(keras.data.zip(Numbers(3), Numbers(2)).cardinality(), Is.EqualTo(2));
        });
    }

    [Test]
    public void Padded_batches()
    {
        int[][] rows = [[1], [2, 3, 4], [5, 6]];
        var ragged = keras.data.from_generator(() => rows);
        Assert.Multiple(() =>
        {
            Assert.That(ragged.padded_batch(3).as_numpy_iterator().Single().Single.ToArray<int>(), Is.EqualTo(new[] { 1, 0, 0, 2, 3, 4, 5, 6, 0 }));
            Assert.That(ragged.padded_batch(3, padded_shapes: new Shape(4), padding_values: -1).as_numpy_iterator().Single().Single.ToArray<int>(),
                Is.EqualTo(new[] { 1, -1, -1, -1, 2, 3, 4, -1, 5, 6, -1, -1 }));
            Assert.That(() => ragged.padded_batch(3, padded_shapes: new Shape(2)).as_numpy_iterator().ToList(), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("element 1"));
            Assert.That(() => ragged.batch(3).as_numpy_iterator().ToList(), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("element 1").And.Message.Contains("padded_batch"));
        });
    }

    [Test]
    public void Buckets_hold_elements_of_similar_length()
    {
        var lengths = new[] { 1, 7, 2, 3, 8, 1, 12, 5 };
        var pipeline = keras.data.from_generator(() => lengths.Select(l => Enumerable.Repeat(l, l).ToArray()));
        var batches = pipeline.bucket_by_sequence_length(e => e.Single.shape[0], [4, 8], [2, 2, 2]).as_numpy_iterator().Select(e => e.Single.shape.ToString()).ToList();
        Assert.That(batches, Is.EqualTo(new[] { new Shape(2, 2), new Shape(2, 3), new Shape(2, 12), new Shape(2, 7) }.Select(s => s.ToString())));
        var bounded = pipeline.filter(e => e.Single.shape[0] < 8).bucket_by_sequence_length(e => e.Single.shape[0], [4, 8], [2, 2, 2], pad_to_bucket_boundary: true, drop_remainder: true);
        Assert.That(bounded.as_numpy_iterator().Select(e => e.Single.shape[1]).Distinct().Order(), Is.EqualTo(new[] { 3, 7 }));
        Assert.That(() => pipeline.bucket_by_sequence_length(e => e.Single.shape[0], [4, 8], [2, 2, 2], pad_to_bucket_boundary: true).as_numpy_iterator().ToList(),
            Throws.InstanceOf<ValueRangeException>().With.Message.Contains("element 4"));
    }

    [Test]
    public void Shuffles_repeat_by_seed_and_differ_by_walk()
    {
        var pipeline = Numbers(20).shuffle(20, seed: 3);
        var (first, second) = (Values(pipeline), Values(pipeline));
        var again = Numbers(20).shuffle(20, seed: 3);
        var still = Numbers(20).shuffle(20, seed: 3, reshuffle_each_iteration: false);
        Assert.Multiple(() =>
        {
            Assert.That(first.Order(), Is.EqualTo(Enumerable.Range(0, 20)));
            Assert.That(second, Is.Not.EqualTo(first));
            Assert.That(Values(again), Is.EqualTo(first));
            Assert.That(Values(again), Is.EqualTo(second));
            Assert.That(Values(still), Is.EqualTo(Values(still)));
            Assert.That(Values(Numbers(20).shuffle(20, seed: 3).repeat(2)).Chunk(20).Select(c => string.Join(",", c)).Distinct().Count(), Is.EqualTo(2));
            Assert.That(Values(Numbers(20).shuffle(4, seed: 1)).Take(4).Max(), Is.LessThan(8));
        });
    }

    [Test]
    public void Interleaving_takes_turns_as_tf_data()
    {
        // The example of tf.data's documentation.
        var pipeline = keras.data.range(1, 6).interleave(e => keras.data.from_tensors(e).repeat(6), cycle_length: 2, block_length: 4);
        long[] expected = [1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 3, 3, 4, 4, 5, 5, 5, 5, 5, 5];
        Assert.Multiple(() =>
        {
            Assert.That(Values(pipeline), Is.EqualTo(expected));
            Assert.That(Values(keras.data.range(1, 6).interleave(e => keras.data.from_tensors(e).repeat(6), 2, 4, num_parallel_calls: keras.data.AUTOTUNE)), Is.EqualTo(expected));
            Assert.That(Values(Numbers(3).flat_map(e => Numbers((long)e.Single))), Is.EqualTo(new[] { 0, 0, 1 }));
        });
    }

    [Test]
    public void Choices_and_samples()
    {
        DataPipeline[] both = [Numbers(3), keras.data.range(10, 13)];
        var choices = keras.data.from_tensor_slices(new long[] { 0, 1, 1, 0, 1, 1, 0 });
        var sampled = keras.data.sample_from_datasets([Numbers(500), keras.data.range(1000, 1500)], weights: [0.2, 0.8], seed: 1);
        Assert.Multiple(() =>
        {
            Assert.That(Values(keras.data.choose_from_datasets(both, choices)), Is.EqualTo(new[] { 0, 10, 11, 1, 12 }));
            Assert.That(Values(keras.data.choose_from_datasets(both, choices, stop_on_empty_dataset: false)), Is.EqualTo(new[] { 0, 10, 11, 1, 12, 2 }));
            Assert.That(Values(sampled.take(200)).Count(v => v >= 1000), Is.InRange(135, 185));
            Assert.That(Values(sampled), Has.Length.EqualTo(1000));
        });
    }

    [Test]
    public void Cardinality_is_known_where_it_can_be()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Numbers(10).batch(3).cardinality(), Is.EqualTo(4));
            Assert.That(Numbers(10).map(e => e).prefetch(1).shuffle(2).batch(3, drop_remainder: true).cardinality(), Is.EqualTo(3));
            Assert.That(Numbers(10).repeat().cardinality(), Is.EqualTo(keras.data.INFINITE_CARDINALITY));
            Assert.That(Numbers(10).repeat().take(7).cardinality(), Is.EqualTo(7));
            Assert.That(Numbers(10).filter(_ => true).cardinality(), Is.EqualTo(keras.data.UNKNOWN_CARDINALITY));
            Assert.That(Numbers(10).repeat(3).shard(4, 1).cardinality(), Is.EqualTo(8));
            Assert.That(() => Numbers(10).repeat().reduce(0, (n, _) => n + 1), Throws.InstanceOf<UnsupportedException>());
        });
    }

    [Test]
    public void Caches_are_filled_by_a_whole_walk_only()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in new[] { "", folder["cache"] })
        {
            var calls = 0;
            var pipeline = Numbers(6).map(e =>
            {
                calls++;
                return e;
            }).cache(file);
            _ = pipeline.as_numpy_iterator().First();
            Assert.That(Values(pipeline), Is.EqualTo(new[] { 0, 1, 2, 3, 4, 5 }));
            Assert.That(Values(pipeline), Is.EqualTo(new[] { 0, 1, 2, 3, 4, 5 }));
            Assert.That(calls, Is.EqualTo(7));
        }
        var cached = folder["cache"];
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
        var bytes = File.ReadAllBytes(cached);
        File.WriteAllBytes(cached, bytes[..^5]);
        Assert.That(() => Values(Numbers(6).cache(cached)), Throws.InstanceOf<FileFormatException>());
        bytes[0] ^= 0x40;
        File.WriteAllBytes(cached, bytes);
        Assert.That(() => Values(Numbers(6).cache(cached)), Throws.InstanceOf<FileFormatException>());
    }
}
