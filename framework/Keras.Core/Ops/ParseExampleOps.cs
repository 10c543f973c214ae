namespace Keras.Graphs;

/// <summary>Parses tf.train.Example records: dense features, and features of variable length as sparse or ragged tensors.</summary>
/// <remarks>Source: tensorflow/core/ops/parsing_ops.cc. A scalar record gives features without a batch axis.</remarks>
static partial class Tf
{
    static readonly OpDefinition ParseExampleV2Op = Define(
        "ParseExampleV2(serialized: string, names: string, sparse_keys: string, dense_keys: string, ragged_keys: string, dense_defaults: [Tdense]) -> " +
        "(sparse_indices: num_sparse*int64, sparse_values: [sparse_types], sparse_shapes: num_sparse*int64, dense_values: [Tdense], ragged_values: [ragged_value_types], ragged_row_splits: [ragged_split_types]) " +
        "{ num_sparse: int, sparse_types: list(type), ragged_value_types: list(type), ragged_split_types: list(type), dense_shapes: list(shape) }", c =>
        {
            var (sparse, ragged, splits) = (c.Get<DType[]>("sparse_types").Length, c.Get<DType[]>("ragged_value_types").Length, c.Get<DType[]>("ragged_split_types").Length);
            if (sparse != c.Int("num_sparse")) throw c.Fail($"{sparse} sparse types", $"num_sparse {c.Int("num_sparse")}");
            if (ragged != splits) throw c.Fail($"{ragged} types of row splits", $"{splits}");
            RequireKeys(c, 2, sparse);
            RequireKeys(c, 3, c.Inputs.Length - 5);
            RequireKeys(c, 4, ragged);
            var records = RequireRecords(c, 1);
            // A single record has rows without splits.
            var row = !records.HasRank ? Shape.OfRank(1) : records.Rank == 0 ? new Shape(0) : Shape.OfSymbolic(records.Symbolic[0] >= 0 ? records.Symbolic[0] + 1 : -1);
            return [.. ExampleShapes(c, records, sparse, 5), .. Enumerable.Repeat(Shape.OfRank(1), ragged), .. Enumerable.Repeat(row, ragged)];
        }, differentiable: false, checksFirst: true);

    static readonly OpDefinition ParseExampleOp = Define(
        "ParseExample(serialized: string, names: string, sparse_keys: Nsparse*string, dense_keys: Ndense*string, dense_defaults: [Tdense]) -> " +
        "(sparse_indices: Nsparse*int64, sparse_values: [sparse_types], sparse_shapes: Nsparse*int64, dense_values: [Tdense]) { sparse_types: list(type), dense_shapes: list(shape) }", c =>
        {
            var sparse = c.Get<DType[]>("sparse_types").Length;
            if (sparse != c.Int("Nsparse")) throw c.Fail($"{sparse} sparse types", $"Nsparse {c.Int("Nsparse")}");
            if (c.Get<DType[]>("Tdense").Length != c.Int("Ndense")) throw c.Fail($"{c.Get<DType[]>("Tdense").Length} dense types", $"Ndense {c.Int("Ndense")}");
            for (var i = 2; i < 2 + sparse + c.Int("Ndense"); i++)
                if (!c[i].IsCompatibleWith(Shape.Scalar)) throw c.Fail("keys as scalars", c[i].ToString());
            var records = RequireRecords(c, 1);
            if (records is { HasRank: true, Rank: 0 }) throw c.Fail("a vector of records", records.ToString());
            return ExampleShapes(c, records.HasRank ? records : Shape.OfRank(1), sparse, c.Inputs.Length - c.Get<DType[]>("Tdense").Length);
        }, differentiable: false, checksFirst: true);

    static readonly OpDefinition ParseSingleExampleOp = Define(
        "ParseSingleExample(serialized: string, dense_defaults: [Tdense]) -> " +
        "(sparse_indices: num_sparse*int64, sparse_values: [sparse_types], sparse_shapes: num_sparse*int64, dense_values: [Tdense]) " +
        "{ num_sparse: int, sparse_keys: list(string), dense_keys: list(string), sparse_types: list(type), dense_shapes: list(shape) }", c =>
        {
            var (sparse, dense) = (c.Get<DType[]>("sparse_types").Length, c.Inputs.Length - 1);
            if (sparse != c.Int("num_sparse") || sparse != c.Get<string[]>("sparse_keys").Length) throw c.Fail($"{sparse} sparse keys", $"{c.Get<string[]>("sparse_keys").Length}, num_sparse {c.Int("num_sparse")}");
            if (dense != c.Get<string[]>("dense_keys").Length) throw c.Fail($"{dense} dense keys", $"{c.Get<string[]>("dense_keys").Length}");
            if (!c[0].IsCompatibleWith(Shape.Scalar)) throw c.Fail("one record as a scalar", c[0].ToString());
            return ExampleShapes(c, Shape.Scalar, sparse, 1);
        }, differentiable: false, checksFirst: true);

    static void RequireKeys(ShapeContext c, int input, int count)
    {
        if (!c[input].IsCompatibleWith(new Shape(count))) throw c.Fail($"'{c.Op.Inputs[input].Name}' of {count} strings", $"shape {c[input]}");
    }

    /// <summary>Checks and returns the shape of the records; there are as many names, or none.</summary>
    static Shape RequireRecords(ShapeContext c, int names)
    {
        if (c[0] is { HasRank: true, Rank: > 1 }) throw c.Fail("records as a scalar or a vector", c[0].ToString());
        if (c[names] is { HasRank: true, Rank: > 1 } || (c[names] is { IsFullyKnown: true, ElementCount: > 0 } given && !given.IsCompatibleWith(c[0]))) throw c.Fail($"names of shape {c[0]}, or none", c[names].ToString());
        return c[0];
    }

    /// <summary>The shapes of sparse features, then of dense ones, whose defaults are checked: empty, of the feature's shape, or one value that pads variable rows.</summary>
    static Shape[] ExampleShapes(ShapeContext c, Shape records, int sparse, int firstDefault, string denseShapes = "dense_shapes")
    {
        var shapes = c.Get<Shape[]>(denseShapes);
        if (shapes.Length != c.Inputs.Length - firstDefault) throw c.Fail($"{c.Inputs.Length - firstDefault} dense shapes", $"{shapes.Length}");
        for (var i = 0; i < shapes.Length; i++) RequireDense(c, shapes[i], c[firstDefault + i]);
        var rank = records.HasRank ? records.Rank + 1 : -1;
        return
        [
            .. Enumerable.Repeat(Shape.OfSymbolic(-1, rank), sparse), .. Enumerable.Repeat(Shape.OfRank(1), sparse), .. Enumerable.Repeat(rank < 0 ? Shape.OfRank(1) : new Shape(rank), sparse),
            .. shapes.Select(s => records.HasRank ? records.Concat(s) : Shape.Unknown),
        ];
    }

    static void RequireDense(ShapeContext c, Shape shape, Shape given)
    {
        if (!shape.HasRank || (shape.Rank > 0 && !shape[1..].IsFullyKnown)) throw c.Fail("dense shapes that are known but for the first dimension", shape.ToString());
        if (!given.IsFullyKnown) return;
        if (!shape.IsFullyKnown) _ = given.ElementCount == 1 ? 0 : throw c.Fail($"one value to pad rows of {shape} with", $"shape {given}");
        else if (given.ElementCount > 0 && !given.IsCompatibleWith(shape)) throw c.Fail($"a default of shape {shape}, or none", given.ToString());
    }
}
