using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests;

/// <summary>Data sets whose process is killed, or that two processes make at once: a file in the cache is whole, or is not there.</summary>
public sealed class KilledMapTests
{
    const int Rows = 5000, Half = 2500;

    /// <summary>At which row this process says so, and whether it stops there; no part of the function's identity, as captured values would be.</summary>
    static int told = -1;
    static bool waits;

    static DatasetRecord Doubled(DatasetRow row)
    {
        if (row["id"] == told)
        {
            Console.WriteLine("there");
            if (waits) Console.ReadLine();
        }
        return new() { ["twice"] = 2 * (int)row["id"], ["text"] = $"{row["text"]}, seen" };
    }

    static Dataset Mapped(string folder) => load_from_disk(folder).map(Doubled);

    static void MapAndStopHalfWay(string folder)
    {
        disable_progress_bars();
        (told, waits) = (Half, true);
        var mapped = Mapped(folder);
        Console.WriteLine($"{mapped.num_rows} {((int[])mapped["twice"]).Sum(n => (long)n)}");
    }

    static string Saved(TemporaryFolder folder)
    {
        disable_progress_bars();
        var ids = Enumerable.Range(0, Rows).ToArray();
        Dataset.from_dict(new Dictionary<string, object> { ["id"] = ids, ["text"] = ids.Select(i => $"row {i}").ToArray() }).save_to_disk(folder["data"]);
        return folder["data"];
    }

    static string[] Made(string data) => [.. Directory.GetFiles(data, "*cache-*", new EnumerationOptions { AttributesToSkip = 0 }).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    static void AssertIsWhole(Dataset mapped)
    {
        Assert.That((int[])mapped["twice"], Is.EqualTo(Enumerable.Range(0, Rows).Select(i => 2 * i)));
        Assert.That((string[])mapped["text"], Is.EqualTo(Enumerable.Range(0, Rows).Select(i => $"row {i}, seen")));
    }

    [Test]
    public void A_map_that_was_killed_half_way_is_made_anew_and_its_file_removed()
    {
        using var folder = new TemporaryFolder();
        var data = Saved(folder);
        using var child = ChildProcess.Start(MapAndStopHalfWay, data);
        Assert.That(child.ReadLine(), Is.EqualTo("there"));
        child.Kill();

        Assert.That(Made(data), Has.Length.EqualTo(1).And.All.StartsWith(".cache-").And.All.EndsWith(".tmp"));
        AssertIsWhole(Mapped(data));
        Assert.That(Made(data), Has.Length.EqualTo(1).And.All.StartsWith("cache-").And.All.EndsWith(".arrow"));
    }

    [Test]
    public void Two_processes_that_map_at_once_get_the_same_rows_and_one_file()
    {
        using var folder = new TemporaryFolder();
        var data = Saved(folder);
        using var first = ChildProcess.Start(MapAndStopHalfWay, data);
        using var second = ChildProcess.Start(MapAndStopHalfWay, data);
        Assert.That((first.ReadLine(), second.ReadLine()), Is.EqualTo(("there", "there")));
        Assert.That(Made(data), Has.Length.EqualTo(2), "each writes a file of its own");

        Assert.That((first.Finish(), second.Finish()), Is.EqualTo((0, 0)));
        var expected = $"{Rows} {(long)Rows * (Rows - 1)}";
        Assert.That((first.ReadLine(), second.ReadLine()), Is.EqualTo((expected, expected)));
        Assert.That(Made(data), Has.Length.EqualTo(1).And.All.EndsWith(".arrow"));
        AssertIsWhole(Mapped(data));
    }

    [Test]
    public void A_process_killed_at_any_moment_leaves_whole_files_alone()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder["data.csv"], Enumerable.Range(0, Rows).Select(i => $"{i},row {i}").Prepend("id,text"));
        var random = new Random(5);
        for (var round = 0; round < 5; round++)
        {
            using var child = ChildProcess.Start(LoadMapAndSaveForEver, $"{folder.Path}|{random.Next(Rows)}");
            Assert.That(child.ReadLine(), Is.EqualTo("begun"));
            Assert.That(child.ReadLine(), Is.EqualTo("there"));
            child.Kill();
            var files = Directory.GetFiles(folder["cache"], "*.arrow", SearchOption.AllDirectories);
            Assert.That(files, Has.Length.EqualTo(2), "the rows of the file, and those of the map");
            foreach (var file in files) Assert.That(Dataset.from_file(file).num_rows, Is.EqualTo(Rows), file);
            AssertIsWhole(load_from_disk(folder["saved"]));
        }
        AssertIsWhole(LoadMapAndSave(folder));
        AssertIsWhole(load_from_disk(folder["saved"]));
        Assert.That(folder.Entries(), Has.None.Contains(".tmp"));
    }

    static Dataset LoadMapAndSave(string folder)
    {
        var mapped = load_dataset("csv", split: "train", data_files: Path.Combine(folder, "data.csv"), cache_dir: Path.Combine(folder, "cache")).map(Doubled, load_from_cache_file: false);
        mapped.save_to_disk(Path.Combine(folder, "saved"));
        return mapped;
    }

    /// <summary>Says when all is there for the first time, and in each map from then on when it comes to a row.</summary>
    static void LoadMapAndSaveForEver(string argument)
    {
        var (folder, row) = (argument.Split('|')[0], argument.Split('|')[1]);
        disable_progress_bars();
        LoadMapAndSave(folder);
        Console.WriteLine("begun");
        told = int.Parse(row, System.Globalization.CultureInfo.InvariantCulture);
        while (true) LoadMapAndSave(folder);
    }
}
