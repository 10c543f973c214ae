namespace Keras.Graphs;

/// <summary>Activation functions and their gradients.</summary>
static partial class Tf
{
    static OpDefinition Activation(string name, GradientFunction gradient, string attributes = "") =>
        Define($"{name}(features: T) -> (activations: T){attributes}", ShapeRules.SameAsFirst, gradient);

    /// <summary>Defines the gradient op of an activation: linear in its first input; <paramref name="second"/> is its gradient with respect to the second.</summary>
    static OpDefinition ActivationGrad(string name, string of, Func<GradientContext, Tensor?>? second = null, string attributes = "") =>
        Define($"{name}(gradients: T, {of}: T) -> (backprops: T){attributes}", ShapeRules.Merged,
            c => [Dispatch.Run(c.Op, [c.Gradient, c.Inputs[1]], c.Attributes), second?.Invoke(c)]);

    const string LeakyAlpha = " { alpha: float = 0.2 }";

    static readonly OpDefinition ReluOp = Activation("Relu", c => [ReluGrad(c.Gradient, c.Outputs[0])]);
    static readonly OpDefinition ReluGradOp = ActivationGrad("ReluGrad", "features");
    static readonly OpDefinition Relu6Op = Activation("Relu6", c => [Run(Relu6GradOp!, c.Gradient, c.Outputs[0])]);
    static readonly OpDefinition Relu6GradOp = ActivationGrad("Relu6Grad", "features");
    static readonly OpDefinition LeakyReluOp = Activation("LeakyRelu",
        c => [Run(LeakyReluGradOp!, [c.Gradient, c.Inputs[0]], ("alpha", c.Get<float>("alpha")))], LeakyAlpha);
    static readonly OpDefinition LeakyReluGradOp = ActivationGrad("LeakyReluGrad", "features", attributes: LeakyAlpha);
    static readonly OpDefinition EluOp = Activation("Elu", c => [Run(EluGradOp!, c.Gradient, c.Outputs[0])]);
    static readonly OpDefinition EluGradOp = ActivationGrad("EluGrad", "outputs", WhereNegative);
    static readonly OpDefinition SeluOp = Activation("Selu", c => [Run(SeluGradOp!, c.Gradient, c.Outputs[0])]);
    static readonly OpDefinition SeluGradOp = ActivationGrad("SeluGrad", "outputs", WhereNegative);
    static readonly OpDefinition SoftplusOp = Activation("Softplus", c => [c.Gradient * Sigmoid(c.Inputs[0])]);
    static readonly OpDefinition SoftsignOp = Activation("Softsign", c => [c.Gradient / Square(1 + Abs(c.Inputs[0]))]);

    /// <summary>The second derivative of Elu and Selu: below 0 the derivative grows with the output.</summary>
    static Tensor WhereNegative(GradientContext c) => SelectV2(Less(c.Inputs[1], ZerosLike(c.Inputs[1])), c.Gradient * c.Inputs[0], ZerosLike(c.Gradient));

    public static Tensor Relu(Tensor x) => Run(ReluOp, x);
    public static Tensor ReluGrad(Tensor gradient, Tensor output) => Run(ReluGradOp, gradient, output);
    public static Tensor Softplus(Tensor x) => Run(SoftplusOp, x);
}
