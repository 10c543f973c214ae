using System.Diagnostics.CodeAnalysis;
using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>The kernels of all ops that this engine runs, by op name.</summary>
static class KernelTable
{
    static readonly Dictionary<string, Kernel> ByName = new(new[]
    {
        Structure.Kernels, Elementwise.Kernels, Activations.Kernels, Reductions.Kernels, Products.Kernels, Indexing.Kernels, Slicing.Kernels, Gelus.Kernels, LayerNorms.Kernels, Dropouts.Kernels,
        RandomKernels.Kernels, State.Kernels, Updates.Kernels, ControlFlowKernels.Kernels, Convolutions.Kernels, Pooling.Kernels,
        Searching.Kernels, Matrices.Kernels, LinearAlgebra.Kernels, Tables.Kernels, Texts.Kernels, Unicode.Kernels, UnicodeScripts.Kernels, Images.Kernels, CheckpointKernels.Kernels, ImageFiles.Kernels, Lists.Kernels, Partitions.Kernels, Draws.Kernels, Segments.Kernels, Detections.Kernels,
        ExampleRecords.Kernels, TextFields.Kernels, SparseMoves.Kernels, SparseMath.Kernels, SparseCrosses.Kernels, SparseSets.Kernels, RaggedRows.Kernels, RealFourier.Kernels, Quantizations.Kernels, QuantizedNumbers.Kernels,
        Shuffles.Kernels, SpecialFunctions.Kernels, RunningLogs.Kernels, EditDistances.Kernels, Bands.Kernels, MatrixRoots.Kernels, Sounds.Kernels, PackedBytes.Kernels, Ctc.Kernels, Drawing.Kernels, Dilations.Kernels,
    }.SelectMany(theme => theme));

    /// <summary>Gets the kernel of an op.</summary>
    public static bool TryGet(string op, [NotNullWhen(true)] out Kernel? kernel) => ByName.TryGetValue(op, out kernel);

    /// <summary>Whether there is a kernel for an op.</summary>
    public static bool Has(string op) => ByName.ContainsKey(op);

    /// <summary>The error for an op without a kernel.</summary>
    public static UnsupportedException Missing(OpDefinition op, string where) => new($"The Torch engine has no kernel for {op.Name}", where,
        remedy: $"Run on TensorFlow (KERAS_BACKEND=tensorflow). Where it is not installed, {EngineRemedies.GetTensorFlow}.");
}
