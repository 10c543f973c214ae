using System.ComponentModel;
using System.Diagnostics;
using Keras.Files;
using Keras.Plots;

namespace Keras;

public sealed partial class UtilsApi
{
    static readonly string[] OfGraphviz = [".png", ".pdf", ".jpg", ".jpeg", ".ps"], OfOurs = [".svg", ".dot", ".gv"];

    /// <summary>Describes a model as text for Graphviz.</summary>
    /// <param name="model">The model, built. Functional and Sequential models show their layers, others one box.</param>
    /// <param name="show_shapes">Whether the shapes of inputs and outputs are shown; default false.</param>
    /// <param name="show_dtype">Whether the dtypes of outputs are shown; default false.</param>
    /// <param name="show_layer_names">Whether names are shown beside classes; default true.</param>
    /// <param name="rankdir">"TB" (default): from top to bottom; "LR": from left to right.</param>
    /// <param name="expand_nested">Whether models inside show their layers; default false.</param>
    /// <param name="dpi">Dots in an inch; default 200.</param>
    /// <param name="subgraph">Whether the text is a cluster for use in another graph; default false.</param>
    /// <param name="show_layer_activations">Whether activations are shown; default false.</param>
    /// <param name="show_trainable">Whether to show what is trainable; default false.</param>
    /// <param name="splines">How edges are drawn: "ortho" (default), "curved", "polyline", "spline" or "line".</param>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="ArgumentException">rankdir or splines is none of these, or dpi is not positive.</exception>
    public string model_to_dot(Model model, bool show_shapes = false, bool show_dtype = false, bool show_layer_names = true, string rankdir = "TB", bool expand_nested = false, int dpi = 200,
        bool subgraph = false, bool show_layer_activations = false, bool show_trainable = false, string splines = "ortho")
    {
        ArgumentNullException.ThrowIfNull(model);
        Check(rankdir, dpi, splines);
        return DotText.Of(PlotGraphs.Of(model, new(show_shapes, show_dtype, show_layer_names, expand_nested, show_layer_activations, show_trainable)), rankdir, dpi, splines, subgraph);
    }

    /// <summary>Draws a picture of a model into a file.</summary>
    /// <remarks>SVG is laid out here. PNG and PDF are drawn by Graphviz, whose program dot must be installed; that is why the default is not Keras' "model.png".</remarks>
    /// <param name="model">The model, built. Functional and Sequential models show their layers, others one box.</param>
    /// <param name="to_file">The file: .svg, .dot or .gv, and with Graphviz .png, .pdf, .jpg or .ps; default "model.svg".</param>
    /// <param name="show_shapes">Whether the shapes of inputs and outputs are shown; default false.</param>
    /// <param name="show_dtype">Whether the dtypes of outputs are shown; default false.</param>
    /// <param name="show_layer_names">Whether names are shown beside classes; default false.</param>
    /// <param name="rankdir">"TB" (default): from top to bottom; "LR": from left to right.</param>
    /// <param name="expand_nested">Whether models inside show their layers; default false.</param>
    /// <param name="dpi">Dots in an inch; default 200.</param>
    /// <param name="show_layer_activations">Whether activations are shown; default false.</param>
    /// <param name="show_trainable">Whether to show what is trainable; default false.</param>
    /// <param name="splines">How edges are drawn: "ortho" (default), "curved", "polyline", "spline" or "line".</param>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="ArgumentException">rankdir or splines is none of these, dpi is not positive, or the file's extension is unknown.</exception>
    /// <exception cref="UnsupportedException">The file needs Graphviz, which is not installed.</exception>
    public void plot_model(Model model, string to_file = "model.svg", bool show_shapes = false, bool show_dtype = false, bool show_layer_names = false, string rankdir = "TB", bool expand_nested = false,
        int dpi = 200, bool show_layer_activations = false, bool show_trainable = false, string splines = "ortho")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(to_file);
        Check(rankdir, dpi, splines);
        var ending = Path.GetExtension(to_file).ToLowerInvariant();
        if (!OfOurs.Contains(ending) && !OfGraphviz.Contains(ending)) throw Known.Unknown("The format of the picture is not supported", to_file, nameof(to_file), [.. OfOurs, .. OfGraphviz]);
        var graph = PlotGraphs.Of(model, new(show_shapes, show_dtype, show_layer_names, expand_nested, show_layer_activations, show_trainable));
        if (ending == ".svg")
        {
            PlotLayout.Place(graph, rankdir == "LR");
            AtomicFile.WriteAllText(to_file, SvgText.Of(graph, rankdir == "LR", dpi, splines));
            return;
        }
        var text = DotText.Of(graph, rankdir, dpi, splines, subgraph: false);
        AtomicFile.WriteAllBytes(to_file, OfGraphviz.Contains(ending) ? DrawnByGraphviz(text, ending[1..], to_file) : System.Text.Encoding.UTF8.GetBytes(text));
    }

    static void Check(string rankdir, int dpi, string splines)
    {
        Known.OneOf(rankdir, nameof(rankdir), "TB", "LR");
        Require.Count(1, dpi);
        Known.OneOf(splines, nameof(splines), "ortho", "curved", "polyline", "spline", "line");
    }

    static byte[] DrawnByGraphviz(string text, string format, string file)
    {
        try
        {
            using var dot = Process.Start(new ProcessStartInfo("dot", $"-T{format}") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardInputEncoding = new System.Text.UTF8Encoding(false) })!;
            var errors = dot.StandardError.ReadToEndAsync();
            var output = new MemoryStream();
            var copied = dot.StandardOutput.BaseStream.CopyToAsync(output);
            try
            {
                dot.StandardInput.Write(text);
                dot.StandardInput.Close();
            }
            catch (IOException)
            {
                // The process ended without reading all input; its message is read below.
            }
            copied.Wait();
            dot.WaitForExit();
            return dot.ExitCode == 0 ? output.ToArray() : throw new IOException($"Graphviz cannot draw '{file}': {errors.Result.Trim()}");
        }
        catch (Win32Exception e)
        {
            throw new UnsupportedException($"A picture in the format {format} needs Graphviz, which is not installed", file, "a file that ends in .svg", file, $"Give to_file: \"model.svg\", or install Graphviz (the program dot). {e.Message}");
        }
    }
}
