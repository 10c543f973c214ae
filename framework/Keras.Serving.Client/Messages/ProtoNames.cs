using System.Reflection;
using Google.Protobuf.Reflection;

namespace Keras.Serving;

/// <summary>The names of enum values as protos spell them.</summary>
static class ProtoNames
{
    /// <summary>The name, such as DT_FLOAT.</summary>
    public static string Of<T>(T value) where T : struct, Enum =>
        typeof(T).GetField(value.ToString())?.GetCustomAttribute<OriginalNameAttribute>()?.Name ?? value.ToString();
}
