using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Keras.Graphs;
using Keras.Layers;
using Keras.Utils;

namespace Keras;

/// <summary>Registers all layers and models with the reader of configs.</summary>
static class KerasLayers
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Layers must not know all classes that derive from them; this class tells them when the assembly is loaded.")]
    internal static void Register()
    {
        LayerConfigs.Table = new(MakeTable);
        KeptOp.Keeper = KerasOperation.Keep;
    }

    static LayerTable MakeTable() => new(
        LayersApi.Classes.Concat(LayersApi.FeatureClasses).Concat([typeof(Sequential), typeof(Functional), typeof(FeatureSpace), typeof(TFDIdentity), typeof(TFDConcat)]).ToDictionary(t => t.Name),
        new()
        {
            [typeof(Normalization)] = Normalization.OfConfig,
            [typeof(StringLookup)] = StringLookup.OfConfig,
            [typeof(IntegerLookup)] = IntegerLookup.OfConfig,
            [typeof(TextVectorization)] = TextVectorization.OfConfig,
            [typeof(Discretization)] = Discretization.OfConfig,
            [typeof(Sequential)] = Sequential.OfConfig,
            [typeof(FeatureSpace)] = FeatureSpace.OfConfig,
            [typeof(Functional)] = Functional.OfConfig,
        });
}
