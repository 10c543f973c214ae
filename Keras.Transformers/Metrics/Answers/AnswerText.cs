using System.Text;

namespace Keras.Transformers;

/// <summary>Normalizes answers as SQuAD compares them: without case, ASCII punctuation, articles and extra spaces.</summary>
/// <remarks>Source: the evaluation scripts of SQuAD 1.1 and 2.0.</remarks>
static class AnswerText
{
    /// <summary>The words of the normalized answer.</summary>
    public static List<string> Words(string answer)
    {
        var lower = string.Concat(PythonText.Lower(answer).Where(c => !PythonText.Punctuation.Contains(c)));
        return PythonText.Split(WithoutArticles(lower));
    }

    /// <summary>Removes articles: whole runs of regex word characters.</summary>
    static string WithoutArticles(string text)
    {
        var (result, run) = (new StringBuilder(text.Length), new StringBuilder());
        void End()
        {
            result.Append(run.ToString() is "a" or "an" or "the" ? " " : run.ToString());
            run.Clear();
        }
        foreach (var c in text.EnumerateRunes())
        {
            if (PythonText.IsWord(c))
            {
                run.Append(c.ToString());
                continue;
            }
            End();
            result.Append(c.ToString());
        }
        End();
        return result.ToString();
    }

    /// <summary>The F1 of words.</summary>
    /// <param name="predicted">The words of what was predicted.</param>
    /// <param name="truth">The words of an answer.</param>
    public static double F1(List<string> predicted, List<string> truth)
    {
        var same = NGrams.Common(NGrams.Count(predicted, 1), NGrams.Count(truth, 1));
        if (same == 0) return 0;
        var (precision, recall) = ((double)same / predicted.Count, (double)same / truth.Count);
        return 2 * precision * recall / (precision + recall);
    }
}
