using Keras.Layers;
using static Keras.Api;

namespace Keras.Tests.Models;

/// <summary>Layers and variables that a class of a user's own holds in other places than plain fields.</summary>
sealed class TrackingTests
{
    static readonly float[,] X = { { 1, 2 }, { 3, 4 } };

    sealed class Holder(Func<object> make, Func<object, Tensor, Tensor> use) : Model
    {
        readonly object _held = make();

        public override Tensors call(Tensors inputs, bool training = false) => use(_held, inputs);
    }

    sealed class InTuples : Model
    {
        readonly (Dense First, (Dense Second, int Count) More) _pair = (keras.layers.Dense(3), (keras.layers.Dense(1), 2));
        readonly Tuple<string, Dense> _named = Tuple.Create("head", keras.layers.Dense(1));

        public override Tensors call(Tensors inputs, bool training = false)
        {
            var h = _pair.First.Apply(inputs);
            return _pair.More.Second.Apply(h) + _named.Item2.Apply(h);
        }
    }

    sealed class InFields<T>(T held, Func<T, Tensor, Tensor> use) : Model
    {
        readonly T _held = held;

        public override Tensors call(Tensors inputs, bool training = false) => use(_held, inputs);
    }

    sealed record Pair(Dense A, Dense B);

    struct Wrapped
    {
        public Dense Inner;
    }

    static Dense Dense() => keras.layers.Dense(1);

    static Tensor Sum(IEnumerable<Dense> layers, Tensor x) => layers.Select(l => (Tensor)l.Apply(x)).Aggregate((a, b) => a + b);

    static IEnumerable<TestCaseData> Tracked()
    {
        yield return Case("tuples", () => new InTuples(), 6);
        yield return Case("array", () => Of(new[] { Dense(), Dense() }, Sum), 4);
        yield return Case("list of lists", () => Of(new List<List<Dense>> { new() { Dense() }, new() { Dense() } }, (l, x) => Sum(l.SelectMany(i => i), x)), 4);
        yield return Case("dictionary of lists", () => Of(new Dictionary<string, List<Dense>> { ["a"] = [Dense()], ["b"] = [Dense(), Dense()] }, (d, x) => Sum(d.Values.SelectMany(i => i), x)), 6);
        yield return Case("list of tuples", () => Of(new List<(string, Dense)> { ("a", Dense()), ("b", Dense()) }, (l, x) => Sum(l.Select(i => i.Item2), x)), 4);
        yield return Case("set", () => Of(new HashSet<Dense> { Dense(), Dense() }, Sum), 4);
        yield return Case("read-only dictionary", () => Of<IReadOnlyDictionary<int, Dense>>(new Dictionary<int, Dense> { [1] = Dense() }, (d, x) => Sum(d.Values, x)), 2);
        yield return Case("immutable", () => Of(System.Collections.Immutable.ImmutableArray.Create(Dense(), Dense()), (l, x) => Sum(l, x)), 4);
        yield return Case("five deep", () => Of(new object[] { new object[] { new object[] { new object[] { new object[] { Dense() } } } } },
            (l, x) => ((Dense)((object[])((object[])((object[])((object[])l[0])[0])[0])[0])[0]).Apply(x)), 2);
        yield return Case("nullable tuple", () => Of(((Dense, int)?)(Dense(), 1), (t, x) => t!.Value.Item1.Apply(x)), 2);
        yield return Case("object", () => new Holder(() => (Dense(), Dense()), (t, x) => Sum([(((Dense, Dense))t).Item1, (((Dense, Dense))t).Item2], x)), 4);
    }

    static Model Of<T>(T held, Func<T, Tensor, Tensor> use) => new InFields<T>(held, use);

    static TestCaseData Case(string name, Func<Model> make, int weights) => new TestCaseData(make, weights).SetArgDisplayNames(name);

