using Keras.Engines;
using Keras.Engines.TensorFlow;
using Keras.Graphs;

namespace Keras.Tests.TensorFlow;

/// <summary>Calls by which libtensorflow is known to end the process, or to read and write where it must not: each is a typed error, and the process lives on.</summary>
sealed class AbortTests
{
    static Tensor On(string op, ReadOnlySpan<Tensor> inputs, params ReadOnlySpan<(string, object)> attributes) => Dispatch.Run(Graphs.GraphFixture.Op(op), inputs, Attributes.Of(attributes));

    static Tensor Floats(params float[] values) => Tf.Constant(HostTensor.Vector<float>(values));

    static Tensor Filled(DType dtype, params long[] dims) => Tf.Constant(HostTensor.OfBytes(dtype, new Shape(dims), new byte[new Shape(dims).ElementCount * dtype.Size]));

    static Tensor Texts(params string[] values) => Tf.Constant(HostTensor.From(values));

    static Tensor List => On("TensorListFromTensor", [Filled(DType.Float32, 2, 2), Tf.Int32(2)]);

    static Tensor Ragged(string[] kinds, params Tensor[] partitions) =>
        On("RaggedTensorToTensor", [Tf.Int32(-1, -1), Floats(1, 2, 3), Tf.Constant(0f, DType.Float32), .. partitions], ("row_partition_types", kinds));

    /// <summary>The calls.</summary>
    static readonly (string Name, Func<Tensor> Call)[] Calls =
    [
        ("a list's place before its first", () => On("TensorListGetItem", [List, Tf.Int32Scalar(-1), Tf.Int32(2)], ("element_dtype", DType.Float32))),
        ("a list's element before its first", () => On("TensorListLength", [On("TensorListSetItem", [List, Tf.Int32Scalar(-1), Floats(1, 2)])])),
        ("a list that grows backwards", () => On("TensorListLength", [On("TensorListSetItem", [List, Tf.Int32Scalar(-1), Floats(1, 2)], ("resize_if_index_out_of_bounds", true))])),
        ("rows scattered to a negative place", () => On("TensorListLength", [On("TensorListScatterV2", [Filled(DType.Float32, 1, 2), Tf.Int32(-1), Tf.Int32(2), Tf.Int32Scalar(-1)])])),
        ("rows scattered into a list at a negative place", () => On("TensorListLength", [On("TensorListScatterIntoExistingList", [List, Filled(DType.Float32, 1, 2), Tf.Int32(-1)])])),
        ("ragged rows that begin at 1", () => Ragged(["ROW_SPLITS"], Tf.Int32(1, 3))),
        ("ragged rows that fall", () => Ragged(["ROW_SPLITS"], Tf.Int32(0, 3, 1))),
        ("ragged rows of more values than there are", () => Ragged(["ROW_SPLITS"], Tf.Int32(0, 2, 9))),
        ("ragged rows without splits", () => Ragged(["ROW_SPLITS"], Tf.Int32())),
        ("values of rows below 0", () => Ragged(["FIRST_DIM_SIZE", "VALUE_ROWIDS"], Tf.Int32Scalar(2), Tf.Int32(-1, 0, 1))),
        ("values of rows that are not there", () => Ragged(["FIRST_DIM_SIZE", "VALUE_ROWIDS"], Tf.Int32Scalar(2), Tf.Int32(0, 1, 7))),
        ("a PNG file of no pixel", () => Tf.EncodePng(Filled(DType.UInt8, 0, 0, 3))),
        ("a PNG file of five channels", () => Tf.EncodePng(Filled(DType.UInt8, 1, 1, 5))),
        ("a convolution by no filter", () => Tf.Convolve2D(Filled(DType.Float32, 1, 4, 4, 1), Filled(DType.Float32, 0, 0, 1, 1), [1, 1, 1, 1], "VALID")),
        ("a kernel larger than its image", () => Tf.Convolve2D(Filled(DType.Float32, 1, 2, 2, 1), Filled(DType.Float32, 3, 3, 1, 1), [1, 1, 1, 1], "VALID")),
        ("numbers cast to texts", () => Tf.Cast(Floats(1, 2), DType.String)),
        ("texts cast to numbers", () => Tf.Cast(Texts("1"), DType.Float32)),
        ("texts added to numbers", () => On("AddV2", [Texts("1"), Floats(1)])),
        ("the sum of texts", () => On("Sum", [Texts("a", "b"), Tf.Int32(0)])),
        ("a slice of texts in XLA's words", () => On("XlaDynamicSlice", [Texts("a", "b"), Tf.Int32(0), Tf.Int32(1)])),
        ("a permutation that names an axis twice", () => On("Transpose", [Filled(DType.Float32, 2, 2), Tf.Int32(0, 0)])),
        ("elements at places beyond their tensor", () => Tf.Gather(Floats(1, 2), Tf.Int32(int.MaxValue), 0)),
        ("elements scattered before their tensor", () => Tf.ScatterNd(Tf.Reshape(Tf.Int32(-1), new Shape(1, 1)), Floats(1), Tf.Int32(2))),
        ("segments below 0", () => On("SegmentSum", [Floats(1), Tf.Int32(-1)])),
        ("a tensor of a negative size", () => On("Fill", [Tf.Int32(-3), Tf.Constant(0f, DType.Float32)])),
        ("a tensor of more elements than numbers count", () => On("Fill", [Tf.Constant(HostTensor.Vector<long>([1L << 40, 1L << 40])), Tf.Constant(0f, DType.Float32)])),
        ("a division of whole numbers by 0", () => On("FloorDiv", [Tf.Int32(1), Tf.Int32(0)])),
    ];

    [Test]
    public void EachIsATypedErrorAndTheProcessLives([Values("eager", "graph", "xla")] string mode)
    {
        if (!TensorFlowEngine.IsPresent) Assert.Ignore("libtensorflow is not installed: run ./build.sh provision or set KERAS_LIBTENSORFLOW");
        using var child = ChildProcess.Start(RunAll, mode);
        var lines = new List<string>();
        while (child.ReadLine() is { } line) lines.Add(line);
        Assert.That(child.Finish(), Is.Zero, string.Join('\n', lines));
        Assert.That(lines.Where(l => l.StartsWith("but ", StringComparison.Ordinal)), Is.Empty, string.Join('\n', lines));
        Assert.That(lines[^1], Is.EqualTo("alive"));
    }

    static void RunAll(string mode)
    {
        using var engine = new TensorFlowEngine();
        Engine.Current = engine;
        foreach (var (name, call) in Calls)
        {
            Console.WriteLine(name);
            try
            {
                if (mode == "eager") call().RequireEager().ToHost();
                else Compiled(engine, call, jit: mode == "xla");
                // XLA's own words for what is out of range are values: what it clamps or drops are constants here, nothing from the host.
                if (mode != "xla") Console.WriteLine("but it gives a value");
            }
            catch (Exception e) when (e is KerasException or ArgumentException)
            {
            }
            catch (Exception e)
            {
                Console.WriteLine($"but it throws {e.GetType().Name}: {e.Message}");
            }
        }
        Console.WriteLine("alive");
    }

    static void Compiled(TensorFlowEngine engine, Func<Tensor> call, bool jit)
    {
        var function = FunctionGraph.Trace("abort", [], _ => [call()]);
        using var compiled = engine.Compile(Lowering.Lower(function, engine.RunsNatively), new CompileOptions(jit));
        var results = new ITensorHandle[1];
        compiled.Run([.. function.CapturedSources.Select(s => ((EagerTensor)s).Handle)], results);
        new EagerTensor(results[0], engine).ToHost();
    }
}
