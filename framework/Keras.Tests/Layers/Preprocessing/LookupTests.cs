using Keras.Layers;
using static Keras.Api;

namespace Keras.Tests.Layers.Preprocessing;

/// <summary>Lookup layers and their kin beyond what Keras' recorded cases say: data that come in batches, files, functions of one's own, pipelines, mistakes.</summary>
public sealed class LookupTests
{
    static readonly string[] Words = ["b", "a", "b", "c", "b", "a"];

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [Test]
    public void Pipelines_teach_as_arrays_do()
    {
        var (whole, batches) = (keras.layers.StringLookup(), keras.layers.StringLookup());
        whole.adapt(Words);
        batches.adapt(keras.data.from_tensor_slices(Words).batch(2));
        Assert.That(batches.get_vocabulary(), Is.EqualTo(whole.get_vocabulary()).And.EqualTo(new[] { "[UNK]", "b", "a", "c" }));
        var some = keras.layers.TextVectorization();
        some.adapt(keras.data.from_tensor_slices(new[] { "x y", "y", "z" }).batch(1).repeat(), steps: 2);
        Assert.That(some.get_vocabulary(), Is.EqualTo(new[] { "", "[UNK]", "y", "x" }));
        var bins = keras.layers.Discretization(num_bins: 2);
        bins.adapt(keras.data.from_tensor_slices(new float[] { 1, 2, 3, 4 }).batch(2));
        Assert.That(bins.bin_boundaries, Has.Count.EqualTo(1));
        var moments = keras.layers.Normalization();
        moments.adapt(keras.data.from_tensor_slices(new float[,] { { 1, 10 }, { 2, 20 }, { 6, 60 } }).batch(2));
        Assert.That(moments.Apply(new float[,] { { 3, 30 } }).Single.ToArray<float>(), Is.EqualTo(new float[] { 0, 0 }).Within(1e-6));
    }

    [Test]
    public void A_pipeline_of_several_threads_maps_through_a_layer()
    {
        var layer = keras.layers.TextVectorization(vocabulary: ["good", "bad"], output_sequence_length: 2);
        var pipeline = keras.data.from_tensor_slices(Enumerable.Range(0, 64).Select(i => i % 2 == 0 ? "good" : "very bad").ToArray()).batch(4);
        var ids = pipeline.map(x => layer.Apply(x), num_parallel_calls: 4).as_numpy_iterator().SelectMany(b => b.Single.ToArray<long>()).ToArray();
        Assert.That(ids, Is.EqualTo(Enumerable.Range(0, 64).SelectMany(i => i % 2 == 0 ? new long[] { 2, 0 } : [1, 3])));
    }

    [Test]
    public void Functions_of_ones_own_standardize_and_split()
    {
        var layer = keras.layers.TextVectorization(standardize: x => Keras.Graphs.Tf.RegexReplace(x, "[0-9]", ""), vocabulary: ["a", "B"]);
        Assert.That(layer.Apply(new[] { "a1 2B", "b" }).Single.ToArray<long>(), Is.EqualTo(new long[] { 2, 3, 1, 0 }));
        var pairs = keras.layers.TextVectorization(split: x => ops.stack([x, x], axis: 1), vocabulary: ["a"], output_sequence_length: 3);
        Assert.That(pairs.Apply(new[] { "A", "z" }).Single.ToArray<long>(), Is.EqualTo(new long[] { 2, 2, 0, 1, 1, 0 }));
        Assert.That(() => layer.get_config(), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("standardize"));
    }

    [Test]
    public void What_pads_rows_of_a_split_of_ones_own_is_in_no_ngram()
    {
        var words = new[,] { { "a", "b", "c" }, { "a", "", "" } };
        var layer = keras.layers.TextVectorization(split: _ => Tensor.Of(words), ngrams: 2);
        layer.adapt(new[] { "a b c", "a" });
        Assert.That(layer.get_vocabulary(include_special_tokens: false), Is.EquivalentTo(new[] { "a", "b", "c", "a b", "b c" }));
        Assert.That(layer.Apply(new[] { "a b c", "a" }).Single.ToArray<long>()[5..], Is.EqualTo(new long[] { 2, 0, 0, 0, 0 }));
    }

