using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras.Serving;

/// <summary>A part of a completion; the last one has the finish reason.</summary>
readonly record struct CompletionPart(int Index, string Text, string? FinishReason, int Tokens);

/// <summary>Continues a prompt.</summary>
static class Completion
{
    /// <summary>Generates a choice part by part, as text becomes final.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">The request.</param>
    /// <param name="index">The index of the choice; those of the first prompt come first.</param>
    /// <param name="cancellation">Cancels the generation.</param>
    public static async IAsyncEnumerable<CompletionPart> RunAsync(LanguageModel model, CompletionRequest request, int index, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var prompt = request.Prompts[index / request.Count];
        if (request.Echo && prompt.Length > 0) yield return new(index, model.Tokenizer.decode(prompt, skip_special_tokens: true), null, 0);
        var config = request.Config(model.GenerationConfig, index);
        var (decoder, stop) = (model.Tokenizer.BeginText(skip_special_tokens: true), new StopFinder(request.Stops));
        var inputs = prompt.Length == 0 ? null : Tf.Constant(HostTensor.Of<int>(prompt, new Shape(1, prompt.Length)));
        var (tokens, last) = (0, -1);
        await foreach (var token in model.Scheduler!.GenerateTokensAsync(inputs, config, tokenizer: model.Tokenizer, cancellationToken: cancellation).ConfigureAwait(false))
        {
            (tokens, last) = (tokens + 1, token);
            var text = stop.Push(decoder.Push(token));
            if (stop.HasStopped)
            {
                // Leaving the loop removes the text from the batch.
                yield return new(index, text, "stop", tokens);
                yield break;
            }
            if (text.Length > 0) yield return new(index, text, null, 0);
        }
        var rest = stop.Push(decoder.Flush());
        var ended = stop.HasStopped || config.eos_token_id.Contains(last);
        yield return new(index, rest + stop.Flush(), ended ? "stop" : "length", tokens);
    }
}
