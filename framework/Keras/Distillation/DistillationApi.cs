using Keras.Distillation;
using Keras.Losses;

namespace Keras
{
    public sealed partial class KerasApi
    {
        /// <summary>Distillation: trains a small model to imitate a larger one.</summary>
        public DistillationApi distillation { get; } = new();
    }
}

namespace Keras.Distillation
{
    /// <summary>keras.distillation: trains a small model, the student, to imitate a larger one, the teacher.</summary>
    public sealed class DistillationApi
    {
        internal DistillationApi() { }

        /// <inheritdoc cref="Distillation.Distiller(Model, Model, IReadOnlyList{DistillationLoss}, IReadOnlyList{double}, double, string)"/>
        public Distiller Distiller(Model teacher, Model student, IReadOnlyList<DistillationLoss> distillation_losses, IReadOnlyList<double>? distillation_loss_weights = null, double student_loss_weight = 0.5,
            string? name = "distiller") => new(teacher, student, distillation_losses, distillation_loss_weights, student_loss_weight, name);

        /// <inheritdoc cref="Distillation.Distiller(Model, Model, DistillationLoss, double, string)"/>
        public Distiller Distiller(Model teacher, Model student, DistillationLoss distillation_losses, double student_loss_weight = 0.5, string? name = "distiller") =>
            new(teacher, student, distillation_losses, student_loss_weight, name);

        /// <inheritdoc cref="Distillation.FeatureDistillation(LossArg, string, string)"/>
        public FeatureDistillation FeatureDistillation(LossArg? loss = null, string? teacher_layer_name = null, string? student_layer_name = null) => new(loss, teacher_layer_name, student_layer_name);

        /// <inheritdoc cref="Distillation.LogitsDistillation(double, LossArg)"/>
        public LogitsDistillation LogitsDistillation(double temperature = 3, LossArg? loss = null) => new(temperature, loss);
    }
}
