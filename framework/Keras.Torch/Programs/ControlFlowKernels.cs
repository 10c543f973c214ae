using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>Branches, loops and calls: programs of their own, run from here.</summary>
static class ControlFlowKernels
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["StatelessIf"] = If,
        ["If"] = If,
        ["StatelessWhile"] = While,
        ["While"] = While,
        ["PartitionedCall"] = c => Call(c, "f", c.Inputs),
        ["StatefulPartitionedCall"] = c => Call(c, "f", c.Inputs),
    };

    static readonly ConditionalWeakTable<FunctionGraph, TorchProgram> Programs = [];

    /// <summary>The program of a nested function; one that was not lowered yet is.</summary>
    static TorchProgram ProgramOf(FunctionGraph function) => Programs.GetValue(function, static f =>
        new(f.Graph.Nodes.Any(n => n.Op.IsComposite && !KernelTable.Has(n.Op.Name)) ? Lowering.Lower(f, op => KernelTable.Has(op.Name)) : f));

    static void Call(KernelCall c, string attribute, ReadOnlySpan<TorchValue> inputs)
    {
        var results = new TorchValue[c.Outputs.Length];
        ProgramOf(c.Get<FunctionGraph>(attribute)).Run(inputs, results);
        results.CopyTo(c.Outputs, 0);
    }

    static void If(KernelCall c) => Call(c, IsTrue(c.Inputs[0]) ? "then_branch" : "else_branch", c.Inputs.AsSpan(1));

    /// <summary>As TensorFlow: a number is true where it is not 0, a string where it is not empty, anything else where it is not an empty tensor.</summary>
    static bool IsTrue(TorchValue value) => value is TorchTensor tensor
        ? tensor.Shape.Rank == 0 ? Numbers.Read(tensor, 0) != 0 : tensor.Count > 0
        : value is TorchStrings strings && (strings.Shape.Rank == 0 ? strings.Values[0].Length > 0 : strings.Values.Length > 0);

    static void While(KernelCall c)
    {
        var (condition, body) = (ProgramOf(c.Get<FunctionGraph>("cond")), ProgramOf(c.Get<FunctionGraph>("body")));
        var variables = Array.ConvertAll(c.Inputs, v => v.Share());
        var test = new TorchValue[1];
        try
        {
            while (true)
            {
                condition.Run(variables, test);
                var goesOn = IsTrue(test[0]);
                test[0].Dispose();
                if (!goesOn) break;
                var next = new TorchValue[variables.Length];
                body.Run(variables, next);
                foreach (var value in variables)
                    if (value is not TorchResource) value.Dispose();
                variables = next;
            }
        }
        catch
        {
            foreach (var value in variables)
                if (value is not TorchResource) value.Dispose();
            throw;
        }
        variables.CopyTo(c.Outputs, 0);
    }
}
