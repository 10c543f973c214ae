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

    /// <summary>Every opener is let in, but none may claim the file for itself: that is how a clean-up knows that it is in use.</summary>
    public const FileShare GuardShare = FileShare.ReadWrite | FileShare.Delete;

    /// <summary>Makes a file of a new name beside <paramref name="target"/> and holds it.</summary>
    /// <param name="target">A full path.</param>
    /// <param name="suffix">Nothing, or <see cref="LockSuffix"/> for a file that stands for a folder; not part of the name returned.</param>
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
                // Between its making and its lock a clean-up may have claimed the file for a leftover; it may be gone by now.
                continue;
            }
            // Or the clean-up had it before the lock, which was then of a file without a name.
            if (File.Exists(name + suffix)) return (name, guard);
            guard.Dispose();
            if (attempt == Attempts) throw new IOException($"The temporary file '{name + suffix}' was removed by somebody else while it was made.");
        }
    }

    /// <summary>Where the folder that <paramref name="temporary"/> replaces is put aside, on systems that cannot swap.</summary>
    public static string OldOf(string temporary) => temporary + OldSuffix;

    /// <summary>Removes what killed writers of <paramref name="target"/> left; puts a folder back that was caught between two renames.</summary>
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

    /// <summary>A writer that still lives holds its file open; opening it for oneself alone shows that nobody does.</summary>
    static void RemoveFile(string path)
    {
        try
        {
            using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In use, or gone meanwhile: it is not ours to remove.
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
            // In use, or gone meanwhile: it is not ours to remove.
        }
    }

    /// <summary>Guards files on file systems without locks; this process's own files are told apart by their locks alone.</summary>
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
