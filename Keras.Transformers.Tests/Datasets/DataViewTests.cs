using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Keras.Transformers.Tests;

/// <summary>ML.NET's data views, of ML.NET itself, as data sets and back.</summary>
public sealed class DataViewTests
{
    readonly MLContext _ml = new(seed: 1);

    sealed class Row
    {
        public bool Flag { get; set; }

        public sbyte I1 { get; set; }

        public byte U1 { get; set; }

        public short I2 { get; set; }

        public ushort U2 { get; set; }

        public int I4 { get; set; }

        public uint U4 { get; set; }

        public long I8 { get; set; }

        public ulong U8 { get; set; }

        public float R4 { get; set; }

        public double R8 { get; set; }

        public string? Text { get; set; }

        public DateTime Time { get; set; }

        public DateTimeOffset Zoned { get; set; }

        public TimeSpan Span { get; set; }

        public float[] Any { get; set; } = [];

        [VectorType(2, 3)]
        public int[] Grid { get; set; } = [];

        public string[] Words { get; set; } = [];
    }

    static Row[] Rows() => [.. Enumerable.Range(0, 2500).Select(i => new Row
    {
        Flag = i % 2 == 0, I1 = (sbyte)(i % 100), U1 = (byte)(i % 200), I2 = (short)i, U2 = (ushort)i, I4 = -i, U4 = uint.MaxValue - (uint)i, I8 = long.MinValue + i, U8 = ulong.MaxValue - (ulong)i, R4 = i / 2f, R8 = i / 4.0,
        Text = $"é {i}", Time = new DateTime(2020, 1, 1).AddMinutes(i), Zoned = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(i), Span = TimeSpan.FromSeconds(i),
        Any = [.. Enumerable.Range(0, i % 4).Select(n => (float)n)], Grid = [i, 1, 2, 3, 4, 5], Words = ["a", $"{i}"],
    })];

    [Test]
    public void Every_type_comes_in_and_goes_back()
    {
        var ds = Dataset.from_dataview(_ml.Data.LoadFromEnumerable(Rows()));

        string[] types = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64", "string", "timestamp[us]", "timestamp[us, tz=UTC]", "duration[us]"];
        Assert.That(ds.features.Values.Take(types.Length), Is.EqualTo(types.Select(t => (Feature)new Value(t))));
        Assert.That(ds.features["Any"], Is.EqualTo(new Sequence("float32")));
        Assert.That(ds.features["Grid"], Is.EqualTo(new Sequence(new Sequence("int32", 3), 2)));
        Assert.That(ds.features["Words"], Is.EqualTo(new Sequence("string")));
        Assert.That(ds.num_rows, Is.EqualTo(2500));
        var row = ds[1001];
        Assert.That((row["U8"].ToObject(), row["Text"].ToObject(), row["Span"].ToObject()), Is.EqualTo((ulong.MaxValue - 1001, "é 1001", TimeSpan.FromSeconds(1001))));
        Assert.That(row["Grid"].ToObject(), Is.EqualTo(new object[] { new object[] { 1001, 1, 2 }, new object[] { 3, 4, 5 } }));

        var back = _ml.Data.CreateEnumerable<Row>(ds.to_dataview(), reuseRowObject: false).ToArray();
        var again = Dataset.from_dataview(ds.to_dataview());
        Assert.That(again.features, Is.EqualTo(ds.features));
        Assert.That(again.Select(r => r.ToString()), Is.EqualTo(ds.Select(r => r.ToString())));
        Assert.That(back, Has.Length.EqualTo(2500));
        Assert.That(back[7].Words, Is.EqualTo(new[] { "a", "7" }));
        Assert.That(back[7].Grid, Is.EqualTo(new[] { 7, 1, 2, 3, 4, 5 }));
        Assert.That((back[7].Time, back[7].Zoned, back[7].I8), Is.EqualTo((Rows()[7].Time, Rows()[7].Zoned, Rows()[7].I8)));
    }

