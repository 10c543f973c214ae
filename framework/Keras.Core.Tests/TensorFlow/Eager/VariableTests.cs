using Keras.Engines.TensorFlow;
using Keras.Graphs;

namespace Keras.Tests.TensorFlow;

sealed class VariableTests : TensorFlowFixture
{
    [Test]
    public void ASnapshotIsNotChangedByALaterAssignment()
    {
        var variable = new Variable(Vector(1, 2, 3));
        var snapshot = variable.value;
        variable.assign_add(Vector(10, 10, 10));
        variable.assign(variable.value * 2);
        Assert.That(Floats(snapshot), Is.EqualTo(new float[] { 1, 2, 3 }));
        Assert.That(Floats(variable.value), Is.EqualTo(new float[] { 22, 24, 26 }));
    }

    [Test]
    public void HostMemoryThatAVariableWasMadeOfIsNeverWrittenTo()
    {
        using var memory = new AlignedMemory(1 << 16);
        memory.AsSpan().Clear();
        var borrowed = new Borrowed(memory);
        var variable = new Variable(new EagerTensor(Runtime.FromHost(borrowed, DType.Float32, new Shape(1 << 14)), Runtime));
        variable.assign_add(Tf.Fill(Tf.Int32(1 << 14), Tf.Constant(1, DType.Float32)));
        Assert.That(memory.AsSpan().ToArray(), Is.All.Zero);
        Assert.That(Floats(variable.value), Is.All.EqualTo(1));
    }

    [Test]
    public void VariablesWithTheSameShapeAreApart()
    {
        var (a, b) = (new Variable(Vector(1)), new Variable(Vector(2)));
        a.assign(Vector(5));
        Assert.That(Floats(b.value), Is.EqualTo(new float[] { 2 }));
    }

    [Test]
    public void AVariableDiesWithItsHandle()
    {
        var before = LiveAfterCollection(HandleKind.HostMemory);
        MakeAndForget();
        Assert.That(LiveAfterCollection(HandleKind.HostMemory), Is.EqualTo(before));

        static void MakeAndForget()
        {
            var variable = new Variable(new EagerTensor(Runtime.FromHost(new AlignedMemory(1 << 16), DType.Float32, new Shape(1 << 14)), Runtime));
            Assert.That(LiveHandles.Of(HandleKind.HostMemory), Is.GreaterThan(0));
            GC.KeepAlive(variable.value);
        }
    }

    sealed unsafe class Borrowed(HostMemory memory) : HostMemory
    {
        public override byte* Address => memory.Address;

        public override long Length => memory.Length;

        public override void Dispose()
        {
        }
    }
}
