using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>Options of the scale and offset at the end of a normalization.</summary>
sealed record GammaBeta(bool Center, bool Scale, Initializer Beta, Initializer Gamma, Regularizer? BetaRegularizer, Regularizer? GammaRegularizer, Constraint? BetaConstraint, Constraint? GammaConstraint)
{
    public static GammaBeta Of(bool center, bool scale, Initializer? beta, Initializer? gamma, Regularizer? betaRegularizer, Regularizer? gammaRegularizer, Constraint? betaConstraint, Constraint? gammaConstraint) =>
        new(center, scale, beta ?? new Zeros(), gamma ?? new Ones(), betaRegularizer, gammaRegularizer, betaConstraint, gammaConstraint);

    public void AddTo(Dictionary<string, object?> config)
    {
        config["center"] = Center;
        config["scale"] = Scale;
        config["beta_initializer"] = Beta.Serialized();
        config["gamma_initializer"] = Gamma.Serialized();
        config["beta_regularizer"] = BetaRegularizer.Serialized();
        config["gamma_regularizer"] = GammaRegularizer.Serialized();
        config["beta_constraint"] = BetaConstraint.Serialized();
        config["gamma_constraint"] = GammaConstraint.Serialized();
    }
}
