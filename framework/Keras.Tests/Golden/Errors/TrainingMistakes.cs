using static Keras.Api;
using static Keras.Tests.Mistakes;

namespace Keras.Tests;

/// <summary>Calls about losses, metrics, optimizers and schedules.</summary>
static class TrainingMistakes
{
    public static readonly Dictionary<string, Action> Calls = new()
    {
        ["Lo.get(\"nosuch\")"] = () => keras.losses.get("nosuch"),
        ["Lo.MeanSquaredError(reduction=\"nosuch\")"] = () => keras.losses.MeanSquaredError(reduction: "nosuch"),
        ["Lo.MeanSquaredError()(f(2, 3), f(2, 4))"] = () => keras.losses.MeanSquaredError().Apply(F(2, 3), F(2, 4)),
        ["Lo.CategoricalCrossentropy()(f(2, 3), f(2, 4))"] = () => keras.losses.CategoricalCrossentropy().Apply(F(2, 3), F(2, 4)),
        ["Lo.SparseCategoricalCrossentropy()(f(2, 3), f(2, 3, 4)[:1])"] = () => keras.losses.SparseCategoricalCrossentropy().Apply(F(2, 3), F(1, 3, 4)),
        ["Mt.get(\"nosuch\")"] = () => keras.metrics.get("nosuch"),
        ["Mt.AUC(curve=\"nosuch\")"] = () => keras.metrics.AUC(curve: "nosuch"),
        ["Mt.AUC(num_thresholds=1)"] = () => keras.metrics.AUC(num_thresholds: 1),
        ["Mt.Precision(thresholds=2.0)"] = () => keras.metrics.Precision(thresholds: 2.0),
        ["Mt.MeanIoU(num_classes=2).update_state([0, 5], [0, 1])"] = () => keras.metrics.MeanIoU(num_classes: 2).update_state(new[] { 0, 5 }, new[] { 0, 1 }),
        ["Mt.R2Score(class_aggregation=\"nosuch\")"] = () => keras.metrics.R2Score(class_aggregation: "nosuch"),
        ["Mt.F1Score(average=\"nosuch\")"] = () => keras.metrics.F1Score(average: "nosuch"),
        ["Mt.SensitivityAtSpecificity(1.5)"] = () => keras.metrics.SensitivityAtSpecificity(1.5),
        ["Op.get(\"nosuch\")"] = () => keras.optimizers.get("nosuch"),
        ["Op.Adam(clipnorm=1.0, clipvalue=1.0)"] = () => keras.optimizers.Adam(clipnorm: 1, clipvalue: 1),
        ["Op.SGD(momentum=2.0)"] = () => keras.optimizers.SGD(momentum: 2),
        ["Op.SGD(use_ema=True, ema_momentum=2.0)"] = () => keras.optimizers.SGD(use_ema: true, ema_momentum: 2),
        ["Op.SGD(gradient_accumulation_steps=1)"] = () => keras.optimizers.SGD(gradient_accumulation_steps: 1),
        ["Op.SGD().apply([f(2)], [])"] = () => keras.optimizers.SGD().apply([F(2)], []),
        ["Op.SGD().apply([None], [K.Variable(f(2))])"] = () => keras.optimizers.SGD().apply([null], [new Variable(F(2))]),
        ["Sc.PiecewiseConstantDecay([1, 2], [1.0])"] = () => keras.optimizers.schedules.PiecewiseConstantDecay([1, 2], [1.0]),
        ["Sc.CosineDecay(0.1, 0)"] = () => keras.optimizers.schedules.CosineDecay(0.1, 0),
        ["Sc.ExponentialDecay(0.1, 0, 0.9)(1)"] = () => keras.optimizers.schedules.ExponentialDecay(0.1, 0, 0.9).Apply(1),
    };
}
