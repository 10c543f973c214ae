using System.Diagnostics.CodeAnalysis;

namespace Keras.Initializers;

/// <summary>An initializer given as a user-defined function.</summary>
sealed class FunctionInitializer(Func<Shape, DType, Tensor> function) : Initializer
{
    public override Tensor call(Shape shape, DType dtype) => function(shape, dtype);

    public override Dictionary<string, object?> get_config() => throw new UnsupportedException("An initializer that is a function cannot be written into a config", FunctionNames.Of(function),
        "one of keras.initializers, or a class of your own", $"the function '{FunctionNames.Of(function)}'",
        "Make it a class that derives from Initializer; or save the weights alone with save_weights, or the model for inference with export.");

    [return: NotNullIfNotNull(nameof(function))]
    public static Initializer? Of(Func<Shape, DType, Tensor>? function) => function is null ? null : new FunctionInitializer(function);
}
