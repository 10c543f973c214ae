namespace Keras.Transformers.Cli;

/// <summary>The program's exit codes, also listed in docs/command-line.md.</summary>
static class ExitCodes
{
    public const int Ok = 0, Failed = 1, Usage = 2, Stopped = 130;
}
