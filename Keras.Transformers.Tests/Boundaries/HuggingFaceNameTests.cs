namespace Keras.Transformers.Tests.Boundaries;

/// <summary>Our models, Auto classes, configurations and tokenizers against the names in transformers 4's main namespace.</summary>
public sealed class HuggingFaceNameTests
{
    static readonly string[] Folder = ["Keras.Transformers.Tests", "Boundaries"];

    /// <summary>Public classes whose names are Hugging Face's to give.</summary>
    static string[] Ours => [.. typeof(TFPreTrainedModel).Assembly.GetExportedTypes().Where(t => !t.IsNested && IsTheirKind(t)).Select(t => t.Name.Split('`')[0]).Distinct()];

    static bool IsTheirKind(Type type) => type.IsAssignableTo(typeof(TFPreTrainedModel)) || type.IsAssignableTo(typeof(PretrainedConfig))
        || type.Name.StartsWith("TF", StringComparison.Ordinal) || type.Name.StartsWith("Auto", StringComparison.Ordinal) || type.Name.StartsWith("DataCollator", StringComparison.Ordinal)
        || type.IsAssignableTo(typeof(PreTrainedTokenizerBase));

    [Test]
    public void Our_names_are_theirs_or_listed()
    {
        var theirs = NameLists.Read([.. Folder, "transformers-4.46.txt"]);
        Assert.That(Ours.Where(n => !theirs.Contains(n)), Is.EquivalentTo(NameLists.ReadReasons([.. Folder, "transformers-more.txt"]).Select(m => m.Name)), "transformers-more.txt lists what Hugging Face has not");
    }

    [Test]
    public void TF_classes_of_our_families_and_TFAuto_classes_are_here_or_listed_as_missing()
    {
        var prefixes = ModelFamilies.All.Where(f => f.Config?.Invoke().GetType().Assembly == typeof(TFPreTrainedModel).Assembly).Select(f => "TF" + f.Config!().GetType().Name.Replace("Config", "", StringComparison.Ordinal)).Append("TFAuto").ToArray();
        var expected = NameLists.Read([.. Folder, "transformers-4.46.txt"]).Where(n => prefixes.Any(p => n.StartsWith(p, StringComparison.Ordinal)));
        Assert.That(expected.Except(Ours), Is.EquivalentTo(NameLists.ReadReasons([.. Folder, "transformers-missing.txt"]).Select(m => m.Name)), "transformers-missing.txt lists what is not here");
    }
}
