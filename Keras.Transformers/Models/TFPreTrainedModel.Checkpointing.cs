namespace Keras.Transformers;

/// <summary>Gradient checkpointing: less memory in training for one more forward pass.</summary>
public abstract partial class TFPreTrainedModel
{
    /// <summary>Whether the model can recompute its layers.</summary>
    public virtual bool supports_gradient_checkpointing => false;

    /// <summary>Whether the layers' inner values are recomputed for gradients instead of being kept; default false.</summary>
    public bool is_gradient_checkpointing { get; private set; }

    /// <summary>Turns gradient checkpointing on: the layers' inner values are recomputed when gradients need them, so that only each layer's input stays in memory. Dropout is the
    /// same in both passes.</summary>
    /// <exception cref="UnsupportedException">The model does not support gradient checkpointing.</exception>
    /// <remarks>Hugging Face TF never had it; the name comes from its PyTorch classes.</remarks>
    public void gradient_checkpointing_enable() => Checkpoint(true);

    /// <summary>Turns gradient checkpointing off: the layers' inner values are kept for gradients, as by default.</summary>
    public void gradient_checkpointing_disable() => Checkpoint(false);

    void Checkpoint(bool on)
    {
        if (on && !supports_gradient_checkpointing) throw new UnsupportedException("A model cannot recompute its layers", GetType().Name, remedy: "Train smaller batches, or accumulate gradients.");
        if (on == is_gradient_checkpointing) return;
        is_gradient_checkpointing = on;
        SetGradientCheckpointing(on);
        DropFunctions();
    }

    /// <summary>Turns gradient checkpointing on or off in the layers; a model that supports it overrides this.</summary>
    /// <param name="on">Whether to recompute.</param>
    protected virtual void SetGradientCheckpointing(bool on) =>
        throw new UnsupportedException("A model supports gradient checkpointing and does not say how", GetType().Name, remedy: "Override SetGradientCheckpointing.");
}
