using System.Text.RegularExpressions;

namespace Keras.Engines.TensorFlow;

/// <summary>Turns TensorFlow's status messages into typed errors that first name the ops at fault.</summary>
static partial class EngineErrors
{
    /// <summary>The error for a code and a message of TensorFlow.</summary>
    /// <param name="code">TensorFlow's code.</param>
    /// <param name="message">TensorFlow's text.</param>
    /// <param name="where">The op, function or file at work.</param>
    public static KerasException Describe(StatusCode code, string message, string where)
    {
        if (code == StatusCode.NotFound && NoKernel().Match(message) is { Success: true } missing)
            return new UnsupportedException("This engine has no kernel of an operation for this dtype", where, received: missing.Groups["call"].Value, remedy: "Cast the inputs.");
        var unsupported = UncompilableOps(message);
        if (unsupported.Count > 0)
            return new EngineException($"XLA cannot compile {string.Join(", ", unsupported.Select(u => $"{u.Op} '{u.Node}'"))}", where,
                received: Clean(message),
                remedy: "Compile with jit_compile: false, or keep these ops out of the compiled function.");
        var node = FailedNode().Match(message);
        var place = node.Success ? $"{where}, node '{node.Groups["node"].Value}'" : where;
        return new EngineException($"TensorFlow reported {code}: {Clean(message)}", place, remedy: Remedy(code)) { IsOfInput = code is StatusCode.InvalidArgument or StatusCode.OutOfRange };
    }

    /// <summary>The ops and node names in "Detected unsupported operations when trying to compile graph ...".</summary>
    public static IReadOnlyList<(string Op, string Node)> UncompilableOps(string message)
    {
        if (!message.Contains("Detected unsupported operations", StringComparison.Ordinal)) return [];
        return [.. UnsupportedOp().Matches(message).Select(m => (m.Groups["op"].Value, m.Groups["node"].Value)).Distinct()];
    }

    /// <summary>The message without parts of use only to TensorFlow's developers.</summary>
    static string Clean(string message) => Noise().Replace(message, "").Trim().TrimEnd('.');

    static string? Remedy(StatusCode code) => code switch
    {
        StatusCode.ResourceExhausted => "Use a smaller batch or a shorter sequence, or free tensors that are no longer needed.",
        StatusCode.FailedPrecondition => "Assign the variable or initialise the table first.",
        _ => null,
    };

    [GeneratedRegex(@"\{\{function_node [^}]*\}\} |\s*\[\[\{\{node [^}]*\}\}[^\]]*\]\]|\s*\[\[[\w/]+\]\]|\s*(The op is created at|Stack trace for op definition):\s*(dummy_\S+\s*)*| Run with TF_DUMP_GRAPH_PREFIX=.*?compiled functions\.")]
    private static partial Regex Noise();

    [GeneratedRegex(@"Could not find device for node: \{\{node [^}]*\}\} = (?<call>\w+\[[^\]]*\])")]
    private static partial Regex NoKernel();

    [GeneratedRegex(@"\{\{node (?<node>[^}]+)\}\}")]
    private static partial Regex FailedNode();

    [GeneratedRegex(@"(?<op>\w+) \(No registered .*?\)\{\{node (?<node>[^}]+)\}\}", RegexOptions.Singleline)]
    private static partial Regex UnsupportedOp();
}
