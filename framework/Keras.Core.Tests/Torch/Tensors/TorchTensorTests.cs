using Keras.Engines;
using Keras.Engines.Torch;
using Keras.Graphs;

namespace Keras.Tests.Torch.Tensors;

[NonParallelizable]
sealed unsafe class TorchTensorTests : TorchFixture
{
    [Test]
    public void HostMemoryIsSharedAndLetGoWithTheLastTensor()
    {
        var memory = new Watched(64);
        var tensor = (TorchTensor)Runtime.FromHost(memory, DType.Float32, new Shape(16));
        Assert.That((nint)tensor.Data, Is.EqualTo((nint)memory.Address));
        var other = tensor.Share(new Shape(4, 4));
        tensor.Dispose();
        Assert.That(memory.IsDisposed, Is.False);
        other.Dispose();
        Assert.That(memory.IsDisposed, Is.True);
    }

    [Test]
    public void HostMemoryThatIsTooShortIsRefused() =>
        Assert.That(() => Runtime.FromHost(new AlignedMemory(15), DType.Float32, new Shape(4)), Throws.TypeOf<ShapeMismatchException>());

    [Test]
    public void ADisposedTensorIsRefused()
    {
        var x = (EagerTensor)Vector(1, 2);
        x.Dispose();
        Assert.That(() => Tf.Neg(x), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void ATensorOfAnotherEngineIsRefused()
    {
        var engine = TestEngines.Require("tensorflow");
        Tensor foreign;
        using (Engine.Use(engine)) foreign = Vector(1);
        Assert.That(() => Tf.Neg(foreign), Throws.TypeOf<EngineException>().With.Message.Contains("another engine"));
    }

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
        using var memory = new AlignedMemory(1 << 12);
        memory.AsSpan().Clear();
        var variable = new Variable(new EagerTensor(Runtime.FromHost(new Borrowed(memory), DType.Float32, new Shape(1 << 10)), Runtime));
        variable.assign_add(Tf.Fill(Tf.Int32(1 << 10), Tf.Constant(1, DType.Float32)));
        Assert.That(memory.AsSpan().ToArray(), Is.All.Zero);
        Assert.That(Floats(variable.value), Is.All.EqualTo(1));
    }

    [Test]
    public void MemoryOfTheEngineIsUpdatedInPlace()
    {
        var memory = Runtime.Allocate(DType.Float32, new Shape(4));
        memory.AsSpan().Clear();
        var address = (nint)memory.Address;
        var variable = new Variable(new EagerTensor(Runtime.FromHost(memory, DType.Float32, new Shape(4)), Runtime));
        _ = variable.Handle;
        LiveAfterCollection();
        using (var own = variable.value.RequireEager()) Assert.That((nint)((TorchTensor)own.Handle).Data, Is.EqualTo(address));
        Assert.That(Floats(variable.value), Is.All.Zero);
    }

    [Test]
    public void ForgottenTensorsGiveTheirMemoryBack()
    {
        var before = LiveAfterCollection();
        Forget();
        Assert.That(LiveAfterCollection(), Is.EqualTo(before));

        static void Forget()
        {
            var variable = new Variable(Vector(new float[1 << 14]));
            for (var i = 0; i < 50; i++) variable.assign(variable.value + 1);
            GC.KeepAlive(variable.value);
        }
    }

    [Test]
    public void AWrongShapeIsToldBeforeAnythingRuns() => Assert.That(() => Tf.MatMul(Tf.Zeros(new Shape(2, 3), DType.Float32), Tf.Zeros(new Shape(2, 3), DType.Float32)),
        Throws.TypeOf<ShapeMismatchException>().With.Message.Contains("MatMul"));

    [Test]
    public void AnIndexOutsideIsToldWithItsPlace() => Assert.That(() => Tf.Gather(Vector(1, 2), Tf.Int32(0, 2), 0),
        Throws.TypeOf<EngineException>().With.Message.Contains("GatherV2").And.Message.Contains("2 at place 1"));

    sealed class Watched(long length) : HostMemory
    {
        readonly AlignedMemory _memory = new(length);

        public bool IsDisposed { get; private set; }

        public override byte* Address => _memory.Address;

        public override long Length => _memory.Length;

        public override void Dispose()
        {
            IsDisposed = true;
            _memory.Dispose();
        }
    }

    sealed class Borrowed(HostMemory memory) : HostMemory
    {
        public override byte* Address => memory.Address;

        public override long Length => memory.Length;

        public override void Dispose()
        {
        }
    }
}
