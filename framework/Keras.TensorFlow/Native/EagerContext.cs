using System.Runtime.InteropServices;
using Google.Protobuf;
using Keras.SavedModelProtos;

namespace Keras.Engines.TensorFlow;

/// <summary>A device of a context.</summary>
/// <param name="Name">The full name, such as /job:localhost/replica:0/task:0/device:CPU:0.</param>
/// <param name="Type">CPU, GPU, ...</param>
/// <param name="MemoryBytes">The memory that TensorFlow may use.</param>
sealed record NativeDevice(string Name, string Type, long MemoryBytes)
{
    /// <summary>The name within this process, such as CPU:0.</summary>
    public string LocalName => Name[(Name.IndexOf("device:", StringComparison.Ordinal) + "device:".Length)..];
}

/// <summary>A TFE_Context: devices, functions and kernels of one runtime. Objects made in it keep it alive.</summary>
sealed unsafe class EagerContext : NativeHandle
{
    EagerContext(TFE_Context* context) : base(HandleKind.Context, context) { }

    /// <summary>The pointer for the C API.</summary>
    public TFE_Context* Pointer => (TFE_Context*)handle;

    /// <summary>Creates a new context.</summary>
    /// <exception cref="EngineException">TensorFlow rejected the configuration.</exception>
    public static EagerContext Create(ConfigProto config)
    {
        TensorFlowLibrary.EnsureLoaded();
        var status = NativeStatus.Current;
        var options = CApi.TFE_NewContextOptions();
        try
        {
            var proto = config.ToByteArray();
            fixed (byte* bytes = proto) CApi.TFE_ContextOptionsSetConfig(options, bytes, (nuint)proto.Length, status.Pointer);
            status.ThrowIfError("context options");
            var context = CApi.TFE_NewContext(options, status.Pointer);
            status.ThrowIfError("context");
            return new(context);
        }
        finally
        {
            CApi.TFE_DeleteContextOptions(options);
        }
    }

    /// <summary>The devices that ops can be placed on.</summary>
    public IReadOnlyList<NativeDevice> Devices()
    {
        var status = NativeStatus.Current;
        var list = CApi.TFE_ContextListDevices(Pointer, status.Pointer);
        status.ThrowIfError("device list");
        try
        {
            var devices = new NativeDevice[CApi.TF_DeviceListCount(list)];
            for (var i = 0; i < devices.Length; i++)
            {
                var name = Marshal.PtrToStringUTF8((nint)CApi.TF_DeviceListName(list, i, status.Pointer));
                var type = Marshal.PtrToStringUTF8((nint)CApi.TF_DeviceListType(list, i, status.Pointer));
                devices[i] = new(name ?? "", type ?? "", CApi.TF_DeviceListMemoryBytes(list, i, status.Pointer));
                status.ThrowIfError("device list");
            }
            return devices;
        }
        finally
        {
            CApi.TF_DeleteDeviceList(list);
        }
    }

    /// <summary>Adds a serialised FunctionDef, so that an op with its name runs it.</summary>
    /// <exception cref="EngineException">The function is malformed, or another one has its name.</exception>
    public void AddFunction(ReadOnlySpan<byte> functionDef, string name)
    {
        var status = NativeStatus.Current;
        fixed (byte* bytes = functionDef) CApi.TFE_ContextAddFunctionDef(Pointer, bytes, (nuint)functionDef.Length, status.Pointer);
        status.ThrowIfError($"function {name}");
    }

    /// <summary>Removes a function once; it must be removed as often as it was added.</summary>
    public void RemoveFunction(NativeText name)
    {
        var status = NativeStatus.Current;
        CApi.TFE_ContextRemoveFunction(Pointer, name.Pointer, status.Pointer);
        status.ThrowIfError($"function {name.Text}");
    }

    /// <inheritdoc/>
    protected override void Delete() => CApi.TFE_DeleteContext(Pointer);
}
