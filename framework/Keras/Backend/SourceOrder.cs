using System.Reflection;

namespace Keras;

/// <summary>The order in which the members of a class stand in its source.</summary>
static class SourceOrder
{
    /// <summary>Programs that were compiled ahead of time have no tokens of metadata; they list members as they stand.</summary>
    static readonly bool HasTokens = typeof(SourceOrder).GetField(nameof(HasTokens), BindingFlags.Static | BindingFlags.NonPublic)!.HasMetadataToken();

    /// <summary>What members of one class are sorted by, in a sort that keeps equals in place.</summary>
    public static int Of(MemberInfo member) => HasTokens ? member.MetadataToken : 0;
}
