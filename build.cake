// ./build.sh <target> [arguments]; what the targets do: README.md, Commands.
#load "tools/packages.cake"
#load "tools/addin.cake"
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Xml.Linq;

/// <summary>What a build is told from outside: arguments and environment.</summary>
sealed record BuildParameters(string Configuration, string Filter, IReadOnlyList<string> Rest)
{
    public const string Solution = "Keras.slnx";
    public const string Provision = "tools/Keras.Provision/Keras.Provision.csproj";
    public const string Benchmarks = "tools/Keras.Benchmarks/Keras.Benchmarks.csproj";
    public const string Docs = "tools/Keras.Docs/Keras.Docs.csproj";
    public const string Demo = "examples/Demo/Demo.csproj";
    public const string Artifacts = "artifacts";
    public const string TestResults = "artifacts/test-results";
    public const string TestsOfEngines = "Keras.Core.Tests";
    public const string LongestTests = "Keras.Transformers.Tests";

    static readonly string[] own = ["--target=", "--filter=", "--verbosity="];
    static readonly string[] paths = ["KERAS_GOLDEN", "KERAS_TEST_MODELS", "KERAS_LIBTENSORFLOW", "KERAS_LIBTENSORFLOW_ARCHIVE", "KERAS_LIBTORCH"];

    public static BuildParameters From(ICakeContext context)
    {
        // Test hosts run in their own folders, so what is relative to the repository would be lost there.
        foreach (var name in paths.Where(name => Has(name)))
            Environment.SetEnvironmentVariable(name, System.IO.Path.GetFullPath(Environment.GetEnvironmentVariable(name)));

        // Cake's parsed arguments lose order and repetition.
        var rest = Environment.GetCommandLineArgs().Skip(1).Where(argument => argument != "--" && !own.Any(argument.StartsWith));
        return new("Release", context.Argument("filter", ""), [.. rest]);
    }

    public static bool Has(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));

    public string Built(string project) => $"{Artifacts}/bin/{project}/{Configuration.ToLowerInvariant()}/{project}.dll";
}

/// <summary>A test project, and the engine that it is run on; null for the one that is found.</summary>
sealed record TestRun(string Project, string Engine = null)
{
    public string Where => Engine is null ? "" : $" on {Engine}";

    public override string ToString() => Project + Where;
}

/// <summary>The results of one or more test projects.</summary>
sealed class TestTotals
{
    readonly List<string> failed = [];
    readonly List<(string Reason, string Name)> skipped = [];
    int passed;

    /// <summary>Adds what a project's run left in its folder; a run that broke off, or found no test where it must, counts as a failure.</summary>
    public void Add(TestRun run, string folder, int exitCode, bool mayBeEmpty)
    {
        var before = (Failed: failed.Count, Total: Total);
        foreach (var trx in Files(folder, "*.trx"))
            Read(trx, run.Where);
        foreach (var test in Files(folder, "Sequence_*.xml").Take(1).SelectMany(sequence => sequence.Descendants("Test")))
        {
            if ((string)test.Attribute("Completed") == "False")
                failed.Add($"{(string)test.Attribute("Name")}: {run} crashed or hung while it ran");
        }
        if (exitCode != 0 && failed.Count == before.Failed)
            failed.Add($"{run}: the run broke off (exit code {exitCode})");
        else if (Total == before.Total && !mayBeEmpty)
            failed.Add($"{run}: no test was found");
    }

    /// <summary>Ends the task: with an error where a test failed or none ran.</summary>
    public void Close()
    {
        if (passed + failed.Count == 0)
            failed.Add("no test ran");
        if (Failed)
            throw new CakeException($"{failed.Count} failed");
    }

    public bool Failed => failed.Count > 0;

