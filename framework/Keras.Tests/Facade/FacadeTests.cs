using System.Reflection;
using Keras.Callbacks;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Losses;
using Keras.Metrics;
using Keras.Optimizers;
using Keras.Optimizers.Schedules;
using Keras.Regularizers;

namespace Keras.Tests.Facade;

/// <summary>A method of the facade is its class's constructor: same parameters, same defaults.</summary>
public sealed class FacadeTests
{
    /// <summary>The modules that make classes, and the classes' base.</summary>
    static readonly (string Module, Type Base)[] Kinds =
    [
        ("keras.layers", typeof(Layer)), ("keras.losses", typeof(Loss)), ("keras.metrics", typeof(Metric)), ("keras.optimizers", typeof(Optimizer)), ("keras.optimizers.schedules", typeof(LearningRateSchedule)),
        ("keras.initializers", typeof(Initializer)), ("keras.regularizers", typeof(Regularizer)), ("keras.constraints", typeof(Constraint)),
        ("keras.callbacks", typeof(Callback)),
    ];

    /// <summary>Models have their methods in <c>keras</c>, the distiller in its own module; Keras does not show its wrapper of functions as losses.</summary>
    static readonly Type[] Without = [typeof(Sequential), typeof(Functional), typeof(Keras.Utils.FeatureSpace), typeof(LossFunctionWrapper), typeof(Keras.Distillation.Distiller)];

    static IEnumerable<TestCaseData> Classes => from kind in Kinds
                                                from type in typeof(KerasApi).Assembly.GetExportedTypes()
                                                where type is { IsAbstract: false, IsGenericTypeDefinition: false } && type.IsSubclassOf(kind.Base) && !Without.Contains(type)
                                                select new TestCaseData(kind.Module, type).SetArgDisplayNames(kind.Module, type.Name);

    [TestCaseSource(nameof(Classes))]
    public void The_facade_makes_a_class_as_its_constructor_does(string module, Type type)
    {
        Assert.That(FacadeNames.Modules, Does.ContainKey(module));
        var methods = FacadeNames.Modules[module].GetMethods().Where(m => m.Name == type.Name && m.ReturnType.IsAssignableFrom(type)).Select(m => Parameters(m));
        Assert.That(methods, Is.EquivalentTo(type.GetConstructors().Select(Parameters)), $"{module}.{type.Name}");
    }

    [Test]
    public void Models_are_made_as_their_constructors_do()
    {
        foreach (var (name, type) in new[] { ("Model", typeof(Functional)), ("Sequential", typeof(Sequential)) })
            Assert.That(typeof(KerasApi).GetMethods().Where(m => m.Name == name).Select(m => Parameters(m)), Is.EquivalentTo(type.GetConstructors().Select(Parameters)), name);
        Assert.That(Parameters(typeof(UtilsApi).GetMethod("FeatureSpace")!), Is.EqualTo(Parameters(typeof(Keras.Utils.FeatureSpace).GetConstructors().Single())));
    }

    static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    static string Parameter(ParameterInfo parameter)
    {
        var nulls = new NullabilityInfoContext().Create(parameter);
        var value = parameter.HasDefaultValue ? $" = {(parameter.DefaultValue is string text ? $"\"{text}\"" : parameter.DefaultValue ?? "null")}" : "";
        return $"{(parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")}{parameter.ParameterType}{(nulls.WriteState == NullabilityState.Nullable ? "?" : "")} {parameter.Name}{value}";
    }
}
