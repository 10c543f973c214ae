using System.Runtime.InteropServices;

namespace Keras.Engines.Torch;

/// <summary>The functions used from libtorch's C ABI. Each returns 0, or writes its error to the error stream and returns 1.</summary>
static unsafe partial class Aoti
{
    public const string Library = "torch_cpu";

    [LibraryImport(Library, EntryPoint = "aoti_torch_create_tensor_from_blob")]
    public static partial int CreateFromBlob(void* data, long rank, long* sizes, long* strides, long offset, int dtype, int deviceType, int deviceIndex, nint* result);

    [LibraryImport(Library, EntryPoint = "aoti_torch_delete_tensor_object")]
    public static partial int Delete(nint tensor);

    [LibraryImport(Library, EntryPoint = "aoti_torch_new_tensor_handle")]
    public static partial int Duplicate(nint tensor, nint* result);

    [LibraryImport(Library, EntryPoint = "aoti_torch_get_data_ptr")]
    public static partial int DataOf(nint tensor, void** result);

    [LibraryImport(Library, EntryPoint = "aoti_torch_get_dim")]
    public static partial int RankOf(nint tensor, long* result);

    [LibraryImport(Library, EntryPoint = "aoti_torch_get_sizes")]
    public static partial int SizesOf(nint tensor, long** result);

    [LibraryImport(Library, EntryPoint = "aoti_torch_get_dtype")]
    public static partial int DTypeOf(nint tensor, int* result);

    [LibraryImport(Library, EntryPoint = "aoti_torch_copy_")]
    public static partial int Copy(nint target, nint source, int nonBlocking);

    [LibraryImport(Library, EntryPoint = "aoti_torch_grad_mode_set_enabled")]
    public static partial void SetGradMode([MarshalAs(UnmanagedType.U1)] bool enabled);

    [LibraryImport(Library, EntryPoint = "torch_call_dispatcher", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CallVersioned(string op, string overload, ulong* stack, ulong version);

    [LibraryImport(Library, EntryPoint = "torch_new_string_handle")]
    public static partial int NewString(byte* text, nuint length, nint* result);

    [LibraryImport(Library, EntryPoint = "aoti_torch_cpu_mm_out")]
    public static partial int MmOut(nint result, nint a, nint b);

    [LibraryImport(Library, EntryPoint = "aoti_torch_cpu_bmm_out")]
    public static partial int BmmOut(nint result, nint a, nint b);

    [LibraryImport(Library, EntryPoint = "aoti_torch_cpu__fft_c2c")]
    public static partial int Fft(nint tensor, long* axes, long count, long normalization, int forward, nint* result);

    [LibraryImport(Library, EntryPoint = "aoti_torch_cpu__linear_pointwise", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Linear(nint input, nint weight, nint* bias, string activation, double** scalars, long scalarCount, byte** algorithm, nint* result);
}
