namespace Keras.Optimizers;

/// <summary>Adam with decoupled weight decay, usual for transformers: each step first shrinks each variable by learning_rate · weight_decay of itself.</summary>
/// <remarks>Source: keras/src/optimizers/adamw.py.</remarks>
public class AdamW : Adam
{
    /// <summary>Adam with decoupled weight decay, usual for transformers.</summary>
    /// <param name="learning_rate">The size of the steps; default 0.001.</param>
    /// <param name="weight_decay">The fraction of each variable, times the learning rate, that each step subtracts; default 0.004.</param>
    /// <param name="beta_1">The fraction of the average gradient that is kept; default 0.9.</param>
    /// <param name="beta_2">The fraction of the average square that is kept; default 0.999.</param>
    /// <param name="epsilon">Keeps the scale finite; default 1e-7.</param>
    /// <param name="amsgrad">Whether the largest average square so far scales the steps; default false.</param>
    /// <param name="clipnorm">The largest norm of each gradient; default none.</param>
    /// <param name="clipvalue">The largest absolute value in a gradient; default none.</param>
    /// <param name="global_clipnorm">The largest norm of all gradients together; default none.</param>
    /// <param name="use_ema">Whether a moving average of the variables is kept; default false.</param>
    /// <param name="ema_momentum">The share of the average that each step keeps, in [0, 1]; default 0.99.</param>
    /// <param name="ema_overwrite_frequency">The number of steps after which the variables are repeatedly set to the average; default only at the end of training.</param>
    /// <param name="loss_scale_factor">The factor that multiplies the loss and divides the gradients, against underflow; default none.</param>
    /// <param name="gradient_accumulation_steps">The number of steps, at least 2, over which gradients are averaged for one update; default none.</param>
    /// <param name="name">Its name; default the class name in snake case with a number.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or more than one kind of clipping is given.</exception>
    public AdamW(LearningRate? learning_rate = null, double weight_decay = 0.004, double beta_1 = 0.9, double beta_2 = 0.999, double epsilon = 1e-7,
        bool amsgrad = false,
        double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false, double ema_momentum = 0.99,
        int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null, string? name = null)
        : base(learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name) { }
}

public sealed partial class OptimizersApi
{
    /// <inheritdoc cref="Optimizers.AdamW(LearningRate, double, double, double, double, bool, double?, double?, double?, bool, double, int?, double?, int?, string)"/>
    public AdamW AdamW(LearningRate? learning_rate = null, double weight_decay = 0.004, double beta_1 = 0.9, double beta_2 = 0.999, double epsilon = 1e-7,
        bool amsgrad = false,
        double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false, double ema_momentum = 0.99,
        int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null, string? name = null) =>
        new(learning_rate, weight_decay, beta_1, beta_2, epsilon, amsgrad,
            clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name);
}
