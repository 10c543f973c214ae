using Keras.Saving;

namespace Keras.Transformers;

/// <summary>Converts arrays from TensorFlow's layouts to PyTorch's, by the last part of their names: kernels are transposed, biases of (1, N) lose the 1.</summary>
/// <remarks>Source: transformers/modeling_tf_pytorch_utils.py, transpose types SIMPLE, CONV1D and CONV2D, and the squeeze of GPT-2's biases.</remarks>
static class LayoutChange
{
    /// <summary>The axes of TensorFlow's kernels in PyTorch's order, by rank.</summary>
    static readonly Dictionary<int, int[]> KernelAxes = new() { [2] = [1, 0], [3] = [2, 1, 0], [4] = [3, 2, 0, 1] };

    /// <summary>The scale of similarities, (1) in TensorFlow and () in PyTorch.</summary>
    const string Scalar = "logit_scale:0";

    public static SafetensorsTensor ToPyTorch(WeightEntry entry, string name)
    {
        var last = entry.Name[(entry.Name.LastIndexOf('/') + 1)..];
        if (last == "kernel:0" && KernelAxes.TryGetValue(entry.Shape.Rank, out var axes))
            return SafetensorsTensor.Of(name, entry.DType, new Shape([.. axes.Select(a => entry.Shape[a])]), () => Permuted(entry, axes));
        if (last == Scalar && entry.Shape is { Rank: 1, ElementCount: 1 }) return SafetensorsTensor.Of(name, entry.DType, Shape.Scalar, entry.GetMemory);
        var shape = last == "bias:0" && entry.Shape.Rank == 2 && entry.Shape[0] == 1 ? new Shape(entry.Shape[1]) : entry.Shape;
        return SafetensorsTensor.Of(name, entry.DType, shape, entry.GetMemory);
    }

    static AlignedMemory Permuted(WeightEntry entry, int[] axes)
    {
        using var from = entry.GetMemory();
        var to = new AlignedMemory(entry.Length);
        AxisOrder.Permute(from, to, entry.Shape, axes, entry.DType.Size);
        return to;
    }
}
