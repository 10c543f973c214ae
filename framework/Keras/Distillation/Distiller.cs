using Keras.Graphs;
using Keras.Metrics;

namespace Keras.Distillation;

/// <summary>Trains a student on the truth and a teacher's outputs: the loss is student_loss_weight · the compiled loss + (1 - student_loss_weight) · the sum of the distillation losses.</summary>
/// <remarks>The teacher is frozen and sees batches as in prediction. Logs hold student_loss, distillation_loss and total_loss too. What the student's regularizers add counts in full, which Keras leaves out, and so do sample
/// weights in the compiled loss. Source: keras/src/distillation/distiller.py.</remarks>
public sealed class Distiller : Model
{
    readonly DistillationLoss[] _losses;
    readonly double[] _weights;
    readonly double _share;
    readonly Mean _studentLoss = new("student_loss"), _distillationLoss = new("distillation_loss"), _totalLoss = new("total_loss");
    readonly Features _teacherFeatures, _studentFeatures;

    /// <summary>Trains a student on the truth and on the outputs of a teacher.</summary>
    /// <param name="teacher">A trained model; it is frozen.</param>
    /// <param name="student">The model that is trained.</param>
    /// <param name="distillation_losses">The losses that compare the student with the teacher.</param>
    /// <param name="distillation_loss_weights">The weight of each of them; default 1.</param>
    /// <param name="student_loss_weight">The share of the compiled loss, 0 to 1; default 0.5.</param>
    /// <param name="name">The model's name; default "distiller".</param>
    /// <exception cref="ArgumentException">There is no distillation loss, the number of weights is wrong, or a number is out of range.</exception>
    /// <exception cref="ShapeMismatchException">Inputs or outputs of the models do not fit each other.</exception>
    public Distiller(Model teacher, Model student, IReadOnlyList<DistillationLoss> distillation_losses, IReadOnlyList<double>? distillation_loss_weights = null, double student_loss_weight = 0.5, string? name = "distiller")
        : base(name)
    {
        this.teacher = teacher ?? throw new ArgumentNullException(nameof(teacher));
        this.student = student ?? throw new ArgumentNullException(nameof(student));
        ArgumentNullException.ThrowIfNull(distillation_losses);
        if (distillation_losses.Count == 0 || distillation_losses.Contains(null!)) throw new ArgumentException("A distillation loss is missing. Expected: at least one distillation loss, and none that is null.", nameof(distillation_losses));
        _losses = [.. distillation_losses];
        _weights = distillation_loss_weights is null ? [.. _losses.Select(_ => 1.0)] : [.. distillation_loss_weights];
        if (_weights.Length != _losses.Length) throw new ArgumentException($"The number of weights is not the number of losses. Expected: a weight for each of the {_losses.Length} distillation losses. Received: {_weights.Length}.", nameof(distillation_loss_weights));
        foreach (var weight in _weights) Require.Finite(weight, nameof(distillation_loss_weights));
        _share = Require.Share(student_loss_weight);
        CheckFit("inputs", Symbolic(teacher, inputs: true), Symbolic(student, inputs: true));
        CheckFit("outputs", Symbolic(teacher, inputs: false), Symbolic(student, inputs: false));
        foreach (var loss in _losses) loss.validate_model_compatibility(teacher, student);
        _teacherFeatures = new(teacher, _losses.Select(l => l.teacher_layer_name));
        _studentFeatures = new(student, _losses.Select(l => l.student_layer_name));
        teacher.trainable = false;
        supports_masking = true;
    }

    /// <summary>The same with one distillation loss.</summary>
    /// <param name="teacher">A trained model; it is frozen.</param>
    /// <param name="student">The model that is trained.</param>
    /// <param name="distillation_losses">The losses that compare the student with the teacher.</param>
    /// <param name="student_loss_weight">The share of the compiled loss, 0 to 1; default 0.5.</param>
    /// <param name="name">The model's name; default "distiller".</param>
    /// <inheritdoc cref="Distiller(Model, Model, IReadOnlyList{DistillationLoss}, IReadOnlyList{double}, double, string)"/>
    public Distiller(Model teacher, Model student, DistillationLoss distillation_losses, double student_loss_weight = 0.5, string? name = "distiller")
        : this(teacher, student, [distillation_losses ?? throw new ArgumentNullException(nameof(distillation_losses))], null, student_loss_weight, name) { }

    /// <summary>The teacher, the model to imitate.</summary>
    public Model teacher { get; }

    /// <summary>The student, the model that is trained; save this one.</summary>
    public Model student { get; }

    internal override string? SavedOtherwise => "Save the student, distiller.student.save(path): it is what was trained.";

