namespace Keras.Engines.TensorFlow;

/// <summary>Has the parts of TensorFlow's memory pool that hold much stand on huge pages.</summary>
/// <remarks>
/// TensorFlow takes tensors of more than 4 KB from a pool that grows by regions and keeps them. One allocation of the size that will be needed
/// makes a region of that size: address space only, until it is touched. Where the kernel gives huge pages on request, the first touch of each
/// tensor in it is several times cheaper, and large tensors cost fewer misses of the address cache ever after.
/// </remarks>
static unsafe class MemoryPool
{
    /// <summary>Less than this gains nothing.</summary>
    const long Least = 64L << 20;

    /// <summary>Has TensorFlow keep its memory in a pool on every processor; before the library starts.</summary>
    /// <remarks>
    /// By itself it does so only where oneDNN's kernels are on (processors with AVX512-VNNI or newer). Elsewhere each large tensor is mapped,
    /// touched for the first time and unmapped again: a training step of BERT-base took 300,000 page faults, a ninth of its processor time.
    /// </remarks>
    public static void Choose()
    {
        NativeEnvironment.SetDefault("TF_CPU_ALLOCATOR_USE_BFC", "true");
        NativeEnvironment.SetDefault("TF_CPU_BFC_MEM_LIMIT_IN_MB", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20}");
    }

    /// <summary>Makes a region of this size, unless one is free.</summary>
    public static void Reserve(long bytes)
    {
        if (!HugePages.OnRequest || bytes < Least || bytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) return;
        using var region = NativeTensor.Allocate(DType.UInt8, [bytes], bytes);
        if (region.Address is null) return;
        HugePages.Advise(region.Address, bytes);
        HugePages.TouchInBackground(region.Address, bytes);
    }
}
