using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>The cases, by the themes of the table: an op, its inputs, its attributes.</summary>
static partial class OpCases
{
    public static IEnumerable<OpCase> All =>
    [
        .. Elementwise, .. Unary, .. Activations, .. Complex, .. Reductions, .. Shapes, .. Joining, .. Slicing, .. Padding, .. Gathering, .. Segments, .. Lists, .. Parts, .. Draws,
        .. Searching,
        .. Matrices, .. Linear, .. Products, .. Networks, .. Convolutions, .. Pools, .. Images, .. Randomness, .. Composites, .. Attentions, .. Texts, .. Records, .. SparseTensors, .. OfExports, .. StatefulDraws, .. SpecialFunctions, .. PackedBytes, .. Bands, .. Pictures, .. Counted,
    ];

    /// <summary>Ops that need more than inputs (variables, tables, files, functions), with fixtures of their own; and what a graph has anyway.</summary>
    public static readonly string[] TestedElsewhere =
    [
        "Placeholder", "VarHandleOp",
        // StateOpTests
        "ReadVariableOp", "AssignVariableOp", "AssignAddVariableOp", "AssignSubVariableOp", "VarIsInitializedOp", "VariableShape", "DestroyResourceOp",
            "ResourceGather", "ResourceGatherNd",
        "ResourceScatterUpdate", "ResourceScatterAdd", "ResourceScatterSub", "ResourceScatterMax", "ResourceScatterMin", "ResourceScatterNdUpdate",
            "ResourceScatterNdAdd", "ResourceScatterNdSub",
        // OptimizerOpTests
        "ResourceApplyGradientDescent", "ResourceApplyAdam", "ResourceApplyAdamWithAmsgrad", "ResourceApplyAdaMax", "ResourceApplyMomentum",
            "ResourceApplyKerasMomentum",
        "ResourceApplyRMSProp", "ResourceApplyCenteredRMSProp", "ResourceApplyAdagradV2", "ResourceApplyAdadelta", "ResourceApplyFtrlV2",
        // TableOpTests
        "HashTableV2", "MutableHashTableV2", "AnonymousHashTable", "AnonymousMutableHashTable", "LookupTableFindV2", "LookupTableSizeV2",
            "LookupTableExportV2", "LookupTableInsertV2",
        "MutableDenseHashTableV2", "AnonymousMutableDenseHashTable",
        "LookupTableImportV2", "LookupTableRemoveV2", "InitializeTableV2", "InitializeTableFromTextFileV2", "SaveV2", "RestoreV2", "MergeV2Checkpoints",
            "ReadFile", "WriteFile",
        "NoOp", "Assert", "PrintV2", "DecodeImage", "DecodeJpeg", "EncodePng",
        // ControlFlowTests
        "If", "StatelessIf", "Case", "StatelessCase", "While", "StatelessWhile", "PartitionedCall", "StatefulPartitionedCall",
    ];

    /// <summary>A call of one op.</summary>
    static OpCase Op(string op, Func<Numbers, OpInput[]> inputs, params (string, object)[] attributes) => Named("", op, inputs, attributes);

    static OpCase Named(string name, string op, Func<Numbers, OpInput[]> inputs, params (string, object)[] attributes) =>
        new(name.Length == 0 ? op : $"{op}, {name}", inputs, x => Dispatch.RunAll(Graphs.GraphFixture.Op(op), x, Attributes.Of(attributes)));

    /// <summary>A short program.</summary>
    static OpCase Program(string name, Func<Numbers, OpInput[]> inputs, Func<Tensor[], Tensor> run) => new(name, inputs, x => [run(x)]);

    static OpInput Int64(params long[] values) => Numbers.Data(HostTensor.Vector<long>(values));

    static OpInput Constant<T>(params T[] values) where T : unmanaged => new(HostTensor.Vector<T>(values), IsConstant: true);

    static OpInput ConstantScalar<T>(T value) where T : unmanaged => new(HostTensor.Scalar(value), IsConstant: true);
}
