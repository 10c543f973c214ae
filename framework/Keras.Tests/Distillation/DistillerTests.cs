using Keras.Distillation;
using static Keras.Api;

namespace Keras.Tests.Distillation;

/// <summary>Distillation against figures of Keras 3.15 on TensorFlow.</summary>
public sealed class DistillerTests
{
    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static readonly Tensor Taught = Tensor.Of(new float[,] { { 1, 2, -1 }, { 0.5f, -2, 3 } }), Learnt = Tensor.Of(new float[,] { { 0.2f, 1, 0 }, { 2, -1, 1 } });

    static float Value(DistillationLoss loss, Tensors taught, Tensors learnt) => loss.compute_loss(taught, learnt).ToScalar<float>();

    [Test]
    public void Losses_are_Keras()
    {
        Assert.That(Value(new LogitsDistillation(2, keras.losses.KLDivergence()), Taught, Learnt), Is.EqualTo(0.7951873540878296f).Within(1e-5f));
        Assert.That(Value(new LogitsDistillation(2), Taught, Learnt), Is.EqualTo(0.7951873540878296f).Within(1e-5f));
        Assert.That(Value(new LogitsDistillation(2, keras.losses.CategoricalCrossentropy(from_logits: true)), Taught, Learnt), Is.EqualTo(0.23794549703598022f).Within(1e-5f));
        Assert.That(Value(new FeatureDistillation(), Taught, Learnt), Is.EqualTo(1.6483334302902222f).Within(1e-5f));
        Assert.That(Value(new FeatureDistillation("cosine_similarity"), Taught, Learnt), Is.EqualTo(-0.77681565284729f).Within(1e-5f));
        Assert.That(Value(new LogitsDistillation(2, ["mse", null]), new Tensors([Taught, Taught]), new Tensors([Learnt, Learnt])), Is.EqualTo(0.41208335757255554f).Within(1e-5f));
    }

    static Functional Made(string name, double factor)
    {
        var input = keras.Input(4);
        var model = keras.Model(input, keras.layers.Dense(3, name: "o").Apply(keras.layers.Dense(5, activation: "relu", name: "h").Apply(input)), name: name);
        model.set_weights([.. model.weights.Select(w => ops.reshape(ops.sin((ops.arange(0, w.size, dtype: "float32") * factor) + factor), w.shape))]);
        return model;
    }

    static readonly Tensor X = ops.reshape(ops.cos(ops.arange(0, 32, dtype: "float32") * 0.5f), (8, 4)), Y = ops.arange(0, 8, dtype: "int32") % 3;

    [TestCase(true)]
    [TestCase(false)]
    public void Evaluating_changes_nothing_and_draws_nothing(bool eager)
    {
        var input = keras.Input(4);
        var student = keras.Model(input, keras.layers.Dense(3, name: "o").Apply(keras.layers.Dropout(0.5).Apply(keras.layers.BatchNormalization(name: "h").Apply(keras.layers.Dense(5).Apply(input)))));
        var distiller = keras.distillation.Distiller(Made("t", 0.7), student, keras.distillation.FeatureDistillation("mse", "h", "h"));
        distiller.compile(keras.optimizers.SGD(0.1), keras.losses.SparseCategoricalCrossentropy(from_logits: true), run_eagerly: eager);
        var before = student.get_weights().Select(w => w.ToArray<float>()).ToArray();
        double Losses() => distiller.evaluate(X, Y, verbose: 0, return_dict: true)["loss"];
        var losses = Losses();
        Assert.That(Losses(), Is.EqualTo(losses));
        Assert.That(student.get_weights().Select(w => w.ToArray<float>()), Is.EqualTo(before));
    }

