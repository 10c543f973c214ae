using Keras.Losses;
using static Keras.Api;
using static Keras.Tests.Mistakes;

namespace Keras.Tests;

/// <summary>Calls about models, training, files and callbacks.</summary>
static class ModelMistakes
{
    public static readonly Dictionary<string, Action> Calls = new()
    {
        ["K.Sequential([L.Dense(2), In((3,))])"] = () => keras.Sequential([keras.layers.Dense(2), In(3)]),
        ["K.Sequential().predict(f(2, 3))"] = () => keras.Sequential().predict(F(2, 3), verbose: 0),
        ["K.Sequential([L.Dense(2, name=\"a\"), L.Dense(2, name=\"a\")])"] = () => keras.Sequential([keras.layers.Dense(2, name: "a"), keras.layers.Dense(2, name: "a")]),
        ["(lambda a: M(In((3,)), L.Dense(2)(a)))(In((3,)))"] = () => keras.Model(In(3), keras.layers.Dense(2).Apply(In(3))),
        ["M(f(2, 3), f(2, 3))"] = () => keras.Model(F(2, 3), F(2, 3)),
        ["(lambda a, b: M([a, b], L.Add()([L.Dense(2, name=\"q\")(a), L.Dense(2, name=\"q\")(b)])))(In((3,)), In((3,)))"] = () =>
        {
            var (a, b) = (In(3), In(3));
            keras.Model((a, b), keras.layers.Add().Apply((keras.layers.Dense(2, name: "q").Apply(a), keras.layers.Dense(2, name: "q").Apply(b))));
        },
        ["(lambda a: M(a, L.Dense(2)(a))(f(2, 4)))(In((3,)))"] = () => OneLayer().Apply(F(2, 4)),
        ["(lambda a: M(a, L.Dense(2)(a))(f(2, 3, 4)))(In((3,)))"] = () => OneLayer().Apply(F(2, 3, 4)),
        ["(lambda a, b: M([a, b], L.Add()([a, b]))([f(2, 3)]))(In((3,)), In((3,)))"] = () =>
        {
            var (a, b) = (In(3), In(3));
            keras.Model((a, b), keras.layers.Add().Apply((a, b))).Apply(List(F(2, 3)));
        },
        ["K.Sequential([In((3,)), L.Dense(1)]).fit(f(2, 3), f(2, 1), verbose=0)"] = () => keras.Sequential([In(3), keras.layers.Dense(1)]).fit(F(2, 3), F(2, 1), verbose: 0),
        ["compiled(loss=\"nosuch\").fit(f(2, 3), f(2, 1), verbose=0)"] = () => Compiled("nosuch").fit(F(2, 3), F(2, 1), verbose: 0),
        ["compiled(loss=None).fit(f(2, 3), f(2, 1), verbose=0)"] = () => Compiled(null).fit(F(2, 3), F(2, 1), verbose: 0),
        ["compiled().fit(f(2, 3), f(3, 1), verbose=0)"] = () => Compiled("mse").fit(F(2, 3), F(3, 1), verbose: 0),
        ["compiled().fit(f(2, 4), f(2, 1), verbose=0)"] = () => Compiled("mse").fit(F(2, 4), F(2, 1), verbose: 0),
        ["compiled().set_weights([f(3, 1)])"] = () => Compiled("mse").set_weights([F(3, 1)]),
        ["compiled().get_layer(\"nosuch\")"] = () => Compiled("mse").get_layer("nosuch"),
        ["compiled().get_layer(index=9)"] = () => Compiled("mse").get_layer(index: 9),
        ["K.Sequential([L.Dense(2)]).summary() or K.Sequential([L.Dense(2)]).count_params()"] = () => keras.Sequential([keras.layers.Dense(2)]).count_params(),
        ["compiled(metrics=[\"nosuch\"]).fit(f(2, 3), f(2, 1), verbose=0)"] = () => Compiled("mse", metrics: ["nosuch"]).fit(F(2, 3), F(2, 1), verbose: 0),
        ["compiled(optimizer=\"nosuch\")"] = () => Compiled("mse", optimizer: "nosuch"),
        ["compiled(loss=[\"mse\", \"mse\"]).fit(f(2, 3), f(2, 1), verbose=0)"] = () => Compiled(LossArg.Create(["mse", "mse"])).fit(F(2, 3), F(2, 1), verbose: 0),
        ["compiled(loss={\"nosuch\": \"mse\"}).fit(f(2, 3), f(2, 1), verbose=0)"] = () => Compiled(new Dictionary<string, LossArg?> { ["nosuch"] = "mse" }).fit(F(2, 3), F(2, 1), verbose: 0),
        ["compiled(loss={\"kind\": \"mse\"}).fit(f(2, 3), f(2, 1), verbose=0)"] = () => Compiled(new Dictionary<string, LossArg?> { ["kind"] = "mse" }).fit(F(2, 3), F(2, 1), verbose: 0),
        ["compiled(loss_weights=[1.0, 2.0]).fit(f(2, 3), f(2, 1), verbose=0)"] = () => Compiled("mse", weights: new[] { 1.0, 2.0 }).fit(F(2, 3), F(2, 1), verbose: 0),
        ["compiled().fit(f(2, 3), f(2, 1), validation_split=1.5, verbose=0)"] = () => Compiled("mse").fit(F(2, 3), F(2, 1), validation_split: 1.5, verbose: 0),
        ["compiled().fit(f(2, 3), f(2, 1), class_weight={0: 1.0}, sample_weight=f(2), verbose=0)"] = () =>
            Compiled("mse").fit(F(2, 3), F(2, 1), class_weight: new Dictionary<int, double> { [0] = 1 }, sample_weight: F(2), verbose: 0),
        ["compiled().fit(f(0, 3), f(0, 1), verbose=0)"] = () => Compiled("mse").fit(F(0, 3), F(0, 1), verbose: 0),
        ["compiled().predict(f(0, 3), verbose=0)"] = () => Compiled("mse").predict(F(0, 3), verbose: 0),
        ["compiled().load_weights(\"nosuch.weights.h5\")"] = () => Compiled("mse").load_weights("nosuch.weights.h5"),
        ["compiled().load_weights(\"nosuch.txt\")"] = () => Compiled("mse").load_weights("nosuch.txt"),
        ["compiled().save_weights(\"nosuch.h5\")"] = () => Compiled("mse").save_weights("nosuch.h5"),
        ["compiled().save(\"nosuch.xyz\")"] = () => Compiled("mse").save("nosuch.xyz"),
        ["K.models.load_model(\"nosuch.keras\")"] = () => keras.models.load_model("nosuch.keras"),
        ["K.models.model_from_json(\"{}\")"] = () => keras.models.model_from_json("{}"),
        ["K.callbacks.ReduceLROnPlateau(factor=2.0)"] = () => keras.callbacks.ReduceLROnPlateau(factor: 2),
        ["K.callbacks.ModelCheckpoint(\"x.txt\")"] = () => keras.callbacks.ModelCheckpoint("x.txt"),
        ["K.callbacks.ModelCheckpoint(\"x.h5\", save_weights_only=True)"] = () => keras.callbacks.ModelCheckpoint("x.h5", save_weights_only: true),
    };
}
