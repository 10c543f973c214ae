// How build.cake tries the packed addin.
using System.Diagnostics;

/// <summary>The packed addin in a Cake script of a folder that knows nothing of this repository: examples/CakePipeline with the line that its comment names.</summary>
sealed class AddinTrial(string repository, string packed, string version)
{
    public void Run()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("keras-addin-").FullName;
        try
        {
            Write(folder);
            var clock = Stopwatch.StartNew();
            DotNet(folder, "tool", "restore");
            DotNet(folder, "cake", "build.cake", $"--output={System.IO.Path.Combine(folder, "made")}");
            if (!System.IO.File.Exists(System.IO.Path.Combine(folder, "made", "serving", "animal-or-plant", "1", "saved_model.pb"))) throw new CakeException("A script with the packed addin published nothing");
            Console.WriteLine(FormattableString.Invariant($"a script with the packed addin trained, checked and published in {clock.Elapsed.TotalSeconds:0.0} s"));
        }
        finally
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    void Write(string folder)
    {
        var example = System.IO.Path.Combine(repository, "examples", "CakePipeline");
        foreach (var name in (string[])["train.csv", "test.csv"]) System.IO.File.Copy(System.IO.Path.Combine(example, name), System.IO.Path.Combine(folder, name));
        var addin = $"#addin nuget:?package=Cake.Keras.Transformers&version={version}&loaddependencies=true";
        var lines = System.IO.File.ReadAllLines(System.IO.Path.Combine(example, "build.cake"));
        if (!lines.Any(l => l.StartsWith("//", StringComparison.Ordinal) && l.EndsWith(addin, StringComparison.Ordinal))) throw new CakeException($"examples/CakePipeline/build.cake does not name the line {addin}");
        System.IO.File.WriteAllLines(System.IO.Path.Combine(folder, "build.cake"),
            lines.Select(l => l.StartsWith("#reference", StringComparison.Ordinal) ? addin : l.Replace("../../models", System.IO.Path.Combine(repository, "models"), StringComparison.Ordinal)));
        System.IO.Directory.CreateDirectory(System.IO.Path.Combine(folder, ".config"));
        System.IO.File.Copy(System.IO.Path.Combine(repository, ".config", "dotnet-tools.json"), System.IO.Path.Combine(folder, ".config", "dotnet-tools.json"));
        System.IO.File.WriteAllText(System.IO.Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{packed}" />
                <add key="machine" value="{MachinePackages}" />
              </packageSources>
            </configuration>
            """);
    }

    /// <summary>What this machine has downloaded before, as a feed.</summary>
    static string MachinePackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named ? named
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    static void DotNet(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, WorkingDirectory = folder, RedirectStandardOutput = true };
        (string Name, string Value)[] variables = [("NUGET_PACKAGES", System.IO.Path.Combine(folder, "packages")), ("KERAS_BACKEND", "torch"), ("KERAS_LIBTORCH", null), ("KERAS_LIBTENSORFLOW", null)];
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start);
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new CakeException($"dotnet {string.Join(' ', arguments)} failed\n{said}");
    }
}
