namespace Keras.Engines.Torch;

/// <summary>Runs float32 kernels on 16-bit floats by converting their inputs and outputs.</summary>
static class HalfPrecision
{
    /// <summary>Extends a kernel to 16-bit floats.</summary>
    public static Kernel Widened(Kernel kernel) => c =>
    {
        if (Array.Exists(c.Inputs, IsHalf)) Run(c, kernel);
        else kernel(c);
    };

    static bool IsHalf(TorchValue value) => value.DType.IsFloating && value.DType.Size == 2;

    /// <summary>Runs a kernel on converted inputs.</summary>
    public static void Run(KernelCall c, Kernel kernel)
    {
        var inputs = Array.ConvertAll(c.Inputs, i => IsHalf(i) ? Converted((TorchTensor)i, DType.Float32) : i);
        var outputs = new TorchValue?[c.Outputs.Length];
        try
        {
            kernel(new KernelCall().Set(c.Op, c.Where, c.Attributes, inputs, Array.ConvertAll(c.DTypes, d => d.IsFloating && d.Size == 2 ? DType.Float32 : d), c.Shapes, outputs));
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

    /// <summary>Converts a tensor to another dtype.</summary>
    public static TorchTensor Converted(TorchTensor x, DType dtype)
    {
        var result = TorchTensor.Allocate(dtype, x.Shape);
        Elementwise.Map(x, result, Casts.Between(x.DType, dtype));
        return result;
    }
}