    [Test]
    public void A_mask_is_compared_as_the_whole_number_that_it_is()
    {
        Assert.That(keras.layers.Hashing(5, mask_value: 3_000_000_000).Apply(new[] { 1, 2 }).Single.ToArray<long>(), Has.None.EqualTo(0));
        var bins = keras.layers.Hashing(5, mask_value: 9007199254740993).Apply(new[] { 9007199254740993, 9007199254740992 }).Single.ToArray<long>();
        Assert.That((bins[0], bins[1] > 0), Is.EqualTo((0L, true)));
    }

    [Test]
    public void Vocabularies_are_read_and_written_as_files()
    {
        using var folder = new TemporaryFolder();
        var layer = keras.layers.StringLookup();
        layer.adapt(new List<string>(Words));
        layer.save_assets(folder["."]);
        Assert.That(File.ReadAllText(folder["vocabulary.txt"]), Is.EqualTo("[UNK]\nb\na\nc"));
        var (loaded, given) = (keras.layers.StringLookup(), keras.layers.StringLookup(vocabulary: folder["vocabulary.txt"]));
        loaded.load_assets(folder["."]);
        foreach (var other in new[] { loaded, given }) Assert.That(other.get_vocabulary(), Is.EqualTo(layer.get_vocabulary()));
        Assert.That(() => loaded.load_assets(folder["none"]), Throws.InstanceOf<FileNotFoundException>());
    }

    [Test]
    public void A_new_vocabulary_reaches_functions_that_were_traced_before()
    {
        var layer = keras.layers.StringLookup(vocabulary: ["a", "b"]);
        var text = keras.Input(shape: 1, dtype: "string");
        var model = keras.Model(text, layer.Apply(text));
        Tensor x = new[,] { { "b" }, { "c" } };
        Assert.That(model.predict(x, verbose: 0).Single.ToArray<long>(), Is.EqualTo(new long[] { 2, 0 }));
        layer.set_vocabulary(["c", "x", "b"]);
        Assert.That(model.predict(x, verbose: 0).Single.ToArray<long>(), Is.EqualTo(new long[] { 3, 1 }));
    }

    [Test]
    public void Text_of_another_encoding_is_looked_up_in_it()
    {
        var layer = keras.layers.StringLookup(vocabulary: ["é"], encoding: "latin1");
        Tensor x = Keras.Graphs.Tf.Constant(HostTensor.OfStrings(2, [[0xE9], [0xE8]]));
        Assert.That(layer.Apply(x).Single.ToArray<long>(), Is.EqualTo(new long[] { 1, 0 }));
        Assert.That(() => keras.layers.StringLookup().adapt(x), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("utf-8"));
    }

