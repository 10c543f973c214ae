using System.Runtime.InteropServices;

namespace Keras.Engines.TensorFlow;

static unsafe partial class CApi
{
    [LibraryImport(Library)]
    public static partial TFE_ContextOptions* TFE_NewContextOptions();

    [LibraryImport(Library)]
    public static partial void TFE_ContextOptionsSetConfig(TFE_ContextOptions* options, void* proto, nuint length, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TFE_DeleteContextOptions(TFE_ContextOptions* options);

    [LibraryImport(Library)]
    public static partial TFE_Context* TFE_NewContext(TFE_ContextOptions* options, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TFE_DeleteContext(TFE_Context* context);

    [LibraryImport(Library)]
    public static partial TF_DeviceList* TFE_ContextListDevices(TFE_Context* context, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TFE_ContextAddFunctionDef(TFE_Context* context, byte* proto, nuint length, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TFE_ContextRemoveFunction(TFE_Context* context, byte* name, TF_Status* status);

    [LibraryImport(Library)]
    public static partial TFE_TensorHandle* TFE_NewTensorHandle(TF_Tensor* tensor, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TFE_DeleteTensorHandle(TFE_TensorHandle* handle);

    [LibraryImport(Library)]
    public static partial int TFE_TensorHandleDataType(TFE_TensorHandle* handle);

    [LibraryImport(Library)]
    public static partial int TFE_TensorHandleNumDims(TFE_TensorHandle* handle, TF_Status* status);

    [LibraryImport(Library)]
    public static partial long TFE_TensorHandleDim(TFE_TensorHandle* handle, int axis, TF_Status* status);

    [LibraryImport(Library)]
    public static partial long TFE_TensorHandleNumElements(TFE_TensorHandle* handle, TF_Status* status);

    [LibraryImport(Library)]
    public static partial TF_Tensor* TFE_TensorHandleResolve(TFE_TensorHandle* handle, TF_Status* status);

    [LibraryImport(Library)]
    public static partial TFE_TensorHandle* TFE_TensorHandleCopyToDevice(TFE_TensorHandle* handle, TFE_Context* context, byte* device, TF_Status* status);

    [LibraryImport(Library)]
    public static partial TFE_Op* TFE_NewOp(TFE_Context* context, byte* name, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TFE_DeleteOp(TFE_Op* op);

    [LibraryImport(Library)]
    public static partial void TFE_OpSetDevice(TFE_Op* op, byte* device, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TFE_OpAddInput(TFE_Op* op, TFE_TensorHandle* input, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TFE_OpAddInputList(TFE_Op* op, TFE_TensorHandle** inputs, int count, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TFE_Execute(TFE_Op* op, TFE_TensorHandle** results, int* count, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TFE_OpSetAttrString(TFE_Op* op, byte* name, byte* value, nuint length);

    [LibraryImport(Library)]
    public static partial void TFE_OpSetAttrInt(TFE_Op* op, byte* name, long value);

    [LibraryImport(Library)]
    public static partial void TFE_OpSetAttrFloat(TFE_Op* op, byte* name, float value);

    [LibraryImport(Library)]
    public static partial void TFE_OpSetAttrBool(TFE_Op* op, byte* name, byte value);

    [LibraryImport(Library)]
    public static partial void TFE_OpSetAttrType(TFE_Op* op, byte* name, int dtype);

    [LibraryImport(Library)]
    public static partial void TFE_OpSetAttrShape(TFE_Op* op, byte* name, long* dims, int rank, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TFE_OpSetAttrTensor(TFE_Op* op, byte* name, TF_Tensor* value, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TFE_OpSetAttrFunctionName(TFE_Op* op, byte* name, byte* function, nuint length);

    [LibraryImport(Library)]
    public static partial void TFE_OpSetAttrFunctionList(TFE_Op* op, byte* name, TFE_Op** functions, int count);

    [LibraryImport(Library)]
    public static partial void TFE_OpSetAttrIntList(TFE_Op* op, byte* name, long* values, int count);

    [LibraryImport(Library)]
    public static partial void TFE_OpSetAttrFloatList(TFE_Op* op, byte* name, float* values, int count);

    [LibraryImport(Library)]
    public static partial void TFE_OpSetAttrTypeList(TFE_Op* op, byte* name, int* dtypes, int count);

    [LibraryImport(Library)]
    public static partial void TFE_OpSetAttrStringList(TFE_Op* op, byte* name, byte** values, nuint* lengths, int count);

    [LibraryImport(Library)]
    public static partial void TFE_OpSetAttrShapeList(TFE_Op* op, byte* name, long** dims, int* ranks, int count, TF_Status* status);
}
