using System.Globalization;
using System.Runtime.InteropServices;

namespace Keras.Engines.TensorFlow;

/// <summary>Makes TF_CPP_MIN_LOG_LEVEL work: newer libraries log through absl, which ignores it and writes its news to the console.</summary>
static unsafe class NativeLog
{
    const string Variable = "TF_CPP_MIN_LOG_LEVEL";

    /// <summary>absl::SetMinLogLevel(LogSeverityAtLeast) in the libraries that were tried (2.21); others keep their own behaviour.</summary>
    static readonly string[] SetMinLogLevel = ["_ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE"];

    /// <summary>The level where the user chose none: errors only.</summary>
    public static void SetDefaultLevel() => NativeEnvironment.SetDefault(Variable, "2");

    /// <summary>Applies the level to a framework library, before the main one starts to log.</summary>
    public static void Apply(nint framework)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var level)) return;
        foreach (var name in SetMinLogLevel)
            if (NativeLibrary.TryGetExport(framework, name, out var entry)) ((delegate* unmanaged<int, void>)entry)(level);
    }
}
