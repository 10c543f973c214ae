using System.Diagnostics.CodeAnalysis;

namespace Keras.Regularizers;

/// <summary>A regularizer given as a user-defined function.</summary>
sealed class FunctionRegularizer(Func<Tensor, Tensor> function) : Regularizer
{
    public override Tensor call(Tensor x) => function(x);

    public override Dictionary<string, object?> get_config() => throw new UnsupportedException("A regularizer that is a function cannot be written into a config", FunctionNames.Of(function),
        "one of keras.regularizers, or a class of your own", $"the function '{FunctionNames.Of(function)}'",
        "Make it a class that derives from Regularizer; or save the weights alone with save_weights, or the model for inference with export.");

    [return: NotNullIfNotNull(nameof(function))]
    public static Regularizer? Of(Func<Tensor, Tensor>? function) => function is null ? null : new FunctionRegularizer(function);
}
