namespace Keras.Data;

/// <summary>Gives row indices in batches, in a new order for each iteration.</summary>
/// <param name="rows">How many rows there are.</param>
/// <param name="size">The batch size; null for single indices.</param>
/// <param name="dropsRemainder">Whether to drop a last, smaller batch.</param>
/// <param name="seed">The seed of the orders.</param>
/// <param name="order">Gives the order of an iteration; null for that of the rows.</param>
sealed class IndexStage(long rows, int? size, bool dropsRemainder, long seed, Func<System.Random, long[]>? order) : Stage
{
    public override string Name => "rows";

    public override long Cardinality => size is not { } count ? rows : dropsRemainder ? rows / count : (rows + count - 1) / count;

    public override int? BatchSize => size;

    public override long? Seed { get; set; } = seed;

    public override ElementSpec Spec => new(ElementStructure.One, [new(size is null ? Shape.Scalar : new Shape(dropsRemainder ? size.Value : -1), DType.Int64)]);

    public override IEnumerable<Element> Elements(Run run, long skip)
    {
        var chosen = order?.Invoke(Seeds.Generator(Seed!.Value, run.Epoch));
        for (var i = skip; i < Cardinality; i++)
        {
            run.Token.ThrowIfCancellationRequested();
            var first = i * (size ?? 1);
            var batch = new long[Math.Min(size ?? 1, rows - first)];
            for (var k = 0; k < batch.Length; k++) batch[k] = chosen is null ? first + k : chosen[first + k];
            yield return Element.Of(Leaf.Of(size is null ? HostTensor.Scalar(batch[0]) : HostTensor.Vector<long>(batch)));
        }
    }
}

/// <summary>Passes elements on with a more precise spec.</summary>
sealed class SpecStage(Stage input, ElementSpec spec) : Stage(input)
{
    public override string Name => "spec";

    public override long Cardinality => Input.Cardinality;

    public override int? BatchSize => Input.BatchSize;

    public override ElementSpec Spec => spec;

    public override IEnumerable<Element> Elements(Run run, long skip) => Input.Elements(run, skip);
}
