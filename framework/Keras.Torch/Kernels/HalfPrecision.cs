namespace Keras.Engines.Torch;

/// <summary>Runs float32 kernels on 16-bit floats by converting their inputs and outputs.</summary>
static class HalfPrecision
{
    /// <summary>Extends a kernel to 16-bit floats.</summary>
    public static Kernel Widened(Kernel kernel) => c =>
    {
        if (Array.Exists(c.Inputs, i => IsHalf(i.DType))) Run(c, kernel);
        else kernel(c);
    };

    /// <summary>Whether numbers are 16-bit floats.</summary>
    public static bool IsHalf(DType dtype) => dtype.IsFloating && dtype.Size == 2;

    /// <summary>Runs a kernel on converted inputs.</summary>
    public static void Run(KernelCall c, Kernel kernel)
    {
        var inputs = Array.ConvertAll(c.Inputs, i => IsHalf(i.DType) ? Converted((TorchTensor)i, DType.Float32) : i);
        var outputs = new TorchValue?[c.Outputs.Length];
        try
        {
            kernel(new KernelCall().Set(c.Op, c.Where, c.Attributes, inputs, Array.ConvertAll(c.DTypes, d => IsHalf(d) ? DType.Float32 : d), c.Shapes, outputs));
            for (var i = 0; i < outputs.Length; i++)
            {
                c.Outputs[i] = outputs[i]!.DType == c.DTypes[i] ? outputs[i] : Converted((TorchTensor)outputs[i]!, c.DTypes[i]);
                if (!ReferenceEquals(c.Outputs[i], outputs[i])) outputs[i]!.Dispose();
            }
        }
        finally
        {
            for (var i = 0; i < inputs.Length; i++)
                if (!ReferenceEquals(inputs[i], c.Inputs[i])) inputs[i].Dispose();
        }
    }

    /// <summary>The float32 numbers of a tensor: itself, or a new one if it holds 16-bit floats.</summary>
    public static TorchTensor Wide(TorchTensor x) => IsHalf(x.DType) ? Converted(x, DType.Float32) : x;

    /// <summary>Converts a tensor to another dtype.</summary>
    public static TorchTensor Converted(TorchTensor x, DType dtype)
    {
        var result = TorchTensor.Allocate(dtype, x.Shape);
        Elementwise.Map(x, result, Casts.Between(x.DType, dtype));
        return result;
    }
}
