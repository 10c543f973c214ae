using System.Text;
using Keras.Graphs;

namespace Keras.Tests.TensorFlow;

sealed class EagerExecutionTests : TensorFlowFixture
{
    [Test]
    public void MultipliesMatrices()
    {
        var product = Tf.MatMul(Matrix(2, 3, i => i), Matrix(3, 2, i => i + 1));
        Assert.That(product.shape, Is.EqualTo(new Shape(2, 2)));
        Assert.That(Floats(product), Is.EqualTo(new float[] { 13, 16, 40, 52 }));
    }

    [Test]
    public void RunsOpsThatTakeListsOfTensors()
    {
        var joined = Tf.Concat([Vector(1, 2), Vector(3), Vector(4, 5)], 0);
        Assert.That(Floats(joined), Is.EqualTo(new float[] { 1, 2, 3, 4, 5 }));
        Assert.That(Floats(Tf.AddN([Vector(1, 2), Vector(3, 4), Vector(5, 6)])), Is.EqualTo(new float[] { 9, 12 }));
    }

    [Test]
    public void ReturnsEveryOutputOfAnOpWithAListOfOutputs()
    {
        var parts = Tf.Split(Vector(1, 2, 3, 4, 5, 6), 3, 0);
        Assert.That(parts.Select(Floats), Is.EqualTo(new float[][] { [1, 2], [3, 4], [5, 6] }));
    }

    [TestCase(0)]
    [TestCase(5)]
    [TestCase(100_000)]
    public void BringsHostMemoryThereAndBack(int count)
    {
        var values = Enumerable.Range(0, count).Select(i => i * 0.5f).ToArray();
        Assert.That(Floats(Vector(values)), Is.EqualTo(values));
    }

    [Test]
    public void CarriesByteStringsOfEveryLengthBothWays()
    {
        byte[][] strings = [[], "a"u8.ToArray(), Encoding.UTF8.GetBytes("Größe 𠮷"), [0, 255, 0, 128], [.. Enumerable.Repeat((byte)'x', 100_000)]];
        var tensor = (EagerTensor)Tf.Identity(Tf.Constant(HostTensor.OfStrings(new Shape(5), strings)));
        Assert.That(tensor.ReadStrings(), Is.EqualTo(strings));
    }

    [Test]
    public void OutputsMayOutliveTheStringTensorThatTheyShare()
    {
        byte[][] strings = [[.. Enumerable.Repeat((byte)'y', 1000)]];
        var source = (EagerTensor)Tf.Constant(HostTensor.OfStrings(new Shape(1), strings));
        var shared = (EagerTensor)Tf.Identity(source);
        source.Dispose();
        Assert.That(shared.ReadStrings(), Is.EqualTo(strings));
    }

    [Test]
    public void AliasesAlignedHostMemoryAndDisposesItWithTheLastUser()
    {
        var memory = new TrackedMemory(1 << 20, offset: 0);
        memory.AsSpan().Clear();
        var tensor = Runtime.FromHost(memory, DType.Float32, new Shape(1 << 18));
        var shared = (EagerTensor)Tf.Identity(new EagerTensor(tensor, Runtime));
        memory.AsSpan()[4..8].Fill(0x40);
        tensor.Dispose();
        Assert.That(memory.IsDisposed, Is.False);
        Assert.That(shared.ReadArray<float>()[1], Is.EqualTo(BitConverter.Int32BitsToSingle(0x40404040)), "the tensor shows a later change of the memory");
        shared.Dispose();
        Assert.That(memory.IsDisposed, Is.True);
    }

    [Test]
    public void CopiesHostMemoryThatIsNotAlignedAndDisposesItAtOnce()
    {
        var memory = new TrackedMemory(1 << 20, offset: 4);
        memory.AsSpan().Fill(0x3F);
        using var tensor = new EagerTensor(Runtime.FromHost(memory, DType.Float32, new Shape(1 << 18)), Runtime);
        Assert.That(memory.IsDisposed, Is.True);
        Assert.That(tensor.ReadArray<float>()[^1], Is.EqualTo(BitConverter.Int32BitsToSingle(0x3F3F3F3F)));
    }

    [Test]
    public void RefusesHostMemoryThatDoesNotFillTheShape() =>
        Assert.That(() => Runtime.FromHost(new AlignedMemory(8), DType.Float32, new Shape(3)), Throws.TypeOf<ShapeMismatchException>());

    [Test]
    public void AnErrorCarriesTensorFlowsMessageAndLeavesTheEngineUsable()
    {
        var indices = Tf.Constant(HostTensor.Of<int>([7], new Shape(1)));
        var error = Assert.Throws<EngineException>(() => Tf.Gather(Vector(1, 2, 3), indices, 0))!;
        Assert.That(error.Message, Does.Contain("indices[0] = 7 is not in [0, 3)"));
        Assert.That(error.Where, Does.StartWith("GatherV2"));
        Assert.That(Floats(Vector(1, 2) + Vector(3, 4)), Is.EqualTo(new float[] { 4, 6 }));
    }

    [Test]
    public void ADisposedInputIsRefused()
    {
        var gone = (EagerTensor)Vector(1, 2);
        gone.Dispose();
        Assert.That(() => Tf.Neg(gone), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void AnUnknownDeviceIsRefusedByName()
    {
        var error = Assert.Throws<UnsupportedException>(() => Runtime.CreateVariable(DType.Float32, new Shape(2), "TPU:3"))!;
        Assert.That(error.Message, Does.Contain("TPU:3"));
        Assert.That(() => Runtime.CreateVariable(DType.Float32, new Shape(2), "cpu:0").Dispose(), Throws.Nothing);
    }

    [Test]
    public void HandlesReturnToTheFormerCount()
    {
        static void Work()
        {
            for (var i = 0; i < 100; i++)
            {
                var text = Tf.Identity(Tf.Constant(HostTensor.From("some text that is long enough to be on the heap")));
                ((EagerTensor)text).ReadStrings();
                var product = Tf.MatMul(Matrix(2, 3, k => k), Matrix(3, 2, k => k));
                Assert.That(Floats(product), Has.Length.EqualTo(4));
                Assert.That(() => Tf.MatMul(product, Vector(1)), Throws.InstanceOf<KerasException>());
            }
        }

        AssertLeavesNothing(Work);
    }

    sealed unsafe class TrackedMemory(long length, int offset) : HostMemory
    {
        readonly AlignedMemory _memory = new(length + offset);

        public bool IsDisposed { get; private set; }

        public override byte* Address => _memory.Address + offset;

        public override long Length => length;

        public override void Dispose()
        {
            IsDisposed = true;
            _memory.Dispose();
        }
    }
}