    internal override bool ComputesRowsApart => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string>? output_names => student.output_names;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> CallParameters => student.CallParameters;

    /// <inheritdoc/>
    public override Tensors call(CallArguments args) => student.Apply(args);

    /// <inheritdoc/>
    public override Tensor compute_loss(Tensors? x = null, Tensors? y = null, Tensors? y_pred = null, Tensors? sample_weight = null, bool training = true)
    {
        ArgumentNullException.ThrowIfNull(x);
        y_pred ??= Apply(x, training: training);
        var zero = Tf.Constant(HostTensor.Scalar(0f));
        var ofStudent = _share > 0 && y is not null ? Tf.Cast(CompiledLoss(x, y, y_pred, sample_weight), DType.Float32) : zero;
        var distilled = _share < 1 ? Distilled(x, y_pred, training) : zero;
        var total = (ofStudent * _share) + (distilled * (1 - _share));
        _studentLoss.update_state(ofStudent);
        _distillationLoss.update_state(distilled);
        foreach (var added in student.losses.Where(IsOfThisCall)) total += Tf.Cast(added.ndim == 0 ? added : Tf.Sum(added), DType.Float32);
        _totalLoss.update_state(total);
        return total;
    }

    Tensor Distilled(Tensors x, Tensors y_pred, bool training)
    {
        var theirs = _teacherFeatures.Of(x, training: false, () => teacher.Apply(x, training: false));
        var ours = _studentFeatures.Of(x, training, () => y_pred);
        Tensor? sum = null;
        for (var i = 0; i < _losses.Length; i++)
        {
            var (taught, learnt) = (theirs(_losses[i].teacher_layer_name), _losses[i].student_layer_name is null ? y_pred : ours(_losses[i].student_layer_name));
            _losses[i].validate_outputs(taught, learnt);
            var value = _losses[i].compute_loss(taught, learnt) ?? throw new InvalidOperationException($"{_losses[i].GetType().Name}.compute_loss returned null.");
            if (value.ndim > 0) throw new ShapeMismatchException("A distillation loss is not a scalar", $"{_losses[i].GetType().Name}.compute_loss", "()", value.shape.ToString(), "Return its mean.");
            value = Tf.Cast(value, DType.Float32) * _weights[i];
            sum = sum is null ? value : sum + value;
        }
        return sum!;
    }

    static Tensors? Symbolic(Model model, bool inputs) => model switch
    {
        Functional functional => inputs ? functional.inputs : functional.outputs,
        Sequential stack => inputs ? stack.inputs : stack.outputs,
        _ => null,
    };

    static void CheckFit(string what, Tensors? teacher, Tensors? student)
    {
        if (teacher is null || student is null) return;
        var (theirs, ours) = (teacher.Flatten(), student.Flatten());
        if (theirs.Count != ours.Count) throw new ShapeMismatchException($"Teacher and student have different {what}", "Distiller", $"{theirs.Count} (the teacher)", $"{ours.Count} (the student)");
        foreach (var (their, our) in theirs.Zip(ours))
            if (their.dtype != our.dtype || their.ndim != our.ndim || !their.shape.IsCompatibleWith(our.shape))
                throw new ShapeMismatchException($"The {what} of teacher and student do not fit each other", "Distiller", $"{their.dtype.Name} {their.shape} (the teacher)", $"{our.dtype.Name} {our.shape} (the student)");
    }

    /// <summary>The outputs of inner layers of a model, computed in one pass; not in a field that is searched for layers.</summary>
    sealed class Features
    {
        readonly Functional? _extractor;
        readonly string[] _names;

        public Features(Model model, IEnumerable<string?> layers)
        {
            _names = [.. layers.OfType<string>().Distinct()];
            if (_names.Length == 0) return;
            var outputs = _names.Select(n => new Tensors(model.get_layer(n).output.Flatten().Select(t => new Tensors(t)))).Prepend(Symbolic(model, inputs: false)!);
            _extractor = new Functional(Symbolic(model, inputs: true)!, new Tensors(outputs.Select(o => o.Flatten() is [var only] ? new Tensors(only) : o)), $"{model.name}_multi_feature_extractor");
        }

        public Func<string?, Tensors> Of(Tensors x, bool training, Func<Tensors> outputs)
        {
            if (_extractor is null)
            {
                var only = outputs();
                return _ => only;
            }
            // Called directly, not applied as a layer: its layers belong to the model, which is tracked already.
            var all = _extractor.call(new CallArguments(x, training));
            return name => name is null ? all[0] : all[1 + Array.IndexOf(_names, name)];
        }
    }
}
