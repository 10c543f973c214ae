using System.Collections.ObjectModel;

namespace Keras.Transformers;

/// <summary>Logits processors that are applied one after another.</summary>
/// <remarks>Source: transformers/generation/logits_process.py, LogitsProcessorList.</remarks>
public sealed class LogitsProcessorList : Collection<LogitsProcessor>
{
    /// <summary>Creates an empty list.</summary>
    public LogitsProcessorList() { }

    /// <summary>Creates a list of processors.</summary>
    public LogitsProcessorList(IEnumerable<LogitsProcessor> processors)
    {
        ArgumentNullException.ThrowIfNull(processors);
        foreach (var processor in processors) Add(processor);
    }

    /// <summary>Applies all processors in order and returns the scores of the last.</summary>
    /// <param name="input_ids">The tokens so far, (R, T), int32.</param>
    /// <param name="scores">Scores of the next token, (R, V), float32.</param>
    public Tensor Apply(Tensor input_ids, Tensor scores) => Joined().Aggregate(scores, (s, p) => p.Apply(input_ids, s));

    /// <summary>The same processors, with neighbouring tensor processors joined into one, so that only a user's own processors run outside compiled code.</summary>
    internal IReadOnlyList<LogitsProcessor> Joined()
    {
        var joined = new List<LogitsProcessor>();
        var run = new List<TensorLogitsProcessor>();
        void End()
        {
            if (run.Count > 0) joined.Add(new TensorLogitsChain([.. run]));
            run.Clear();
        }
        foreach (var processor in this)
        {
            if (processor is TensorLogitsProcessor tensors) run.Add(tensors);
            else
            {
                End();
                joined.Add(processor);
            }
        }
        End();
        return joined;
    }

    /// <inheritdoc/>
    protected override void InsertItem(int index, LogitsProcessor item) => base.InsertItem(index, item ?? throw new ArgumentNullException(nameof(item)));

    /// <inheritdoc/>
    protected override void SetItem(int index, LogitsProcessor item) => base.SetItem(index, item ?? throw new ArgumentNullException(nameof(item)));
}

/// <summary>A chain of tensor processors. Those that only select candidates pass these on, so that after a small top_k nothing runs over the whole vocabulary.</summary>
sealed class TensorLogitsChain(IReadOnlyList<TensorLogitsProcessor> links) : TensorLogitsProcessor
{
    internal IReadOnlyList<TensorLogitsProcessor> Links => links;

    internal override string Structure { get; } = string.Join(";", links.Select(l => l.Structure));

    internal override IReadOnlyList<Tensor> Values { get; } = [.. links.SelectMany(l => l.Values)];

    internal override IEnumerable<int> NamedTokens => links.SelectMany(l => l.NamedTokens);

    internal override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values) => Choose(history, scores, values).ToScores();

    /// <summary>The remaining candidates; after a small top_k only those few, to draw from directly.</summary>
    internal Candidates Choose(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values)
    {
        var candidates = Candidates.All(scores);
        var at = 0;
        foreach (var link in links)
        {
            Tensor[] own = [.. values.Skip(at).Take(link.Values.Count)];
            at += own.Length;
            candidates = link is CandidateLogitsProcessor chooser ? chooser.Apply(candidates, own) : Candidates.All(link.Apply(history, candidates.ToScores(), own));
        }
        return candidates;
    }
}