    [TestCaseSource(nameof(Tracked))]
    public void ALayerInACollectionOrATupleIsTrainedFrozenAndSaved(Func<Model> make, int weights)
    {
        var model = make();
        model.compile(optimizer: keras.optimizers.SGD(0.1), loss: "mse");
        var before = (float[])model.predict(X, verbose: 0).ToArray<float>();
        Assert.That(model.weights, Has.Count.EqualTo(weights));
        model.fit(X, new float[,] { { 5 }, { 6 } }, verbose: 0);
        Assert.That(model.predict(X, verbose: 0).ToArray<float>(), Is.Not.EqualTo(before));
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "m.weights.h5");
        model.save_weights(path);
        var again = make();
        again.predict(X, verbose: 0);
        again.load_weights(path);
        Assert.That(again.predict(X, verbose: 0).ToArray<float>(), Is.EqualTo(model.predict(X, verbose: 0).ToArray<float>()).Within(1e-6));
        model.trainable = false;
        Assert.That(model.trainable_weights, Is.Empty);
    }

    static IEnumerable<TestCaseData> Untracked()
    {
        yield return Refused("record", () => Of(new Pair(Dense(), Dense()), (p, x) => p.A.Apply(x)), "_held.A");
        yield return Refused("lazy", () => Of(new Lazy<Dense>(Dense), (l, x) => l.Value.Apply(x)), "_held");
        yield return Refused("struct", () => Of(new Wrapped { Inner = Dense() }, (w, x) => w.Inner.Apply(x)), "_held.Inner");
        yield return Refused("record in a list", () => Of(new List<Pair> { new(Dense(), Dense()) }, (l, x) => l[0].B.Apply(x)), "_held[0].B");
        yield return Refused("query", () => Of(Enumerable.Range(0, 1).Select(_ => Dense()), (l, x) => Sum(l, x)), "local variable");
        yield return Refused("function", () => Of(Captured(), (f, x) => f(x)), "_held");
        yield return Refused("local", () => Of(0, (_, x) => Dense().Apply(x)), "local variable");
        yield return Refused("variable", () => Of(new Lazy<Variable>(One), (v, x) => x * v.Value), "_held");
    }

    static Variable One() => new(() => ops.ones([1]), new Shape(1), DType.Float32, true, "one");

    static Func<Tensor, Tensor> Captured()
    {
        var dense = Dense();
        return x => dense.Apply(x);
    }

    static TestCaseData Refused(string name, Func<Model> make, string field) => new TestCaseData(make, field).SetArgDisplayNames(name);

    [TestCaseSource(nameof(Untracked))]
    public void WhatCannotBeTrackedIsNamedByItsField(Func<Model> make, string field)
    {
        Assert.That(() => make().Apply(X), Throws.TypeOf<UnsupportedException>().With.Message.Contains(field).And.Message.Contains("never be trained"));
        var model = make();
        model.compile(optimizer: "sgd", loss: "mse");
        Assert.That(() => model.fit(X, new float[,] { { 5 }, { 6 } }, verbose: 0), Throws.TypeOf<UnsupportedException>().With.Message.Contains(field));
    }

    [Test]
    public void ALayerWithoutWeightsMayLieAnywhere()
    {
        var model = Of(new Lazy<Layer>(() => keras.layers.Activation("relu")), (l, x) => l.Value.Apply(x));
        Assert.That(model.Apply(new float[,] { { -1, 2 } }).ToArray<float>(), Is.EqualTo(new float[] { 0, 2 }));
    }

    [Test]
    public void ALayerThatAnOuterOneHoldsMayBePassedDown()
    {
        var shared = Dense();
        var inner = new InFields<Func<Tensor, Tensor>>(x => shared.Apply(x), (f, x) => f(x));
        var outer = Of((shared, inner), (t, x) => t.inner.Apply(x) + t.shared.Apply(x));
        Assert.That(outer.Apply(X).shape, Is.EqualTo(new Shape(2, 1)));
        Assert.That(outer.weights, Has.Count.EqualTo(2));
    }
}
