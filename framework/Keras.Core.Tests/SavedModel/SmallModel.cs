using Keras.Engines;
using Keras.Graphs;
using Keras.SavedModels;

namespace Keras.Tests.SavedModels;

/// <summary>A model with all that an export can hold, small enough to compute by hand: embeddings, two dtypes of ids, tables, a branch, a counter.</summary>
sealed class SmallModel
{
    static readonly OpDefinition Find = Define("LookupTableFindV2(table_handle: resource, keys: Tin, default_value: Tout) -> (values: Tout)",
        c => [c[1]], StateAccess.Read);

    static readonly OpDefinition If = Define("StatelessIf(cond: Tcond, input: [Tin]) -> (output: [Tout]) "
        + "{ Tout: list(type), then_branch: func, else_branch: func, output_shapes: list(shape) = [] }", c => [c[1]]);

    public SavedModelVariable Embeddings { get; } = Variable("bert/embeddings/weight", true, (11, 4), i => i * 0.25f);

    public SavedModelVariable Kernel { get; } = Variable("head/kernel", true, (4, 3), i => i - 5);

    public SavedModelVariable Count { get; } = Variable("head/count", false, 1, _ => 7);

    public SavedModelContents Contents { get; }

    public SmallModel(string vocabularyFile)
    {
        var (listed, fromFile) = (Resource(DType.Int64, Shape.Scalar), Resource(DType.Int64, Shape.Scalar));
        Contents = new()
        {
            Signatures = new Dictionary<string, SavedModelSignature>
            {
                [SavedModelContents.DefaultSignature] = Logits(DType.Int32),
                ["int64_serving"] = Logits(DType.Int64),
                ["count"] = new(Counter(), ["twice"], ["before", "chosen"]),
                ["text"] = new(Lookup(listed, fromFile), ["words"], ["listed", "line"]),
            },
            Variables = [Embeddings, Kernel, Count],
            Tables =
            [
                new("tables/listed", listed, DType.String, DType.Int64, new TableEntries(HostTensor.From(new[] { "x", "y" }), HostTensor.Vector(10L, 20L))),
                new("tables/vocabulary", fromFile, DType.String, DType.Int64, new TableFile(vocabularyFile)),
            ],
            ExtraFiles = new Dictionary<string, Action<Stream>> { ["assets.extra/note"] = s => s.WriteByte(42) },
        };
    }

    /// <summary>Logits of one row of ids: the mean of their embeddings times the kernel.</summary>
    public static float[] Expected(params int[] ids) => [.. Enumerable.Range(0, 3).Select(column =>
        Enumerable.Range(0, 4).Sum(row => ids.Average(id => ((id * 4) + row) * 0.25f) * ((row * 3) + column - 5)))];

    SavedModelSignature Logits(DType ids) => new(FunctionGraph.Trace("serve", [(ids, new Shape(-1, -1), "input_ids")], t =>
    {
        var rows = Tf.Gather(Tf.ReadVariable(Embeddings.Handle, DType.Float32), t[0], 0);
        return [Tf.MatMul(Tf.Mean(rows, [1]), Tf.ReadVariable(Kernel.Handle, DType.Float32))];
    }), ["input_ids"], ["logits"]);

    FunctionGraph Counter()
    {
        var twice = FunctionGraph.Trace("then", [(DType.Float32, 1, "x")], t => [t[0] + t[0]]);
        var negative = FunctionGraph.Trace("else", [(DType.Float32, 1, "x")], t => [-t[0]]);
        return FunctionGraph.Trace("count", [(DType.Bool, Shape.Scalar, "twice")], t =>
        {
            var before = Tf.ReadVariable(Count.Handle, DType.Float32);
            var attributes = Attributes.Of(("Tout", new[] { DType.Float32 }), ("then_branch", twice), ("else_branch", negative));
            var chosen = Graph.Current!.Add(If, attributes, [t[0], before]).Outputs[0];
            Tf.AssignAddVariable(Count.Handle, Tf.Constant(HostTensor.Vector(1f)));
            return [before, chosen];
        });
    }

    static FunctionGraph Lookup(Tensor listed, Tensor fromFile) => FunctionGraph.Trace("text", [(DType.String, new Shape(-1), "words")], t =>
    {
        var none = Tf.Constant(HostTensor.Scalar(-1L));
        return [.. new[] { listed, fromFile }.Select(table => Graph.Current!.Add(Find, Attributes.None, [table, t[0], none]).Outputs[0])];
    });

    public static SavedModelVariable Variable(string name, bool trainable, Shape shape, Func<int, float> value)
    {
        float[] values = [.. Enumerable.Range(0, (int)shape.ElementCount).Select(value)];
        return new(name, Resource(DType.Float32, shape), DType.Float32, shape, trainable,
            () => AlignedMemory.CopyOf(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values)));
    }

    /// <summary>A resource that no engine holds: it only marks what a function captures.</summary>
    public static EagerTensor Resource(DType dtype, Shape shape) => new(new NoHandle(), null!) { HandleData = (dtype, shape) };

    static OpDefinition Define(string signature, ShapeFunction shapes, StateAccess state = StateAccess.None)
    {
        var (name, inputs, outputs, attributes) = OpSignature.Parse(signature);
        return new() { Name = name, Inputs = inputs, Outputs = outputs, Attributes = attributes, Shapes = shapes, State = state };
    }

    sealed class NoHandle : ITensorHandle
    {
        public DType DType => DType.Resource;

        public Shape Shape => Shape.Scalar;

        public void Dispose()
        {
        }
    }
}
