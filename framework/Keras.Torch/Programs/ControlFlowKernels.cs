using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>Kernels for branches, loops and calls, which run nested functions as separate programs.</summary>
static class ControlFlowKernels
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["StatelessIf"] = c => Call(c, c.Get<FunctionGraph>(IsTrue(c.Inputs[0]) ? "then_branch" : "else_branch"), first: 1),
        ["If"] = c => Call(c, c.Get<FunctionGraph>(IsTrue(c.Inputs[0]) ? "then_branch" : "else_branch"), first: 1),
        ["StatelessCase"] = c => Call(c, Chosen(c), first: 1),
        ["Case"] = c => Call(c, Chosen(c), first: 1),
        ["StatelessWhile"] = While,
        ["While"] = While,
        ["PartitionedCall"] = c => Call(c, c.Get<FunctionGraph>("f")),
        ["StatefulPartitionedCall"] = c => Call(c, c.Get<FunctionGraph>("f")),
    };

    static readonly ConditionalWeakTable<FunctionGraph, TorchProgram> Programs = [];

    /// <summary>Gets the program of a nested function, which is lowered first if needed.</summary>
    static TorchProgram ProgramOf(FunctionGraph function) => Programs.GetValue(function, static f =>
        new(f.Graph.Nodes.Any(n => n.Op.IsComposite && !KernelTable.Has(n.Op.Name)) ? Lowering.Lower(f, op => KernelTable.Has(op.Name)) : f));

    /// <summary>Runs a function on the inputs from an index on.</summary>
    static void Call(KernelCall c, FunctionGraph function, int first = 0)
    {
        var results = new TorchValue[c.Outputs.Length];
        ProgramOf(function).Run(GivenUp(c, first), results, takesInputs: true);
        results.CopyTo(c.Outputs, 0);
    }

    /// <summary>The inputs from an index on for a program that takes them over: inputs last used here as they are, new handles of all others.</summary>
    static TorchValue[] GivenUp(KernelCall c, int first = 0)
    {
        var given = new TorchValue[c.Inputs.Length - first];
        for (var i = 0; i < given.Length; i++)
        {
            var input = first + i;
            given[i] = input < LastUses.Bits && (c.Dying >> input & 1) != 0 ? c.Inputs[input] : c.Inputs[input].Share();
        }
        return given;
    }

    static FunctionGraph Chosen(KernelCall c)
    {
        var branches = c.Get<FunctionGraph[]>("branches");
        return branches[c.Long(0) is >= 0 and var index && index < branches.Length ? (int)index : branches.Length - 1];
    }

    /// <summary>Whether a value is true, as in TensorFlow: a number if not 0, a string if not empty, anything else if it has elements.</summary>
    static bool IsTrue(TorchValue value) => value is TorchTensor tensor
        ? tensor.Shape.Rank == 0 ? Numbers.Read(tensor, 0) != 0 : tensor.Count > 0
        : value is TorchStrings strings && (strings.Shape.Rank == 0 ? strings.Values[0].Length > 0 : strings.Values.Length > 0);

    static void While(KernelCall c)
    {
        var (condition, body) = (ProgramOf(c.Get<FunctionGraph>("cond")), ProgramOf(c.Get<FunctionGraph>("body")));
        var variables = GivenUp(c);
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
                body.Run(variables, next, takesInputs: true);
                variables = next;
            }
        }
        catch
        {
            foreach (var value in variables)
                if (value is not TorchResource) value.Dispose();
            throw;
        }
        // Without an iteration the variables are still the inputs, whose handles the caller disposes.
        for (var i = 0; i < variables.Length; i++) c.Outputs[i] = ReferenceEquals(variables[i], c.Inputs[i]) ? variables[i].Share() : variables[i];
    }
}
