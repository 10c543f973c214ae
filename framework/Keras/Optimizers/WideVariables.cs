using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>Float32 stand-ins for 16-bit variables while an optimizer's rule runs: in float16, an epsilon of 1e-7 is 0, and so is the square of a
/// small gradient. They keep no state between steps.</summary>
sealed class WideVariables
{
    static readonly ConditionalWeakTable<Variable, Variable> Originals = [];

    readonly Dictionary<Variable, Variable> _wide = new(ReferenceEqualityComparer.Instance);

    /// <summary>The dtype of a variable's slots.</summary>
    public static DType DTypeOf(Variable variable) => IsHalf(variable) ? DType.Float32 : variable.dtype;

    static bool IsHalf(Variable variable) => variable.dtype == DType.Float16 || variable.dtype == DType.BFloat16;

    /// <summary>The variable that a rule updates, with the trained variable's value.</summary>
    public Variable Of(Variable trained)
    {
        if (!IsHalf(trained)) return trained;
        if (!_wide.TryGetValue(trained, out var wide))
        {
            wide = _wide[trained] = Variable.OfZeros(trained.shape, DType.Float32, trained.name);
            wide.path = trained.path;
            Originals.Add(wide, trained);
        }
        wide.assign(Tf.Cast(trained.value, DType.Float32));
        return wide;
    }

    /// <summary>Rounds the updated stand-ins back into the trained variables.</summary>
    public static void GiveBack(List<Variable> changed, List<Variable> trained)
    {
        for (var i = 0; i < trained.Count; i++)
            if (!ReferenceEquals(changed[i], trained[i])) trained[i].assign(Tf.Cast(changed[i].value, trained[i].dtype));
    }

    /// <summary>The trained variable behind a stand-in; other variables themselves.</summary>
    public static Variable Known(Variable variable) => Originals.TryGetValue(variable, out var trained) ? trained : variable;
}