    /// <summary>Names what was skipped, with reasons, and what failed; then the closing line, alone.</summary>
    public void Print()
    {
        foreach (var group in skipped.Order().GroupBy(test => test.Reason, test => test.Name))
            Console.WriteLine($"skipped: {group.Key}\n    {Some([.. group])}");
        foreach (var name in failed.Order(StringComparer.Ordinal))
            Console.WriteLine($"failed: {name}");
        Console.WriteLine($"{passed} passed, {failed.Count} failed, {skipped.Count} skipped");
    }

    int Total => passed + failed.Count + skipped.Count;

    void Read(XDocument trx, string where)
    {
        var space = trx.Root.Name.Namespace;
        var classes = trx.Descendants(space + "UnitTest")
            .DistinctBy(test => (string)test.Attribute("id"))
            .ToDictionary(test => (string)test.Attribute("id"), test => (string)test.Element(space + "TestMethod").Attribute("className"));
        foreach (var result in trx.Descendants(space + "UnitTestResult"))
        {
            var name = $"{classes[(string)result.Attribute("testId")]}.{(string)result.Attribute("testName")}{where}";
            switch ((string)result.Attribute("outcome"))
            {
                case "Passed": passed++; break;
                case "NotExecuted": skipped.Add((FirstLine(result, space), name)); break;
                default: failed.Add(name); break;
            }
        }
    }

    static IEnumerable<XDocument> Files(string folder, string pattern) =>
        System.IO.Directory.Exists(folder)
            ? System.IO.Directory.GetFiles(folder, pattern, SearchOption.AllDirectories).Select(file => XDocument.Load(file))
            : [];

    static string FirstLine(XElement result, XNamespace space) =>
        ((string)result.Descendants(space + "Message").FirstOrDefault())?.Trim().Split('\n')[0].Trim() ?? "no reason given";

    static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more" : "");
}

/// <summary>Programs outside of the repository that know the packages only, with a NuGet folder of their own.</summary>
sealed class PackageTrial(BuildParameters build, string repository)
{
    const string Program = "FirstPrediction";
    const string EachKind = "OneOfEach";

    static readonly string runtime = $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>Ways to publish for this machine.</summary>
    static readonly (string Name, string[] Arguments)[] ways =
    [
        ("portable", []),
        ("framework", ["--runtime", runtime, "--no-self-contained", "-p:PublishReadyToRun=true"]),
        ("self-contained", ["--runtime", runtime, "--self-contained", "-p:PublishReadyToRun=true", "-p:PublishReadyToRunComposite=true"]),
        ("trimmed", ["--runtime", runtime, "--self-contained", "-p:PublishTrimmed=true", Warnings]),
    ];

    /// <summary>Ways to publish a program that does one of each kind of work; what comes of all of them must say the same.</summary>
    static readonly (string Name, string[] Arguments)[] equalWays = [("usual", ["--runtime", runtime, "--no-self-contained"]), ("ahead-of-time", ["--runtime", runtime, "-p:PublishAot=true", Warnings])];

    /// <summary>Each warning of trimming by itself, with the assembly that it is of.</summary>
    const string Warnings = "-p:TrimmerSingleWarn=false";

    /// <summary>The libraries that must be published for systems other than Linux.</summary>
    static readonly (string Runtime, string Library)[] others = [("win-x64", "torch_cpu.dll"), ("win-arm64", "torch_cpu.dll"), ("osx-arm64", "libtorch_cpu.dylib")];

    /// <summary>What is published without an engine, for every kind of system.</summary>
    static readonly string[] withoutEngine = ["linux-x64", "linux-arm64", "win-x64"];

    /// <summary>What publishing must refuse, and the error's code.</summary>
    static readonly (string Code, string[] Arguments)[] refused =
    [
        ("KERAS001", For("linux-arm64")),
        ("KERAS001", For("linux-musl-x64")),
    ];

    readonly string folder = System.IO.Directory.CreateTempSubdirectory("keras-packages-").FullName;

    string Packages => System.IO.Path.Combine(folder, "packages");

