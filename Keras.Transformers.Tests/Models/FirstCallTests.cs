
namespace Keras.Transformers.Tests;

/// <summary>The first mistakes with a pretrained model: each error names the input, what is wanted, what came, and what to do.</summary>
sealed class FirstCallTests : EngineFixture
{
    static readonly BertTokenizerFast Tokenizer = TinyBert.Load();

    static readonly string[] Texts = ["hello worlds", "a b c"];

    static readonly int[,] Ids = { { 2, 5, 3 }, { 2, 6, 3 } };

    static TFBertForSequenceClassification Model()
    {
        var model = new TFBertForSequenceClassification(SmallBert.Config());
        model.compile("sgd", metrics: "accuracy");
        return model;
    }

    /// <summary>What is given as x, the class of the error, and what it says.</summary>
    static readonly (string Name, Func<Tensors> X, Type Error, string[] Says)[] Inputs =
    [
        ("an encoding of one text", () => Tokenizer.Apply("hello world"), typeof(ShapeMismatchException), ["'input_ids'", "(B, T) integers", "(4,)", "return_tensors"]),
        ("texts", () => Texts, typeof(DTypeMismatchException), ["'input_ids'", "(B, T) integers", "string, shape (2,)", "tokenizer.Apply"]),
        ("a row of ids", () => new[] { 2, 5, 3 }, typeof(ShapeMismatchException), ["'input_ids'", "(B, T) integers", "int32, shape (3,)", "expand_dims"]),
        ("a single id", () => (Tensor)5, typeof(ShapeMismatchException), ["'input_ids'", "(B, T) integers", "()"]),
        ("ids as fractions", () => new float[,] { { 2, 5, 3 } }, typeof(DTypeMismatchException), ["'input_ids'", "(B, T) integers", "float32, shape (1, 3)"]),
        ("an axis too many", () => new int[1, 2, 3], typeof(ShapeMismatchException), ["'input_ids'", "(B, T) integers", "(1, 2, 3)", "one row"]),
        ("a misspelt name", () => new Dictionary<string, Tensors> { ["input_id"] = Ids }, typeof(ArgumentException), ["'input_id'", "Expected: input_ids", "Did you mean \"input_ids\"?"]),
        ("an unknown name", () => new Dictionary<string, Tensors> { ["input_ids"] = Ids, ["text"] = Ids }, typeof(ArgumentException), ["'text'", "attention_mask"]),
        ("the mask alone", () => new Dictionary<string, Tensors> { ["attention_mask"] = Ids }, typeof(ArgumentException), ["input_ids", "inputs_embeds", "neither"]),
        ("a mask of texts", () => new Dictionary<string, Tensors> { ["input_ids"] = Ids, ["attention_mask"] = new[,] { { "1", "1", "1" }, { "1", "1", "1" } } }, typeof(DTypeMismatchException), ["'attention_mask'", "string"]),
        ("a shorter mask", () => new Dictionary<string, Tensors> { ["input_ids"] = Ids, ["attention_mask"] = new int[2, 2] }, typeof(ShapeMismatchException), ["'attention_mask'", "(2, 3) as 'input_ids'", "(2, 2)", "tokenizer"]),
        ("a mask of one row", () => new Dictionary<string, Tensors> { ["input_ids"] = Ids, ["attention_mask"] = new[] { 1, 1 } }, typeof(ShapeMismatchException), ["'attention_mask'", "(B, T)", "(2,)"]),
        ("an unknown token", () => new[,] { { 2, 500, 3 } }, typeof(ValueRangeException), ["row 0, position 1", "0 to 40", "500"]),
        ("nothing", () => new Tensors(Array.Empty<Tensors>()), typeof(ArgumentException), ["no inputs", "input_ids", "Received: "]),
        ("an empty batch", () => new int[0, 3], typeof(ShapeMismatchException), ["x", "0"]),
        ("too many in a list", () => new Tensors(Enumerable.Repeat<Tensors>(Ids, 9)), typeof(ArgumentException), ["input_ids", "labels"]),
    ];

    static IEnumerable<TestCaseData> InputNames => Inputs.SelectMany(i => Doors.Keys.Select(d => new TestCaseData(i.Name, d).SetArgDisplayNames(i.Name, d)));

    static readonly Dictionary<string, Action<TFBertForSequenceClassification, Tensors>> Doors = new()
    {
        ["predict"] = (m, x) => m.predict(x, verbose: false),
        ["fit"] = (m, x) => m.fit(x, new[] { 0, 1 }, verbose: false),
        ["evaluate"] = (m, x) => m.evaluate(x, new[] { 0, 1 }, verbose: false),
        ["Apply"] = (m, x) => m.Apply(x),
        ["train_on_batch"] = (m, x) => m.train_on_batch(x, new[] { 0, 1 }),
    };

    [TestCaseSource(nameof(InputNames))]
    public void An_input_that_does_not_fit_is_named(string name, string door)
    {
        var (_, x, error, says) = Inputs.Single(i => i.Name == name);
        if (name == "an empty batch" && door == "Apply") Assert.Ignore("an empty batch may be applied");
        var thrown = Assert.Catch(() => Doors[door](Model(), x()))!;
        if (door == "predict") TestContext.Out.WriteLine(thrown.Message);
        Assert.That(thrown, Is.InstanceOf(error), thrown.Message);
        foreach (var part in says) Assert.That(thrown.Message, Does.Contain(part));
        Assert.That(thrown.Message, Does.Not.Contain("Received: ."));
    }

