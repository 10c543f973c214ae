using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests.Hub;

public sealed class DatasetHubTests : HubFixture
{
    static readonly string[] Names = ["negative", "positive"];

    static byte[] Card(string head) => Text($"---\n{head}\n---\n# A data set\n");

    Dataset Rows(int count) => Dataset.from_dict(new Dictionary<string, object> { ["text"] = Enumerable.Range(0, count).Select(i => $"text {i}").ToArray(), ["label"] = Enumerable.Range(0, count).Select(i => (long)(i % 2)).ToArray() },
        new() { ["text"] = "string", ["label"] = new ClassLabel(names: Names) });

    byte[] Parquet(int rows)
    {
        Rows(rows).to_parquet(Home["rows.parquet"]);
        return File.ReadAllBytes(Home["rows.parquet"]);
    }

    [Test]
    public void Splits_follow_from_the_names_of_files()
    {
        var repository = NewRepository("dataset", ("data/train-00000-of-00002.parquet", Parquet(3)), ("data/train-00001-of-00002.parquet", Parquet(2)), ("data/odd_one-00000-of-00001.parquet", Parquet(1)), ("dataset_infos.json", Text("{}")));
        var data = load_dataset(repository.Id);
        Assert.Multiple(() =>
        {
            Assert.That(data.Keys, Is.EqualTo(new[] { "train", "odd_one" }));
            Assert.That(data["train"].num_rows, Is.EqualTo(5));
            Assert.That(((ClassLabel)data["train"].features["label"]).names, Is.EqualTo(Names));
        });
        Hub.Reset();
        Set("HF_HUB_OFFLINE", "1");
        Assert.That(load_dataset(repository.Id, split: "train[1:3]")["text"].As<string[]>(), Is.EqualTo(new[] { "text 1", "text 2" }));
        Assert.That(Hub.Records, Is.Empty);
    }

    [Test]
    public void Only_the_files_of_the_split_come()
    {
        var repository = NewRepository("dataset", ("train.csv", Text("text,label\na,1\nb,0\n")), ("test.csv", Text("text,label\nc,1\n")));
        Assert.That((string[])load_dataset(repository.Id, split: "test")["text"], Is.EqualTo(new[] { "c" }));
        Assert.That(Hub.Records.Select(r => r.Path), Has.None.Contains("train.csv"));
        Assert.That(Assert.Throws<ArgumentException>(() => load_dataset(repository.Id, split: "tset"))!.Message, Does.Contain("Did you mean \"test\"?"));
    }

    [Test]
    public void The_card_names_configurations_files_types_and_separators()
    {
        var repository = NewRepository("dataset", ("README.md", Card("""
            license: mit
            configs:
            - config_name: first
              data_files:
              - split: train
                path: one/*.csv
              - split: test
                path: ["one/more/x.csv"]
              default: true
            - config_name: second
              data_dir: two
              data_files: "**/*.jsonl"
            - config_name: tabs
              data_files: tabs.csv
              sep: "\t"
            dataset_info:
            - config_name: first
              features:
              - name: text
                dtype: string
              - name: label
                dtype:
                  class_label:
                    names:
                      '0': negative
                      '1': positive
            """)), ("one/a.csv", Text("text,label\na,1\n")), ("one/more/x.csv", Text("text,label\nx,0\n")), ("two/deep/b.jsonl", Text("{\"id\": 7}\n")), ("tabs.csv", Text("a\tb\n1\t2\n")));
        var first = load_dataset(repository.Id);
        Assert.Multiple(() =>
        {
            Assert.That(first.Keys, Is.EqualTo(new[] { "train", "test" }));
            Assert.That((first["test"].num_rows, ((ClassLabel)first["train"].features["label"]).names[1]), Is.EqualTo((1, "positive")));
            Assert.That((int[])load_dataset(repository.Id, name: "second", split: "train")["id"], Is.EqualTo(new[] { 7 }));
            Assert.That(load_dataset(repository.Id, name: "tabs")["train"].column_names, Is.EqualTo(new[] { "a", "b" }));
            Assert.That(load_dataset(repository.Id, data_files: "two/**")["train"].num_rows, Is.EqualTo(1));
            Assert.That(Assert.Throws<ArgumentException>(() => load_dataset(repository.Id, name: "secnd"))!.Message, Does.Contain("Did you mean \"second\"?"));
        });
    }

