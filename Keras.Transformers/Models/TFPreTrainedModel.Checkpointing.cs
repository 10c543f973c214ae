namespace Keras.Transformers;

/// <summary>Gradient checkpointing: less memory in training for one more forward pass.</summary>
public abstract partial class TFPreTrainedModel
{
    /// <summary>Whether the model can recompute its layers.</summary>
    public virtual bool supports_gradient_checkpointing => false;

    /// <summary>Whether layers' inner values are computed again for gradients instead of being kept; default false.</summary>
    public bool is_gradient_checkpointing { get; private set; }

    /// <summary>Has the layers' inner values computed again when gradients need them: memory for each layer's input remains. Dropout decides alike in both passes.</summary>
    /// <exception cref="UnsupportedException">The model cannot.</exception>
    /// <remarks>Hugging Face TF never had it; the name is its PyTorch classes'.</remarks>
    public void gradient_checkpointing_enable() => Checkpoint(true);

    /// <summary>Keeps the layers' inner values for gradients, as at the beginning.</summary>
    public void gradient_checkpointing_disable() => Checkpoint(false);

    void Checkpoint(bool on)
    {
        if (on && !supports_gradient_checkpointing) throw new UnsupportedException("A model cannot recompute its layers", GetType().Name, remedy: "Train smaller batches, or accumulate gradients.");
        if (on == is_gradient_checkpointing) return;
        is_gradient_checkpointing = on;
        SetGradientCheckpointing(on);
        DropFunctions();
    }

    /// <summary>Turns recomputing on or off in the layers of a model that says that it supports it.</summary>
    /// <param name="on">Whether to recompute.</param>
    protected virtual void SetGradientCheckpointing(bool on) =>
        throw new UnsupportedException("A model supports gradient checkpointing and does not say how", GetType().Name, remedy: "Override SetGradientCheckpointing.");
}
