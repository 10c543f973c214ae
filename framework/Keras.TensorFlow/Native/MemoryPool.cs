namespace Keras.Engines.TensorFlow;

/// <summary>Puts the large regions of TensorFlow's memory pool on huge pages.</summary>
/// <remarks>
/// TensorFlow allocates tensors of more than 4 KB from a pool that grows by regions and keeps them. One allocation of the size that will be needed
/// makes a region of that size, which is only address space until it is touched. Where the kernel gives huge pages on request, the first touch of each
/// tensor in it is several times cheaper, and large tensors cost fewer TLB misses from then on.
/// </remarks>
static unsafe class MemoryPool
{
    /// <summary>The least bytes worth reserving.</summary>
    const long Least = 64L << 20;

    /// <summary>Makes TensorFlow keep its memory in a pool on every processor; call it before the library starts.</summary>
    /// <remarks>
    /// By default it does so only where oneDNN's kernels are on (processors with AVX512-VNNI or newer). Elsewhere each large tensor is mapped,
    /// touched for the first time and unmapped again: a training step of BERT-base took 300,000 page faults, a ninth of its processor time.
    /// </remarks>
    public static void Choose()
    {
        NativeEnvironment.SetDefault("TF_CPU_ALLOCATOR_USE_BFC", "true");
        NativeEnvironment.SetDefault("TF_CPU_BFC_MEM_LIMIT_IN_MB", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20}");
    }

    /// <summary>Makes a region of this size, unless one is already free.</summary>
    public static void Reserve(long bytes)
    {
        if (!HugePages.OnRequest || bytes < Least || bytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) return;
        using var region = NativeTensor.Allocate(DType.UInt8, [bytes], bytes);
        if (region.Address is null) return;
        HugePages.Advise(region.Address, bytes);
        HugePages.TouchInBackground(region.Address, bytes);
    }
}
