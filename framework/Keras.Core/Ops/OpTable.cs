using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Keras.Graphs;

/// <summary>All ops by name, for graph readers.</summary>
static class OpTable
{
    static readonly Dictionary<string, OpDefinition> ByName = [];

    static OpTable() => RuntimeHelpers.RunClassConstructor(typeof(Tf).TypeHandle);

    public static IReadOnlyCollection<OpDefinition> All => ByName.Values;

    public static bool TryGet(string name, [NotNullWhen(true)] out OpDefinition? op) => ByName.TryGetValue(name, out op);

    internal static void Add(OpDefinition op)
    {
        if (!ByName.TryAdd(op.Name, op)) throw new InvalidOperationException($"The op {op.Name} is defined twice.");
    }
}
