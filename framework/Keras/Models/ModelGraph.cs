using Keras.Graphs;
using Keras.Layers;

namespace Keras;

/// <summary>One step of a functional model: a layer call, or an operation outside of layers.</summary>
abstract class ModelStep
{
    public abstract IReadOnlyList<Tensor> Inputs { get; }

    public abstract IReadOnlyList<Tensor> Outputs { get; }

    /// <summary>What is called: a layer, or an operation of its own.</summary>
    public abstract object Operation { get; }

    /// <summary>Computes the outputs from values of the inputs.</summary>
    public abstract IReadOnlyList<Tensor> Run(Func<Tensor, Tensor> valueOf);
}

/// <summary>A layer call.</summary>
sealed class LayerStep(LayerCall call) : ModelStep
{
    public LayerCall Call => call;

    public override IReadOnlyList<Tensor> Inputs => call.Inputs;

    public override IReadOnlyList<Tensor> Outputs { get; } = call.Outputs.Flatten();

    public override object Operation => call.Layer;

    public override IReadOnlyList<Tensor> Run(Func<Tensor, Tensor> valueOf) => call.Layer.Apply(call.Arguments.Map(valueOf)).Flatten();
}

/// <summary>An operation of the engine outside of layers.</summary>
sealed class OpStep(Node node, string name) : ModelStep
{
    public Node Node => node;

    /// <summary>The name in summaries.</summary>
    public string Name => name;

    public override IReadOnlyList<Tensor> Inputs => node.Inputs;

    public override IReadOnlyList<Tensor> Outputs => node.Outputs;

    public override object Operation => this;

    public override IReadOnlyList<Tensor> Run(Func<Tensor, Tensor> valueOf) => Dispatch.RunAll(node.Op, Array.ConvertAll(node.Inputs, i => valueOf(i)), node.Attributes);
}

/// <summary>The steps between symbolic inputs and outputs in execution order, and the operations in Keras' order: by depth.</summary>
sealed class ModelGraph
{
    readonly Dictionary<object, ModelStep> _steps = new(ReferenceEqualityComparer.Instance);
    readonly HashSet<Tensor> _inputs;
    readonly List<ModelStep> _order = [];
    readonly Dictionary<string, int> _opNames = [];

    /// <summary>The order in which operations are first met going from outputs to inputs.</summary>
    readonly Dictionary<object, int> _met = new(ReferenceEqualityComparer.Instance);

    /// <exception cref="ArgumentException">An output does not depend on the inputs alone.</exception>
    public ModelGraph(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> outputs)
    {
        _inputs = new(inputs, ReferenceEqualityComparer.Instance);
        foreach (var output in outputs) Visit(output);
        foreach (var input in inputs)
            if (StepOf(input) is { } step && !_order.Contains(step)) _order.Insert(0, step);
        Operations = ByDepth();
    }

    /// <summary>The steps, each after those it depends on.</summary>
    public IReadOnlyList<ModelStep> Steps => _order;

    /// <summary>The layers and operations called, each once, in Keras' order.</summary>
    public IReadOnlyList<object> Operations { get; }

    /// <summary>The steps by their distance from the outputs, farthest first.</summary>
    public IReadOnlyList<IReadOnlyList<ModelStep>> Levels { get; private set; } = [];

    /// <summary>The step that made a tensor; null for a constant.</summary>
    public ModelStep? StepOf(Tensor tensor)
    {
        if (tensor is not SymbolicTensor symbolic || symbolic.History is Tensor || (symbolic.Node.Op == Tf.ConstOp && symbolic.History is null)) return null;
        var key = symbolic.History is LayerCall call ? (object)call : symbolic.Node;
        if (_steps.TryGetValue(key, out var known)) return known;
        return _steps[key] = key is LayerCall layerCall ? new LayerStep(layerCall) : new OpStep(symbolic.Node, NameOf(symbolic.Node));
    }

    /// <summary>The value of a tensor that does not depend on the inputs; null if a step makes it.</summary>
    public static Tensor? ConstantOf(Tensor tensor) => tensor switch
    {
        SymbolicTensor { History: EagerTensor value } => value,
        SymbolicTensor { History: null, Node: { } node } when node.Op == Tf.ConstOp => ValueOf(node),
        SymbolicTensor => null,
        _ => tensor,
    };

    static Tensor ValueOf(Node node) => Tf.Constant(node.Attributes.TryGet("value", out var held) ? (HostTensor)held : throw new InvalidOperationException("A constant has no value."));

    string NameOf(Node node)
    {
        var name = LayerNames.SnakeCase(node.Op.Name);
        var count = _opNames.GetValueOrDefault(name);
        _opNames[name] = count + 1;
        return count == 0 ? name : $"{name}_{count}";
    }

    /// <summary>Visits steps depth first, without recursion, because chains of layers may be long.</summary>
    void Visit(Tensor output)
    {
        var pending = new Stack<(Tensor Tensor, bool Expanded)>();
        var done = new HashSet<ModelStep>(_order);
        pending.Push((output, false));
        while (pending.TryPop(out var item))
        {
            if (StepOf(item.Tensor) is not { } step || done.Contains(step)) continue;
            if (item.Expanded)
            {
                done.Add(step);
                _order.Add(step);
                continue;
            }
            _met.TryAdd(step.Operation, _met.Count);
            pending.Push((item.Tensor, true));
            if (_inputs.Contains(item.Tensor)) continue;
            if (step is LayerStep { Call.Layer: InputLayer } or OpStep { Node.Inputs: [] })
                throw new ArgumentException($"An output is not connected to the inputs: it needs {item.Tensor}, which is none of them. Give that input too.");
            foreach (var input in step.Inputs.Reverse()) pending.Push((input, false));
        }
    }

    List<object> ByDepth()
    {
        var depths = new Dictionary<ModelStep, int>();
        var operationDepths = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        foreach (var step in _order.AsEnumerable().Reverse())
        {
            var depth = Math.Max(depths.GetValueOrDefault(step), operationDepths.GetValueOrDefault(step.Operation));
            depths[step] = operationDepths[step.Operation] = depth;
            foreach (var input in step.Outputs.Any(_inputs.Contains) ? [] : step.Inputs)
                if (StepOf(input) is { } before) depths[before] = Math.Max(depths.GetValueOrDefault(before), depth + 1);
        }
        Levels = [.. _order.AsEnumerable().Reverse().GroupBy(s => depths[s]).OrderByDescending(g => g.Key).Select(g => g.ToArray())];
        return [.. operationDepths.Keys.OrderByDescending(o => operationDepths[o]).ThenBy(o => _met.GetValueOrDefault(o, -1))];
    }
}
