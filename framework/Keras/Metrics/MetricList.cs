using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Keras.Metrics;

/// <summary>A list of metrics that has functions in it: <c>metrics: ["mae", MyMetric]</c>.</summary>
/// <remarks>It is enumerated as plain objects, since a list of <see cref="MetricsArg"/> would take no method: C# makes a delegate of a method for a delegate or
/// for <see cref="object"/> only. For a lambda, or a method with overloads, write <c>new(...)</c>: <c>["mae", new((t, p) => ...)]</c> makes a <see cref="MetricsArg"/>.</remarks>
[SuppressMessage("Design", "CA1010", Justification = "Only as plain objects do the items of a list expression include methods.")]
public sealed class MetricList : IEnumerable
{
    readonly List<MetricsArg?> _items = [];

    /// <summary>Adds a metric by its name.</summary>
    public void Add(string name) => _items.Add(name);

    /// <summary>Adds a metric.</summary>
    public void Add(Metric metric) => _items.Add(metric);

    /// <summary>Adds a function of truth and predictions whose values are averaged.</summary>
    public void Add(Func<Tensor, Tensor, Tensor> function) => _items.Add(new MetricsArg(function));

    /// <summary>The list as <c>compile</c> takes it; null for none.</summary>
    internal static MetricsArg? Of(MetricList? list) => list is null ? null : MetricsArg.Create([.. list._items]);

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}
