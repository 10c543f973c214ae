using System.Text.Json;
using Keras.Data;
using Keras.Tests.Layers.Preprocessing;
using static Keras.Api;

namespace Keras.Tests.Facade.Directories;

/// <summary>Loaders of folders: what Python's Keras makes of the same files (folders_in_python.py), orders, splits, mistakes.</summary>
public sealed class DirectoryTests
{
    static readonly Lazy<TemporaryFolder> Files = new(WriteFiles);

    static JsonElement Golden => JsonDocument.Parse(File.ReadAllText(Repository.PathOf("framework", "Keras.Tests", "Facade", "Directories", "Golden", "folders.json"))).RootElement;

    static TemporaryFolder WriteFiles()
    {
        var folder = new TemporaryFolder();
        foreach (var file in Golden.GetProperty("files").EnumerateObject())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[file.Name])!);
            File.WriteAllBytes(folder[file.Name], file.Value.GetBytesFromBase64());
        }
        return folder;
    }

    [OneTimeTearDown]
    public void RemoveFiles()
    {
        if (Files.IsValueCreated) Files.Value.Dispose();
    }

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static IEnumerable<TestCaseData> Cases => Golden.GetProperty("cases").EnumerateArray().Select(c => new TestCaseData(c).SetArgDisplayNames($"{c.GetProperty("kind").GetString()} {c.GetProperty("kwargs").GetRawText()}"));

    [TestCaseSource(nameof(Cases))]
    public void Folders_are_read_as_Keras_reads_them(JsonElement golden)
    {
        var data = Load(golden);
        Assert.That(data.class_names, golden.GetProperty("class_names") is { ValueKind: JsonValueKind.Array } names && data.class_names is not null ? Is.EqualTo(names.EnumerateArray().Select(n => n.GetString())) : Is.Null);
        var batches = data.as_numpy_iterator().ToList();
        Assert.That(batches, Has.Count.EqualTo(golden.GetProperty("batches").GetArrayLength()));
        foreach (var (batch, expected) in batches.Zip(golden.GetProperty("batches").EnumerateArray()))
            foreach (var (part, wanted) in batch.Flatten().Zip(expected.EnumerateArray())) FeatureCases.Same(part, wanted, 2e-3);
    }

    static DataPipeline Load(JsonElement golden)
    {
        var (folder, given) = (Files.Value[golden.GetProperty("folder").GetString()!], golden.GetProperty("kwargs"));
        T? Value<T>(string name, T? otherwise) => GoldenList.Part(given, name) is { } value ? value.Deserialize<T>() : otherwise;
        string? Text(string name, string otherwise) => given.TryGetProperty(name, out var value) ? value.GetString() : otherwise;
        var (mode, batch) = (Text("label_mode", "int"), Value("batch_size", 32));
        var labels = GoldenList.Part(given, "labels") is { ValueKind: JsonValueKind.Array } list ? list.Deserialize<int[]>() : null;
        var inferred = given.TryGetProperty("labels", out _) ? null : "inferred";
        Axes size = GoldenList.Part(given, "image_size") is { } sizes ? sizes.ValueKind == JsonValueKind.Number ? sizes.GetInt32() : sizes.Deserialize<int[]>()! : 256;
        return golden.GetProperty("kind").GetString() switch
        {
            "image" when labels is null => keras.utils.image_dataset_from_directory(folder, inferred, mode, color_mode: Text("color_mode", "rgb")!, batch_size: batch, image_size: size, shuffle: false,
                interpolation: Text("interpolation", "bilinear")!, crop_to_aspect_ratio: Value("crop_to_aspect_ratio", false), pad_to_aspect_ratio: Value("pad_to_aspect_ratio", false), data_format: Text("data_format", "channels_last"), verbose: false),
            "image" => keras.utils.image_dataset_from_directory(folder, labels, mode, color_mode: Text("color_mode", "rgb")!, batch_size: batch, image_size: size, shuffle: false, verbose: false),
            "text" when labels is null => keras.utils.text_dataset_from_directory(folder, inferred, mode, class_names: Value<string[]>("class_names", null), batch_size: batch, max_length: Value<int?>("max_length", null), shuffle: false, verbose: false),
            "text" => keras.utils.text_dataset_from_directory(folder, labels, mode, shuffle: false, verbose: false),
            _ => keras.utils.audio_dataset_from_directory(folder, inferred, mode, batch_size: batch, output_sequence_length: Value<int?>("output_sequence_length", null), shuffle: false, verbose: false),
        };
    }

    [Test]
    public void Training_and_validation_are_two_parts_and_a_seed_repeats_the_order()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 20; i++)
        {
            Directory.CreateDirectory(folder[$"c{i % 2}"]);
            File.WriteAllText(folder[$"c{i % 2}/{i:00}.txt"], $"{i}");
        }
        DataPipeline Part(string subset) => keras.utils.text_dataset_from_directory(folder["."], batch_size: 4, seed: 7, validation_split: 0.3, subset: subset, verbose: false);
        string[] Texts(DataPipeline data) => [.. data.as_numpy_iterator().SelectMany(b => b[0].Single.ToArray<string>())];
        var (training, validation) = Part("both");
        Assert.That(Texts(training).Concat(Texts(validation)).Order(), Is.EqualTo(Enumerable.Range(0, 20).Select(i => $"{i}").Order()));
        Assert.That((training.file_paths!.Count, validation.file_paths!.Count), Is.EqualTo((14, 6)));
        Assert.That(Texts(Part("validation")), Is.EqualTo(Texts(validation)));
        Assert.That(Texts(Part("training")), Is.EqualTo(Texts(Part("training"))));
        Assert.That(() => { var (a, b) = Part("training"); }, Throws.InvalidOperationException);
    }

    [Test]
    public void Files_come_folder_by_folder_in_the_order_of_paths()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in new[] { "a/c/3.txt", "a-b/2.txt", "a/1.txt", "0.txt" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[file])!);
            File.WriteAllText(folder[file], "x");
        }
        IEnumerable<string> Names(DataPipeline data) => data.file_paths!.Select(p => Path.GetFileName(p));
        Assert.That(Names(keras.utils.text_dataset_from_directory(folder["."], labels: [0, 1, 2, 3], shuffle: false, verbose: false)), Is.EqualTo(new[] { "0.txt", "1.txt", "2.txt", "3.txt" }));
        Assert.That(Names(keras.utils.text_dataset_from_directory(folder["."], label_mode: null, shuffle: false, verbose: false)), Is.EqualTo(new[] { "0.txt", "1.txt", "2.txt", "3.txt" }), "without labels folders are no classes");
    }

    [Test]
    public void A_text_is_cut_between_characters()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.txt"], "a\u20ac\u20ac");
        string Text(int most) => keras.utils.text_dataset_from_directory(folder["."], labels: null, max_length: most, batch_size: null, verbose: false).as_numpy_iterator().Single().Single.ToArray<string>()[0];
        Assert.That(Enumerable.Range(1, 7).Select(Text), Is.EqualTo(new[] { "a", "a", "a", "a\u20ac", "a\u20ac", "a\u20ac", "a\u20ac\u20ac" }));
    }

    static readonly byte[] Gif = Convert.FromBase64String("R0lGODdhAQABAIAAAP8AAP///ywAAAAAAQABAAACAkQBADs=");

    /// <summary>One red pixel of 24 bits.</summary>
    static readonly byte[] Bmp = [(byte)'B', (byte)'M', 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 4, 0, 0, 0, .. new byte[16], 0, 0, 255, 0];

    [TestCase("gif", "grayscale", new byte[] { 76 })]
    [TestCase("gif", "rgb", new byte[] { 255, 0, 0 })]
    [TestCase("gif", "rgba", new byte[] { 255, 0, 0, 255 })]
    [TestCase("bmp", "grayscale", new byte[] { 76 })]
    [TestCase("bmp", "rgb", new byte[] { 255, 0, 0 })]
    public void Images_of_every_format_are_read_in_colours_and_grey(string ending, string color_mode, byte[] expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder[$"red.{ending}"], ending == "gif" ? Gif : Bmp);
        Assert.That(keras.utils.load_img(folder[$"red.{ending}"], color_mode: color_mode).ToArray<byte>(), Is.EqualTo(expected));
    }

    [Test]
    public void An_image_of_extreme_proportions_is_padded()
    {
        using var folder = new TemporaryFolder();
        keras.utils.save_img(folder["line.png"], new float[1, 40, 3], scale: false);
        var image = keras.utils.image_dataset_from_directory(folder["."], labels: null, image_size: (8, 8), pad_to_aspect_ratio: true, batch_size: null, verbose: false).as_numpy_iterator().Single();
        Assert.That(image.Single.shape, Is.EqualTo(new Shape(8, 8, 3)));
    }

    [Test]
    public void Links_are_followed_on_demand()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["data/a"]);
        Directory.CreateDirectory(folder["elsewhere"]);
        File.WriteAllText(folder["data/a/1.txt"], "here");
        File.WriteAllText(folder["elsewhere/2.txt"], "there");
        Directory.CreateSymbolicLink(folder["data/a/link"], folder["elsewhere"]);
        int Count(bool follow) => keras.utils.text_dataset_from_directory(folder["data"], follow_links: follow, verbose: false).file_paths!.Count;
        Assert.That((Count(false), Count(true)), Is.EqualTo((1, 2)));
    }

    [Test]
    public void Sounds_change_their_rate()
    {
        var sounds = keras.utils.audio_dataset_from_directory(Files.Value["sounds"], labels: null, sampling_rate: 16000, batch_size: null, shuffle: false, verbose: false);
        var sound = sounds.as_numpy_iterator().First().Single.ToArray<float>();
        Assert.That(sound, Has.Length.EqualTo(40));
        for (var i = 12; i < 28; i++) Assert.That(sound[i], Is.EqualTo(Math.Sin(i / 6.0)).Within(0.02), $"sample {i}");
    }

    [Test]
    public void Images_are_written_and_read()
    {
        using var folder = new TemporaryFolder();
        var pixels = new float[,,] { { { 0, 128, 255 }, { 1, 2, 3 } }, { { 9, 8, 7 }, { 255, 255, 255 } } };
        keras.utils.save_img(folder["a.png"], pixels, scale: false);
        var image = keras.utils.load_img(folder["a.png"]);
        Assert.That((image.dtype, image.shape), Is.EqualTo((DType.UInt8, new Shape(2, 2, 3))));
        Assert.That(keras.utils.img_to_array(image).ToArray<float>(), Is.EqualTo(pixels.Cast<float>()));
        Assert.That(keras.utils.img_to_array(image, data_format: "channels_first").shape, Is.EqualTo(new Shape(3, 2, 2)));
        Assert.That(keras.utils.load_img(folder["a.png"], color_mode: "rgba", target_size: (4, 6)).shape, Is.EqualTo(new Shape(4, 6, 4)));
        Assert.That(keras.utils.array_to_img(new float[,,] { { { -1 }, { 1 }, { 0 } } }).ToArray<byte>(), Is.EqualTo(new byte[] { 0, 255, 127 }));
    }

    static readonly Dictionary<string, Action> Mistakes = new()
    {
        ["no folder"] = () => keras.utils.text_dataset_from_directory("/no/such/folder"),
        ["no files"] = () => keras.utils.audio_dataset_from_directory(Files.Value["texts"]),
        ["unknown class"] = () => keras.utils.text_dataset_from_directory(Files.Value["texts"], class_names: ["nosuch"]),
        ["names without inference"] = () => keras.utils.text_dataset_from_directory(Files.Value["texts"], labels: null, class_names: ["pos"]),
        ["no labels for no files"] = () => keras.utils.text_dataset_from_directory(Files.Value["sounds"], labels: Array.Empty<int>(), label_mode: "categorical"),
        ["names without labels"] = () => keras.utils.text_dataset_from_directory(Files.Value["texts"], label_mode: null, class_names: ["pos"]),
        ["too few labels"] = () => keras.utils.text_dataset_from_directory(Files.Value["texts"], labels: [1]),
        ["binary of three"] = () => keras.utils.text_dataset_from_directory(Files.Value["texts"], label_mode: "binary"),
        ["a split without a part"] = () => keras.utils.text_dataset_from_directory(Files.Value["texts"], validation_split: 0.5),
        ["a split without a seed"] = () => keras.utils.text_dataset_from_directory(Files.Value["texts"], validation_split: 0.5, subset: "training"),
        ["a split of all"] = () => keras.utils.text_dataset_from_directory(Files.Value["texts"], validation_split: 1.5, subset: "training", seed: 1),
        ["a split of none"] = () => keras.utils.text_dataset_from_directory(Files.Value["texts"], validation_split: 0.01, subset: "both", seed: 1),
        ["ragged"] = () => keras.utils.audio_dataset_from_directory(Files.Value["sounds"], ragged: true),
        ["unknown colours"] = () => keras.utils.image_dataset_from_directory(Files.Value["images"], color_mode: "cmyk"),
        ["crop and pad"] = () => keras.utils.image_dataset_from_directory(Files.Value["images"], crop_to_aspect_ratio: true, pad_to_aspect_ratio: true),
        ["an image of three sizes"] = () => keras.utils.image_dataset_from_directory(Files.Value["images"], image_size: (1, 2, 3)),
        ["a text as an image"] = () => keras.utils.load_img(Files.Value["texts/pos/1.txt"]),
        ["no image file"] = () => keras.utils.load_img(Files.Value["nosuch.png"]),
        ["a JPEG file to write"] = () => keras.utils.save_img(Files.Value["x.jpg"], new float[1, 1, 3]),
        ["two channels"] = () => keras.utils.array_to_img(new float[1, 1, 2]),
        ["a vector as an image"] = () => keras.utils.img_to_array(new float[3]),
    };

    static IEnumerable<string> MistakeNames => Mistakes.Keys;

    [TestCaseSource(nameof(MistakeNames))]
    public void Mistakes_are_named(string mistake) => Assert.That(() => Mistakes[mistake](),
        Throws.InstanceOf<ArgumentException>().Or.InstanceOf<KerasException>().Or.InstanceOf<IOException>().With.Message.Length.GreaterThan(20));

    [TestCase("image", "png")]
    [TestCase("audio", "wav")]
    public void A_file_that_is_not_what_its_name_says_is_named(string kind, string ending)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["a"]);
        File.WriteAllText(folder[$"a/wrong.{ending}"], "neither image nor sound");
        var data = kind == "image" ? keras.utils.image_dataset_from_directory(folder["."], verbose: false) : keras.utils.audio_dataset_from_directory(folder["."], verbose: false);
        Assert.That(() => data.as_numpy_iterator().ToList(), Throws.InstanceOf<DataPipelineException>().With.InnerException.InstanceOf<FileFormatException>().With.InnerException.Message.Contains($"wrong.{ending}"));
    }
}
