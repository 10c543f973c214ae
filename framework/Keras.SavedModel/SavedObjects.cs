using Google.Protobuf;
using Keras.Graphs;
using Keras.SavedModelProtos;
using static Keras.SavedModelProtos.TrackableObjectGraph.Types;

namespace Keras.SavedModels;

/// <summary>The object (TF2) form of a SavedModel, which Python loads: lists of variables, functions and signatures under one root, and the same
/// objects as the checkpoint lists them.</summary>
sealed class SavedObjects
{
    /// <summary>The key in the checkpoint under which its objects are listed.</summary>
    public const string CheckpointKey = "_CHECKPOINTABLE_OBJECT_GRAPH";

    /// <summary>The attribute of the root that holds the signatures.</summary>
    public const string SignatureMap = "signatures";

    const string Value = "VARIABLE_VALUE";
    const string Argument = "inputs";

    readonly TrackableObjectGraph _checkpoint = new();
    readonly Dictionary<Tensor, int> _captured = new(ReferenceEqualityComparer.Instance);
    readonly int _root;
    readonly int _signatures;

    /// <param name="variables">Every variable of the model.</param>
    /// <param name="lists">Lists of them by the names of the root's attributes.</param>
    public SavedObjects(IReadOnlyList<SavedModelVariable> variables, IReadOnlyDictionary<string, IReadOnlyList<SavedModelVariable>> lists)
    {
        _root = Add(Holder("_generic_user_object"));
        foreach (var variable in variables) _captured.Add(variable.Handle, Add(variable));
        foreach (var (name, list) in lists) AddList(name, list);
        // Variables that belong to no list are reachable from here.
        AddList("_all_variables", variables);
        _signatures = Add(Holder("signature_map"));
        AddChild(_root, SignatureMap, _signatures);
    }

    /// <summary>Adds a captured tensor that is a constant of the graph.</summary>
    /// <param name="tensor">The tensor that traced functions capture.</param>
    /// <param name="node">The constant.</param>
    public void AddConstant(Tensor tensor, string node)
    {
        var number = Add(new SavedObject { Constant = new() { Operation = node } });
        _captured.Add(tensor, number);
        AddChild(_root, $"_constant_{number}", number);
    }

    /// <summary>The objects in the form of the model's file.</summary>
    public SavedObjectGraph Graph { get; } = new();

    /// <summary>The objects in the form of the checkpoint.</summary>
    public byte[] Checkpoint => _checkpoint.ToByteArray();

    /// <summary>The key of a variable in the checkpoint.</summary>
    public static string KeyOf(SavedModelVariable variable) => $"{variable.Name}/.ATTRIBUTES/{Value}";

    /// <summary>Adds a function that takes its inputs by name and returns a dictionary.</summary>
    /// <param name="key">The signature's name.</param>
    /// <param name="function">The name of the function in the library; parameters and outputs are sorted by their names.</param>
    /// <param name="inputs">Its parameters by name.</param>
    /// <param name="outputs">Its outputs by name.</param>
    /// <param name="captured">The variables and constants that it takes in addition to its parameters.</param>
    public void AddSignature(string key, string function, IReadOnlyList<(string Name, SymbolicTensor Tensor)> inputs,
        IReadOnlyList<(string Name, SymbolicTensor Tensor)> outputs, IEnumerable<Tensor> captured)
    {
        string[] names = [.. inputs.Select(i => i.Name)];
        AddFunction(function, StructuredValues.Tuple(StructuredValues.Tuple(), Named(inputs)), Named(outputs), captured);
        AddChild(_signatures, key, Add(new SavedObject
        {
            BareConcreteFunction = new()
            {
                ConcreteFunctionName = function,
                ArgumentKeywords = { names },
                AllowedPositionalArguments = names.Length == 1 ? 1 : 0,
                FunctionSpec = StructuredValues.FunctionSpec([], names),
            },
        }));
    }

    /// <summary>Adds a function that Python calls as an attribute, with one structured argument.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="function">The name of the function in the library.</param>
    /// <param name="form">The structures of argument and result.</param>
    /// <param name="inputs">Its parameters by name, in the order of the structure.</param>
    /// <param name="outputs">Its outputs by name, in the order of the structure.</param>
    /// <param name="captured">The variables and constants that it takes in addition to its parameters.</param>
    public void AddEndpoint(string name, string function, CallForm form, IEnumerable<(string Name, SymbolicTensor Tensor)> inputs,
        IEnumerable<(string Name, SymbolicTensor Tensor)> outputs, IEnumerable<Tensor> captured)
    {
        var argument = StructuredValues.Tuple(StructuredValues.Structure(form.Input, inputs.Select(Spec)));
        AddFunction(function, StructuredValues.Tuple(argument, StructuredValues.Dictionary([])), StructuredValues.Structure(form.Output, outputs.Select(Spec)), captured);
        var spec = StructuredValues.FunctionSpec([Argument], [], argument);
        spec.JitCompile = form.JitCompile switch { null => FunctionSpec.Types.JitCompile.Default, true => FunctionSpec.Types.JitCompile.On, false => FunctionSpec.Types.JitCompile.Off };
        AddChild(_root, name, Add(new SavedObject { Function = new() { ConcreteFunctions = { function }, FunctionSpec = spec } }));
    }

    void AddFunction(string name, StructuredValue inputs, StructuredValue outputs, IEnumerable<Tensor> captured) => Graph.ConcreteFunctions[name] = new()
    {
        BoundInputs = { captured.Select(c => _captured[c]) },
        CanonicalizedInputSignature = inputs,
        OutputSignature = outputs,
    };

    static StructuredValue Named(IEnumerable<(string Name, SymbolicTensor Tensor)> tensors) => StructuredValues.Dictionary(tensors.Select(t => (t.Name, Spec(t))));

    static StructuredValue Spec((string Name, SymbolicTensor Tensor) tensor) => StructuredValues.Spec(tensor.Name, tensor.Tensor);

    void AddList(string name, IReadOnlyList<SavedModelVariable> variables)
    {
        var list = Add(Holder("trackable_list_wrapper"));
        AddChild(_root, name, list);
        for (var i = 0; i < variables.Count; i++) AddChild(list, i.ToString(System.Globalization.CultureInfo.InvariantCulture), _captured[variables[i].Handle]);
    }

    int Add(SavedModelVariable variable)
    {
        var node = Add(new SavedObject
        {
            Variable = new() { Dtype = ShapeProtos.ToProto(variable.DType), Shape = ShapeProtos.ToProto(variable.Shape), Trainable = variable.Trainable, Name = variable.Name },
        });
        _checkpoint.Nodes[node].Attributes.Add(new TrackableObject.Types.SerializedTensor { Name = Value, FullName = variable.Name, CheckpointKey = KeyOf(variable) });
        return node;
    }

    static SavedObject Holder(string kind) => new() { UserObject = new() { Identifier = kind, Version = new() { Producer = 1, MinConsumer = 1 } } };

    /// <summary>Adds an object under the same number in the model's file and in the checkpoint.</summary>
    int Add(SavedObject item)
    {
        Graph.Nodes.Add(item);
        _checkpoint.Nodes.Add(new TrackableObject());
        return Graph.Nodes.Count - 1;
    }

    void AddChild(int parent, string name, int child)
    {
        var reference = new TrackableObject.Types.ObjectReference { NodeId = child, LocalName = name };
        Graph.Nodes[parent].Children.Add(reference);
        _checkpoint.Nodes[parent].Children.Add(reference);
    }
}
