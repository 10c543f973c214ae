using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;

namespace Keras.Engines.TensorFlow;

/// <summary>XLA's own disk cache of compiled functions, which later processes read instead of compiling; off by default.</summary>
static class XlaDiskCache
{
    /// <summary>The environment variable that turns it on: "1" for the user's cache, or a folder.</summary>
    public const string Variable = "KERAS_XLA_CACHE";

    const string Flags = "TF_XLA_FLAGS";

    /// <summary>The version with which the flag was tried; an unknown flag would end the process.</summary>
    static readonly Version Tried = new(2, 21);

    /// <summary>Turns the cache on if the user asked for it; call it before TensorFlow's first call that uses XLA.</summary>
    /// <exception cref="UnsupportedException">The cache is asked for with a version other than the tried one.</exception>
    public static void Apply(Version version)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } wanted) return;
        if (version != Tried)
            throw new UnsupportedException("XLA's disk cache was not tried on this version of TensorFlow", Variable, Tried.ToString(), version.ToString(), $"Clear {Variable}.");
        var root = wanted == "1" ? Path.Combine(LibrarySearch.CacheRoot, "keras-transformers", "xla") : wanted;
        var folder = FolderIn(root, version);
        Directory.CreateDirectory(folder);
        NativeEnvironment.AddFlag(Flags, $"--tf_xla_persistent_cache_directory={folder}");
    }

    /// <summary>The folder for this version and kind of processor, since compiled code does not run on others.</summary>
    public static string FolderIn(string root, Version version)
    {
        (string Name, bool Has)[] features =
        [
            ("avx2", Avx2.IsSupported), ("fma", Fma.IsSupported), ("avx512f", Avx512F.IsSupported), ("avx512bw", Avx512BW.IsSupported),
            ("avx512vbmi", Avx512Vbmi.IsSupported), ("avx10", Avx10v1.IsSupported), ("dp", Dp.IsSupported),
        ];
        var processor = string.Join(' ', features.Where(f => f.Has).Select(f => f.Name)) + ProcessorModel();
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(processor)))[..12];
        return Path.Combine(root, $"{version}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}-{key}");
    }

    /// <summary>The first processor's model as Linux names it, since .NET does not know all of its extensions.</summary>
    static string ProcessorModel() => File.Exists("/proc/cpuinfo")
        ? string.Concat(File.ReadLines("/proc/cpuinfo").TakeWhile(l => l.Length > 0).Where(l => l.StartsWith("model name", StringComparison.Ordinal)
            || l.StartsWith("flags", StringComparison.Ordinal) || l.StartsWith("Features", StringComparison.Ordinal)))
        : "";
}