    [TestCase(false, false)]
    [TestCase(false, true)]
    [TestCase(true, false)]
    public void Training_is_Keras(bool eager, bool jit)
    {
        var (teacher, student) = (Made("t", 0.7), Made("s", 0.3));
        var before = teacher.get_weights().Select(w => w.ToArray<float>()).ToArray();
        var distiller = keras.distillation.Distiller(teacher, student, [keras.distillation.LogitsDistillation(3, keras.losses.KLDivergence()), keras.distillation.FeatureDistillation("mse", "h", "h")], [1, 0.5], 0.4);
        distiller.compile(keras.optimizers.SGD(0.1), keras.losses.SparseCategoricalCrossentropy(from_logits: true), metrics: "accuracy", run_eagerly: eager, jit_compile: jit);

        var history = distiller.fit(X, Y, batch_size: 4, epochs: 2, shuffle: false, verbose: 0).history;

        void Check(string name, params double[] expected) => Assert.That(history[name], Is.EqualTo(expected).Within(1e-4), name);
        Check("loss", 0.6737502813339233, 0.6326440572738647);
        Check("distillation_loss", 0.4736745357513428, 0.41867712140083313);
        Check("student_loss", 0.9738637804985046, 0.9535943269729614);
        Check("total_loss", 0.6737502813339233, 0.6326440572738647);
        Check("accuracy", 0.625, 0.25);
        Assert.That(student.weights.Select(w => ops.sum(w.value).ToScalar<float>()), Is.EqualTo(new[] { 0.118885338306427f, 3.451961040496826f, 3.5169057846069336f, 1.6434895992279053f }).Within(1e-4f));
        Assert.That(teacher.get_weights().Select(w => w.ToArray<float>()), Is.EqualTo(before), "the teacher is frozen");
        Assert.That(distiller.metrics.Select(m => m.name), Is.EquivalentTo(new[] { "loss", "compile_metrics", "student_loss", "distillation_loss", "total_loss" }));

        var evaluated = distiller.evaluate(X, Y, verbose: 0, return_dict: true);
        Assert.That(evaluated["loss"], Is.EqualTo(0.6108897924423218).Within(1e-4));
        Tensor predicted = distiller.predict(X, verbose: 0);
        Assert.That(predicted.ToArray<float>()[..3], Is.EqualTo(new[] { 2.4994824f, 2.7273457f, 1.8538704f }).Within(1e-4f));
        Assert.That(predicted.ToArray<float>(), Is.EqualTo(((Tensor)student.predict(X, verbose: 0)).ToArray<float>()).Within(1e-6f));
    }

    sealed class Vector : DistillationLoss
    {
        public override Tensor compute_loss(Tensors teacher_outputs, Tensors student_outputs) => (Tensor)teacher_outputs - (Tensor)student_outputs;
    }

    [Test]
    public void Mistakes_are_named()
    {
        var (teacher, student) = (Made("t", 0.7), Made("s", 0.3));
        var logits = new LogitsDistillation();
        Assert.That(() => new LogitsDistillation(0), Throws.InstanceOf<ArgumentException>().With.Message.Contains("temperature"));
        Assert.That(() => new LogitsDistillation(loss: "kl_divergenc"), Throws.ArgumentException.With.Message.Contains("kl_divergence"));
        Assert.That(() => new FeatureDistillation([null, null]), Throws.ArgumentException.With.Message.Contains("null"));
        Assert.That(() => new Distiller(teacher, student, []), Throws.ArgumentException.With.Message.Contains("at least one"));
        Assert.That(() => new Distiller(teacher, student, [logits], [1, 2]), Throws.ArgumentException.With.Message.Contains("2"));
        Assert.That(() => new Distiller(teacher, student, logits, student_loss_weight: 1.5), Throws.InstanceOf<ArgumentException>().With.Message.Contains("student_loss_weight"));
        Assert.That(() => new Distiller(teacher, student, new FeatureDistillation("mse", "hh", "h")), Throws.ArgumentException.With.Message.Contains("teacher").And.Message.Contains("hh"));
        var other = keras.Sequential([keras.Input(4), keras.layers.Dense(2)]);
        Assert.That(() => new Distiller(teacher, other, logits), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("outputs"));
        var distiller = new Distiller(teacher, student, new Vector());
        distiller.compile("sgd", "mse");
        Assert.That(() => distiller.fit(X, ops.ones((8, 3)), verbose: 0), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("scalar"));
        distiller = new Distiller(teacher, student, logits);
        distiller.compile("sgd");
        Assert.That(() => distiller.fit(X, Y, verbose: 0), Throws.InvalidOperationException.With.Message.Contains("loss"));
        using var folder = new TemporaryFolder();
        Assert.That(() => distiller.save(Path.Combine(folder, "d.keras")), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("student"));
    }
}
