using System.Globalization;
using System.Reflection;
using Keras.Callbacks;
using Keras.Export;
using Keras.Layers;
using Keras.Losses;
using Keras.Optimizers;

namespace Keras.Tests.Arguments;

/// <summary>Bad arguments of the methods of models, layers, optimizers, losses, metrics, variables, tapes and modules of the facade.</summary>
public sealed class MethodArgumentTests
{
    static readonly TemporaryFolder Folder = new();

    static readonly Lazy<Variable> Held = new(() => new(Matrix(), name: "w"));

    static readonly ArgumentAudit Audit = new()
    {
        Subjects = new Dictionary<Type, Func<object?>>
        {
            [typeof(Sequential)] = Trained, [typeof(Functional)] = () => { var x = Api.keras.Input(2); return new Functional(x, new Dense(1).Apply(x)); },
            [typeof(Dense)] = Built, [typeof(Embedding)] = () => new Embedding(3, 2), [typeof(SimpleRNN)] = () => new SimpleRNN(2), [typeof(Normalization)] = () => new Normalization(),
            [typeof(SGD)] = () => { var sgd = new SGD(); sgd.build([Held.Value]); return sgd; }, [typeof(LossScaleOptimizer)] = () => new LossScaleOptimizer(new SGD()), [typeof(Keras.Losses.MeanSquaredError)] = () => new Keras.Losses.MeanSquaredError(),
            [typeof(Keras.Metrics.BinaryAccuracy)] = () => new Keras.Metrics.BinaryAccuracy(), [typeof(Variable)] = () => new Variable(Matrix(), name: "w"), [typeof(GradientTape)] = () => new GradientTape(persistent: true),
            [typeof(LambdaCallback)] = () => new LambdaCallback(), [typeof(EarlyStopping)] = () => new EarlyStopping(), [typeof(ExportArchive)] = () => { var archive = new ExportArchive(); archive.add_endpoint("first", t => t, Matrix()); return archive; },
            [Api.keras.models.GetType()] = () => Api.keras.models, [typeof(SavingApi)] = () => Api.keras.saving, [typeof(TreeApi)] = () => Api.keras.tree,
        },
        Hooks = new HashSet<string> { "call", "build", "compute_mask", "compute_output_shape", "train_step", "test_step", "predict_step", "compute_metrics", "compute_loss", "update_step", "finalize_variable_values" },
        Free = new HashSet<string> { "seed", "name", "index", "line_length", "format of ToString" },
        NotZero = new HashSet<string> { "batch_size", "steps", "steps_per_epoch", "validation_steps", "validation_batch_size", "validation_freq", "steps_per_execution", "rank" },
        Signed = new HashSet<string> { "lora_alpha" },
        Makers = new Dictionary<Type, Func<object?>>
        {
            [typeof(Tensor)] = Matrix, [typeof(TensorLike)] = () => (TensorLike)Matrix(), [typeof(Tensors)] = Many, [typeof(Shape)] = () => new Shape(4, 2), [typeof(Layer)] = Built, [typeof(LayerArg)] = () => (LayerArg)new Dense(2),
            [typeof(Batch)] = () => new Batch(Matrix(), Matrix()), [typeof(IEnumerable<Batch>)] = () => new Batch[] { new(Matrix(), Matrix()) }, [typeof(CallArguments)] = () => new CallArguments(Matrix()), [typeof(Logs)] = () => new Logs(),
            [typeof(IReadOnlyList<Variable>)] = () => new[] { Held.Value }, [typeof(IEnumerable<Variable>)] = () => new[] { Held.Value }, [typeof(Variable)] = () => Held.Value, [typeof(IReadOnlyList<Tensor>)] = () => new[] { Matrix() },
            [typeof(IEnumerable<(Tensor?, Variable)>)] = () => new (Tensor?, Variable)[] { (Matrix(), Held.Value) }, [typeof(IReadOnlyDictionary<string, Variable>)] = () => new Dictionary<string, Variable> { ["w"] = Held.Value },
            [typeof((Variable, Variable))] = () => (Held.Value, Held.Value), [typeof((Variable, Variable, Variable))] = () => (Held.Value, Held.Value, Held.Value), [typeof(IEnumerable<Tensor>)] = () => new[] { Matrix() },
            [typeof(Func<Tensor, Tensor>)] = () => (Func<Tensor, Tensor>)(t => t), [typeof(Func<Tensor, Tensor, Tensor>)] = () => (Func<Tensor, Tensor, Tensor>)((t, p) => t * p), [typeof(Func<Tensors, Tensors>)] = () => (Func<Tensors, Tensors>)(t => t),
            [typeof(IFormatProvider)] = () => CultureInfo.InvariantCulture, [typeof(LossArg)] = () => (LossArg)"mse", [typeof(OptimizerArg)] = () => (OptimizerArg)"sgd",
            [typeof(ExportSignatures)] = () => (ExportSignatures)new ExportSignature(t => t, Matrix()),
        },
        Own = new Dictionary<string, Func<object?>>
        {
            ["y of train_on_batch"] = Many, ["y of test_on_batch"] = Many, ["y of evaluate"] = Many, ["y of fit"] = Many, ["grads"] = () => new Tensor?[] { Matrix() }, ["trainable_variables of apply"] = () => new[] { Held.Value },
            ["filepath"] = () => Folder["new.keras"], ["filepath of save_weights"] = () => Folder["new.weights.h5"], ["filepath of export"] = () => Folder["exported"], ["filepath of write_out"] = () => Folder["exported"],
            ["filepath of load_weights"] = () => Written("old.weights.h5", (m, path) => m.save_weights(path)), ["filepath of load_model"] = () => Written("old.keras", (m, path) => m.save(path)),
            ["json_string"] = () => Trained().to_json(), ["model"] = Trained, ["config of compile_from_config"] = () => Trained().get_compile_config(), ["values of set_weights"] = () => Built().get_weights(),
            ["rank"] = () => 2, ["weights of set_weights"] = () => new Tensor[] { 0, 0.01f }, ["format of ToString"] = () => "G", ["initial_state"] = () => null, ["sequences"] = () => Api.ops.ones((1, 2, 2)), ["unconnected_gradients"] = () => "zero",
            ["name of add_endpoint"] = () => "serve", ["name of add_variable_collection"] = () => "all", ["name of track_and_add_endpoint"] = () => "serve", ["name of get_registered_object"] = () => "x", ["obj"] = () => typeof(Dense),
            ["data of adapt: IEnumerable`1"] = () => new Batch[] { new(Matrix()) }, ["custom_objects of custom_object_scope"] = () => new Dictionary<string, Type>(),
        },
    };

    static IEnumerable<TestCaseData> Cases => Audit.Cases;

    static Tensor Matrix() => Api.ops.ones((4, 2));

    static object Many() => (Tensors)Matrix();

    static Dense Built()
    {
        var layer = new Dense(2);
        layer.Apply(Matrix());
        return layer;
    }

    static Sequential Trained()
    {
        var model = Api.keras.Sequential([Api.keras.Input(2), new Dense(2)]);
        model.compile("sgd", "mse");
        return model;
    }

    static string Written(string name, Action<Model, string> write)
    {
        if (!File.Exists(Folder[name])) write(Trained(), Folder[name]);
        return Folder[name];
    }

    [OneTimeTearDown]
    public void Forget() => Folder.Dispose();

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TestCaseSource(nameof(Cases))]
    public void ABadArgumentIsRefusedByItsName(Type subject, MethodInfo method) => Audit.Check(subject, method);
}
