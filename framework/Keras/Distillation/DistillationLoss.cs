using Keras.Graphs;
using Keras.Losses;

namespace Keras.Distillation;

/// <summary>The base of distillation losses: values that are small if a student's outputs are similar to its teacher's. Derive from it for one of your own.</summary>
/// <remarks>Source: keras/src/distillation/distillation_loss.py.</remarks>
public abstract class DistillationLoss
{
    /// <summary>The layer of the teacher whose outputs are compared; null for the model's outputs.</summary>
    public virtual string? teacher_layer_name => null;

    /// <summary>The layer of the student whose outputs are compared; null for the model's outputs.</summary>
    public virtual string? student_layer_name => null;

    /// <summary>Computes the number to minimise; override it.</summary>
    /// <param name="teacher_outputs">The teacher's outputs.</param>
    /// <param name="student_outputs">The student's outputs, in the same structure.</param>
    /// <returns>A scalar.</returns>
    public abstract Tensor compute_loss(Tensors teacher_outputs, Tensors student_outputs);

    /// <summary>Throws if outputs cannot be compared; the default throws if their structures differ.</summary>
    /// <param name="teacher_outputs">The teacher's outputs.</param>
    /// <param name="student_outputs">The student's outputs.</param>
    /// <exception cref="ShapeMismatchException">The structures differ.</exception>
    public virtual void validate_outputs(Tensors teacher_outputs, Tensors student_outputs)
    {
        ArgumentNullException.ThrowIfNull(teacher_outputs);
        ArgumentNullException.ThrowIfNull(student_outputs);
        if (teacher_outputs.Structure != student_outputs.Structure)
            throw new ShapeMismatchException("Teacher and student return different structures", GetType().Name, teacher_outputs.Structure.ToString(), student_outputs.Structure.ToString());
    }

    /// <summary>Throws if the outputs of two models cannot be compared; the default accepts all.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="student">The student.</param>
    public virtual void validate_model_compatibility(Model teacher, Model student) { }

    /// <summary>The mean loss of each output, summed over all outputs.</summary>
    private protected Tensor Sum(LossArg loss, Tensors teacher, Tensors student, Func<Loss, Tensor, Tensor, Tensor> compute)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        var (theirs, ours) = (teacher.Flatten(), student.Flatten());
        IReadOnlyList<LossArg?> losses = loss.Items ?? (loss.ByOutput is { } byOutput
            ? [.. (teacher.IsDictionary ? teacher.Keys : throw Misfit(loss, teacher)).Select(n => byOutput.TryGetValue(n, out var one) ? one : throw Misfit(loss, teacher))] : [loss]);
        if (losses.Count != theirs.Count || ours.Count != theirs.Count) throw Misfit(loss, teacher);
        Tensor? sum = null;
        for (var i = 0; i < losses.Count; i++)
        {
            if (losses[i] is not { } one) continue;
            if (theirs[i].ndim != ours[i].ndim || !theirs[i].shape.IsCompatibleWith(ours[i].shape))
                throw new ShapeMismatchException("Teacher and student return different shapes", $"{GetType().Name}, output {i}", theirs[i].shape.ToString(), ours[i].shape.ToString());
            var value = compute(one.Resolve(theirs[i].shape, ours[i].shape), theirs[i], ours[i]);
            if (value.ndim > 0) value = Tf.Mean(value);
            sum = sum is null ? value : sum + value;
        }
        return sum!;
    }

    ShapeMismatchException Misfit(LossArg loss, Tensors outputs) => new("Losses do not fit the outputs", GetType().Name, $"a loss, or null, for each of {outputs.Structure}",
        loss.Items is { } items ? $"{items.Count} losses" : loss.ByOutput is { } named ? Known.List(named.Keys) : "one loss");

    private protected static LossArg Checked(LossArg loss)
    {
        IEnumerable<LossArg?> all = loss.Items ?? (IEnumerable<LossArg?>?)loss.ByOutput?.Values ?? [loss];
        foreach (var one in all.OfType<LossArg>()) one.Resolve(Shape.Unknown, Shape.Unknown);
        return all.Any(l => l is not null) ? loss : throw new ArgumentException("At least one output needs a loss that is not null.", nameof(loss));
    }
}

