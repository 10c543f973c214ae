using Keras.Engines;
using Keras.Engines.TensorFlow;
using Keras.Graphs;

namespace Keras.Tests.TensorFlow;

/// <summary>Which inputs make XLA compile anew for each of their values, as the modules say that XLA writes down.</summary>
sealed class CompileTimeValuesTests
{
    static Tensor On(string op, ReadOnlySpan<Tensor> inputs, params ReadOnlySpan<(string, object)> attributes) => Dispatch.Run(Graphs.GraphFixture.Op(op), inputs, Attributes.Of(attributes));

    static Tensor Table => Tf.Fill(Tf.Int32(4, 6), Tf.Constant(1f, DType.Float32));

    /// <summary>What is made of a number n, 2 or 3, the op and the place of the input that it decides.</summary>
    static readonly (string Op, int Input, Func<Tensor, Tensor> Make)[] Calls =
    [
        ("Range", 0, n => Tf.Range(n, Tf.Int32Scalar(9), Tf.Int32Scalar(1))),
        ("Range", 1, n => Tf.Range(Tf.Int32Scalar(0), n, Tf.Int32Scalar(1))),
        ("Range", 2, n => Tf.Range(Tf.Int32Scalar(0), Tf.Int32Scalar(9), n)),
        ("Reshape", 1, n => Tf.Reshape(Table, Pair(n, -1))),
        ("Fill", 0, n => Tf.Fill(Pair(n, 2), Tf.Constant(1f, DType.Float32))),
        ("BroadcastTo", 1, n => On("BroadcastTo", [Tf.Constant(1f, DType.Float32), Pair(n, 2)])),
        ("Tile", 1, n => On("Tile", [Table, Pair(n, 1)])),
        ("Slice", 1, n => On("Slice", [Table, Pair(n, 0), Tf.Int32(1, 2)])),
        ("Slice", 2, n => On("Slice", [Table, Tf.Int32(0, 0), Pair(n, 2)])),
        ("StridedSlice", 1, n => On("StridedSlice", [Table, Pair(n, 0), Tf.Int32(4, 2), Tf.Int32(1, 1)])),
        ("StridedSlice", 2, n => On("StridedSlice", [Table, Tf.Int32(0, 0), Pair(n, 2), Tf.Int32(1, 1)])),
        ("StridedSlice", 3, n => On("StridedSlice", [Table, Tf.Int32(0, 0), Tf.Int32(4, 2), Pair(n, 1)])),
        ("Pad", 1, n => On("Pad", [Table, Tf.Reshape(On("Pack", [n, n, n, n]), Tf.Int32(2, 2))])),
        ("PadV2", 1, n => On("PadV2", [Table, Tf.Reshape(On("Pack", [n, n, n, n]), Tf.Int32(2, 2)), Tf.Constant(0f, DType.Float32)])),
        ("OneHot", 1, n => On("OneHot", [Tf.Int32(0, 1), n, Tf.Constant(1f, DType.Float32), Tf.Constant(0f, DType.Float32)])),
        ("TopKV2", 1, n => On("TopKV2", [Table, n])),
        ("ScatterNd", 2, n => Tf.ScatterNd(Tf.Reshape(Tf.Int32(1), new Shape(1, 1)), Tf.Constant(HostTensor.Vector<float>([1f])), Tf.Reshape(n, new Shape(1)))),
        ("UnsortedSegmentSum", 2, n => On("UnsortedSegmentSum", [Table, Tf.Int32(0, 1, 1, 0), n])),
        ("StatelessRandomUniformFullIntV2", 0, n => On("StatelessRandomUniformFullIntV2", [Pair(n, 2), Tf.Constant(HostTensor.Vector<ulong>([1])), Tf.Constant(HostTensor.Vector<ulong>([1, 2])), Tf.Int32Scalar(1)], ("dtype", DType.Int32))),
        ("AddV2", 1, n => Tf.Int32(1, 2) + n),
        ("GatherV2", 1, n => Tf.Gather(Table, n, 0)),
    ];

    static Tensor Pair(Tensor n, int other) => On("Pack", [n, Tf.Int32Scalar(other)]);

    [Test]
    public void TheTableIsWhatXlaDoes()
    {
        if (!TensorFlowEngine.IsPresent) Assert.Ignore("libtensorflow is not installed: run ./build.sh provision or set KERAS_LIBTENSORFLOW");
        using var folder = new TemporaryFolder();
        using var child = ChildProcess.Start(RunAll, folder, environment: new Dictionary<string, string?> { ["XLA_FLAGS"] = $"--xla_dump_to={folder.Path} --xla_dump_hlo_as_text" });
        var lines = new List<string>();
        while (child.ReadLine() is { } line) lines.Add(line);
        Assert.That(child.Finish(), Is.Zero, string.Join('\n', lines));
        var rows = CompileTimeValues.Rows.ToHashSet();
        Assert.That(lines, Is.EqualTo(Calls.Select(c => $"{c.Op} {c.Input} {rows.Contains((c.Op, c.Input))}")));
        Assert.That(rows.Except(Calls.Select(c => (c.Op, c.Input))), Is.Empty, "a row without a call that shows it");
    }

    static void RunAll(string folder)
    {
        using var engine = new TensorFlowEngine();
        Engine.Current = engine;
        foreach (var (op, input, make) in Calls)
        {
            // A size that depends on a value is 0 where the result is reduced, so that no shape of the result is needed.
            using var function = new TracedFunction("n", x => Tf.Sum(Tf.Cast(On("Shape", [make(x.Single)]), DType.Float32), [0]) + (Tf.Cast(x.Single, DType.Float32) * 0), new CompileOptions(Jit: true));
            int Modules() => Directory.GetFiles(folder, "*before_optimizations*").Length;
            var counts = new List<int>();
            foreach (var n in (int[])[2, 3])
            {
                function.Call(Tf.Int32Scalar(n)).Single.ToScalar<float>();
                counts.Add(Modules());
            }
            Console.WriteLine($"{op} {input} {counts[1] > counts[0]}");
        }
    }
}
