using System.Diagnostics.CodeAnalysis;
using Keras.Graphs;

namespace Keras.Engines.TensorFlow;

/// <summary>Replaces ops that end the process or write outside their memory on some inputs by safe ones, eagerly and in functions.</summary>
/// <remarks>Valid inputs are computed, others fail: a guard gathers an element out of range where its condition does not hold.</remarks>
static class SafeForms
{
    [ThreadStatic] static bool t_inside;

    static readonly Dictionary<string, Func<OpCall, Tensor[]>> Table = new()
    {
        // Memory that the scatter op itself adds holds elements without the list's dtype.
        ["TensorListScatter"] = c => [ScatterInto(Reserve(c, c.Inputs[2], Ends(c.Inputs[1])), c.Inputs[0], c.Inputs[1])],
        ["TensorListScatterV2"] = c => [ScatterInto(Reserve(c, c.Inputs[2], Tf.Maximum(c.Inputs[3], Ends(c.Inputs[1]))), c.Inputs[0], c.Inputs[1])],
        ["TensorListScatterIntoExistingList"] = c => [ScatterInto(Run("TensorListResize", [c.Inputs[0], Tf.Maximum(Run("TensorListLength", [c.Inputs[0]]), Ends(c.Inputs[2]))]), c.Inputs[1], c.Inputs[2])],
        // An index below 0 would address memory before the list.
        ["TensorListSetItem"] = c => Dispatch.RunAll(c.Op, [c.Inputs[0], NotNegative(c.Inputs[1]), c.Inputs[2]], c.Attributes),
        ["TensorListGetItem"] = c => Dispatch.RunAll(c.Op, [c.Inputs[0], NotNegative(c.Inputs[1]), c.Inputs[2]], c.Attributes),
        ["RaggedTensorToTensor"] = Ragged,
        ["EncodePng"] = c => Dispatch.RunAll(c.Op, [Tf.Reshape(c.Inputs[0], Tf.ShapeOf(c.Inputs[0]) + Guard(Tf.Minimum(Tf.SizeOf(c.Inputs[0]) - 1, Zero)))], c.Attributes),
        // A BMP file stored top-down has a negative height, which only the uint8 op supports.
        ["DecodeImage"] = c => c.Get<DType>("dtype") == DType.UInt8 ? Dispatch.RunAll(c.Op, c.Inputs, c.Attributes)
            : Dispatch.RunAll(c.Op, [Tf.StringJoin([c.Inputs[0], Tf.Gather(Tf.Constant(HostTensor.From(new[] { "" })), Tf.Neg(Tf.Cast(IsTopDown(c.Inputs[0]), DType.Int32)), 0)])], c.Attributes),
    };

    /// <summary>Checks that row splits begin at 0, never fall, and end within the next partition or the values.</summary>
    static Tensor[] Ragged(OpCall c)
    {
        var (kinds, partitions) = (c.Get<string[]>("row_partition_types"), c.Inputs[3..]);
        var shape = c.Inputs[0];
        for (var i = 0; i < partitions.Length; i++)
        {
            var (all, isLast) = (partitions[i], i == partitions.Length - 1);
            if (kinds[i] == "FIRST_DIM_SIZE") continue;
            var zero = Tf.Cast(Zero, all.dtype);
            var count = Tf.Cast(isLast ? Tf.DimOf(c.Inputs[1], 0) : kinds[i + 1] == "ROW_SPLITS" ? Tf.SizeOf(partitions[i + 1]) - 1 : Tf.Int32Scalar(int.MaxValue), all.dtype);
            Tensor[] notNegative = kinds[i] == "ROW_SPLITS"
                ? [Tf.Neg(Tf.Abs(First(all, 1))), Least(Rises(all)), count - Last(all)]
                : [Least(Rises(all)), Least(Rows(i) - 1 - all), count - Tf.Cast(Tf.SizeOf(all), all.dtype)];
            foreach (var guarded in notNegative) shape += Tf.Cast(Guard(Tf.Cast(Tf.Minimum(guarded, zero), DType.Int32)), shape.dtype);
        }
        return Dispatch.RunAll(c.Op, [shape, .. c.Inputs[1..]], c.Attributes);

        // The number of rows of the previous partition.
        Tensor Rows(int i) => i == 0 ? Tf.Cast(Zero, partitions[0].dtype)
            : kinds[i - 1] switch { "FIRST_DIM_SIZE" => partitions[i - 1], "ROW_SPLITS" => Last(partitions[i - 1]), _ => Tf.Cast(Tf.SizeOf(partitions[i - 1]), partitions[i].dtype) };
        Tensor Rises(Tensor vector) => vector - Tf.Slice(Tf.Concat([Tf.Cast(Tf.Int32(0), vector.dtype), vector], 0), Tf.Int32(0), Tf.ShapeOf(vector));
        Tensor Last(Tensor vector) => First(Tf.Reverse(vector, 0), 1);
        // A 0 is appended, so that an empty vector gives 0.
        Tensor First(Tensor vector, int one) => Tf.Sum(Tf.Slice(Tf.Concat([vector, Tf.Cast(Tf.Int32(0), vector.dtype)], 0), [0], [one]));
        Tensor Least(Tensor vector) => Tf.Min(Tf.Concat([vector, Tf.Cast(Tf.Int32(0), vector.dtype)], 0), [0]);
    }

