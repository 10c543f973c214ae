using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras.Serving;

/// <summary>A part of a text that was continued; the last has the reason of its end.</summary>
readonly record struct CompletionPart(int Index, string Text, string? FinishReason, int Tokens);

/// <summary>Continues a prompt.</summary>
static class Completion
{
    /// <summary>The parts of a choice as they become certain.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">The request.</param>
    /// <param name="index">The choice: those of the first prompt come first.</param>
    /// <param name="cancellation">Takes it back.</param>
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
                // Leaving the loop takes the text out of the batch.
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
