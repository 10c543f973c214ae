namespace Keras.Callbacks;

/// <summary>Prints progress and the values so far: a bar if the output is a terminal; otherwise, or with verbose 2, a line per epoch.</summary>
/// <remarks>The figures of a batch are read from the engine only when they are printed. An epoch that ended early shows the steps that ran, where Keras shows all.
/// Source: keras/src/callbacks/progbar_logger.py.</remarks>
public class ProgbarLogger : Callback
{
    readonly TextWriter? _output;
    ProgressBar? _bar;
    int _seen;

    /// <summary>Prints to the console.</summary>
    public ProgbarLogger() { }

    /// <summary>Prints to a writer that is not a terminal.</summary>
    internal ProgbarLogger(TextWriter output) => _output = output;

    /// <inheritdoc/>
    public override void on_epoch_begin(int epoch, Logs logs)
    {
        Begin();
        if (@params is { verbose: > 0, epochs: > 1 }) Output.WriteLine($"Epoch {epoch + 1}/{@params.epochs}");
    }

    /// <inheritdoc/>
    public override void on_train_batch_end(int batch, Logs logs) => Update(logs);

    /// <inheritdoc/>
    public override void on_epoch_end(int epoch, Logs logs) => Finish(logs);

    /// <inheritdoc/>
    public override void on_test_begin(Logs logs)
    {
        if (!@params.IsFit) Begin();
    }

    /// <inheritdoc/>
    public override void on_test_batch_end(int batch, Logs logs)
    {
        if (!@params.IsFit) Update(logs);
    }

    /// <inheritdoc/>
    public override void on_test_end(Logs logs)
    {
        if (!@params.IsFit) Finish(logs);
    }

    /// <inheritdoc/>
    public override void on_predict_begin(Logs logs) => Begin();

    /// <inheritdoc/>
    public override void on_predict_batch_end(int batch, Logs logs) => Update(new());

    /// <inheritdoc/>
    public override void on_predict_end(Logs logs) => Finish(logs);

    TextWriter Output => _output ?? Console.Out;

    void Begin()
    {
        _seen = 0;
        var isTerminal = _output is null && !Console.IsOutputRedirected;
        _bar = @params.verbose == 0 ? null : new(Output, @params.steps, showsBar: @params.verbose == 1 && isTerminal);
    }

    void Update(Logs logs)
    {
        _seen = @params.StepsRan;
        _bar?.Update(_seen, logs);
    }

    void Finish(Logs logs)
    {
        _bar?.Finish(_seen, logs);
        _bar = null;
    }
}
