using System.Runtime.InteropServices;
using Keras.Engines.TensorFlow;

namespace Keras.Tests.TensorFlow;

[NonParallelizable]
sealed partial class NativeEnvironmentTests
{
    const string Name = "TF_KERAS_TEST_FLAGS";

    [TearDown]
    public void Clear() => Environment.SetEnvironmentVariable(Name, null);

    [Test]
    public void WhatDotNetSetIsPublishedToNativeCode()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("getenv is read from libc here.");
        Environment.SetEnvironmentVariable(Name, "from .NET");
        NativeEnvironment.Publish();
        Assert.That(NativeValue(), Is.EqualTo("from .NET"));
    }

    [Test]
    public void FlagsAreAddedToTheUsersOwn()
    {
        Environment.SetEnvironmentVariable(Name, "--tf_xla_auto_jit=2");
        NativeEnvironment.AddFlag(Name, "--tf_xla_cpu_global_jit=true");
        Assert.That(Environment.GetEnvironmentVariable(Name), Is.EqualTo("--tf_xla_auto_jit=2 --tf_xla_cpu_global_jit=true"));
    }

    [Test]
    public void TheUsersOwnValuesAreKept()
    {
        Environment.SetEnvironmentVariable(Name, "--tf_xla_auto_jit=2");
        NativeEnvironment.AddFlag(Name, "--tf_xla_auto_jit=1");
        NativeEnvironment.SetDefault(Name, "other");
        Assert.That(Environment.GetEnvironmentVariable(Name), Is.EqualTo("--tf_xla_auto_jit=2"));
    }

    static string? NativeValue() => Marshal.PtrToStringUTF8(GetEnvironment(Name));

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetEnvironment(string name);
}
