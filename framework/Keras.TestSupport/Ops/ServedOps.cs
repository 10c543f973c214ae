using Keras.SavedModelProtos;

namespace Keras.Tests;

/// <summary>Which ops the servers of exports know: TensorFlow 2.16, the oldest that is supported, and TensorFlow Serving 2.20, the newest there is, which is built on TensorFlow 2.20.</summary>
/// <remarks>
/// <c>served-ops.txt</c> holds the names of the ops of TensorFlow 2.16.2 and 2.20.0. They were read off TensorFlow's own Java binding, which has a file for each op of the version that it is built on: the repository
/// tensorflow/java at v1.0.0 (TensorFlow 2.16.2) and at 75402befe (2.20.0), the names of <c>base_api/api_def_NAME.pbtxt</c>. To renew it, take those of the commit whose
/// WORKSPACE names the wanted version.
/// </remarks>
static class ServedOps
{
    static readonly Lazy<IReadOnlyDictionary<string, string>> Versions = new(Read);

    /// <summary>Every op by its name, with the one version that has it, or nothing where both have.</summary>
    public static IReadOnlyDictionary<string, string> All => Versions.Value;

    static Dictionary<string, string> Read()
    {
        using var stream = typeof(ServedOps).Assembly.GetManifestResourceStream("served-ops.txt") ?? throw new InvalidOperationException("The list of ops is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n').Where(l => !l.StartsWith('#')).SelectMany(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(n => n.Split('@')).ToDictionary(n => n[0], n => n.Length > 1 ? n[1] : "");
    }

    /// <summary>The graph of a SavedModel.</summary>
    public static GraphDef GraphOf(string folder) => SavedModel.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "saved_model.pb"))).MetaGraphs[0].GraphDef;

    /// <summary>Servers know the ops of a SavedModel; and they do not compile, where they are not told to, what says that it must be compiled.</summary>
    /// <param name="folder">The SavedModel's folder.</param>
    public static void Require(string folder)
    {
        var graph = GraphOf(folder);
        var functions = graph.Library?.Function ?? [];
        var nodes = graph.Node.Concat(functions.SelectMany(f => f.NodeDef)).ToArray();
        var own = functions.Select(f => f.Signature.Name).ToHashSet();
        Assert.That(nodes.Select(n => n.Op).Distinct().Where(op => !own.Contains(op) && All.GetValueOrDefault(op) != ""), Is.Empty, "Ops that TensorFlow 2.16 or 2.20 does not have");
        Assert.That(nodes.SelectMany(n => n.Attr.Keys).Concat(functions.SelectMany(f => f.Attr.Keys)).Where(a => a.Contains("Xla", StringComparison.OrdinalIgnoreCase)), Is.Empty);
    }
}