    [Test]
    public void A_file_that_ML_NET_reads_trains_a_model()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder["data.tsv"], Enumerable.Range(0, 120).Select(i => string.Create(CultureInfo.InvariantCulture, $"{(i % 3 == 0 ? "low" : "high")}\t{(i % 3 == 0 ? -1 : 1) + (i % 5 / 10.0)}\t{i % 7 / 7.0}")).Prepend("label\tx\ty"));
        var text = _ml.Data.LoadFromTextFile(folder["data.tsv"], [new("label", DataKind.String, 0), new("features", DataKind.Single, 1, 2)], hasHeader: true);
        var keys = _ml.Transforms.Conversion.MapValueToKey("label").Fit(text).Transform(text);

        var ds = Dataset.from_dataview(keys);
        Assert.That(ds.features["label"], Is.EqualTo(new ClassLabel(names: ["low", "high"])));
        Assert.That(ds.features["features"], Is.EqualTo(new Sequence("float32", 2)));
        Assert.That((long[])ds[0..4]["label"], Is.EqualTo(new long[] { 0, 1, 1, 0 }), "the view hides the texts of the same name");

        var model = new Sequential([new Layers.Dense(2, activation: "softmax")]);
        model.compile(optimizer: new Optimizers.Adam(0.1), loss: "sparse_categorical_crossentropy", metrics: ["accuracy"]);
        var history = model.fit(ds.to_tf_dataset(batch_size: 20, columns: "features", label_cols: "label", shuffle: false), epochs: 6, verbose: 0).history;
        Assert.That(history["accuracy"][^1], Is.EqualTo(1));
    }

    [Test]
    public void ML_NET_trains_on_a_data_set()
    {
        var ds = Dataset.from_dict(new Dictionary<string, object>
        {
            ["Label"] = Enumerable.Range(0, 200).Select(i => i % 2).ToArray(),
            ["Features"] = Enumerable.Range(0, 200).Select(i => new[] { i % 2 * 2f, i % 3 }).ToArray(),
        }).cast_column("Label", new ClassLabel(names: ["no", "yes"])).cast_column("Features", new Sequence("float32", 2)).shuffle(seed: 3);

        var view = ds.to_dataview();
        var model = _ml.MulticlassClassification.Trainers.SdcaMaximumEntropy().Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(view);
        var scored = model.Transform(view);

        Assert.That(_ml.MulticlassClassification.Evaluate(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy().Fit(view).Transform(view)).MacroAccuracy, Is.EqualTo(1));
        Assert.That((string[])Dataset.from_dataview(scored)["PredictedLabel"], Is.EqualTo(ds.Select(r => (long)r["Label"] == 0 ? "no" : "yes")));
        Assert.That(_ml.Data.ShuffleRows(view, seed: 5).GetColumn<uint>("Label"), Is.EquivalentTo(view.GetColumn<uint>("Label")));
    }

    [Test]
    public void Sparse_vectors_missing_keys_and_nulls()
    {
        var text = _ml.Data.LoadFromEnumerable([new { Text = "red green" }, new { Text = "blue" }, new { Text = "red red" }]);
        var bags = _ml.Transforms.Text.TokenizeIntoWords("Words", "Text").Append(_ml.Transforms.Conversion.MapValueToKey("Keys", "Words", keyData: _ml.Data.LoadFromEnumerable([new { Value = "red" }, new { Value = "blue" }])))
            .Append(_ml.Transforms.Conversion.MapKeyToVector("Counts", "Keys", outputCountVector: true)).Append(_ml.Transforms.Conversion.Hash("Hash", "Text", numberOfBits: 20)).Fit(text).Transform(text);
        var ds = Dataset.from_dataview(bags);

        Assert.That(ds.features["Keys"], Is.EqualTo(new Sequence(new ClassLabel(names: ["red", "blue"]))));
        Assert.That(ds[0]["Keys"].ToObject(), Is.EqualTo(new object?[] { 0L, null }));
        Assert.That(((float[][])ds["Counts"])[1..], Is.EqualTo(new[] { new[] { 0f, 1 }, [2, 0] }));
        Assert.That(ds.features["Hash"], Is.EqualTo(new Value("int64")));

        var nulls = Dataset.from_dict(new Dictionary<string, object>
        {
            ["number"] = new object?[] { null, 1.5 }, ["text"] = new string?[] { null, "a" }, ["label"] = new object?[] { null, 1L }, ["list"] = new object?[] { null, new[] { 1, 2 } }, ["whole"] = new object?[] { null, 1 },
        }).cast_column("label", new ClassLabel(2));
        var view = nulls.to_dataview();
        Assert.That(view.GetColumn<double>("number"), Is.EqualTo(new[] { double.NaN, 1.5 }));
        Assert.That(view.GetColumn<string>("text"), Is.EqualTo(new[] { "", "a" }));
        Assert.That(view.GetColumn<uint>("label"), Is.EqualTo(new uint[] { 0, 2 }));
        Assert.That(view.GetColumn<int[]>("list"), Is.EqualTo(new[] { [], new[] { 1, 2 } }));
        Assert.That(() => view.GetColumn<int>("whole").ToArray(), Throws.InstanceOf<DTypeMismatchException>().With.Message.Contains("whole"));
    }

    [Test]
    public void A_cursor_that_has_ended_does_not_begin_again()
    {
        var view = Dataset.from_dict(new Dictionary<string, object> { ["a"] = new[] { 1, 2 } }).to_dataview();
        var cursor = view.GetRowCursor(view.Schema);
        var get = cursor.GetGetter<int>(view.Schema["a"]);
        var rows = 0;
        while (cursor.MoveNext()) rows++;
        Assert.That(rows, Is.EqualTo(2));
        Assert.That(cursor.MoveNext(), Is.False);
        Assert.That(cursor.Position, Is.EqualTo(-1));
        Assert.That(() => get(ref rows), Throws.InvalidOperationException);

        var other = view.GetRowCursor(view.Schema);
        Assert.That(other.MoveNext(), Is.True);
        other.Dispose();
        Assert.That(other.MoveNext(), Is.False);
    }

    [Test]
    public void Mistakes_are_named()
    {
        var view = _ml.Data.LoadFromEnumerable(Rows());
        Assert.That(() => Dataset.from_dataview(null!), Throws.ArgumentNullException);
        Assert.That(() => Dataset.from_dataview(view, new() { ["Flag"] = "bool" }), Throws.ArgumentException.With.Message.Contains("I1"));
        Assert.That(() => Dataset.from_dataview(_ml.Data.LoadFromEnumerable([new { a = "x" }]), new() { ["a"] = "int64" }), Throws.InstanceOf<DTypeMismatchException>().With.Message.Contains("\"a\"").And.Message.Contains("row 0"));
        var narrow = Dataset.from_dataview(_ml.Data.LoadFromEnumerable([new { a = 3.0f }]), new() { ["a"] = "float64" });
        Assert.That((double[])narrow["a"], Is.EqualTo(new[] { 3.0 }));
        Assert.That(() => Dataset.from_dict(new Dictionary<string, object> { ["deep"] = new[] { new[] { new[] { 1 } } } }).to_dataview(), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("deep"));
        Assert.That(() => Dataset.from_dataview(view, cancellation_token: new(true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(IterableDataset.from_dataview(view).take(3).Select(r => (int)r["I4"]), Is.EqualTo(new[] { 0, -1, -2 }));
        var flags = Dataset.from_dict(new Dictionary<string, object> { ["a"] = new[] { true } }).to_dataview();
        using var cursor = flags.GetRowCursor([]);
        Assert.That(() => cursor.GetGetter<bool>(flags.Schema["a"]), Throws.InvalidOperationException.With.Message.Contains("\"a\""));
        using var other = flags.GetRowCursor(flags.Schema);
        Assert.That(() => other.GetGetter<int>(flags.Schema["a"]), Throws.InvalidOperationException.With.Message.Contains("Boolean"));
    }
}
