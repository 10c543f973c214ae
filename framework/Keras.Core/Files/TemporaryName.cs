using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace Keras.Files;

/// <summary>Names of half-written files and folders beside their target: <c>.target.process.random.tmp</c>.</summary>
static partial class TemporaryName
{
    public const string LockSuffix = ".lock";
    const string OldSuffix = ".old";
    const int LongestStem = 64;
    const int Attempts = 8;

    /// <summary>Lets others open the file but not exclusively, so that a clean-up sees that it is in use.</summary>
    public const FileShare GuardShare = FileShare.ReadWrite | FileShare.Delete;

    /// <summary>Creates a file with a new name beside <paramref name="target"/> and keeps it open.</summary>
    /// <param name="target">A full path.</param>
    /// <param name="suffix">Empty, or <see cref="LockSuffix"/> for a file that guards a folder; not part of the name returned.</param>
    /// <param name="expectedLength">Bytes to reserve.</param>
    public static (string Name, SafeFileHandle Guard) Create(string target, string suffix = "", long expectedLength = 0)
    {
        for (var attempt = 1; ; attempt++)
        {
            var name = Path.Combine(Path.GetDirectoryName(target)!, $"{Stem(target)}{Environment.ProcessId}.{Random.Shared.NextInt64():x16}.tmp");
            SafeFileHandle guard;
            try
            {
                guard = File.OpenHandle(name + suffix, FileMode.CreateNew, FileAccess.Write, GuardShare, preallocationSize: expectedLength);
            }
            catch (IOException) when (attempt < Attempts)
            {
                // A clean-up may have taken the new file for a leftover before it was locked; it may be gone by now.
                continue;
            }
            // Or the clean-up deleted it before it was locked, and the lock is on a file without a name.
            if (File.Exists(name + suffix)) return (name, guard);
            guard.Dispose();
            if (attempt == Attempts) throw new IOException($"The temporary file '{name + suffix}' was removed by somebody else while it was made.");
        }
    }

    /// <summary>Where the folder that <paramref name="temporary"/> replaces is moved on systems that cannot swap.</summary>
    public static string OldOf(string temporary) => temporary + OldSuffix;

    /// <summary>Removes what killed writers of <paramref name="target"/> left, and restores a folder that was caught between two renames.</summary>
    public static void CleanUp(string target)
    {
        var stem = Stem(target);
        foreach (var entry in new DirectoryInfo(Path.GetDirectoryName(target)!).EnumerateFileSystemInfos(stem + "*", EveryEntry))
        {
            var match = Rest().Match(entry.Name, stem.Length, entry.Name.Length - stem.Length);
            if (!match.Success || IsRunning(match.Groups["process"].Value)) continue;
            var suffix = match.Groups["suffix"].Value;
            if (entry is FileInfo file)
                RemoveFile(file.FullName);
            else if (suffix == OldSuffix && !Path.Exists(target))
                Directory.Move(entry.FullName, target);
            else
                RemoveFolder(entry.FullName, lockedBy: suffix == OldSuffix ? entry.FullName[..^OldSuffix.Length] : entry.FullName);
        }
    }

    static EnumerationOptions EveryEntry => new() { AttributesToSkip = 0, MatchCasing = MatchCasing.CaseSensitive };

    /// <summary>Removes a file unless its writer is alive, which holds it open: opening it exclusively shows that nobody does.</summary>
    static void RemoveFile(string path)
    {
        try
        {
            using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In use or already gone: not ours to remove.
        }
    }

    static void RemoveFolder(string path, string lockedBy)
    {
        try
        {
            using var alone = new FileStream(lockedBy + LockSuffix, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In use or already gone: not ours to remove.
        }
    }

    /// <summary>Whether another process is running, which protects its files on file systems without locks; only locks protect those of this process.</summary>
    static bool IsRunning(string process)
    {
        if (!int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id == Environment.ProcessId) return false;
        try
        {
            using var other = Process.GetProcessById(id);
            return !other.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    static string Stem(string target)
    {
        var name = Path.GetFileName(target);
        var length = Math.Min(name.Length, LongestStem);
        if (length > 0 && char.IsHighSurrogate(name[length - 1])) length--;
        return $".{name[..length]}.";
    }

    [GeneratedRegex(@"\G(?<process>\d{1,10})\.[0-9a-f]{16}\.tmp(?<suffix>|\.lock|\.old)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rest();
}
