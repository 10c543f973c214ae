using System.Diagnostics;

namespace Keras.Engines.Torch.Threads;

/// <summary>Decides whether threads that help are worth it now. Where other programs, other requests or the compiler of .NET use the cores, a helper is put off its core with a piece
/// in its hands, and whoever waits for that piece is later than one who works alone.</summary>
sealed class HelpFromOthers
{
    /// <summary>A wait is too long from here on, if it is also more than a third of the work before it.</summary>
    static readonly long Noticed = Stopwatch.Frequency / 5000;

    /// <summary>The longest time for which no help is asked for.</summary>
    static readonly long LongestPause = Stopwatch.Frequency / 4;

    long _aloneUntil, _pause;

    /// <summary>Whether to ask for help.</summary>
    public bool IsWorthIt(long now) => now >= Volatile.Read(ref _aloneUntil);

    /// <summary>Learns from a job that was done together: after a wait that was too long all work is done alone for twice that time, and if that happens again soon for twice as long.</summary>
    /// <param name="began">When it began.</param>
    /// <param name="waited">When only pieces that others had taken were left.</param>
    /// <param name="ended">When it ended.</param>
    /// <param name="own">Pieces that the caller took itself.</param>
    public void Learn(long began, long waited, long ended, long own)
    {
        var wait = ended - waited;
        var work = waited - began;
        // Less than two pieces is only the last round of work that has few.
        if (wait < Noticed || wait < work / 3 || wait < 2 * work / Math.Max(1, own)) return;
        var (last, pause) = (Volatile.Read(ref _aloneUntil), Volatile.Read(ref _pause));
        pause = ended - last < 2 * pause ? Math.Min(2 * pause, LongestPause) : Math.Min(2 * wait, LongestPause);
        Volatile.Write(ref _pause, pause);
        Volatile.Write(ref _aloneUntil, ended + pause);
    }
}
