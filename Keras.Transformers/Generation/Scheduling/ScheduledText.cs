using System.Threading.Channels;

namespace Keras.Transformers;

/// <summary>One request to a scheduler: a growing text, and the channel for its tokens.</summary>
sealed class ScheduledText
{
    readonly Channel<int> _new = Channel.CreateUnbounded<int>(new() { SingleReader = true, SingleWriter = false });
    readonly TaskCompletionSource<int[]> _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationToken _cancellation;
    CancellationTokenRegistration _registration;
    readonly int[] _history;
    readonly int _promptLength;
    readonly TextLimits _limits;
    volatile bool _hasEnded;

    /// <summary>Makes a request; computes nothing yet.</summary>
    public ScheduledText(Prompt prompt, Choice choice, TextLimits limits, CancellationToken cancellation)
    {
        (Choice, CommonForm, _limits, _cancellation) = (choice, choice.CommonForm, limits, cancellation);
        Length = _promptLength = prompt.TokenCount;
        _history = new int[Buckets.Tokens(Length + limits.NewTokens)];
        prompt.Ids.CopyTo(_history, 0);
        // Only processors see padding.
        Seen = [.. prompt.Ids.Where((_, i) => prompt.Mask[i] != 0)];
    }

    /// <summary>How the next token is chosen.</summary>
    public Choice Choice { get; }

    /// <summary><see cref="Choice.CommonForm"/>, read once.</summary>
    public string? CommonForm { get; }

    /// <summary>The prompt's tokens without padding.</summary>
    public int[] Seen { get; }

    /// <summary>The number of tokens so far.</summary>
    public int Length { get; private set; }

    /// <summary>The number of tokens so far without padding.</summary>
    public int Count => Seen.Length + Length - _promptLength;

    /// <summary>The number of new tokens.</summary>
    public int NewCount => Length - _promptLength;

    /// <summary>The last token.</summary>
    public int Last => _history[Length - 1];

    /// <summary>All tokens so far.</summary>
    public ReadOnlySpan<int> Tokens => _history.AsSpan(0, Length);

    /// <summary>The inputs of the next token's choice; read once in each step.</summary>
    public Dictionary<string, Tensors> ChoiceInputs => Choice.Inputs(Prompt.Tensor(_history, 1, _history.Length), Length);

    /// <summary>Whether the text has ended, so that no further tokens are wanted.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>The new tokens as they are generated.</summary>
    public ChannelReader<int> NewTokens => _new.Reader;

    /// <summary>All tokens, when the text has ended.</summary>
    public Task<int[]> Whole => _whole.Task;

    /// <summary>Starts to listen for the caller's cancellation.</summary>
    public void Listen() => _registration = _cancellation.Register(() => End(new OperationCanceledException(_cancellation)));

    /// <summary>Adds the next token to the text.</summary>
    public void Add(int token)
    {
        if (_hasEnded) return;
        _history[Length++] = token;
        _new.Writer.TryWrite(token);
        if (NewCount == _limits.NewTokens || _limits.Ends(Tokens, token)) End();
    }

    /// <summary>Ends the text, with an error if given.</summary>
    public void End(Exception? error = null)
    {
        _hasEnded = true;
        _new.Writer.TryComplete(error);
        if (error is null) _whole.TrySetResult(Tokens.ToArray());
        else if (error is OperationCanceledException cancelled) _whole.TrySetCanceled(cancelled.CancellationToken);
        else if (_whole.TrySetException(error)) _ = _whole.Task.Exception; // The reader of the tokens gets the error through the channel.
        _registration.Unregister();
    }
}
