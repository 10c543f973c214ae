using System.Globalization;
using Keras.Layers;

namespace Keras.Plots;

/// <summary>What a model's picture shows of its layers.</summary>
sealed record PlotOptions(bool Shapes, bool DTypes, bool Names, bool Nested, bool Activations, bool Trainable);

/// <summary>Makes boxes and edges for a model, as Keras' model_to_dot draws them.</summary>
static class PlotGraphs
{
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    public static PlotCluster Of(Model model, PlotOptions options)
    {
        if (!model.built) throw new InvalidOperationException($"The model '{model.name}' is not built yet, so that its layers are not joined. Call it on data, or build(input_shape), first.");
        return new Builder(options).Cluster(model);
    }

    sealed class Builder(PlotOptions options)
    {
        int _boxes;

        public PlotCluster Cluster(Model model)
        {
            var cluster = new PlotCluster(model.name);
            if (model is Sequential stack) AddStack(cluster, stack);
            else if (model is Functional functional) AddGraph(cluster, functional);
            else
            {
                // What a user's own class calls is unknown before it runs.
                var only = Box(model, null);
                cluster.Items.Add(only);
                cluster.EntryOf = cluster.ExitOf = _ => only;
            }
            return cluster;
        }

        void AddStack(PlotCluster cluster, Sequential stack)
        {
            foreach (var layer in stack.layers)
            {
                cluster.Items.Add(Item(layer, stack.Inner?.Graph));
                if (cluster.Items is [.., var before, var now]) cluster.Join(before, 0, now, 0);
            }
            if (cluster.Items.Count == 0) cluster.Items.Add(Box(stack, null));
            cluster.EntryOf = input => cluster.Items[0] is PlotCluster inner ? inner.EntryOf(input) : (PlotBox)cluster.Items[0];
            cluster.ExitOf = output => cluster.Items[^1] is PlotCluster inner ? inner.ExitOf(output) : (PlotBox)cluster.Items[^1];
        }

        void AddGraph(PlotCluster cluster, Functional model)
        {
            var graph = model.Graph;
            var items = new Dictionary<object, PlotItem>(ReferenceEqualityComparer.Instance);
            foreach (var operation in graph.Operations) cluster.Items.Add(items[operation] = Item(operation, graph));
            var (inputs, outputs) = (model.inputs.Flatten(), model.outputs.Flatten());
            foreach (var step in graph.Steps.Where(s => !s.Outputs.Any(inputs.Contains)))
                for (var i = 0; i < step.Inputs.Count; i++)
                    if (graph.StepOf(step.Inputs[i]) is { } source) cluster.Join(items[source.Operation], source.Outputs.ToList().IndexOf(step.Inputs[i]), items[step.Operation], i);
            PlotBox BoxOf(Tensor tensor, bool entry)
            {
                var step = graph.StepOf(tensor) ?? throw new InvalidOperationException($"Nothing makes {tensor}.");
                var at = step.Outputs.ToList().IndexOf(tensor);
                return items[step.Operation] is PlotCluster inner ? (entry ? inner.EntryOf(at) : inner.ExitOf(at)) : (PlotBox)items[step.Operation];
            }
            cluster.EntryOf = input => BoxOf(inputs[Math.Min(input, inputs.Count - 1)], entry: true);
            cluster.ExitOf = output => BoxOf(outputs[Math.Min(output, outputs.Count - 1)], entry: false);
        }

        PlotItem Item(object operation, ModelGraph? graph) => options.Nested && operation is Functional or Sequential { built: true } ? Cluster((Model)operation) : Box(operation, graph);

        PlotBox Box(object operation, ModelGraph? graph)
        {
            var layer = operation as Layer;
            var kind = layer switch { KerasOperation keras => keras.ClassName, Functional when layer.GetType() == typeof(Functional) => "Functional", not null => layer.GetType().Name, null => ((OpStep)operation).Node.Op.Name };
            var name = layer?.name ?? ((OpStep)operation).Name;
            var rows = new List<PlotCell[]>();
            if (options.Activations && layer is not null && ActivationOf(layer) is { } activation) rows.Add([new("Activation: ", activation)]);
            PlotCell[] cells = [.. Cells(operation, layer, graph)];
            if (cells.Length > 0) rows.Add(cells);
            return new($"n{_boxes++}", options.Names ? name : kind, options.Names ? $" ({kind})" : "", rows);
        }

        IEnumerable<PlotCell> Cells(object operation, Layer? layer, ModelGraph? graph)
        {
            var steps = graph?.Steps.Where(s => s.Operation == operation).ToArray() ?? [];
            var (inputs, outputs) = steps is [.., var last] ? (last.Inputs, last.Outputs) : (TensorsOf(layer, input: true), TensorsOf(layer, input: false));
            if (options.Shapes && layer is not InputLayer) yield return new("Input shape: ", Text(inputs, Shapes));
            if (options.Shapes) yield return new("Output shape: ", Text(outputs, Shapes));
            if (options.DTypes) yield return new("Output dtype: ", Text(outputs, t => t.dtype.Name));
            if (options.Trainable && layer is { weights.Count: > 0 })
                yield return layer.trainable ? new("", "Trainable", "forestgreen", "white") : new("", "Non-trainable", "firebrick", "white");
        }

        static IReadOnlyList<Tensor>? TensorsOf(Layer? layer, bool input) => layer switch
        {
            Functional model => (input ? model.inputs : model.outputs).Flatten(),
            Sequential model => (input ? model.inputs : model.outputs)?.Flatten(),
            _ => null,
        };

        static string Text(IReadOnlyList<Tensor>? tensors, Func<Tensor, string> of) => tensors switch
        {
            null or [] => "?",
            [var only] => of(only),
            _ => $"[{string.Join(", ", tensors.Select(of))}]",
        };

        static string Shapes(Tensor tensor) => tensor.shape.HasRank ? $"({string.Join(", ", tensor.shape.ToArray().Select(d => d < 0 ? "None" : d.ToString(CultureInfo.InvariantCulture)))})" : "?";

        /// <summary>The activation's name in the layer's config; null for user-defined layers without a config, and for user-defined functions.</summary>
        static string? ActivationOf(Layer layer)
        {
            try
            {
                return NamedActivationOf(layer);
            }
            catch (UnsupportedException)
            {
                return "a function of one's own";
            }
        }

        static string? NamedActivationOf(Layer layer) => LayerConfigs.IsOfKeras(layer.GetType()) && layer is not (Model or Lambda) && layer.get_config().GetValueOrDefault("activation") is { } activation
            ? activation as string ?? (activation as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("class_name") as string ?? "?" : null;
    }
}
