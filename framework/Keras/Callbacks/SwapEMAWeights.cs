using Keras.Optimizers;

namespace Keras.Callbacks;

/// <summary>Swaps the moving averages of an optimizer with <c>use_ema</c> into the model for evaluation, prediction and saving, then swaps the trained weights back in.</summary>
/// <remarks>Source: keras/src/callbacks/swap_ema_weights.py.</remarks>
/// <param name="swap_on_epoch">Whether the averages are in the model from the end of an epoch to the beginning of the next, for callbacks that save it
/// then; default false, during evaluation and prediction only.</param>
public class SwapEMAWeights(bool swap_on_epoch = false) : Callback
{
    /// <inheritdoc/>
    public override void on_epoch_begin(int epoch, Logs logs) => Swap(toAverages: false, swap_on_epoch);

    /// <inheritdoc/>
    public override void on_epoch_end(int epoch, Logs logs) => Swap(toAverages: true, swap_on_epoch);

    /// <inheritdoc/>
    public override void on_test_begin(Logs logs) => Swap(toAverages: true, true);

    /// <inheritdoc/>
    public override void on_test_end(Logs logs) => Swap(toAverages: false, true);

    /// <inheritdoc/>
    public override void on_predict_begin(Logs logs) => Swap(toAverages: true, true);

    /// <inheritdoc/>
    public override void on_predict_end(Logs logs) => Swap(toAverages: false, true);

    /// <exception cref="InvalidOperationException">The optimizer keeps no averages.</exception>
    void Swap(bool toAverages, bool wanted)
    {
        if (!wanted) return;
        var optimizer = !model.compiled ? null : model.optimizer is LossScaleOptimizer scaled ? scaled.inner_optimizer : model.optimizer;
        if (optimizer is not { use_ema: true })
            throw new InvalidOperationException("SwapEMAWeights found no moving averages to swap. Compile the model with an optimizer that has use_ema: true.");
        optimizer.ShowAverages(toAverages);
    }
}
