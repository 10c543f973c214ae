using System.Diagnostics;
using System.Runtime.InteropServices;
using Keras.Transformers.Cli;

namespace Keras.Transformers.Tests.Cli;

/// <summary>The program as a process of its own: exit codes, redirected streams, Ctrl-C.</summary>
public sealed partial class ProcessTests
{
    static Process Start(IReadOnlyDictionary<string, string>? environment, params string[] arguments) => StartIn("", environment, arguments);

    static Process StartIn(string folder, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Dotnet, ["exec", typeof(CommandLine).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    static CommandRun Run(IReadOnlyDictionary<string, string>? environment, params string[] arguments) => RunIn("", environment, arguments);

    static CommandRun RunIn(string folder, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        using var process = StartIn(folder, environment, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result);
    }

    [Test]
    public void Redirected_streams_hold_no_escape_codes_and_unbroken_lines()
    {
        var run = Run(new Dictionary<string, string> { ["TERM"] = "xterm-256color" }, "predict", CommandFixture.TrainedModel, "--data", CommandFixture.Test, "--output", "/nowhere/at/all.txt");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Usage), run.Error);
        Assert.That(run.Error.TrimEnd(), Does.StartWith("error: Answers are not written in this format").And.Not.Match("[\u001b\n]"));
        var table = Run(new Dictionary<string, string> { ["TERM"] = "xterm-256color" }, "inspect", CommandFixture.Bert);
        Assert.That(table.Code, Is.EqualTo(ExitCodes.Ok));
        Assert.That(table.Output, Does.Contain("bert.encoder.layer.0.attention.output.LayerNorm.weight").And.Not.Match("\u001b"));
        Assert.That(table.Error, Is.Empty);
    }

    [Test]
    public void Where_no_engine_runs_the_doctor_says_what_to_do_and_fails()
    {
        var run = Run(new Dictionary<string, string> { ["KERAS_BACKEND"] = "nothing" }, "doctor", "--json");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Failed), run.Error);
        Assert.That(run.Json.GetProperty("findings").EnumerateArray().First(f => f.GetProperty("severity").GetString() == "error").GetProperty("remedy").GetString(), Does.Contain("KERAS_BACKEND"));
    }

    [Test]
    public void Without_any_engine_every_command_says_how_to_have_one()
    {
        using var folder = new TemporaryFolder();
        var nothing = new Dictionary<string, string> { ["KERAS_BACKEND"] = "torch", ["KERAS_LIBTORCH"] = "", ["NUGET_PACKAGES"] = folder["packages"], ["HOME"] = folder.Path, ["XDG_CACHE_HOME"] = folder["cache"] };
        var asked = Run(nothing, "generate", CommandFixture.Gpt2, "--prompt", "a");
        Assert.That(asked.Code, Is.EqualTo(ExitCodes.Failed), asked.Error);
        Assert.That(asked.Error, Does.Contain("libtorch was not found, so no model can run. Run keras-transformers doctor --install").And.Not.Contain("   at "));
        var report = Run(nothing, "doctor");
        Assert.That((report.Code, report.Output), Is.EqualTo((ExitCodes.Failed, report.Output)));
        Assert.That(report.Output, Does.Contain("keras-transformers doctor --install"));

        var named = Run(new Dictionary<string, string>(nothing) { ["KERAS_LIBTORCH"] = folder["none"] }, "doctor", "--install");
        Assert.That(named.Error, Does.Contain("A folder without libtorch is named (KERAS_LIBTORCH)"));

        // No source has it: what NuGet says is told.
        File.WriteAllText(folder["nuget.config"], $"<configuration><packageSources><clear /><add key=\"empty\" value=\"{Directory.CreateDirectory(folder["empty"]).FullName}\" /></packageSources></configuration>");
        var failed = RunIn(folder.Path, nothing, "doctor", "--install");
        Assert.That(failed.Code, Is.EqualTo(ExitCodes.Failed), failed.Error);
        Assert.That(failed.Error, Does.Contain("NuGet could not fetch libtorch (libtorch-cpu-"));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void Ctrl_C_ends_a_training_with_130_and_leaves_what_was_there()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["old"]);
        File.WriteAllText(Path.Combine(folder["old"], "mine.txt"), "mine");
        using var process = Start(null, "train", "--task", "text-classification", "--model", CommandFixture.Bert, "--data", CommandFixture.Train, "--output", folder["old"], "--overwrite", "--epochs", "100000", "--cache-dir", CommandFixture.Cache, "--no-jit", "--json");
        var said = new List<string>();
        while (process.StandardError.ReadLine() is { } line)
        {
            said.Add(line);
            if (!line.StartsWith("training", StringComparison.Ordinal)) continue;
            Assert.That(Kill(process.Id, IgnoresInterrupt ? Terminate : Interrupt), Is.Zero);
            break;
        }
        var rest = process.StandardError.ReadToEnd();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(ExitCodes.Stopped), string.Join('\n', said) + rest);
        Assert.That(rest, Does.Contain("stopped: "));
        Assert.That(new CommandRun(0, output, "").Json.GetProperty("error").GetProperty("exit_code").GetInt32(), Is.EqualTo(ExitCodes.Stopped));
        Assert.That(folder.Entries(), Is.EqualTo(new[] { "old", Path.Combine("old", "mine.txt") }));
    }

    const int Interrupt = 2, Terminate = 15;

    /// <summary>Whether this process, and so its children, never see Ctrl-C: what a shell starts in the background ignores it. The request to end, which does the same here, takes its place then.</summary>
    static bool IgnoresInterrupt => File.Exists("/proc/self/status") && File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } ignored
        && (Convert.ToUInt64(ignored["SigIgn:".Length..].Trim(), 16) & (1UL << (Interrupt - 1))) != 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
