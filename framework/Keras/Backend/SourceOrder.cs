using System.Reflection;

namespace Keras;

/// <summary>Sorts the members of a class in source order.</summary>
static class SourceOrder
{
    /// <summary>Whether members have metadata tokens; in programs compiled ahead of time they do not, but there members are listed in source order.</summary>
    static readonly bool HasTokens = typeof(SourceOrder).GetField(nameof(HasTokens), BindingFlags.Static | BindingFlags.NonPublic)!.HasMetadataToken();

    /// <summary>The key for sorting the members of one class with a stable sort.</summary>
    public static int Of(MemberInfo member) => HasTokens ? member.MetadataToken : 0;
}
