using System.Reflection;
using Keras.Data;
using static Keras.Api;

namespace Keras.Tests.Data;

/// <summary>Bad arguments of pipelines and their sources.</summary>
[TestFixture]
public sealed class DataArgumentTests
{
    static readonly TemporaryFolder Folder = new();

    static readonly ArgumentAudit Audit = new()
    {
        Subjects = new Dictionary<Type, Func<object?>> { [typeof(DataPipeline)] = Pipeline, [typeof(DataApi)] = () => keras.data },
        Hooks = new HashSet<string>(),
        // As in tf.data a seed may be negative; an empty file name caches in memory.
        Free = new HashSet<string> { "seed", "filename" },
        NotZero = new HashSet<string> { "batch_size", "num_shards", "cycle_length", "block_length", "num_parallel_calls", "buffer_size of shuffle", "step" },
        // Numbers of a range, and of elements, may have either sign.
        Signed = new HashSet<string> { "start", "stop", "step" },
        Makers = new Dictionary<Type, Func<object?>>
        {
            [typeof(Tensors)] = () => (Tensors)new[] { 1f, 2f }, [typeof((Tensors, Tensors))] = () => ((Tensors)new[] { 1f }, (Tensors)new[] { 1f }), [typeof((Tensors, Tensors, Tensors))] = () => ((Tensors)new[] { 1f }, (Tensors)new[] { 1f }, (Tensors)new[] { 1f }),
            [typeof(DataPipeline)] = Pipeline, [typeof(DataPipeline[])] = () => new[] { Pipeline() }, [typeof(IReadOnlyList<DataPipeline>)] = () => new[] { Pipeline() }, [typeof(Func<Tensors, Tensors>)] = () => (Func<Tensors, Tensors>)(t => t),
            [typeof(Func<Tensors, (Tensors, Tensors)>)] = () => (Func<Tensors, (Tensors, Tensors)>)(t => (t, t)), [typeof(Func<Tensors, Tensors, (Tensors, Tensors)>)] = () => (Func<Tensors, Tensors, (Tensors, Tensors)>)((x, y) => (x, y)),
            [typeof(Func<Tensors, Tensors, Tensors>)] = () => (Func<Tensors, Tensors, Tensors>)((x, _) => x), [typeof(Func<Tensors, bool>)] = () => (Func<Tensors, bool>)(_ => true), [typeof(Func<Tensors, Tensors, bool>)] = () => (Func<Tensors, Tensors, bool>)((_, _) => true),
            [typeof(Func<Tensors, DataPipeline>)] = () => (Func<Tensors, DataPipeline>)(_ => Pipeline()), [typeof(Func<Tensors, long>)] = () => (Func<Tensors, long>)(_ => 1), [typeof(int)] = () => 2, [typeof(long)] = () => 2L,
            [typeof(IReadOnlyList<long>)] = () => new long[] { 2 }, [typeof(IReadOnlyList<int>)] = () => new[] { 2, 2 }, [typeof(CancellationToken)] = () => CancellationToken.None,
        },
        Own = new Dictionary<string, Func<object?>> { ["index of shard"] = () => 0L, ["state"] = () => Pipeline().save_state(), ["filename"] = () => Folder["cache"] },
    };

    static IEnumerable<TestCaseData> Cases => Audit.Cases;

    static DataPipeline Pipeline() => keras.data.range(4);

    [OneTimeTearDown]
    public void Forget() => Folder.Dispose();

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TestCaseSource(nameof(Cases))]
    public void A_bad_argument_is_refused_by_its_name(Type subject, MethodInfo method) => Audit.Check(subject, method);

    [Test]
    public void Lists_of_numbers_say_what_they_may_hold()
    {
        long[] rising = [2, 4];
        int[] sizes = [1, 1, 1];
        static long Length(Tensors _) => 1;
        Assert.Multiple(() =>
        {
            Assert.That(() => Pipeline().bucket_by_sequence_length(Length, [4, 2], sizes), Throws.ArgumentException.With.Message.Contains("[4, 2]"));
            Assert.That(() => Pipeline().bucket_by_sequence_length(Length, rising, [1, 1]), Throws.ArgumentException.With.Message.Contains("Expected: 3"));
            Assert.That(() => Pipeline().bucket_by_sequence_length(Length, rising, [1, 0, 1]), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("bucket_batch_sizes"));
            Assert.That(() => keras.data.sample_from_datasets([Pipeline()], [double.NaN]), Throws.ArgumentException.With.Message.Contains("NaN"));
            Assert.That(() => keras.data.sample_from_datasets([Pipeline()], [1, 2]), Throws.ArgumentException.With.Message.Contains("Expected: 1"));
            Assert.That(() => keras.data.sample_from_datasets([]), Throws.ArgumentException.With.Property("ParamName").EqualTo("datasets"));
            Assert.That(() => keras.data.range(0, 4, 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("step"));
        });
    }
}
