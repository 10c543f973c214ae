using Keras.Graphs;

namespace Keras.Tests.Graphs;

/// <summary>A fixture whose tests trace into a graph of their own; no engine is needed.</summary>
abstract class GraphFixture
{
    IDisposable? _scope;

    protected Graph Graph { get; private set; } = null!;

    [SetUp]
    public void EnterGraph()
    {
        Graph = new Graph(null);
        _scope = Graph.Enter();
    }

    [TearDown]
    public void LeaveGraph() => _scope!.Dispose();

    /// <summary>A float32 input; dimensions below -1 are symbols.</summary>
    protected Tensor Input(params long[] dims) => Input(DType.Float32, dims);

    protected Tensor Input(DType dtype, params long[] dims) => Graph.AddParameter(dtype, Shape.OfSymbolic(dims));

    protected Tensor InputOfUnknownRank(DType? dtype = null) => Graph.AddParameter(dtype ?? DType.Float32, Shape.Unknown);

    protected Tensor Resource(DType dtype, params long[] dims)
    {
        var handle = Graph.AddParameter(DType.Resource, Shape.Scalar, "variable");
        handle.HandleData = (dtype, new Shape(dims));
        return handle;
    }

    internal static OpDefinition Op(string name) => OpTable.TryGet(name, out var op) ? op : throw new ArgumentException($"The table has no {name}.");

    protected static Tensor Ints(params int[] values) => Tf.Int32(values);

    protected static long[] Dims(Tensor tensor) => tensor.shape.Symbolic.ToArray();

    /// <summary>What is known of a value: numbers, symbols, null.</summary>
    protected static long?[]? Value(Tensor tensor) => ((SymbolicTensor)tensor).Value is { } value
        ? [.. value.Elements.Select((e, i) => e ?? (value.Symbols[i] < -1 ? value.Symbols[i] : null))] : null;

    protected static Node NodeOf(Tensor tensor) => ((SymbolicTensor)tensor).Node;
}
