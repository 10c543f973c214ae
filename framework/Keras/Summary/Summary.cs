using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Keras.Graphs;
using Keras.Layers;

namespace Keras;

/// <summary>Writes the text of <c>model.summary()</c> as Keras prints it.</summary>
static class Summary
{
    static readonly string[] Units = ["B", "KB", "MB", "GB", "TB", "PB"];

    public static string Of(Model model, int? lineLength, double[]? positions, bool expandNested, bool showTrainable, (string First, string Last)? range)
    {
        var graph = (model as Functional)?.Graph;
        var connected = graph is not null && !IsChain(graph);
        var (length, ends) = connected ? (108, positions ?? [0.3, 0.56, 0.74, 1]) : (88, positions ?? [0.45, 0.8, 1]);
        var columns = new List<TextTable.Column> { new("Layer (type)"), new("Output Shape"), new("Param #", TextTable.Alignment.Right) };
        if (connected) columns.Add(new("Connected to"));
        if (showTrainable)
        {
            (length, ends) = (length + 12, [.. ends.Select(e => e * 0.9), 1]);
            columns.Add(new("Trainable", TextTable.Alignment.Center));
        }
        var table = new TextTable(columns, WidthsOf(ends, lineLength ?? length), lineLength ?? length);
        foreach (var operation in InRange([.. graph?.Operations ?? model.layers], range))
            foreach (var row in Rows(operation, 0, graph ?? (model as Sequential)?.Inner?.Graph, connected, expandNested, showTrainable)) table.Add(row);

        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"Model: \"{model.name}\"\n").Append(table).Append(Totals(model));
        return text.ToString();
    }

    static int[] WidthsOf(double[] ends, int length)
    {
        var (widths, current) = (new int[ends.Length], 0);
        for (var i = 0; i < widths.Length; i++)
        {
            widths[i] = (int)(ends[i] * length) - current;
            current += widths[i];
            if (widths[i] < 4) throw new ArgumentException($"The summary does not fit into {length} columns. Give a larger line_length.", nameof(length));
        }
        return widths;
    }

    /// <summary>Whether every step has one input and every layer is applied once.</summary>
    static bool IsChain(ModelGraph graph) => graph.Levels.All(l => l is [{ Inputs.Count: <= 1 }]) && graph.Steps.OfType<LayerStep>().GroupBy(s => s.Call.Layer).All(g => g.Count() == 1);

    static object[] InRange(object[] operations, (string First, string Last)? range)
    {
        if (range is not var (first, last)) return operations;
        var from = Array.FindIndex(operations, o => Regex.IsMatch(NameOf(o), $"^{first}"));
        var to = Array.FindLastIndex(operations, o => Regex.IsMatch(NameOf(o), $"^{last}"));
        return from >= 0 && to >= 0 ? operations[Math.Min(from, to)..(Math.Max(from, to) + 1)]
            : throw new ArgumentException($"No layer fits the range ({first}, {last}). Layers: {Known.List(operations.Select(NameOf))}.", nameof(range));
    }

    static string NameOf(object operation) => operation is Layer layer ? layer.name : ((OpStep)operation).Name;

    static IEnumerable<string[]> Rows(object operation, int level, ModelGraph? graph, bool connected, bool expandNested, bool showTrainable)
    {
        var layer = operation as Layer;
        var prefix = level == 0 ? "" : new string(' ', 3 * level) + "└ ";
        var type = layer is KerasOperation keras ? keras.ClassName : layer is Functional ? "Functional" : layer?.GetType().Name ?? ((OpStep)operation).Node.Op.Name;
        var row = new List<string> { $"{prefix}{NameOf(operation)} ({type})", ShapeOf(operation, graph), layer is { built: false } ? "0 (unbuilt)" : (layer?.count_params() ?? 0).ToString("N0", CultureInfo.InvariantCulture) };
        if (connected) row.Add(level == 0 ? Connections(operation, graph!) : "-");
        if (showTrainable) row.Add(layer is null || layer.weights.Count == 0 ? "-" : layer.trainable ? "Y" : "N");
        yield return [.. row];
        if (!expandNested || layer is not Model nested) yield break;
        var inner = (nested as Functional)?.Graph ?? (nested as Sequential)?.Inner?.Graph;
        foreach (var below in nested.layers)
            foreach (var more in Rows(below, level + 1, inner, connected, expandNested, showTrainable)) yield return more;
    }

    static string ShapeOf(object operation, ModelGraph? graph)
    {
        var layer = operation as Layer;
        var outputs = graph?.Steps.LastOrDefault(s => s.Operation == operation)?.Outputs ?? (layer as Functional)?.outputs.Flatten() ?? (layer as Sequential)?.outputs?.Flatten();
        if (outputs is null && layer is { BuildShapes: { } shapes } && shapes.IsLeaf) outputs = InferredOutputs(layer, shapes);
        return outputs switch
        {
            null or [] => "?",
            [var only] => Text(only.shape),
            _ => $"[{string.Join(", ", outputs.Select(o => Text(o.shape)))}]",
        };
    }

    static IReadOnlyList<Tensor> InferredOutputs(Layer layer, Tensors shapes)
    {
        var shape = layer.compute_output_shape(shapes.Single.shape);
        return [Graph.Scratch.AddPlaceholder(layer.compute_dtype, shape, "shape")];
    }

    static string Text(Shape shape) => $"({string.Join(", ", shape.Select(d => d?.ToString(CultureInfo.InvariantCulture) ?? "None"))})";

    static string Connections(object operation, ModelGraph graph)
    {
        var all = graph.Steps.Where(s => s.Operation == operation && operation is not InputLayer).OrderBy(s => (s as LayerStep)?.Call.Index ?? 0).SelectMany(s => s.Inputs).Select(i => Source(i, graph)).OfType<string>();
        return string.Join(", ", all) is { Length: > 0 } text ? text : "-";
    }

    static string? Source(Tensor tensor, ModelGraph graph) => graph.StepOf(tensor) switch
    {
        LayerStep step => $"{step.Call.Layer.name}[{step.Call.Index}][{step.Outputs.ToList().IndexOf(tensor)}]",
        OpStep step => $"{step.Name}[0][{step.Outputs.ToList().IndexOf(tensor)}]",
        _ => null,
    };

    static string Totals(Model model)
    {
        var (trained, frozen) = (SizeOf(model.trainable_weights), SizeOf(model.non_trainable_weights));
        var slots = model.compiled && model.optimizer.built ? SizeOf(model.optimizer.variables) : (0, 0);
        var text = new StringBuilder();
        void Line(string what, (long Count, long Bytes) size) => text.Append(CultureInfo.InvariantCulture, $" {what} params: {size.Count:N0} ({Readable(size.Bytes)})\n");
        Line("Total", (trained.Count + frozen.Count + slots.Item1, trained.Bytes + frozen.Bytes + slots.Item2));
        Line("Trainable", trained);
        Line("Non-trainable", frozen);
        if (slots.Item1 > 0) Line("Optimizer", slots);
        return text.ToString();
    }

    static (long Count, long Bytes) SizeOf(IEnumerable<Variable> weights) => weights.Aggregate((Count: 0L, Bytes: 0L), (sum, w) => (sum.Count + w.size, sum.Bytes + (w.size * w.dtype.Size)));

    static string Readable(double bytes)
    {
        var unit = 0;
        while (bytes >= 1024 && unit < Units.Length - 1) (bytes, unit) = (bytes / 1024, unit + 1);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes:F2} {Units[unit]}");
    }
}
