using System.Runtime.InteropServices;

namespace Keras.Engines.TensorFlow;

static unsafe partial class CApi
{
    [LibraryImport(Library)]
    public static partial TF_Graph* TF_NewGraph();

    [LibraryImport(Library)]
    public static partial void TF_DeleteGraph(TF_Graph* graph);

    [LibraryImport(Library)]
    public static partial TF_Operation* TF_GraphOperationByName(TF_Graph* graph, byte* name);

    [LibraryImport(Library)]
    public static partial int TF_OperationNumOutputs(TF_Operation* operation);

    [LibraryImport(Library)]
    public static partial TF_SessionOptions* TF_NewSessionOptions();

    [LibraryImport(Library)]
    public static partial void TF_DeleteSessionOptions(TF_SessionOptions* options);

    [LibraryImport(Library)]
    public static partial TF_Session* TF_LoadSessionFromSavedModel(TF_SessionOptions* options, TF_Buffer* runOptions, byte* folder,
        byte** tags, int tagCount, TF_Graph* graph, TF_Buffer* metaGraph, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TF_CloseSession(TF_Session* session, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TF_DeleteSession(TF_Session* session, TF_Status* status);

    [LibraryImport(Library)]
    public static partial void TF_SessionRun(TF_Session* session, TF_Buffer* runOptions, TF_Output* inputs, TF_Tensor** inputValues, int inputCount,
        TF_Output* outputs, TF_Tensor** outputValues, int outputCount, TF_Operation** targets, int targetCount, TF_Buffer* runMetadata, TF_Status* status);
}
