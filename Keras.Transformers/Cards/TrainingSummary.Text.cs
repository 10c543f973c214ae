using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Keras.Engines;
using Keras.Saving;

namespace Keras.Transformers;

public sealed partial record TrainingSummary
{
    /// <summary>The file of the learning curves, beside the card.</summary>
    internal const string CurvesFile = "learning-curves.svg";

    /// <summary>The mark that tells generated cards from handwritten ones.</summary>
    internal const string Mark = "<!-- Written by create_model_card. -->";

    static readonly string[] Headings = ["Model description", "Intended uses and limitations", "Training and evaluation data"];

    /// <summary>Creates the model card of this training.</summary>
    /// <returns>Metadata and prose, with a table of all epochs; <see cref="save"/> writes the picture that it shows too.</returns>
    public ModelCard to_model_card()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\n{Mark}\n");
        text.Append(CultureInfo.InvariantCulture, $"\n# {Inline(model_name)}\n\n{introduction?.Trim() ?? Origin()}\n");
        if (eval_results.Count > 0)
            text.Append("\nResults on the evaluation data:\n\n").AppendJoin("", eval_results.Select(r => $"- {Inline(CardMetrics.Title(r.Key, []))}: {Rounded(r.Value)}\n"));
        foreach (var heading in Headings.Where(h => introduction is null || h != Headings[0]).Concat(sections.Keys).Distinct())
            text.Append(CultureInfo.InvariantCulture, $"\n## {Inline(heading)}\n\n{(sections.TryGetValue(heading, out var prose) ? prose.Trim() : "More information needed")}\n");
        if (hyperparameters.Count > 0 || eval_lines.Count > 0) Procedure(text);
        return new(create_metadata(), text.ToString());
    }

    /// <summary>Writes the card into a folder, with a picture of the learning curves if there are two epochs or more.</summary>
    /// <param name="output_dir">The folder; created if missing.</param>
    /// <exception cref="FileFormatException">The hub would reject the metadata; the message names the field, and nothing is written.</exception>
    public void save(string output_dir)
    {
        ArgumentException.ThrowIfNullOrEmpty(output_dir);
        var card = to_model_card();
        card.validate();
        using var files = new Keras.Files.AtomicFileSet();
        if (HasCurves)
        {
            var picture = LearningCurves.Draw([.. eval_lines.Select(EpochOf)], [.. Logs().Select(l => (CardMetrics.Title(l, Trained), eval_lines.Select(e => e.GetValueOrDefault(l, double.NaN)).ToArray()))]);
            files.WriteAllText(Path.Combine(output_dir, CurvesFile), picture);
        }
        files.WriteAllText(Path.Combine(output_dir, ModelCard.FileName), card.content);
        files.Commit();
    }

    /// <summary>Whether there is anything to draw: at least two epochs and one number in a log.</summary>
    bool HasCurves => eval_lines.Count > 1 && Logs().Any(l => eval_lines.Any(e => double.IsFinite(e.GetValueOrDefault(l, double.NaN))));

    static int EpochOf(IReadOnlyDictionary<string, double> line) => (int)line["epoch"] + 1;

    IEnumerable<string> Logs() => eval_lines.SelectMany(e => e.Keys).Where(k => k != "epoch").Distinct();

    string Origin()
    {
        var from = finetuned_from is null ? BeganNew ? "This model was trained from nothing" : "This model was fine-tuned; its base model is not named" : $"This model is {(RepoName.IsId(finetuned_from) ? $"[{Inline(finetuned_from)}](https://huggingface.co/{finetuned_from})" : Inline(finetuned_from))}, fine-tuned";
        return dataset is { Count: > 0 } sets ? $"{from}{(finetuned_from is null && !BeganNew ? ". Its data:" : " on")} {string.Join(" and ", sets.Select(Inline))}." : $"{from}; its data are not named.";
    }

    void Procedure(StringBuilder text)
    {
        text.Append("\n## Training procedure\n\n### Hyperparameters\n\n");
        foreach (var (name, value) in hyperparameters) text.Append(CultureInfo.InvariantCulture, $"- {Inline(name)}: {(value is string given ? Inline(given) : Code(ConfigJson.Write(value)))}\n");
        if (eval_lines.Count > 0)
        {
            string[] logs = [.. Logs()];
            text.Append("\n### Training results\n\n").Append(Row(["Epoch", .. logs.Select(l => Inline(CardMetrics.Title(l, Trained)))])).Append(Row(["---:", .. logs.Select(_ => "---:")]));
            foreach (var line in eval_lines) text.Append(Row([EpochOf(line).ToString(CultureInfo.InvariantCulture), .. logs.Select(l => line.TryGetValue(l, out var value) ? Rounded(value) : "")]));
            if (HasCurves) text.Append(CultureInfo.InvariantCulture, $"\n![Learning curves]({CurvesFile})\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"\n### Framework versions\n\n- Keras.Transformers {typeof(TrainingSummary).Assembly.GetName().Version!.ToString(3)}\n- {Engine.Current.Name} {Engine.Current.Version}\n- {RuntimeInformation.FrameworkDescription}\n");
    }

    static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";

    static string Rounded(double value) => double.IsFinite(value) ? value.ToString(Math.Abs(value) is >= 1e-3 or 0 ? "0.####" : "0.###e-0", CultureInfo.InvariantCulture) : Keras.Callbacks.PythonFloat.Text(value);

    /// <summary>Escapes foreign text for Markdown: one line, with no Markdown or HTML syntax in effect.</summary>
    static string Inline(string text) => Signs().Replace(System.Net.WebUtility.HtmlEncode(Spaces().Replace(text, " ").Trim()), @"\$0");

    static string Code(string text) => $"`{text.Replace('`', '\'')}`";

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"[\\`*_{}\[\]|!~]|(?<!&)#")]
    private static partial Regex Signs();
}
