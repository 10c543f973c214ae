using System.Globalization;
using System.Xml.Linq;
using Keras.Plots;
using static Keras.Api;

namespace Keras.Tests.Plots;

/// <summary>Pictures of models: what they show, and that nothing lies upon another thing.</summary>
public sealed class PlotModelTests
{
    static readonly PlotOptions All = new(Shapes: true, DTypes: true, Names: true, Nested: true, Activations: true, Trainable: true);

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static Functional Model()
    {
        var image = keras.Input((8, 8, 1), name: "image");
        Tensor x = keras.layers.Conv2D(4, 3, padding: "same", activation: "relu", name: "conv").Apply(image);
        Tensor sum = keras.layers.Add(name: "sum").Apply(new Tensors([x, keras.layers.Conv2D(4, 3, padding: "same", name: "again").Apply(keras.layers.BatchNormalization(name: "norm").Apply(x))]));
        Tensor flat = keras.layers.GlobalAveragePooling2D(name: "mean").Apply(sum);
        var inner = keras.Input(4, name: "inside");
        var gate = keras.Model(inner, keras.layers.Multiply(name: "product").Apply(new Tensors([keras.layers.Dense(4, name: "left").Apply(inner), keras.layers.Dense(4, activation: "gelu", name: "right").Apply(inner)])), name: "gate");
        var stack = keras.Sequential([keras.layers.Dense(4, name: "first"), keras.layers.Dropout(0.5, name: "second")], name: "stack");
        var shared = keras.layers.Dense(4, name: "shared");
        Tensor y = shared.Apply(shared.Apply(stack.Apply(gate.Apply(flat)))) * 2f;
        shared.trainable = false;
        return keras.Model(image, new Tensors([keras.layers.Dense(2, activation: "softmax", name: "a").Apply(y), keras.layers.Dense(1, name: "b").Apply(y)]), name: "whole");
    }

    static IEnumerable<PlotBox> Boxes(PlotCluster cluster) => cluster.Items.SelectMany(i => i is PlotCluster inner ? Boxes(inner) : [(PlotBox)i]);

    static IEnumerable<PlotCluster> Clusters(PlotCluster cluster) => cluster.Items.OfType<PlotCluster>().SelectMany(Clusters).Prepend(cluster);

    [TestCase(false)]
    [TestCase(true)]
    public void Nothing_lies_upon_another_thing_and_edges_go_with_the_flow(bool horizontal)
    {
        var graph = PlotGraphs.Of(Model(), All);
        PlotLayout.Place(graph, horizontal);
        foreach (var cluster in Clusters(graph))
        {
            foreach (var (i, item) in cluster.Items.Index())
            {
                Assert.That(item.X >= cluster.X && item.Y >= cluster.Y && item.X + item.Width <= cluster.X + cluster.Width + 0.01 && item.Y + item.Height <= cluster.Y + cluster.Height + 0.01, "inside of its model");
                foreach (var other in cluster.Items.Skip(i + 1))
                    Assert.That(item.X + item.Width <= other.X || other.X + other.Width <= item.X || item.Y + item.Height <= other.Y || other.Y + other.Height <= item.Y, "two boxes overlap");
            }
            foreach (var edge in cluster.Edges.Where(e => e.From != e.To))
            {
                var (from, to) = (edge.Points[0], edge.Points[^1]);
                Assert.That(horizontal ? from.X < to.X : from.Y < to.Y, $"{edge.From.Title} to {edge.To.Title}");
            }
        }
        Assert.That(Boxes(graph).Select(b => b.Title), Is.EquivalentTo(new[] { "image", "conv", "again", "norm", "sum", "mean", "inside", "left", "right", "product", "first", "second", "shared", "multiply", "a", "b" }));
        var joins = Clusters(graph).SelectMany(c => c.Edges).Select(e => $"{e.From.Title}-{e.To.Title}").ToArray();
        Assert.That(joins, Is.Unique);
        Assert.That(joins, Is.SupersetOf(new[] { "conv-sum", "conv-norm", "again-sum", "mean-inside", "inside-left", "right-product", "product-first", "first-second", "second-shared", "shared-shared", "shared-multiply", "multiply-b" }));
    }

