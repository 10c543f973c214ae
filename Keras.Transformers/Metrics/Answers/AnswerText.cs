using System.Text;

namespace Keras.Transformers;

/// <summary>Answers as SQuAD compares them: without case, ASCII's punctuation, articles and further spaces.</summary>
/// <remarks>Source: the evaluation scripts of SQuAD 1.1 and 2.0.</remarks>
static class AnswerText
{
    /// <summary>The words of the form that is compared.</summary>
    public static List<string> Words(string answer)
    {
        var lower = string.Concat(PythonText.Lower(answer).Where(c => !PythonText.Punctuation.Contains(c)));
        return PythonText.Split(WithoutArticles(lower));
    }

    /// <summary>An article is a whole run of what regular expressions take for letters of words.</summary>
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

    /// <summary>The harmonic mean of precision and recall of words.</summary>
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
