namespace Keras.Transformers.Cli;

/// <summary>What the program ends with; docs/command-line.md says the same.</summary>
static class ExitCodes
{
    public const int Ok = 0, Failed = 1, Usage = 2, Stopped = 130;
}
