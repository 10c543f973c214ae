using System.Collections;
using System.Threading.Channels;

namespace Keras.Transformers;

/// <summary>Streams a text in parts from the thread that generates it to a thread that reads it.</summary>
/// <remarks>Source: transformers/generation/streamers.py, TextIteratorStreamer. If you only want to read the text, <c>GenerateTextAsync</c> needs no extra thread.</remarks>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="skip_prompt">Whether the prompt is left out; default false.</param>
/// <param name="timeout">The maximum time in seconds to wait for the next part; default no limit.</param>
/// <param name="skip_special_tokens">Whether special tokens are left out; default false.</param>
public sealed class TextIteratorStreamer(ITextTokenizer tokenizer, bool skip_prompt = false, double? timeout = null, bool skip_special_tokens = false)
    : TextStreamer(tokenizer, skip_prompt, skip_special_tokens), IEnumerable<string>, IAsyncEnumerable<string>
{
    Channel<string> _parts = Channel.CreateUnbounded<string>();

    /// <inheritdoc/>
    public override void on_finalized_text(string text, bool stream_end = false)
    {
        var parts = _parts;
        if (text.Length > 0) parts.Writer.TryWrite(text);
        if (!stream_end) return;
        parts.Writer.Complete();
    }

    /// <summary>Reads the parts of the text being generated, or of the next one, until its end.</summary>
    /// <exception cref="TimeoutException">No part came in time.</exception>
    public async IAsyncEnumerator<string> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var parts = _parts;
        try
        {
            while (await Next(parts, cancellationToken).ConfigureAwait(false))
                while (parts.Reader.TryRead(out var part)) yield return part;
        }
        finally
        {
            // The next text starts fresh.
            if (parts.Reader.Completion.IsCompleted) _parts = Channel.CreateUnbounded<string>();
        }
    }

    async Task<bool> Next(Channel<string> parts, CancellationToken cancellation)
    {
        var waiting = parts.Reader.WaitToReadAsync(cancellation).AsTask();
        if (timeout is not { } seconds) return await waiting.ConfigureAwait(false);
        try
        {
            return await waiting.WaitAsync(TimeSpan.FromSeconds(seconds), cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"No text came in {seconds} s. The thread that generates may have failed, or may need more time: raise timeout.", e);
        }
    }

    /// <inheritdoc cref="GetAsyncEnumerator"/>
    public IEnumerator<string> GetEnumerator()
    {
        var parts = GetAsyncEnumerator();
        try
        {
            while (parts.MoveNextAsync().AsTask().GetAwaiter().GetResult()) yield return parts.Current;
        }
        finally
        {
            parts.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
