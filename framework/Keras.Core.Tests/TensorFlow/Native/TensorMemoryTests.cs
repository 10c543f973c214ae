using System.Runtime.InteropServices;
using Keras.Engines.TensorFlow;
using Keras.Graphs;

namespace Keras.Tests.TensorFlow;

/// <summary>Memory of TensorFlow's own that is filled here.</summary>
sealed unsafe class TensorMemoryTests : TensorFlowFixture
{
    static EagerTensor Filled(int count, Shape shape, out nint address)
    {
        var memory = Runtime.Allocate(DType.Float32, shape);
        for (var i = 0; i < count; i++) ((float*)memory.Address)[i] = i;
        address = (nint)memory.Address;
        return new(Runtime.FromHost(memory, DType.Float32, shape), Runtime);
    }

    [TestCase(3, Description = "so small that other memory would be copied")]
    [TestCase(5000)]
    public void ATensorHoldsWhatWasWritten(int count)
    {
        using var tensor = Filled(count, count, out _);
        Assert.That(tensor.ReadArray<float>(), Is.EqualTo(Enumerable.Range(0, count).Select(i => (float)i)));
    }

    [Test]
    public void AVariableOfItIsUpdatedInPlace([Values] bool jit)
    {
        const int count = 100_000;
        var variable = new Variable(() => throw new InvalidOperationException("loaded"), count, DType.Float32);
        nint address;
        using (var initial = Filled(count, count, out address)) variable.Load(initial);
        using var step = new TracedFunction("step", x =>
        {
            variable.assign_add(x.Single);
            return x;
        }, new(jit));
        step.Call(Tf.Full(count, 1, DType.Float32));
        // The first value of the memory that was allocated is now 0 + 1.
        Assert.That(*(float*)address, Is.EqualTo(1));
    }

    [Test]
    public void MemoryThatBecomesNoTensorIsGivenBack()
    {
        var before = LiveAfterCollection(HandleKind.Tensor);
        using (var memory = Runtime.Allocate(DType.Float64, new Shape(1000))) NativeMemory.Clear(memory.Address, (nuint)memory.Length);
        Assert.That(LiveHandles.Of(HandleKind.Tensor), Is.EqualTo(before));
    }
}
