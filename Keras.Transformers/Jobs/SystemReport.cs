using System.Runtime.InteropServices;
using Keras.Backend;

namespace Keras.Transformers;

/// <summary>Which of the library's requirements this machine meets, and how to get what is missing.</summary>
/// <param name="Version">The library's version.</param>
/// <param name="Runtime">.NET's version.</param>
/// <param name="System">The operating system and the processor.</param>
/// <param name="Processors">The number of threads that may run at once.</param>
/// <param name="MemoryBytes">The memory that .NET may use.</param>
/// <param name="Engines">The engines.</param>
/// <param name="Caches">The folders in which downloads and tables are kept.</param>
/// <param name="Hub">The hub's address.</param>
/// <param name="HasToken">Whether there is a token for the hub.</param>
/// <param name="Findings">Missing or unusual things; empty if all is well.</param>
public sealed record SystemReport(string Version, string Runtime, string System, int Processors, long MemoryBytes, IReadOnlyList<EngineReport> Engines, IReadOnlyList<CacheReport> Caches, string Hub, bool HasToken,
    IReadOnlyList<SystemFinding> Findings)
{
    /// <summary>Whether models can run.</summary>
    public bool IsUsable => Engines.Any(e => e.IsRunning);

    /// <summary>Looks around; starts the engine that would run.</summary>
    public static SystemReport Create()
    {
        var findings = new List<SystemFinding>();
        var engines = EnginesHere(findings);
        var settings = HubSettings.Current;
        CacheReport[] caches = [Cache("hub", settings.Cache), Cache("datasets", Loading.CacheOf(null)!), Cache("engines", EngineSelection.CacheFolder)];
        var token = HubTokens.Stored(settings) is not null;
        if (!token) findings.Add(new("note", "There is no token for the hub; public models and data sets need none", "Set HF_TOKEN, or call HuggingFaceHub.login, to push and to read what is private."));
        if (settings.Offline) findings.Add(new("note", "HF_HUB_OFFLINE is set, so nothing is downloaded", "Take it away to ask the hub."));
        foreach (var cache in caches.Where(c => c.Error is not null)) findings.Add(new("warning", $"The folder of {cache.Name} cannot be read: {cache.Error}", $"Make '{cache.Folder}' readable."));
        return new(typeof(SystemReport).Assembly.GetName().Version!.ToString(3), RuntimeInformation.FrameworkDescription, $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.RuntimeIdentifier}",
            Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, engines, caches, settings.Address, token, findings);
    }

    /// <summary>Fetches libtorch, the Torch engine's library, by NuGet into the user's package folder, if it is missing. Programs that reference the package Keras.Transformers have it; a tool such as the command line does not.</summary>
    /// <param name="cancellation_token">Cancels the operation; partial downloads are discarded.</param>
    /// <returns>The folder with the library.</returns>
    /// <exception cref="EngineNotFoundException">There is no package for this system, no .NET SDK to fetch it with, or NuGet failed; the message quotes it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static string InstallEngine(CancellationToken cancellation_token = default) => EngineSelection.InstallTorch(cancellation_token);

    static EngineReport[] EnginesHere(List<SystemFinding> findings)
    {
        string? running = null, version = null;
        IReadOnlyList<string> devices = [];
        try
        {
            var engine = EngineSelection.Current;
            (running, version, devices) = (engine.Name, engine.Version, engine.Devices);
        }
        catch (KerasException e)
        {
            findings.Add(new("error", "No engine runs", e.Message));
        }
        var here = EngineSelection.Here().ToArray();
        foreach (var (name, place, remedy) in here.Where(e => e.Place is null && running is not null))
            findings.Add(new("note", $"The library of {name} is not here; models run on {running}", $"To have it: {remedy}"));
        return [.. here.Select(e => new EngineReport(e.Name, e.Place, e.Name == running, e.Name == running ? version : null, e.Name == running ? devices : []))];
    }

    static CacheReport Cache(string name, string folder)
    {
        try
        {
            var files = Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Where(f => f.LinkTarget is null).ToArray() : [];
            return new(name, folder, files.Sum(f => f.Length), files.Length, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(name, folder, 0, 0, e.Message);
        }
    }
}

/// <summary>An engine on this machine.</summary>
/// <param name="Name">"tensorflow" or "torch".</param>
/// <param name="Library">The path of its library; null if it was not found.</param>
/// <param name="IsRunning">Whether it is the one that runs.</param>
/// <param name="Version">The version of the running engine's library.</param>
/// <param name="Devices">The devices of the running engine.</param>
public sealed record EngineReport(string Name, string? Library, bool IsRunning, string? Version, IReadOnlyList<string> Devices);

/// <summary>A folder that fills itself.</summary>
/// <param name="Name">"hub", "datasets" or "engines".</param>
/// <param name="Folder">Its location.</param>
/// <param name="Bytes">The size of its content.</param>
/// <param name="Files">The number of files in it.</param>
/// <param name="Error">Why it could not be read; null if it was.</param>
public sealed record CacheReport(string Name, string Folder, long Bytes, int Files, string? Error);

/// <summary>A missing or unusual thing that was found.</summary>
/// <param name="Severity">"error" if nothing can run, "warning", or "note".</param>
/// <param name="What">What it is.</param>
/// <param name="Remedy">What to do.</param>
public sealed record SystemFinding(string Severity, string What, string Remedy);