    [TestCase("configs: [{config_name: a, data_files: \"none-*.csv\"}]", typeof(FileNotFoundException))]
    [TestCase("configs: [{config_name: a}, {config_name: b}]", typeof(ArgumentException))]
    [TestCase("configs: 3", typeof(FileFormatException))]
    [TestCase("configs: [{config_name: a, data_files: {train: {x: y}}}]", typeof(FileFormatException))]
    [TestCase("configs: [{config_name: a, encoding: latin1}]", typeof(UnsupportedException))]
    [TestCase("configs: [{config_name: a, data_files: \"../../../etc/passwd\"}]", typeof(FileNotFoundException))]
    [TestCase("a: [b", typeof(FileFormatException))]
    [TestCase("a: &x [*x, *x]", typeof(FileFormatException))]
    [TestCase("dataset_info: {features: [&f {name: a, sequence: *f}]}", typeof(FileFormatException))]
    public void A_bad_card_is_told(string head, Type error)
    {
        var repository = NewRepository("dataset", ("README.md", Card(head)), ("a.csv", Text("a\n1\n")));
        Assert.That(() => load_dataset(repository.Id), Throws.TypeOf(error));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_card_whose_names_stand_for_more_and_more_is_refused_at_once(bool asKeys)
    {
        var lines = Enumerable.Range(1, 40).Select(i => asKeys ? $"k{i}: &a{i} {{? [*a{i - 1}, *a{i - 1}] : 1}}" : $"k{i}: &a{i} [*a{i - 1}, *a{i - 1}]");
        Assert.Throws<FileFormatException>(() => DatasetCard.Read($"---\nk0: &a0 x\n{string.Join('\n', lines)}\n---\n", "card"));
    }

    [Test]
    public void A_card_nested_without_end_is_refused()
    {
        var repository = NewRepository("dataset", ("README.md", Card("a: " + new string('[', 200_000))), ("a.csv", Text("a\n1\n")));
        Assert.Throws<FileFormatException>(() => load_dataset(repository.Id));
    }

    [Test]
    public void What_a_program_made_is_read_from_the_hubs_conversion()
    {
        var repository = NewRepository("dataset", ("old_script.py", Text("raise")));
        Assert.Throws<UnsupportedException>(() => load_dataset(repository.Id));
        repository.Add([("plain/train/0000.parquet", Parquet(2)), ("plain/train/0001.parquet", Parquet(1)), ("plain/partial-test/0000.parquet", Parquet(1)), ("other/train/0000.parquet", Parquet(4))], "refs/convert/parquet");
        Assert.That(load_dataset(repository.Id, name: "plain").num_rows, Is.EqualTo(new Dictionary<string, int> { ["train"] = 3, ["test"] = 1 }));
        Assert.That(load_dataset(repository.Id, name: "other", split: "train").num_rows, Is.EqualTo(4));
        Assert.Throws<ArgumentException>(() => load_dataset(repository.Id));
    }

    [Test]
    public void Pictures_and_texts_come_too()
    {
        var picture = File.ReadAllBytes(Repository.PathOf("models", "vit-tiny", "example.png"));
        var pictures = NewRepository("dataset", ("train/cat/1.png", picture), ("train/dog/2.png", picture), ("test/dog/3.png", picture));
        var data = load_dataset(pictures.Id);
        Assert.That((((ClassLabel)data["train"].features["label"]).names, (int)data["test"][0]["label"]), Is.EqualTo((new[] { "cat", "dog" }, 1)).Using<(IReadOnlyList<string>, int)>((a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2 == b.Item2));
        var texts = NewRepository("dataset", ("train.txt", Text("a\nb\n")));
        Assert.That((string[])load_dataset(texts.Id, split: "train")["text"], Is.EqualTo(new[] { "a", "b" }));
        using var enumerator = load_dataset(texts.Id, split: "train", streaming: true).GetEnumerator();
        Assert.That(enumerator.MoveNext());
    }

    [Test]
    public void Data_sets_go_up_in_parts_beside_each_other_and_come_back()
    {
        Set("HF_TOKEN", Token);
        new DatasetDict { { "train", Rows(50) }, { "test", Rows(5) } }.push_to_hub("tester/mine", @private: true);
        Rows(7).push_to_hub("tester/mine", config_name: "other: [\"name\"]", data_dir: "other");
        Rows(100).push_to_hub("tester/mine", split: "train", max_shard_size: 1000);
        var repository = Hub.Repositories.Find("dataset", "tester/mine")!;
        var files = repository.Commits[repository.CommitOf("main")!];
        Assert.Multiple(() =>
        {
            Assert.That(repository.Messages, Has.Count.EqualTo(4));
            Assert.That(files.Keys, Does.Not.Contain("data/train-00000-of-00001.parquet").And.Contain("data/test-00000-of-00001.parquet"));
            Assert.That(load_dataset("tester/mine", token: Token).num_rows, Is.EqualTo(new Dictionary<string, int> { ["train"] = 100, ["test"] = 5 }));
            Assert.That(load_dataset("tester/mine", name: "other: [\"name\"]", split: "train").num_rows, Is.EqualTo(7));
            Assert.That((string[])load_dataset("tester/mine", split: "train")["text"], Is.EqualTo((string[])Rows(100)["text"]));
        });
    }

    [TestCase("data_files: train.csv", "train")]
    [TestCase("data_files: [train.csv]", "train")]
    [TestCase("data_files: {train: train.csv, dev: [dev-a.csv, dev-b.csv]}", "train,dev")]
    [TestCase("data_files: [{split: dev, path: 'dev-*.csv'}]", "dev")]
    [TestCase("data_dir: data", "validation")]
    [TestCase("data_dir: data\n  data_files: {dev: dev-*.csv}", "dev")]
    public void A_push_changes_nothing_else_of_the_card(string files, string splits)
    {
        Set("HF_TOKEN", Token);
        var head = $"license: mit\nconfigs:\n- config_name: first\n  {files}\n  default: true\n  drop_labels: true\n- config_name: second\n  data_files: train.csv\ndataset_info:\n  description: all of it\n  features: [{{name: text, dtype: string}}]\n  download_size: 7";
        var csv = Text("text,label\na,1\n");
        var repository = NewRepository("dataset", ("README.md", Text($"---\n{head}\n---\n# A data set\r\n---more\n")), ("train.csv", csv), ("dev-a.csv", csv), ("dev-b.csv", csv), ("data/dev-a.csv", csv));
        Rows(3).push_to_hub(repository.Id, config_name: "first", split: "test");
        var text = System.Text.Encoding.UTF8.GetString(repository.Commits[repository.CommitOf("main")!]["README.md"].Content);
        var card = DatasetCard.Read(text, "card");
        Assert.Multiple(() =>
        {
            Assert.That(card.Configs[0].Files!.Select(f => f.Split), Is.EqualTo(splits.Split(',').Append("test")));
            Assert.That((card.Configs[0].IsDefault, card.Configs[0].DropLabels, card.Configs[1].Name), Is.EqualTo((true, true, "second")));
            Assert.That(text, Does.Contain("license: mit").And.Contain("description: all of it").And.EndWith("---\n# A data set\r\n---more\n"));
            Assert.That(load_dataset(repository.Id, split: "test").num_rows, Is.EqualTo(3));
            foreach (var split in splits.Split(',')) Assert.That(load_dataset(repository.Id, split: split).num_rows, Is.EqualTo(split == "dev" && !files.Contains("data_dir", StringComparison.Ordinal) ? 2 : 1));
        });
    }

    [TestCase("default")]
    [TestCase("other")]
    public void A_push_names_the_splits_that_names_of_files_said(string config)
    {
        Set("HF_TOKEN", Token);
        var repository = NewRepository("dataset", ("data/train-00000-of-00002.parquet", Parquet(1)), ("data/train-00001-of-00002.parquet", Parquet(2)), ("dev/a.parquet", Parquet(4)), ("dev/b.parquet", Parquet(5)));
        Rows(6).push_to_hub(repository.Id, config_name: config, split: "test");
        Assert.That(DatasetCard.Read(System.Text.Encoding.UTF8.GetString(repository.Commits[repository.CommitOf("main")!]["README.md"].Content), "card").Configs[0].Files!.Select(f => f.Patterns.Single()).Take(2), Is.EqualTo(new[] { "data/train-*", "dev/**" }));
        var rows = load_dataset(repository.Id).num_rows;
        Assert.That((rows["train"], rows["validation"], load_dataset(repository.Id, name: config)["test"].num_rows), Is.EqualTo((3, 9, 6)));
    }

    [TestCase("- a\n- b")]
    [TestCase("a value")]
    [TestCase("configs: 3")]
    public void A_card_that_a_push_cannot_keep_is_told(string head)
    {
        Set("HF_TOKEN", Token);
        var repository = NewRepository("dataset", ("README.md", Card(head)));
        Assert.Throws<FileFormatException>(() => Rows(1).push_to_hub(repository.Id));
        Assert.That(repository.Messages, Has.Count.EqualTo(2));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Without_a_hub_a_split_that_came_is_there_and_whole(bool hasCard)
    {
        var card = Card("configs: [{config_name: default, data_files: [{split: train, path: data/train-*}, {split: test, path: data/test-*}]}]");
        var repository = NewRepository("dataset", (hasCard ? "README.md" : "notes", card), ("data/train-00000-of-00002.parquet", Parquet(3)), ("data/train-00001-of-00002.parquet", Parquet(2)), ("data/test-00000-of-00001.parquet", Parquet(1)));
        load_dataset(repository.Id, split: "train");
        Set("HF_HUB_OFFLINE", "1");
        Assert.That(load_dataset(repository.Id, split: "train").num_rows, Is.EqualTo(5));
        Assert.That(load_dataset(repository.Id, data_files: "data/train-00000-of-*", split: "train").num_rows, Is.EqualTo(3));
        File.Delete(Directory.GetFiles(Cache, "train-00001-of-00002.parquet", SearchOption.AllDirectories).Single());
        Assert.That(Assert.Throws<LocalEntryNotFoundException>(() => load_dataset(repository.Id, split: "train"))!.Message, Does.Contain("train-00001-of-00002.parquet").And.Contain("HF_HUB_OFFLINE"));
        Assert.That(load_dataset(repository.Id, data_files: "data/train-00000-of-*", split: "train").num_rows, Is.EqualTo(3));
    }

    [Test]
    public void A_push_leaves_splits_whose_names_begin_alike()
    {
        Set("HF_TOKEN", Token);
        var repository = NewRepository("dataset", ("data/train-00000-of-00002.parquet", Parquet(1)), ("data/train-00001-of-00002-0123abcd.parquet", Parquet(1)), ("data/train-extra-00000-of-00001.parquet", Parquet(1)), ("data/train-notes.parquet", Parquet(1)));
        Rows(3).push_to_hub(repository.Id, split: "train");
        Assert.That(repository.Commits[repository.CommitOf("main")!].Keys.Where(f => f.StartsWith("data/", StringComparison.Ordinal)),
            Is.EquivalentTo(new[] { "data/train-00000-of-00001.parquet", "data/train-extra-00000-of-00001.parquet", "data/train-notes.parquet" }));
        Assert.That(Assert.Throws<ArgumentException>(() => Rows(1).push_to_hub(repository.Id, split: "train-extra"))!.ParamName, Is.EqualTo("split"));
    }

    [Test]
    public void The_second_text_is_the_configuration_as_in_Python()
    {
        var repository = NewRepository("dataset", ("README.md", Card("configs:\n- config_name: en\n  data_files: en.csv\n- config_name: de\n  data_files: de.csv")), ("en.csv", Text("a\n1\n")), ("de.csv", Text("a\n2\n3\n")));
        DatasetDict all = load_dataset(repository.Id, "de");
        Dataset one = load_dataset(repository.Id, "de", split: "train"), fifth = load_dataset(repository.Id, "de", null, null, "train");
        IterableDataset stream = load_dataset(repository.Id, "de", split: "train", streaming: true);
        Assert.That((all["train"].num_rows, one.num_rows, fifth.num_rows, stream.Count()), Is.EqualTo((2, 2, 2, 2)));
        var plain = NewRepository("dataset", ("train.csv", Text("a\n1\n")));
        Assert.Multiple(() =>
        {
            foreach (var id in (string[])[repository.Id, plain.Id, "csv"])
            {
                Assert.That(Assert.Throws<ArgumentException>(() => load_dataset(id, "train[:10%]"))!.Message, Does.Contain("A split is named: split: \"train[:10%]\""));
                Assert.That(Assert.Throws<ArgumentException>(() => load_dataset(id, "a.csv"))!.Message, Does.Contain("Files are named: data_files: \"a.csv\""));
            }
            Assert.That(Assert.Throws<ArgumentException>(() => load_dataset(repository.Id, "en", streaming: true))!.ParamName, Is.EqualTo("split"));
        });
    }

    [Test]
    public void What_is_nowhere_is_told_so()
    {
        Hub.Repositories.Create("dataset", "org/imdb-reviews");
        var error = Assert.Throws<RepositoryNotFoundException>(() => load_dataset("org/imdb-review"))!;
        Assert.That(error.Message, Does.Contain("Neither a format nor a folder").And.Contain("Did you mean \"org/imdb-reviews\"?"));
        Assert.Throws<ArgumentException>(() => load_dataset("./org/imdb-review"));
    }
}