    /// <summary>Labels that do not fit, and what is said.</summary>
    static readonly (string Name, Func<Tensors?> Y, Type Error, string[] Says)[] Labels =
    [
        ("forgotten", () => null, typeof(ArgumentException), ["labels", "Give y"]),
        ("texts", () => new[] { "good", "bad" }, typeof(DTypeMismatchException), ["'labels'", "string", "label2id"]),
        ("one too few", () => new[] { 1 }, typeof(ShapeMismatchException), ["y", "2", "1"]),
        ("one-hot", () => new[,] { { 1, 0, 0 }, { 0, 1, 0 } }, typeof(ShapeMismatchException), ["(2, 3)", "(B)"]),
        ("beyond the classes", () => new[] { 0, 3 }, typeof(ValueRangeException), ["'y'", "row 1", "0 to 2", "3"]),
        ("called by another name", () => new Dictionary<string, Tensors> { ["label"] = new[] { 0, 1 } }, typeof(ArgumentException), ["\"label\"", "labels", "logits", "Did you mean \"labels\"?"]),
        ("with one more", () => new Dictionary<string, Tensors> { ["labels"] = new[] { 0, 1 }, ["weight"] = new[] { 0, 1 } }, typeof(ArgumentException), ["\"weight\"", "labels"]),
        ("negative", () => new[] { -1, 0 }, typeof(ValueRangeException), ["0 to 2", "-1"]),
    ];

    static IEnumerable<TestCaseData> LabelCases => Labels.SelectMany(i => new[] { "fit", "evaluate", "train_on_batch" }.Select(d => new TestCaseData(i.Name, d).SetArgDisplayNames(i.Name, d)));

    [TestCaseSource(nameof(LabelCases))]
    public void Labels_that_do_not_fit_are_named(string name, string door)
    {
        var (_, y, error, says) = Labels.Single(i => i.Name == name);
        var model = Model();
        var thrown = Assert.Catch(() =>
        {
            if (door == "fit") model.fit((Tensor)Ids, y(), verbose: false);
            else if (door == "evaluate") model.evaluate((Tensor)Ids, y(), verbose: false);
            else model.train_on_batch((Tensor)Ids, y());
        })!;
        if (door == "fit") TestContext.Out.WriteLine(thrown.Message);
        Assert.That(thrown, Is.InstanceOf(error), thrown.Message);
        foreach (var part in says) Assert.That(thrown.Message, Does.Contain(part));
    }

    [Test]
    public void Labels_by_another_name_are_no_truth_of_a_loss_of_ones_own()
    {
        var model = Model();
        model.compile("sgd", loss: new Keras.Losses.SparseCategoricalCrossentropy(from_logits: true), metrics: "accuracy");
        Tensors Named(string name) => new Dictionary<string, Tensors> { [name] = new[] { 0, 1 } };
        Assert.That(() => model.fit((Tensor)Ids, Named("lables"), verbose: false), Throws.ArgumentException.With.Message.Contains("Did you mean \"labels\"?"));
        foreach (var name in new[] { "labels", "logits" }) Assert.That(() => model.fit((Tensor)Ids, Named(name), verbose: false), Throws.Nothing);
    }

    [Test]
    public void Batches_are_checked_too()
    {
        var model = Model();
        Batch[] batches = [new Batch(Texts, new[] { 0, 1 })];
        Assert.That(() => model.fit(batches, verbose: false), Throws.TypeOf<DTypeMismatchException>().With.Message.Contains("tokenizer.Apply"));
        Assert.That(() => model.evaluate(batches, verbose: false), Throws.TypeOf<DTypeMismatchException>());
        Assert.That(() => model.predict(batches, verbose: false), Throws.TypeOf<DTypeMismatchException>());
    }

    [Test]
    public void With_return_tensors_one_text_is_a_batch()
    {
        var encoding = Tokenizer.Apply("hello world", return_tensors: "tf");
        Assert.That(((Tensor)encoding["input_ids"]).shape, Is.EqualTo(new Shape(1, 4)));
        Assert.That(Model().predict(encoding, verbose: false)["logits"].Single.shape, Is.EqualTo(new Shape(1, 3)));
    }

    [Test]
    public void Saving_as_keras_points_to_save_pretrained()
    {
        var model = Model();
        model.Apply((Tensor)Ids);
        Assert.That(() => model.save(Path.Combine(Path.GetTempPath(), "never-written.keras")), Throws.TypeOf<UnsupportedException>().With.Message.Contains("save_pretrained").And.Message.Not.Contains("Override"));
    }

    [Test]
    public void A_policy_that_weights_cannot_be_read_in_is_named()
    {
        using var folder = new TemporaryFolder();
        var model = Model();
        model.Apply((Tensor)Ids);
        model.save_pretrained(folder.Path);
        Assert.That(() => TFBertForSequenceClassification.from_pretrained(folder.Path, dtype: "float64"),
            Throws.TypeOf<WeightLoadException>().With.Message.Contains("float64").And.Message.Contains("dtype: \"float32\""));
        Assert.That(() => TFBertForSequenceClassification.from_pretrained(folder.Path, dtype: "mixed_flaot16"),
            Throws.ArgumentException.With.Message.Contains("Unknown dtype policy").And.Message.Contains("Did you mean \"mixed_float16\"?"));
    }
}
