namespace Keras.Engines.Torch;

/// <summary>Kernels that create, read, replace and add to variables.</summary>
static unsafe class State
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["VarHandleOp"] = c => c.Outputs[0] = new TorchVariable(c.Get<DType>("dtype"), c.Get<Shape>("shape")),
        ["ReadVariableOp"] = Read,
        ["AssignVariableOp"] = Assign,
        ["AssignAddVariableOp"] = c => Change(c, Rows.Number<Elementwise.Sum>),
        ["AssignSubVariableOp"] = c => Change(c, Rows.Number<Elementwise.Difference>),
        ["VarIsInitializedOp"] = c => *c.Result().Data = ((TorchVariable)c.Inputs[0]).IsInitialized ? (byte)1 : (byte)0,
        ["DestroyResourceOp"] = c => ((TorchVariable)c.Inputs[0]).Clear(),
    };

    static void Read(KernelCall c)
    {
        var variable = (TorchVariable)c.Inputs[0];
        if (!variable.IsInitialized) throw c.Fail("a variable with a value", "one that was never assigned", "A variable is read before it has a value");
        c.Outputs[0] = variable.Read();
    }

    static void Assign(KernelCall c) => ((TorchVariable)c.Inputs[0]).Assign(c.Inputs[1]);

    static void Change(KernelCall c, Func<DType, BinaryRow?> combine) => ((TorchVariable)c.Inputs[0]).Update(value =>
    {
        var by = c.Tensor(1);
        if (by.DType != value.DType) throw c.Fail(value.DType.Name, by.DType.Name, "A value does not fit a variable");
        if (by.Shape != value.Shape) throw c.Fail(value.Shape.ToString(), by.Shape.ToString(), "A value does not fit a variable");
        var row = (value.DType.IsComplex ? Rows.Complex(value.DType, c.Op.Name == "AssignAddVariableOp" ? (a, b) => a + b : (a, b) => a - b) : combine(value.DType)) ?? throw c.NotFor(value.DType);
        byte* pv = value.Data, pb = by.Data;
        var size = value.DType.Size;
        Workers.Run(value.Count, 3 * size, (begin, end) => row(pv + (begin * size), false, pb + (begin * size), false, pv + (begin * size), end - begin));
    });
}
