using System.Runtime.Intrinsics.X86;

namespace Keras.Engines.Torch;

/// <summary>Detects processor instructions that .NET has no flag for.</summary>
static class Processor
{
    const int ExtendedFeatures = 7;

    /// <summary>Whether the processor can multiply bfloat16 (AVX512_BF16 or AMX).</summary>
    public static readonly bool MultipliesBFloat16 = X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= ExtendedFeatures
        && ((X86Base.CpuId(ExtendedFeatures, 1).Eax & (1 << 5)) != 0 || (X86Base.CpuId(ExtendedFeatures, 0).Edx & (1 << 22)) != 0);
}