    public string Packed => System.IO.Path.Combine(repository, BuildParameters.Artifacts, "package", build.Configuration.ToLowerInvariant());

    public static string Version => (string)XDocument.Load("Directory.Build.props").Descendants("Version").Single();

    static string[] For(string system) => ["--runtime", system, "--no-self-contained", "-p:UseAppHost=false"];

    public void Run()
    {
        try
        {
            Write();
            Console.WriteLine($"restored into an empty folder in {Seconds(() => DotNet("restore"))}, {Megabytes(Packages)}");
            foreach (var (name, arguments) in ways)
                Console.WriteLine($"published {name} in {Seconds(() => Publish(name, arguments))}, {Megabytes(System.IO.Path.Combine(folder, name))}");
            foreach (var (other, library) in others)
            {
                Publish(other, For(other));
                if (!Files(other, library).Any()) throw new CakeException($"What is published for {other} lacks {library}");
            }
            foreach (var (code, arguments) in refused)
                if (Run("dotnet", ["publish", "--configuration", "Release", "--output", "refused", .. arguments], folder) is not { Code: not 0 } refusal || !refusal.Said.Contains(code))
                    throw new CakeException($"dotnet publish {string.Join(' ', arguments)} was not refused with {code}");
            foreach (var system in withoutEngine)
            {
                Publish($"{system}-alone", [.. For(system), "-p:KerasTorchPublishNatives=false"]);
                if (Files($"{system}-alone", "*torch_cpu*").Any()) throw new CakeException($"What is published for {system} without an engine has one");
                Console.WriteLine($"published for {system} without an engine, {Megabytes(System.IO.Path.Combine(folder, $"{system}-alone"))}");
            }
            Newcomer();
            foreach (var (name, arguments) in equalWays)
                Console.WriteLine($"published {EachKind} {name} in {Seconds(() => Publish(name, arguments, EachKind))}, {Megabytes(System.IO.Path.Combine(folder, EachKind, name))}");
            System.IO.Directory.Delete(Packages, recursive: true);
            System.IO.Directory.CreateDirectory(Packages);
            foreach (var (name, _) in ways) Try(name);
            CommandLine();
            TryEachKind();
            TensorFlow();
        }
        finally
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    void Write()
    {
        Write(Program, folder);
        Write(EachKind, System.IO.Directory.CreateDirectory(System.IO.Path.Combine(folder, EachKind)).FullName);
        System.IO.File.WriteAllText(System.IO.Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{Packed}" />
              </packageSources>
            </configuration>
            """);
    }

    /// <summary>A project of an example's file that knows the packages only.</summary>
    void Write(string program, string where)
    {
        foreach (var file in (string[])[$"{program}/Program.cs", "InRepository.cs"])
            System.IO.File.Copy(System.IO.Path.Combine(repository, "examples", file), System.IO.Path.Combine(where, System.IO.Path.GetFileName(file)));
        System.IO.File.WriteAllText(System.IO.Path.Combine(where, program + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <EnableDefaultCompileItems>false</EnableDefaultCompileItems>
              </PropertyGroup>
              <ItemGroup>
                <Compile Include="*.cs" />
                <PackageReference Include="Keras.Transformers" Version="{Version}" />
              </ItemGroup>
            </Project>
            """);
    }

    /// <summary>docs/getting-started.md to the letter: its commands, and its blocks of C# as one program.</summary>
    void Newcomer()
    {
        var page = System.IO.File.ReadAllText(System.IO.Path.Combine(repository, "docs", "getting-started.md"));
        IEnumerable<string> Blocks(string language) => System.Text.RegularExpressions.Regex.Matches(page, $@"^```{language}\r?\n(.*?)^```", System.Text.RegularExpressions.RegexOptions.Multiline | System.Text.RegularExpressions.RegexOptions.Singleline)
            .Select(block => block.Groups[1].Value);
        var here = System.IO.Directory.CreateDirectory(System.IO.Path.Combine(folder, "newcomer")).FullName;
        foreach (var command in Blocks("sh").SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(line => line.Split(' ')))
        {
            if (command[0] == "cd")
            {
                here = System.IO.Path.Combine(here, command[1]);
                var model = System.IO.Directory.CreateDirectory(System.IO.Path.Combine(here, "models", "bert-tiny")).FullName;
                foreach (var file in System.IO.Directory.GetFiles(System.IO.Path.Combine(repository, "models", "bert-tiny"))) System.IO.File.Copy(file, System.IO.Path.Combine(model, System.IO.Path.GetFileName(file)));
                System.IO.File.WriteAllText(System.IO.Path.Combine(here, "Program.cs"), string.Join('\n', Blocks("csharp")));
            }
            else
            {
                Require(Run(command[0], command[1..], here), $"docs/getting-started.md: {string.Join(' ', command)}");
            }
        }
    }

    void Try(string name)
    {
        var published = System.IO.Path.Combine(folder, name);
        if (!System.IO.Directory.Exists(System.IO.Path.Combine(published, "runtimes", runtime, "native")))
            throw new CakeException($"{name}: the engine's library is not in runtimes/{runtime}/native");
        Console.WriteLine(Require(Run(Executable(published), [Model, "--train"], folder), $"{name}: the published program"));
    }

    /// <summary>The command line as a newcomer gets it: without an engine it says how to have one; with it, it answers, writes and serves.</summary>
    void CommandLine()
    {
        Require(Run("dotnet", ["tool", "install", "Keras.Transformers.Cli", "--version", Version, "--tool-path", "commands"], folder), "dotnet tool install Keras.Transformers.Cli");
        var tool = System.IO.Path.Combine(folder, "commands", "keras-transformers");
        if (Run(tool, ["doctor"], folder) is not { Code: 1 } ill || !ill.Said.Contains("doctor --install")) throw new CakeException("keras-transformers doctor does not say how to have an engine where there is none");
        Console.WriteLine($"keras-transformers doctor --install: {Seconds(() => Require(Run(tool, ["doctor", "--install"], folder), "keras-transformers doctor --install"))}");
        var rows = System.IO.Path.Combine(folder, "rows.csv");
        System.IO.File.WriteAllText(rows, "text\na tall [MASK] with green leaves\n");
        if (!Require(Run(tool, ["predict", Model, "--data", rows], folder), "keras-transformers predict").Contains("token_str")) throw new CakeException("keras-transformers predict gave no answer");
        Console.WriteLine(Require(Run(tool, ["generate", Writer, "--prompt", "animal: a large", "--temperature", "0", "--max-new-tokens", "8"], folder), "keras-transformers generate"));
        Served(tool);
    }

    /// <summary>A language model is served until the process is told to end.</summary>
    void Served(string tool)
    {
        using var free = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        free.Start();
        var port = ((System.Net.IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        using var process = Process.Start(Prepared(tool, ["serve", Writer, $"--rest_api_port={port}", "--port=-1", "--address=127.0.0.1"], folder));
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        try
        {
            using var client = new System.Net.Http.HttpClient { Timeout = TimeSpan.FromSeconds(60) };
            using var asked = new System.Net.Http.StringContent("""{"model": "gpt2-tiny", "prompt": "animal: a large", "max_tokens": 8, "temperature": 0}""", System.Text.Encoding.UTF8, "application/json");
            for (var watch = Stopwatch.StartNew(); ; System.Threading.Thread.Sleep(200))
            {
                if (process.HasExited) throw new CakeException($"keras-transformers serve ended with {process.ExitCode}");
                if (watch.Elapsed > TimeSpan.FromMinutes(1)) throw new CakeException("keras-transformers serve was not ready within a minute");
                try
                {
                    if (client.GetAsync($"http://127.0.0.1:{port}/readyz").GetAwaiter().GetResult().IsSuccessStatusCode) break;
                }
                catch (System.Net.Http.HttpRequestException)
                {
                }
            }
            var answer = client.PostAsync($"http://127.0.0.1:{port}/v1/completions", asked).GetAwaiter().GetResult();
            var text = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
            if (!answer.IsSuccessStatusCode || !text.Contains("\"choices\"")) throw new CakeException($"keras-transformers serve answered {(int)answer.StatusCode}\n{text}");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    string Writer => System.IO.Path.Combine(repository, "models", "gpt2-tiny");

    void TryEachKind()
    {
        string Said(string name) => Require(Run(Executable(System.IO.Path.Combine(folder, EachKind, name), EachKind), [System.IO.Path.Combine(repository, "models")], folder), $"{EachKind}, published {name}");
        var expected = Said(equalWays[0].Name);
        foreach (var (name, _) in equalWays.Skip(1))
            if (Said(name) is var said && said != expected) throw new CakeException($"{EachKind} says something else when it is published {name}\n{said}\ninstead of\n{expected}");
        Console.WriteLine($"{EachKind} says the same, published {string.Join(", ", equalWays.Select(w => w.Name))}:\n{expected}");
    }

    /// <summary>TensorFlow by a call of the program, without libtorch; then by the tool, which finds it there. Needs an archive.</summary>
    void TensorFlow()
    {
        Require(Run("dotnet", ["tool", "install", "Keras.Provision", "--version", Version, "--tool-path", "tool"], folder), "dotnet tool install");
        var tool = System.IO.Path.Combine(folder, "tool", "keras-provision");
        if (Run(tool, ["--where"], folder).Code != 1) throw new CakeException("keras-provision finds a TensorFlow where there is none");
        if (!BuildParameters.Has("KERAS_LIBTENSORFLOW_ARCHIVE"))
        {
            Console.WriteLine("skipped: TensorFlow by the packages, since KERAS_LIBTENSORFLOW_ARCHIVE names no archive");
            return;
        }
        Publish("alone", ["-p:KerasTorchPublishNatives=false"]);
        var said = Require(Run(Executable(System.IO.Path.Combine(folder, "alone")), [Model, "--train", "--provision"], folder, ("KERAS_BACKEND", null)), "The program that provides TensorFlow");
        if (!said.Contains("engine tensorflow")) throw new CakeException("The program that provided TensorFlow did not run on it");
        Console.WriteLine(said);
        Console.WriteLine(Require(Run(tool, [], folder), "keras-provision"));
    }

    string Model => System.IO.Path.Combine(repository, "models", "bert-tiny");

    static string Executable(string published, string program = Program) => System.IO.Path.Combine(published, OperatingSystem.IsWindows() ? program + ".exe" : program);

    IEnumerable<string> Files(string published, string name) => System.IO.Directory.EnumerateFiles(System.IO.Path.Combine(folder, published), name, SearchOption.AllDirectories);

    void Publish(string name, string[] arguments, string program = "")
    {
        string[] all = ["publish", "--configuration", "Release", "--output", name, .. arguments, "--verbosity", "quiet"];
        var said = Require(Run("dotnet", all, System.IO.Path.Combine(folder, program)), $"dotnet {string.Join(' ', all)}");
        if (said.Split('\n').FirstOrDefault(line => line.Contains("warning IL") && line.Contains("Keras")) is { } warning) throw new CakeException($"dotnet {string.Join(' ', all)} warns: {warning}");
    }

    void DotNet(params string[] arguments) => Require(Run("dotnet", [.. arguments, "--verbosity", "quiet"], folder), $"dotnet {string.Join(' ', arguments)}");

    static string Require((int Code, string Said) run, string what) => run.Code == 0 ? run.Said.TrimEnd() : throw new CakeException($"{what} failed\n{run.Said}");

    (int Code, string Said) Run(string program, IReadOnlyList<string> arguments, string where, params (string Name, string Value)[] more)
    {
        using var process = Process.Start(Prepared(program, arguments, where, more));
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    /// <summary>Nothing of the machine's own packages or libraries may help; null takes a variable away.</summary>
    ProcessStartInfo Prepared(string program, IReadOnlyList<string> arguments, string where, params (string Name, string Value)[] more)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, WorkingDirectory = where, RedirectStandardOutput = true };
        (string Name, string Value)[] variables =
        [
            ("NUGET_PACKAGES", Packages), ("XDG_CACHE_HOME", System.IO.Path.Combine(folder, "cache")), ("KERAS_BACKEND", "torch"), ("KERAS_LIBTORCH", null), ("KERAS_LIBTENSORFLOW", null),
            ("CI", null), ("DOTNET_ROOT", System.IO.Path.GetDirectoryName(Environment.ProcessPath)), .. more,
        ];
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return start;
    }

    static string Seconds(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return FormattableString.Invariant($"{watch.Elapsed.TotalSeconds:0.0} s");
    }

    static string Megabytes(string folder) =>
        FormattableString.Invariant($"{System.IO.Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length) / 1e6:0} MB");
}

var clock = Stopwatch.StartNew();
var totals = default(TestTotals);

Setup(context => BuildParameters.From(context));

Task("Clean")
    .Description("Deletes everything that was built.")
    .Does(() => CleanDirectory(BuildParameters.Artifacts));

Task("Restore")
    .Description("Restores packages, from the lock files when CI=true.")
    .Does(() => DotNetRestore(BuildParameters.Solution));

Task("Build")
    .Description("Restores and builds the solution, warnings as errors when CI=true.")
    .Does<BuildParameters>(build =>
    {
        Say("restoring and building the solution; each project is named when it is built");
        DotNetBuild(BuildParameters.Solution, new DotNetBuildSettings { Configuration = build.Configuration, NoLogo = true });
    });

Task("Test")
    .Description("Runs all tests, or those of --filter=EXPRESSION.")
    .IsDependentOn("Build")
    .Does<BuildParameters>(build => Test(build, build.Filter));

Task("Golden")
    .Description("Runs the golden tests, on the folder that KERAS_GOLDEN names where it is set.")
    .IsDependentOn("Build")
    .Does<BuildParameters>(build =>
        GoldenTests(build, "TestCategory=Golden"));

Task("Sweep")
    .Description("Runs every golden text and processor of generation under XLA, which the other targets do for a part of them; on the folder that KERAS_GOLDEN names where it is set.")
    .IsDependentOn("Build")
    .Does<BuildParameters>(build =>
    {
        // Of a folder that is named each case runs under XLA.
        if (!BuildParameters.Has("KERAS_GOLDEN")) Environment.SetEnvironmentVariable("KERAS_GOLDEN", System.IO.Path.GetFullPath("Keras.Transformers.Tests/Golden"));
        GoldenTests(build, "TestCategory=Golden&Name~Xla&(FullyQualifiedName~GenerationGoldenTests|FullyQualifiedName~LogitsGoldenTests)");
    });

Task("Demo")
    .Description("Fine-tunes, evaluates, saves, exports and reloads a small BERT; arguments go to examples/Demo.")
    .Does<BuildParameters>(build =>
    {
        RequireLibrary(build);
        Run(build, BuildParameters.Demo, build.Rest);
    });

Task("Provision")
    .Description("Fills the user's cache with the TensorFlow library; arguments go to tools/Keras.Provision.")
    .Does<BuildParameters>(build => Run(build, BuildParameters.Provision, build.Rest));

Task("Bench")
    .Description("Measures; arguments go to tools/Keras.Benchmarks.")
    .Does<BuildParameters>(build =>
    {
        RequireLibrary(build);
        Run(build, BuildParameters.Benchmarks, build.Rest);
    });

Task("Docs")
    .Description("Makes the site of docs, README and the API in artifacts/docs; a link that leads nowhere fails it.")
    .IsDependentOn("Build")
    .Does<BuildParameters>(build => Run(build, BuildParameters.Docs, build.Rest, "--no-build"));

Task("Lint")
    .Description("Checks formatting, builds with warnings as errors, and checks that each package's licence is noted.")
    .IsDependentOn("Restore")
    .Does<BuildParameters>(build =>
    {
        var notices = System.IO.File.ReadAllText("THIRD-PARTY-NOTICES.md");
        var missing = XDocument.Load("Directory.Packages.props").Descendants("PackageVersion")
            .Select(package => (string)package.Attribute("Include")).Where(id => !notices.Contains($"| {id} |")).ToList();
        if (missing.Count > 0)
            throw new CakeException($"THIRD-PARTY-NOTICES.md has no row for {string.Join(", ", missing)}");

        DotNetFormat(BuildParameters.Solution, new DotNetFormatSettings { VerifyNoChanges = true, NoRestore = true });
        DotNetBuild(BuildParameters.Solution, new DotNetBuildSettings
        {
            Configuration = build.Configuration,
            NoRestore = true,
            NoIncremental = true,
            NoLogo = true,
            MSBuildSettings = new DotNetMSBuildSettings().WithProperty("TreatWarningsAsErrors", "true"),
        });
    });

Task("Pack")
    .Description("Packs the libraries into artifacts/package.")
    .IsDependentOn("Build")
    .Does<BuildParameters>(build => DotNetPack(BuildParameters.Solution, new DotNetPackSettings
    {
        Configuration = build.Configuration,
        NoBuild = true,
        NoLogo = true,
    }));

Task("PackageTest")
    .Description("Opens each packed package, runs a Cake script with the packed addin, publishes a program made of the packages, empties the NuGet folder, and runs it on the Torch engine; installs the command line as a tool and uses it.")
    .IsDependentOn("Pack")
    .Does<BuildParameters>(build =>
    {
        var trial = new PackageTrial(build, System.IO.Directory.GetCurrentDirectory());
        PackageContents.Check(trial.Packed, PackageTrial.Version);
        new AddinTrial(System.IO.Directory.GetCurrentDirectory(), trial.Packed, PackageTrial.Version).Run();
        trial.Run();
    });

void GoldenTests(BuildParameters build, string filter)
{
    if (BuildParameters.Has("KERAS_GOLDEN") && !DirectoryExists(EnvironmentVariable("KERAS_GOLDEN")))
        throw new CakeException($"KERAS_GOLDEN names no folder: {EnvironmentVariable("KERAS_GOLDEN")}");
    Test(build, build.Filter == "" ? filter : $"{filter}&({build.Filter})");
}

void Test(BuildParameters build, string filter)
{
    RequireLibrary(build, "--no-build");
    totals = new();
    CleanDirectory(BuildParameters.TestResults);
    var projects = GetFiles("./*.Tests/*.csproj").Concat(GetFiles("./*/*.Tests/*.csproj"))
        .Select(file => file.GetFilenameWithoutExtension().ToString()).ToList();
    List<TestRun> runs = [.. projects.Select(name => new TestRun(name))];
    // Where TensorFlow is found it is the engine of those; tests that name their engine have their turn there.
    if (!BuildParameters.Has("KERAS_BACKEND") && DotNet(["run", "--configuration", build.Configuration, "--no-build", "--project", BuildParameters.Provision, "--", "--where"]) == 0)
        runs.AddRange(projects.Where(name => name != BuildParameters.TestsOfEngines).Select(name => new TestRun(name, "torch")));

    // One test after the other leaves half of two cores idle, so two projects run at once, beside the longest all others.
    var ordered = runs.OrderBy(run => run.Engine is not null).ThenByDescending(run => run.Project == BuildParameters.LongestTests).ThenBy(run => run.Project, StringComparer.Ordinal);
    Parallel.ForEach(Partitioner.Create(ordered, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = Math.Min(2, Environment.ProcessorCount) },
        run => TestProject(build, run, filter));
    totals.Close();
}

void TestProject(BuildParameters build, TestRun run, string filter)
{
    var results = $"{BuildParameters.TestResults}/{run}";
    List<string> arguments =
    [
        "test", build.Built(run.Project), "--nologo",
        "--logger", "console;verbosity=minimal",
        "--logger", "trx;LogFileName=results.trx",
        "--results-directory", results,
        // Names the test that ran when the host crashed, and ends one that hangs.
        "--Blame:CollectHangDump;TestTimeout=10m;HangDumpType=None",
    ];
    if (filter != "")
        arguments.AddRange(["--filter", filter]);
    Say($"testing {run}");
    var variables = run.Engine is null ? [] : new Dictionary<string, string> { ["KERAS_BACKEND"] = run.Engine };
    var (exitCode, output) = Capture(arguments, variables);
    lock (totals)
    {
        Say($"tested {run}");
        Console.Write(output);
        totals.Add(run, results, exitCode, mayBeEmpty: filter != "");
    }
}

// On a fresh machine the archive is unpacked into the user's cache first; without one, what there is no TensorFlow for runs on the Torch engine.
void RequireLibrary(BuildParameters build, params string[] options)
{
    if (BuildParameters.Has("KERAS_LIBTENSORFLOW_ARCHIVE") && !BuildParameters.Has("KERAS_LIBTENSORFLOW") && EnvironmentVariable("KERAS_BACKEND") != "torch")
        Run(build, BuildParameters.Provision, [], options);
}

void Run(BuildParameters build, string project, IReadOnlyList<string> arguments, params string[] options)
{
    // `dotnet run` says nothing while it restores and builds.
    var exitCode = 0;
    if (!options.Contains("--no-build"))
    {
        Say($"restoring and building {project}");
        exitCode = DotNet(["build", project, "--configuration", build.Configuration, "--nologo"]);
    }
    if (exitCode == 0)
    {
        Say($"running {project}");
        exitCode = DotNet(["run", "--configuration", build.Configuration, "--no-build", "--project", project, "--", .. arguments]);
    }
    if (exitCode != 0)
        throw new CakeException(exitCode, $"{project} ended with exit code {exitCode}");
}

// What a wait is for, and how long it has been: to the error stream, since a target's output may be read by a program.
void Say(string what) => Console.Error.WriteLine(FormattableString.Invariant($"[{clock.Elapsed:mm\\:ss}] {what}"));

// Cake's own aliases do not escape quotes in arguments and pipe the output, which loses progress bars.
int DotNet(IReadOnlyList<string> arguments)
{
    using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false });
    process.WaitForExit();
    return process.ExitCode;
}

// What two programs that run at once print is shown one after the other.
(int ExitCode, string Output) Capture(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> variables)
{
    var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
    foreach (var (name, value) in variables) start.Environment[name] = value;
    using var process = Process.Start(start);
    var output = new System.Text.StringBuilder();
    void Add(object sender, DataReceivedEventArgs line)
    {
        lock (output)
            if (line.Data is not null) output.AppendLine(line.Data);
    }
    process.OutputDataReceived += Add;
    process.ErrorDataReceived += Add;
    process.BeginOutputReadLine();
    process.BeginErrorReadLine();
    process.WaitForExit();
    return (process.ExitCode, output.ToString());
}

try
{
    RunTarget(Argument("target", "Test"));
}
catch (CakeReportException) when (totals is { Failed: true })
{
    Environment.ExitCode = 1;
}

// Behind Cake's own summary, so that the closing line closes.
if (totals is not null)
{
    totals.Print();
    Environment.Exit(Environment.ExitCode);
}