    static readonly Dictionary<string, Action> Mistakes = new()
    {
        ["a word twice"] = () => keras.layers.StringLookup(vocabulary: ["a", "a"]),
        ["no words"] = () => keras.layers.TextVectorization(vocabulary: Array.Empty<string>()),
        ["numbers for texts"] = () => keras.layers.StringLookup(vocabulary: new[] { 1, 2 }),
        ["texts for numbers"] = () => keras.layers.IntegerLookup(vocabulary: ["a"]),
        ["more words than max_tokens"] = () => keras.layers.StringLookup(max_tokens: 2, vocabulary: ["a", "b"]),
        ["nothing to learn"] = () => keras.layers.StringLookup().adapt(Array.Empty<string>()),
        ["no file"] = () => keras.layers.StringLookup(vocabulary: "/no/such/file.txt"),
        ["a vocabulary that was given is learned"] = () => keras.layers.StringLookup(vocabulary: ["a"]).adapt(Words),
        ["applied before it learned"] = () => keras.layers.StringLookup().Apply(Words),
        ["an unknown word without a place"] = () => keras.layers.StringLookup(vocabulary: ["a"], num_oov_indices: 0).Apply(Words),
        ["an unknown word without a place, in a graph"] = () => keras.Sequential([keras.Input(1, dtype: "string"), keras.layers.StringLookup(vocabulary: ["a"], num_oov_indices: 0)]).predict(new[,] { { "b" } }, verbose: 0),
        ["numbers in place of texts"] = () => keras.layers.TextVectorization(vocabulary: ["a"]).Apply(new[] { 1, 2 }),
        ["texts in place of numbers"] = () => keras.layers.IntegerLookup(vocabulary: new[] { 1 }).Apply(Words),
        ["several texts in a row"] = () => keras.layers.TextVectorization(vocabulary: ["a"]).Apply(new[,] { { "a", "b" } }),
        ["a size that changes"] = () => Learned().adapt(new[] { "x", "y", "z", "w" }),
        ["idf weights are missing"] = () => keras.layers.StringLookup(vocabulary: ["a"], output_mode: "tf_idf"),
        ["idf weights that do not fit"] = () => keras.layers.StringLookup(vocabulary: ["a"], output_mode: "tf_idf", idf_weights: [1, 2]),
        ["idf weights for indices"] = () => keras.layers.StringLookup(vocabulary: ["a"], idf_weights: [1]),
        ["a mask among the words"] = () => keras.layers.StringLookup(vocabulary: ["a", "m"], mask_token: "m"),
        ["padded without max_tokens"] = () => keras.layers.StringLookup(pad_to_max_tokens: true),
        ["inverted vectors"] = () => keras.layers.StringLookup(invert: true, output_mode: "count"),
        ["sparse"] = () => keras.layers.StringLookup(sparse: true),
        ["ragged"] = () => keras.layers.TextVectorization(ragged: true),
        ["unknown encoding"] = () => keras.layers.StringLookup(encoding: "nosuch"),
        ["ngrams of no words"] = () => keras.layers.TextVectorization(ngrams: 0),
        ["a length of vectors"] = () => keras.layers.TextVectorization(output_mode: "count", output_sequence_length: 3),
        ["pairs of x and y"] = () => keras.layers.StringLookup().adapt(keras.data.from_tensor_slices((Tensors)(Words, new[] { 1, 2, 3, 4, 5, 6 })).batch(2)),
        ["data without end"] = () => keras.layers.StringLookup().adapt(keras.data.from_tensor_slices(Words).repeat()),
        ["a salt for remainders"] = () => keras.layers.IntegerLookup(salt: 1),
        ["bins below none"] = () => keras.layers.Hashing(-1),
        ["float bins"] = () => keras.layers.Hashing(3, dtype: "float32"),
        ["a mask of another type"] = () => keras.layers.Hashing(3, mask_value: 0).Apply(Words),
        ["one feature crossed"] = () => keras.layers.HashedCrossing(3).Apply(Words),
        ["floats crossed"] = () => keras.layers.HashedCrossing(3).Apply((Tensors)(Words, new float[6])),
        ["shapes that differ crossed"] = () => keras.layers.HashedCrossing(3).Apply((Tensors)(Words, new[] { 1 })),
        ["boundaries that fall"] = () => keras.layers.Discretization([2, 1]),
        ["boundaries and bins"] = () => keras.layers.Discretization([1], num_bins: 2),
        ["bins before they are learned"] = () => keras.layers.Discretization(num_bins: 2).Apply(new float[] { 1 }),
        ["given boundaries are learned"] = () => keras.layers.Discretization([1]).adapt(new float[] { 1 }),
        ["boundaries of what is no number"] = () => keras.layers.Discretization(num_bins: 2).adapt(new[] { 1, float.NaN, 2 }),
        ["texts without words"] = () => keras.layers.TextVectorization().adapt(new[] { "!!!", "" }),
        ["bins of texts"] = () => keras.layers.Discretization([1]).Apply(Words),
    };

    static StringLookup Learned()
    {
        var layer = keras.layers.StringLookup(output_mode: "count");
        layer.adapt(Words);
        return layer;
    }

    static IEnumerable<string> MistakeNames => Mistakes.Keys;

    [TestCaseSource(nameof(MistakeNames))]
    public void Mistakes_are_named(string mistake) => Assert.That(() => Mistakes[mistake](),
        Throws.InstanceOf<ArgumentException>().Or.InstanceOf<KerasException>().Or.InstanceOf<InvalidOperationException>().Or.InstanceOf<IOException>().With.Message.Length.GreaterThan(20));
}
