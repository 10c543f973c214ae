namespace Keras.Callbacks;

/// <summary>How often to save: after each "epoch", or after a number of batches.</summary>
public readonly record struct SaveFreq
{
    SaveFreq(int batches) => Batches = batches;

    /// <summary>The number of batches; 0 for each epoch.</summary>
    internal int Batches { get; }

    /// <summary>After this many batches, counted across epochs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public static implicit operator SaveFreq(int batches) =>
        batches > 0 ? new(batches) : throw new ArgumentOutOfRangeException(nameof(batches), batches, "save_freq is out of range. Expected: \"epoch\" or a positive number of batches.");

    /// <summary>"epoch": after each epoch.</summary>
    /// <exception cref="ArgumentException">The text is another.</exception>
    public static implicit operator SaveFreq(string freq) =>
        freq == "epoch" ? default : throw new ArgumentException($"save_freq is unknown. Expected: \"epoch\" or a positive number of batches. Received: \"{freq}\".", nameof(freq));
}

/// <summary>Counts batches through the epochs.</summary>
sealed class BatchCounter(SaveFreq freq)
{
    int _sinceSaving;
    int _last;

    /// <summary>Begins an epoch: its batches count from 0 again.</summary>
    public void NewEpoch() => _last = 0;

    /// <summary>Whether it is time to save after a batch; with steps_per_execution a call may stand for several.</summary>
    public bool IsDue(int batch)
    {
        if (freq.Batches == 0) return false;
        _sinceSaving += batch + 1 - _last;
        _last = batch + 1;
        if (_sinceSaving < freq.Batches) return false;
        _sinceSaving = 0;
        return true;
    }
}
