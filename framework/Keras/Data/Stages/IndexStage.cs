namespace Keras.Data;

/// <summary>Numbers of rows, batch by batch, in an order that a walk has of its own.</summary>
/// <param name="rows">How many rows there are.</param>
/// <param name="size">The rows of a batch; null for single numbers.</param>
/// <param name="dropsRemainder">Whether a last batch of fewer rows is left out.</param>
/// <param name="seed">Makes the orders.</param>
/// <param name="order">The order of a walk; null for that of the rows.</param>
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

/// <summary>The same elements, of which more is known.</summary>
sealed class SpecStage(Stage input, ElementSpec spec) : Stage(input)
{
    public override string Name => "spec";

    public override long Cardinality => Input.Cardinality;

    public override int? BatchSize => Input.BatchSize;

    public override ElementSpec Spec => spec;

    public override IEnumerable<Element> Elements(Run run, long skip) => Input.Elements(run, skip);
}
