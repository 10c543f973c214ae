namespace Keras.Tests.Ops;

/// <summary>Where the engines differ in what they refuse, and why that stays. Where both refuse, they do it with one exception, without exception.</summary>
static class EngineDifferences
{
    /// <summary>Ops of which one engine takes a call that the other has no kernel for, and does not say so.</summary>
    static readonly (string Op, string Message)[] WithoutKernel =
    [
        // Volumes in groups of channels: libtorch convolves them, TensorFlow has no kernel on CPUs.
        ("Conv3D", "Number of channels in filter"),
    ];

    /// <summary>Whether a difference is a known one.</summary>
    /// <param name="op">The case's name.</param>
    /// <param name="torch">Torch's exception; null where it gives values.</param>
    /// <param name="tensorflow">TensorFlow's.</param>
    public static bool IsKnown(string op, Exception? torch, Exception? tensorflow) =>
        // An engine without a kernel for a dtype says so; the other may have one.
        torch is UnsupportedException || tensorflow is UnsupportedException
        || (torch is null && WithoutKernel.Any(k => op.StartsWith(k.Op, StringComparison.Ordinal) && tensorflow!.Message.Contains(k.Message, StringComparison.Ordinal)));
}
