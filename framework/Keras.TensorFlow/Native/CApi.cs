using System.Runtime.InteropServices;

namespace Keras.Engines.TensorFlow;

// Opaque types of the C API: only pointers to them exist, whose types the compiler tells apart.
struct TF_Status;

struct TF_Tensor;

struct TF_Graph;

struct TF_Operation;

struct TF_Session;

struct TF_SessionOptions;

struct TF_DeviceList;

struct TFE_Context;

struct TFE_ContextOptions;

struct TFE_TensorHandle;

struct TFE_Op;

/// <summary>A 24-byte string cell of a string tensor.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
struct TF_TString;

/// <summary>Bytes that cross the C API, usually a serialised proto.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct TF_Buffer
{
    public byte* Data;
    public nuint Length;
    public delegate* unmanaged<void*, nuint, void> Deallocator;
}

/// <summary>One output of an operation in a TF_Graph.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct TF_Output
{
    public TF_Operation* Operation;
    public int Index;
}

/// <summary>The functions of libtensorflow that every supported version has; <see cref="ExperimentalApi"/> has the others.</summary>
/// <remarks>The two library names are resolved by <see cref="TensorFlowLibrary"/>, which must be loaded before the first call.</remarks>
static unsafe partial class CApi
{
    public const string Library = "tensorflow";
    public const string Framework = "tensorflow_framework";

    [LibraryImport(Library)]
    public static partial byte* TF_Version();

    [LibraryImport(Framework)]
    public static partial TF_Status* TF_NewStatus();

    [LibraryImport(Framework)]
    public static partial void TF_DeleteStatus(TF_Status* status);

    [LibraryImport(Framework)]
    public static partial void TF_SetStatus(TF_Status* status, StatusCode code, byte* message);

    [LibraryImport(Framework)]
    public static partial StatusCode TF_GetCode(TF_Status* status);

    [LibraryImport(Framework)]
    public static partial byte* TF_Message(TF_Status* status);

    [LibraryImport(Framework)]
    public static partial TF_Buffer* TF_NewBuffer();

    [LibraryImport(Framework)]
    public static partial void TF_DeleteBuffer(TF_Buffer* buffer);

    [LibraryImport(Framework)]
    public static partial TF_Tensor* TF_NewTensor(int dtype, long* dims, int rank, void* data, nuint length,
        delegate* unmanaged<void*, nuint, void*, void> deallocator, void* argument);

    [LibraryImport(Framework)]
    public static partial TF_Tensor* TF_AllocateTensor(int dtype, long* dims, int rank, nuint length);

    [LibraryImport(Framework)]
    public static partial void TF_DeleteTensor(TF_Tensor* tensor);

    [LibraryImport(Framework)]
    public static partial int TF_TensorType(TF_Tensor* tensor);

    [LibraryImport(Framework)]
    public static partial int TF_NumDims(TF_Tensor* tensor);

    [LibraryImport(Framework)]
    public static partial long TF_Dim(TF_Tensor* tensor, int axis);

    [LibraryImport(Framework)]
    public static partial nuint TF_TensorByteSize(TF_Tensor* tensor);

    [LibraryImport(Framework)]
    public static partial void* TF_TensorData(TF_Tensor* tensor);

    [LibraryImport(Library)]
    public static partial void TF_StringInit(TF_TString* cell);

    [LibraryImport(Library)]
    public static partial void TF_StringCopy(TF_TString* cell, byte* source, nuint length);

    [LibraryImport(Library)]
    public static partial byte* TF_StringGetDataPointer(TF_TString* cell);

    [LibraryImport(Library)]
    public static partial nuint TF_StringGetSize(TF_TString* cell);

    [LibraryImport(Library)]
    public static partial void TF_StringDealloc(TF_TString* cell);

    [LibraryImport(Library)]
    public static partial TF_Buffer* TF_GetAllOpList();

    [LibraryImport(Library)]
    public static partial int TF_DeviceListCount(TF_DeviceList* list);

    [LibraryImport(Library)]
    public static partial byte* TF_DeviceListName(TF_DeviceList* list, int index, TF_Status* status);

    [LibraryImport(Library)]
    public static partial byte* TF_DeviceListType(TF_DeviceList* list, int index, TF_Status* status);

    [LibraryImport(Library)]
    public static partial long TF_DeviceListMemoryBytes(TF_DeviceList* list, int index, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TF_DeleteDeviceList(TF_DeviceList* list);
}
