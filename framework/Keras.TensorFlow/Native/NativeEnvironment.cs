using System.Collections;
using System.Runtime.InteropServices;

namespace Keras.Engines.TensorFlow;

/// <summary>Environment variables as native code sees them; C's getenv does not see variables that .NET sets.</summary>
static partial class NativeEnvironment
{
    static readonly string[] Prefixes = ["TF_", "XLA_"];

    /// <summary>Passes on to native code the TF_* and XLA_* variables that .NET code has set since the process started.</summary>
    public static void Publish()
    {
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            if (entry is { Key: string name, Value: string value } && Prefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal)))
                Set(name, value);
    }

    /// <summary>Sets a variable unless the user has set it.</summary>
    public static void SetDefault(string name, string value)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))) Set(name, value);
    }

    /// <summary>Adds a flag such as "--tf_xla_cpu_global_jit=true" to a variable that holds flags; a flag that the user gave stays.</summary>
    public static void AddFlag(string name, string flag)
    {
        var flags = (Environment.GetEnvironmentVariable(name) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var key = flag.Split('=')[0];
        if (!flags.Any(f => f.Split('=')[0] == key)) Set(name, string.Join(' ', [.. flags, flag]));
    }

    static void Set(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        var failed = OperatingSystem.IsWindows() ? PutEnvironment(name, value) : SetEnvironment(name, value, 1);
        if (failed != 0)
            throw new EngineException($"The environment variable {name} could not be set", received: Marshal.GetLastPInvokeErrorMessage());
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PutEnvironment(string name, string value);
}
