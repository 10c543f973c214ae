namespace Keras.Transformers;

/// <summary>The table of all metrics by name.</summary>
static class MetricTable
{
    static readonly string[] OfClasses = ["labels", "pos_label", "average", MetricCall.SampleWeight, MetricCall.ZeroDivision];
    static readonly string[] Multilabel = ["default", "multilabel"];
    static readonly string[] Multilist = ["default", "multilist"];

    static readonly MetricDeclaration[] All =
    [
        new("accuracy", "The share of classes that are right.", Agreement.Accuracy) { Options = ["normalize", MetricCall.SampleWeight], Configs = Multilabel },
        new("f1", "The harmonic mean of precision and recall of classes.", ClassCounts.F1) { Options = OfClasses, Configs = Multilabel },
        new("precision", "The share of samples called a class that are of it.", ClassCounts.Precision) { Options = OfClasses, Configs = Multilabel },
        new("recall", "The share of samples of a class that are called it.", ClassCounts.Recall) { Options = OfClasses, Configs = Multilabel },
        new("matthews_correlation", "How predicted and true classes go together, from -1 to 1.", Agreement.Matthews) { Options = [MetricCall.SampleWeight, "average"], Configs = Multilabel },
        new("roc_auc", "How probable it is that a sample of the class has a higher score than another.", RocAuc.Compute)
        {
            Inputs = [MetricDeclaration.References, MetricDeclaration.Scores], Options = ["average", MetricCall.SampleWeight, "max_fpr", "multi_class", "labels"], Configs = ["default", "multiclass", "multilabel"],
        },
        new("glue", "The metrics of a task of GLUE.", Agreement.Glue) { Configs = Agreement.GlueTasks },
        new("pearsonr", "How far predicted and true numbers lie on a line.", Correlations.ComputePearson) { Options = ["return_pvalue"] },
        new("spearmanr", "How far predicted and true numbers have one order.", Correlations.ComputeSpearman) { Options = ["return_pvalue"] },
        new("mse", "The mean square of errors.", Errors.Squared) { Options = [MetricCall.SampleWeight, "multioutput", "squared"], Configs = Multilist },
        new("mae", "The mean size of errors.", Errors.Absolute) { Options = [MetricCall.SampleWeight, "multioutput"], Configs = Multilist },
        new("seqeval", "Entities found whole, of lists of tags.", Seqeval.Compute) { Options = ["suffix", "scheme", "mode", MetricCall.ZeroDivision] },
        new("squad", "Answers that are right, and their words, in percent.", Squad.ComputeV1),
        new("squad_v2", "Answers that are right, and their words, in percent, of questions that may have none.", Squad.ComputeV2) { Options = ["no_answer_threshold"] },
        new("exact_match", "The share of texts that are equal.", ExactMatch.Compute) { Options = ["regexes_to_ignore", "ignore_case", "ignore_punctuation", "ignore_numbers"] },
        new("rouge", "What summaries share with references.", Rouge.Compute) { Options = ["rouge_types", "use_aggregator", "use_stemmer", "tokenizer"], Draws = true },
        new("bleu", "N-grams of words that translations share with references.", Bleu.Compute) { Options = ["tokenizer", "max_order", "smooth"] },
        new("sacrebleu", "BLEU as the shared tasks of translation report it.", SacreBleu.Compute) { Options = ["smooth_method", "smooth_value", "force", "lowercase", "tokenize", "use_effective_order"] },
        new("chrf", "N-grams of characters that translations share with references.", Chrf.Compute) { Options = ["char_order", "word_order", "beta", "lowercase", "whitespace", "eps_smoothing"] },
        new("perplexity", "How much a causal language model is surprised by texts.", Perplexity.Compute) { Inputs = [MetricDeclaration.Predictions], Options = ["model_id", "batch_size", "add_start_token", "max_length"] },
    ];

    public static OrderedDictionary<string, MetricDeclaration> ByName { get; } = new(All.OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Name, m)));
}
