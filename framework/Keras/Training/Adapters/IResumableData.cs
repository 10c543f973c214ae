namespace Keras.Training;

/// <summary>Data with a position that can be saved, so that training can resume in the middle of an epoch.</summary>
interface IResumableData : IDataAdapter
{
    /// <summary>Whether an epoch would never end.</summary>
    bool IsInfinite { get; }

    /// <summary>Saves the position of the most recent iteration.</summary>
    string save_state();

    /// <summary>Makes the next iteration continue from a saved position.</summary>
    void load_state(string state);
}