/// <summary>Compares the logits of teacher and student, softened by a temperature.</summary>
/// <remarks>With the Kullback-Leibler divergence (the default) outputs are logits, of which probabilities are made; the loss is then multiplied by temperature², so that its gradients keep their size. Keras 3.15 does so
/// for a KLDivergence and, by oversight, not for the name "kl_divergence", which compares plain logits there. Source: Hinton et al. 2015 (arXiv:1503.02531); keras/src/distillation/distillation_loss.py.</remarks>
public sealed class LogitsDistillation : DistillationLoss
{
    readonly LossArg _loss;

    /// <summary>Compares the logits of teacher and student, softened by a temperature.</summary>
    /// <param name="temperature">The divisor of logits; default 3.</param>
    /// <param name="loss">A loss, or one for each output (null for none); default "kl_divergence".</param>
    /// <exception cref="ArgumentException">The temperature is not positive, a loss is unknown, or all are null.</exception>
    public LogitsDistillation(double temperature = 3, LossArg? loss = null) => (this.temperature, _loss) = (Require.Positive(temperature), Checked(loss ?? "kl_divergence"));

    /// <summary>The number by which logits are divided; higher is softer.</summary>
    public double temperature { get; }

    /// <inheritdoc/>
    public override Tensor compute_loss(Tensors teacher_outputs, Tensors student_outputs) => Sum(_loss, teacher_outputs, student_outputs, (loss, teacher, student) =>
    {
        var (theirs, ours) = (teacher / temperature, student / temperature);
        var isDivergence = loss is KLDivergence || loss.name is "kl_divergence" or "kullback_leibler_divergence" or "kld" or "kl";
        return isDivergence ? loss.Apply(Api.ops.softmax(theirs), Api.ops.softmax(ours)) * (temperature * temperature) : loss.Apply(theirs, ours);
    });
}

/// <summary>Compares the outputs of a layer of the teacher with those of a layer of the student.</summary>
/// <remarks>Source: keras/src/distillation/distillation_loss.py.</remarks>
public sealed class FeatureDistillation : DistillationLoss
{
    readonly LossArg _loss;

    /// <summary>Compares the outputs of two layers.</summary>
    /// <param name="loss">A loss, or one for each output (null for none); default "mse".</param>
    /// <param name="teacher_layer_name">The layer of the teacher; default the model's outputs.</param>
    /// <param name="student_layer_name">The layer of the student; default the model's outputs.</param>
    /// <exception cref="ArgumentException">A loss is unknown, or all are null.</exception>
    public FeatureDistillation(LossArg? loss = null, string? teacher_layer_name = null, string? student_layer_name = null) =>
        (_loss, this.teacher_layer_name, this.student_layer_name) = (Checked(loss ?? "mse"), teacher_layer_name, student_layer_name);

    /// <inheritdoc/>
    public override string? teacher_layer_name { get; }

    /// <inheritdoc/>
    public override string? student_layer_name { get; }

    /// <inheritdoc/>
    public override Tensor compute_loss(Tensors teacher_outputs, Tensors student_outputs) => Sum(_loss, teacher_outputs, student_outputs, (loss, teacher, student) => loss.Apply(teacher, student));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A model has no such layer, or no layers between symbolic inputs and outputs.</exception>
    public override void validate_model_compatibility(Model teacher, Model student)
    {
        Check(teacher, teacher_layer_name, nameof(teacher));
        Check(student, student_layer_name, nameof(student));
    }

    static void Check(Model model, string? layer, string which)
    {
        ArgumentNullException.ThrowIfNull(model, which);
        if (layer is null) return;
        if (model is not (Functional or Sequential { inputs: not null }))
            throw new ArgumentException($"The outputs of layer '{layer}' cannot be read. Expected: a Functional model, or a Sequential one that knows its inputs. Received: {model.GetType().Name} '{model.name}'. Leave the layer's name out.", which);
        try
        {
            model.get_layer(layer);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"The {which} lacks the layer whose outputs are compared. {e.Message}", which, e);
        }
    }
}
