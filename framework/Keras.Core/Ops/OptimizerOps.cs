namespace Keras.Graphs;

/// <summary>Optimizer steps that change variables in place, each one kernel.</summary>
static partial class Tf
{
    /// <summary>Defines an update of variables ("var", "m"...) by scalars and a gradient.</summary>
    static OpDefinition Update(string name, string resources, string values, string attributes = "")
    {
        var op = Define($"{name}({List(resources, "resource")}, {List(values, "T")}) -> () {{ use_locking: bool = false{attributes} }}", ShapeRules.None,
            differentiable: false, state: StateAccess.Write);
        UpdateOps.Add(op);
        return op;
    }

    static string List(string names, string type) => string.Join(", ", names.Split(' ').Select(n => $"{n}: {type}"));

    const string Nesterov = ", use_nesterov: bool = false";

    /// <summary>All update ops.</summary>
    public static readonly HashSet<OpDefinition> UpdateOps = [];

    static readonly OpDefinition ApplyGradientDescentOp = Update("ResourceApplyGradientDescent", "var", "alpha delta");
    static readonly OpDefinition ApplyAdamOp = Update("ResourceApplyAdam", "var m v", "beta1_power beta2_power lr beta1 beta2 epsilon grad", Nesterov);
    static readonly OpDefinition ApplyAmsgradOp = Update("ResourceApplyAdamWithAmsgrad", "var m v vhat", "beta1_power beta2_power lr beta1 beta2 epsilon grad");
    static readonly OpDefinition ApplyAdaMaxOp = Update("ResourceApplyAdaMax", "var m v", "beta1_power lr beta1 beta2 epsilon grad");
    static readonly OpDefinition ApplyMomentumOp = Update("ResourceApplyMomentum", "var accum", "lr grad momentum", Nesterov);
    static readonly OpDefinition ApplyKerasMomentumOp = Update("ResourceApplyKerasMomentum", "var accum", "lr grad momentum", Nesterov);
    static readonly OpDefinition ApplyRmsPropOp = Update("ResourceApplyRMSProp", "var ms mom", "lr rho momentum epsilon grad");
    static readonly OpDefinition ApplyCenteredRmsPropOp = Update("ResourceApplyCenteredRMSProp", "var mg ms mom", "lr rho momentum epsilon grad");
    static readonly OpDefinition ApplyAdagradOp = Update("ResourceApplyAdagradV2", "var accum", "lr epsilon grad", ", update_slots: bool = true");
    static readonly OpDefinition ApplyAdadeltaOp = Update("ResourceApplyAdadelta", "var accum accum_update", "lr rho epsilon grad");
    static readonly OpDefinition ApplyFtrlOp = Update("ResourceApplyFtrlV2", "var accum linear", "grad lr l1 l2 l2_shrinkage lr_power",
        ", multiply_linear_by_lr: bool = false");

    /// <summary>var -= rate · gradient.</summary>
    public static void ApplyGradientDescent(Tensor var, Tensor rate, Tensor gradient) => RunAll(ApplyGradientDescentOp, [var, rate, gradient]);

    /// <summary>m and v follow the gradient and its square; var -= rate · sqrt(1 - beta2_power) / (1 - beta1_power) · m / (sqrt(v) + epsilon).</summary>
    public static void ApplyAdam(Tensor var, Tensor m, Tensor v, Tensor beta1Power, Tensor beta2Power, Tensor rate, Tensor beta1, Tensor beta2,
        Tensor epsilon, Tensor gradient, bool use_nesterov = false) =>
        RunAll(ApplyAdamOp, [var, m, v, beta1Power, beta2Power, rate, beta1, beta2, epsilon, gradient], ("use_nesterov", use_nesterov));

    /// <summary>Adam whose divisor is the greatest v so far, kept in <paramref name="vhat"/>. XLA has no kernel for it.</summary>
    public static void ApplyAmsgrad(Tensor var, Tensor m, Tensor v, Tensor vhat, Tensor beta1Power, Tensor beta2Power, Tensor rate, Tensor beta1,
        Tensor beta2, Tensor epsilon, Tensor gradient) =>
        RunAll(ApplyAmsgradOp, [var, m, v, vhat, beta1Power, beta2Power, rate, beta1, beta2, epsilon, gradient]);

    /// <summary>v = max(beta2 · v, |gradient|); var -= rate / (1 - beta1_power) · m / (v + epsilon).</summary>
    public static void ApplyAdaMax(Tensor var, Tensor m, Tensor v, Tensor beta1Power, Tensor rate, Tensor beta1, Tensor beta2, Tensor epsilon,
        Tensor gradient) =>
        RunAll(ApplyAdaMaxOp, [var, m, v, beta1Power, rate, beta1, beta2, epsilon, gradient]);

    /// <summary>accum = momentum · accum + gradient; var -= rate · accum.</summary>
    public static void ApplyMomentum(Tensor var, Tensor accum, Tensor rate, Tensor gradient, Tensor momentum, bool use_nesterov = false) =>
        RunAll(ApplyMomentumOp, [var, accum, rate, gradient, momentum], ("use_nesterov", use_nesterov));

    /// <summary>accum = momentum · accum - rate · gradient; var += accum.</summary>
    public static void ApplyKerasMomentum(Tensor var, Tensor accum, Tensor rate, Tensor gradient, Tensor momentum, bool use_nesterov = false) =>
        RunAll(ApplyKerasMomentumOp, [var, accum, rate, gradient, momentum], ("use_nesterov", use_nesterov));

    /// <summary>ms follows the squared gradient; mom = momentum · mom + rate · gradient / sqrt(ms + epsilon); var -= mom.</summary>
    public static void ApplyRmsProp(Tensor var, Tensor ms, Tensor mom, Tensor rate, Tensor rho, Tensor momentum, Tensor epsilon, Tensor gradient) =>
        RunAll(ApplyRmsPropOp, [var, ms, mom, rate, rho, momentum, epsilon, gradient]);

    /// <summary>RMSProp that divides by the deviation from the mean gradient, mg.</summary>
    public static void ApplyCenteredRmsProp(Tensor var, Tensor mg, Tensor ms, Tensor mom, Tensor rate, Tensor rho, Tensor momentum, Tensor epsilon,
        Tensor gradient) =>
        RunAll(ApplyCenteredRmsPropOp, [var, mg, ms, mom, rate, rho, momentum, epsilon, gradient]);

    /// <summary>accum += gradient²; var -= rate · gradient / (sqrt(accum) + epsilon).</summary>
    public static void ApplyAdagrad(Tensor var, Tensor accum, Tensor rate, Tensor epsilon, Tensor gradient) =>
        RunAll(ApplyAdagradOp, [var, accum, rate, epsilon, gradient]);

    /// <summary>The step is the gradient times the ratio of the running means of past steps and gradients.</summary>
    public static void ApplyAdadelta(Tensor var, Tensor accum, Tensor accumUpdate, Tensor rate, Tensor rho, Tensor epsilon, Tensor gradient) =>
        RunAll(ApplyAdadeltaOp, [var, accum, accumUpdate, rate, rho, epsilon, gradient]);

    /// <summary>Follow the regularised leader (FTRL).</summary>
    public static void ApplyFtrl(Tensor var, Tensor accum, Tensor linear, Tensor gradient, Tensor rate, Tensor l1, Tensor l2, Tensor l2Shrinkage,
        Tensor ratePower) =>
        RunAll(ApplyFtrlOp, [var, accum, linear, gradient, rate, l1, l2, l2Shrinkage, ratePower]);
}
