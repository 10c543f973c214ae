using System.Net;
using Keras.Docs.Highlighting;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace Keras.Docs.Markdown;

/// <summary>Renders a code block with highlighting and the name of its language.</summary>
sealed class ColouredCodeRenderer : HtmlObjectRenderer<CodeBlock>
{
    protected override void Write(HtmlRenderer renderer, CodeBlock obj)
    {
        var language = obj is FencedCodeBlock { Info: { Length: > 0 } info } ? info : "text";
        renderer.Write(Html(obj.Lines.ToString(), language)).WriteLine();
    }

    /// <param name="code">The code.</param>
    /// <param name="language">Its language.</param>
    /// <param name="label">The label above it if two are side by side; by default the language's name.</param>
    public static string Html(string code, string language, string? label = null) =>
        $"<pre class=\"code\" data-language=\"{WebUtility.HtmlEncode(label ?? Highlighter.NameOf(language))}\"><code>{Highlighter.Html(code.TrimEnd(), language)}</code></pre>";
}

/// <summary>A block of another language or library and the equivalent C# block, side by side if there is room.</summary>
sealed class ParallelBlocks(FencedCodeBlock left, FencedCodeBlock right) : LeafBlock(null)
{
    public FencedCodeBlock Left => left;

    public FencedCodeBlock Right => right;

    /// <summary>Joins each block of Python, or of C# that belongs to another library ("cs Name"), with the block of this library that directly follows.</summary>
    public static void Join(MarkdownDocument document)
    {
        for (var i = 0; i + 1 < document.Count; i++)
        {
            if (document[i] is not FencedCodeBlock { Info: "python" or "cs" } other || document[i + 1] is not FencedCodeBlock { Info: "csharp" } csharp) continue;
            document.RemoveAt(i + 1);
            document[i] = new ParallelBlocks(other, csharp);
        }
    }
}

sealed class ParallelBlocksRenderer : HtmlObjectRenderer<ParallelBlocks>
{
    protected override void Write(HtmlRenderer renderer, ParallelBlocks obj) => renderer
        .WriteLine("<div class=\"parallel\">")
        .WriteLine(ColouredCodeRenderer.Html(obj.Left.Lines.ToString(), obj.Left.Info!, obj.Left.Arguments is { Length: > 0 } name ? name : null))
        .WriteLine(ColouredCodeRenderer.Html(obj.Right.Lines.ToString(), "csharp"))
        .WriteLine("</div>");
}
