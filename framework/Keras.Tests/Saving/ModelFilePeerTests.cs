using System.Text.Json;
using Keras.Tests.Models;

namespace Keras.Tests.Saving;

/// <summary>Keras 3 itself computes the same from files of functional models written here. Needs a Python with Keras 3, named by KERAS_PEER_KERAS_PYTHON.</summary>
[Category("Peer")]
public sealed class ModelFilePeerTests
{
    /// <summary>What Keras itself cannot compute of its own symbolic tensors, or not of what it reads back.</summary>
    static readonly Dictionary<string, string> NotInKeras = new()
    {
        ["einsum/12"] = "takes capital letters for sizes", ["softmax/1"] = "reads axes back as a list, which its function refuses", ["conv/2"] = "refuses groups",
        ["conv_transpose/0"] = ArgumentsInAnotherOrder, ["conv_transpose/1"] = ArgumentsInAnotherOrder, ["histogram/0"] = "its TensorFlow backend has no such function",
        ["adaptive_average_pool/0"] = SizesAsList, ["adaptive_max_pool/0"] = SizesAsList, ["quantile/2"] = "chooses another neighbour in its symbolic form than at once",
        ["heaviside/0"] = "asks a plain number for its dtype",
    };

    const string SizesAsList = "reads sizes back as a list, which it cannot add to a tuple";

    const string ArgumentsInAnotherOrder = "gives its backend the padding where that takes the output's padding";

    [Test]
    public void OperationsBetweenLayersComputeTheSameInKeras()
    {
        GoldenList.UseEngine();
        using var folder = new TemporaryFolder();
        var (written, refused) = (0, new List<string>());
        foreach (var (list, golden, id) in OperationCases.All)
        {
            if (NotInKeras.ContainsKey(id) || OperationCases.Make(list, golden) is not var (model, inputs, expected) || Array.Exists(expected, e => e.dtype.IsComplex || !e.dtype.IsNumeric && e.dtype != DType.Bool)) continue;
            try
            {
                Write(model, inputs, expected, folder[$"{written}_{id.Replace('/', '_')}"]);
                written++;
            }
            catch (UnsupportedException)
            {
                refused.Add(id);
            }
        }
        Check(folder.Path, written);
        TestContext.Out.WriteLine($"{written} files; refused: {string.Join(", ", refused)}");
    }

    internal static void Write(Model model, Tensor[] inputs, IEnumerable<Tensor> outputs, string path)
    {
        model.save(path + ".keras");
        File.WriteAllText(path + ".json", JsonSerializer.Serialize(new { inputs = inputs.Select(Described), outputs = outputs.Select(Described) },
            NamedNumbers));
    }

    static readonly JsonSerializerOptions NamedNumbers = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Every file of a folder computes the same in Keras.</summary>
    internal static void Check(string folder, int files)
    {
        var result = KerasPython.Run("framework/Keras.Tests/Models/files_in_keras.py", folder);
        Assert.That(result.GetProperty("files").GetInt32(), Is.EqualTo(files));
        string[] problems = [.. result.GetProperty("problems").EnumerateObject().Select(p => $"{p.Name}: {p.Value}")];
        Assert.That(problems, Is.Empty, $"{problems.Length} problems:\n{string.Join("\n", problems)}");
    }

    static object Described(Tensor tensor)
    {
        var host = tensor.RequireEager().ToHost();
        return new { dtype = host.DType.Name, shape = host.Shape.ToArray(), data = host.ToDouble() };
    }
}