    static Tensor Zero => Tf.Int32Scalar(0);

    /// <summary>Replaces the function's ops by safe forms.</summary>
    public static FunctionGraph Apply(FunctionGraph function) => Holds(function) ? Lowering.Rewrite(function, op => Table.GetValueOrDefault(op.Name)) : function;

    /// <summary>Whether an op has a safe form.</summary>
    public static bool Has(OpDefinition op) => Table.ContainsKey(op.Name);

    /// <summary>Gets the safe form of an op that is run at once, unless it is itself part of one.</summary>
    public static bool TryGet(OpDefinition op, [NotNullWhen(true)] out Func<OpCall, Tensor[]>? form)
    {
        form = null;
        return !t_inside && Table.TryGetValue(op.Name, out form);
    }

    /// <summary>Runs a safe form on values.</summary>
    /// <exception cref="EngineException">The op rejects these values.</exception>
    public static void Run(Func<OpCall, Tensor[]> form, OpDefinition op, Attributes attributes, ReadOnlySpan<ITensorHandle> inputs, Span<ITensorHandle> outputs, IEngine engine)
    {
        var tensors = new Tensor[inputs.Length];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = new EagerTensor(inputs[i], engine);
        t_inside = true;
        try
        {
            using (Engine.Use(engine))
            using (Graph.Suspend())
            using (GradientTape.Pause())
            {
                var results = form(new OpCall(op, attributes, tensors));
                for (var i = 0; i < outputs.Length; i++) outputs[i] = results[i].RequireEager().Handle;
            }
        }
        catch (EngineException e) when (e.Where?.StartsWith("GatherV2", StringComparison.Ordinal) == true)
        {
            throw new EngineException("TensorFlow would end the process on these values", op.Name, received: string.Join(", ", tensors.Select(t => $"{t}")), inner: e);
        }
        finally
        {
            t_inside = false;
        }
    }

    static bool Holds(FunctionGraph function) => function.Graph.Nodes.Any(n => Table.ContainsKey(n.Op.Name) || n.Attributes.Functions.Any(Holds));

    static Tensor Run(string op, ReadOnlySpan<Tensor> inputs, params ReadOnlySpan<(string, object)> attributes) =>
        Dispatch.Run(OpTable.TryGet(op, out var found) ? found : throw new InvalidOperationException(op), inputs, Attributes.Of(attributes));

    static Tensor Reserve(OpCall c, Tensor shape, Tensor count) => Run("TensorListReserve", [shape, count], ("element_dtype", c.Inputs[0].dtype));

    static Tensor ScatterInto(Tensor list, Tensor rows, Tensor indices) => Run("TensorListScatterIntoExistingList", [list, rows, indices + Guard(Tf.Min(Tf.Concat([indices, Tf.Int32(0)], 0), [0]))]);

    /// <summary>The list length that the indices need: the greatest index plus 1.</summary>
    static Tensor Ends(Tensor indices) => Tf.Max(Tf.Concat([indices, Tf.Int32(-1)], 0), [0]) + 1;

    /// <summary>0, or an index error if the argument is not 0.</summary>
    static Tensor Guard(Tensor zero) => Tf.Gather(Tf.Int32(0), zero, 0);

    static Tensor NotNegative(Tensor index) => index is SymbolicTensor { Value.IsFullyKnown: true } known && known.Value!.Known().All(i => i >= 0) ? index : index + Guard(Tf.Minimum(index, Zero));

    static Tensor IsTopDown(Tensor file)
    {
        // Pads the file, so that every file has these bytes.
        var padded = Tf.StringJoin([file, Tf.Constant(HostTensor.From(new string('0', 32)))]);
        Tensor Part(int start, int count) => Tf.Substr(padded, Tf.Int32Scalar(start), Tf.Int32Scalar(count), "BYTE");
        var sign = Tf.Reshape(Tf.DecodeRaw(Part(25, 1), DType.UInt8), Tf.Int32());
        return Tf.LogicalAnd(Tf.Equal(Part(0, 2), Tf.Constant(HostTensor.From("BM"))), Tf.GreaterEqual(sign, Tf.Constant(128, DType.UInt8)));
    }
}
