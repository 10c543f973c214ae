namespace Keras.Training;

/// <summary>Data that know where they are, so that training goes on in the middle of an epoch.</summary>
interface IResumableData : IDataAdapter
{
    /// <summary>Whether an epoch would never end.</summary>
    bool IsInfinite { get; }

    /// <summary>How far the walk is that was begun last.</summary>
    string save_state();

    /// <summary>Makes the next walk go on there.</summary>
    void load_state(string state);
}
