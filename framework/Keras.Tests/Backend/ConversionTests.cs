using static Keras.Api;

namespace Keras.Tests.Backend;

/// <summary>Tensors from and to what .NET programs hold.</summary>
sealed class ConversionTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [Test]
    public void Literals()
    {
        Tensor row = [1f, 2f, 3f], matrix = [[1f, 2f], [3f, 4f]], mixed = [1, 2.5], texts = ["a", "b"], empty = [];
        Assert.That(row.ToArray<float>(), Is.EqualTo(new[] { 1f, 2, 3 }));
        Assert.That(matrix.numpy(), Is.EqualTo(new[,] { { 1f, 2 }, { 3, 4 } }));
        Assert.That(mixed.ToArray<double>(), Is.EqualTo(new[] { 1, 2.5 }));
        Assert.That(texts.ToArray<string>(), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(empty.shape, Is.EqualTo(new Shape(0)));
        Assert.That(() => { Tensor t = [new[] { 1f }, new[] { 1f, 2f }]; }, Throws.TypeOf<ShapeMismatchException>());
        Assert.That(() => { Tensor t = ["a", 1]; }, Throws.TypeOf<DTypeMismatchException>());
    }

    [Test]
    public void ListsMemoryAndSpans()
    {
        int[] ints = [1, 2];
        float[] floats = [1, 2];
        Tensor[] all =
        [
            new List<float> { 1, 2 }, new List<double> { 1, 2 }, new List<int> { 1, 2 }, new List<long> { 1, 2 }, (ReadOnlyMemory<float>)floats, ints.AsMemory(),
            ops.convert_to_tensor((ReadOnlySpan<int>)ints), System.Numerics.Tensors.Tensor.Create(floats, [2]),
        ];
        foreach (var tensor in all) Assert.That(ops.cast(tensor, "float32").ToArray<float>(), Is.EqualTo(floats));
        Tensor flags = new List<bool> { true, false }, rows = new List<float[]> { floats, floats };
        Assert.That(flags.ToArray<bool>(), Is.EqualTo(new[] { true, false }));
        Assert.That(rows.shape, Is.EqualTo(new Shape(2, 2)));
        Tensors structure = new List<int> { 1, 2 };
        Assert.That(structure.ToArray<int>(), Is.EqualTo(ints));
    }

    [Test]
    public void ListsGoIntoFit()
    {
        var model = keras.Sequential([keras.Input([2]), keras.layers.Dense(1)]);
        model.compile(optimizer: "sgd", loss: "mse");
        var history = model.fit(new List<float[]> { new float[] { 1, 2 }, new float[] { 3, 4 } }, new List<float> { 1, 2 }, verbose: 0);
        Assert.That(history.history["loss"], Has.Count.EqualTo(1));
        Assert.That(model.predict(new List<float[]> { new float[] { 1, 2 } }, verbose: 0).ToArray2D<float>().GetLength(1), Is.EqualTo(1));
    }

    [Test]
    public void Numbers()
    {
        Tensor loss = 2.5f, count = 7, flag = true, text = "a";
        Assert.That(((float)loss, (double)loss, (int)loss, (long)count, (int)count, (double)count, (bool)flag, (string)text), Is.EqualTo((2.5f, 2.5, 2, 7L, 7, 7.0, true, "a")));
        Tensors one = loss;
        Assert.That((float)one, Is.EqualTo(2.5f));
        Assert.That(() => (float)ops.ones([2]), Throws.TypeOf<ShapeMismatchException>());
        Assert.That(() => (float)text, Throws.TypeOf<DTypeMismatchException>());
        Assert.That(() => (int)ops.convert_to_tensor(1e20), Throws.TypeOf<OverflowException>());
        Assert.That(() => (float)(Tensor)keras.Input([1]), Throws.InvalidOperationException);
    }

    [Test]
    public void Arrays()
    {
        var cube = ops.reshape(ops.arange(24), [2, 3, 4]);
        Assert.That(cube.ToArray3D<int>()[1, 2, 3], Is.EqualTo(23));
        Assert.That(cube[0].ToArray2D<int>()[2, 3], Is.EqualTo(11));
        Assert.That(((int[,,,])ops.reshape(cube, [1, 2, 3, 4]).numpy())[0, 1, 2, 3], Is.EqualTo(23));
        Assert.That(() => cube.ToArray2D<int>(), Throws.TypeOf<ShapeMismatchException>().With.Message.Contains("(2, 3, 4)"));
        Assert.That(() => cube.ToArray3D<float>(), Throws.TypeOf<DTypeMismatchException>());
        Assert.That(cube.ToTensor<int>()[1, 2, 3], Is.EqualTo(23));
        Assert.That(((Tensor)cube.ToTensor<int>()).shape, Is.EqualTo(cube.shape));
    }

    [Test]
    public void Rows()
    {
        Tensor matrix = new[,] { { 1f, 2f }, { 3f, 4f } };
        Assert.That(matrix.Select(row => (float)row[1]), Is.EqualTo(new[] { 2f, 4f }));
        Assert.That(() => ((Tensor)1f).First(), Throws.TypeOf<ShapeMismatchException>());
        Assert.That(() => ((Tensor)keras.Input([1])).First(), Throws.TypeOf<ShapeMismatchException>());
    }
}
