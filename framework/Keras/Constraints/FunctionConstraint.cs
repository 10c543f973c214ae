using System.Diagnostics.CodeAnalysis;

namespace Keras.Constraints;

/// <summary>A constraint given as a user-defined function.</summary>
sealed class FunctionConstraint(Func<Tensor, Tensor> function) : Constraint
{
    public override Tensor call(Tensor w) => function(w);

    public override Dictionary<string, object?> get_config() => throw new UnsupportedException("A constraint that is a function cannot be written into a config", FunctionNames.Of(function),
        "one of keras.constraints, or a class of your own", $"the function '{FunctionNames.Of(function)}'",
        "Make it a class that derives from Constraint; or save the weights alone with save_weights, or the model for inference with export.");

    [return: NotNullIfNotNull(nameof(function))]
    public static Constraint? Of(Func<Tensor, Tensor>? function) => function is null ? null : new FunctionConstraint(function);
}
