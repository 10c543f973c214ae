using System.Text;

namespace Keras.Engines.Torch;

/// <summary>Calls libtorch's ops by name, and maps its dtype codes.</summary>
static unsafe class Aten
{
    /// <summary>The version of the calling convention, 2.10.</summary>
    const ulong Convention = 0x020A000000000000;

    static readonly (DType DType, int Code)[] Codes =
    [
        (DType.UInt8, 0), (DType.Int8, 1), (DType.Int16, 2), (DType.Int32, 3), (DType.Int64, 4), (DType.Float16, 5), (DType.Float32, 6), (DType.Float64, 7),
        (DType.Complex64, 9), (DType.Complex128, 10), (DType.Bool, 11), (DType.BFloat16, 15), (DType.UInt16, 27), (DType.UInt32, 28), (DType.UInt64, 29),
    ];

    /// <summary>libtorch's code for a dtype.</summary>
    public static int CodeOf(DType dtype)
    {
        foreach (var (d, code) in Codes)
            if (d == dtype) return code;
        throw new DTypeMismatchException("libtorch has no such dtype", null, "a numeric dtype", dtype.Name);
    }

    /// <summary>The dtype for libtorch's code.</summary>
    public static DType DTypeOf(int code) => Array.Find(Codes, c => c.Code == code).DType
        ?? throw new EngineException("libtorch returned a tensor of an unknown dtype", received: $"{code}");

    /// <summary>Runs an op; arguments are the bits of numbers, <see cref="Bool"/>, <see cref="AtenTensor.Given"/> or <see cref="Text"/>, and are replaced by the results.</summary>
    public static void Call(string op, string overload, Span<ulong> stack)
    {
        fixed (ulong* s = stack) Check(Aoti.CallVersioned(op, overload, s, Convention), op);
    }

    /// <summary>Runs an op that takes only tensors and copies its one result into a tensor.</summary>
    public static void Into(TorchTensor result, string op, string overload, params ReadOnlySpan<TorchTensor> inputs)
    {
        Span<ulong> stack = stackalloc ulong[Math.Max(inputs.Length, 1)];
        for (var i = 0; i < inputs.Length; i++)
        {
            using var view = AtenTensor.Of(inputs[i]);
            stack[i] = view.Given();
        }
        Call(op, overload, stack);
        using var output = new AtenTensor((nint)stack[0]);
        output.CopyTo(result);
    }

    public static ulong Bool(bool value) => value ? 1UL : 0UL;

    /// <summary>A text argument, which the call consumes.</summary>
    public static ulong Text(string text)
    {
        nint handle;
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* b = bytes) Check(Aoti.NewString(b, (nuint)bytes.Length, &handle), "string");
        return (ulong)handle;
    }

    /// <summary>Throws if a call of the C ABI failed.</summary>
    /// <exception cref="EngineException">The op failed; libtorch wrote the reason to the error stream.</exception>
    public static void Check(int code, string op)
    {
        if (code != 0)
            throw new EngineException("libtorch could not run an operation", op, remedy: "libtorch wrote the reason to the process' error stream.");
    }
}