    [Test]
    public void Cells_show_what_is_asked_for()
    {
        string[] TextOf(PlotOptions options, string title) => [.. Boxes(PlotGraphs.Of(Model(), options)).Single(b => b.Title == title).Rows.SelectMany(r => r).Select(c => c.Label + c.Strong)];
        Assert.That(TextOf(All, "conv"), Is.EqualTo(new[] { "Activation: relu", "Input shape: (None, 8, 8, 1)", "Output shape: (None, 8, 8, 4)", "Output dtype: float32", "Trainable" }));
        Assert.That(TextOf(All, "shared"), Does.Contain("Non-trainable"));
        Assert.That(TextOf(All, "sum"), Does.Contain("Input shape: [(None, 8, 8, 4), (None, 8, 8, 4)]"));
        Assert.That(TextOf(new(false, false, true, false, false, false), "gate"), Is.Empty);
        Assert.That(TextOf(new(true, false, false, false, false, false), "InputLayer"), Is.EqualTo(new[] { "Output shape: (None, 8, 8, 1)" }));
    }

    [Test]
    public void Files_are_SVG_and_text_for_Graphviz()
    {
        using var folder = new TemporaryFolder();
        var model = Model();
        keras.utils.plot_model(model, Path.Combine(folder, "m.svg"), show_shapes: true, show_layer_names: true, expand_nested: true, dpi: 96);
        var svg = XDocument.Load(Path.Combine(folder, "m.svg")).Root!;
        Assert.That(svg.Descendants().Count(e => e.Name.LocalName == "text"), Is.GreaterThan(30));
        Assert.That(double.Parse(svg.Attribute("width")!.Value, CultureInfo.InvariantCulture), Is.InRange(400, 4000));
        keras.utils.plot_model(model, Path.Combine(folder, "m.dot"));
        Assert.That(File.ReadAllText(Path.Combine(folder, "m.dot")), Is.EqualTo(keras.utils.model_to_dot(model, show_layer_names: false)));

        var dot = keras.utils.model_to_dot(model, expand_nested: true, rankdir: "LR", splines: "curved");
        Assert.That(dot, Does.Contain("rankdir=LR;").And.Contain("splines=curved;").And.Contain("label=\"gate\";").And.Contain("<b>conv</b> (Conv2D)"));
        Assert.That(dot.Count(c => c == '{'), Is.EqualTo(dot.Count(c => c == '}')));
        Assert.That(keras.utils.model_to_dot(model, subgraph: true), Does.StartWith("subgraph"));
    }

    sealed class Own : Model
    {
        readonly Layer _dense = keras.layers.Dense(1);

        public override Tensors call(Tensors inputs, bool training = false) => _dense.Apply(inputs);
    }

    [Test]
    public void Mistakes_are_named()
    {
        var model = Model();
        Assert.That(() => keras.utils.plot_model(new Own(), "m.svg"), Throws.InvalidOperationException.With.Message.Contains("not built"));
        Assert.That(() => keras.utils.plot_model(keras.Sequential([keras.layers.Dense(1)]), "m.svg"), Throws.InvalidOperationException.With.Message.Contains("not built"));
        Assert.That(() => keras.utils.plot_model(model, "m.gif"), Throws.ArgumentException.With.Message.Contains(".svg"));
        Assert.That(() => keras.utils.plot_model(model, rankdir: "TD"), Throws.ArgumentException.With.Message.Contains("\"TB\""));
        Assert.That(() => keras.utils.model_to_dot(model, splines: "orthogonal"), Throws.ArgumentException.With.Message.Contains("\"ortho\""));
        Assert.That(() => keras.utils.model_to_dot(model, dpi: 0), Throws.InstanceOf<ArgumentException>().With.Message.Contains("dpi"));
        Assert.That(() => keras.utils.model_to_dot(null!), Throws.ArgumentNullException);
        var own = new Own();
        own.Apply(ops.ones((1, 2)));
        Assert.That(keras.utils.model_to_dot(own), Does.Contain("(Own)"));
    }
}
