using System.Net;
using System.Text;
using Markdig;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Keras.Docs.Markdown;

/// <summary>Converts a Markdown page to HTML, with anchors, highlighted code, and the site's links.</summary>
static class MarkdownPage
{
    static readonly MarkdownPipeline pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(Markdig.Extensions.AutoIdentifiers.AutoIdentifierOptions.GitHub).UseAutoLinks().Build();

    public static SitePage Of(string place, string text, Func<string, string> resolve)
    {
        var document = Markdig.Markdown.Parse(text, pipeline);
        foreach (var link in document.Descendants<LinkInline>().Where(l => l.Url is { Length: > 0 } && !l.IsAutoLink)) link.Url = resolve(link.Url!);
        ParallelBlocks.Join(document);

        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        pipeline.Setup(renderer);
        renderer.ObjectRenderers.ReplaceOrAdd<CodeBlockRenderer>(new ColouredCodeRenderer());
        renderer.ObjectRenderers.ReplaceOrAdd<Markdig.Extensions.Tables.HtmlTableRenderer>(new ScrolledTableRenderer());
        renderer.ObjectRenderers.ReplaceOrAdd<HeadingRenderer>(new AnchoredHeadingRenderer());
        renderer.ObjectRenderers.Insert(0, new ParallelBlocksRenderer());
        renderer.Render(document);

        var headings = document.OfType<HeadingBlock>().Select(h => (h.Level, Id: h.GetAttributes().Id ?? "", Text: PlainText(h.Inline))).ToArray();
        var title = headings.FirstOrDefault(h => h.Level == 1).Text ?? Path.GetFileNameWithoutExtension(place);
        return new(place, title, writer.ToString()) { Headings = [.. headings.Where(h => h.Level == 2).Select(h => (h.Id, h.Text))], Entries = [.. Entries(document, title)] };
    }

    /// <summary>The search entries of a page: each section by its heading, with its words.</summary>
    static IEnumerable<SearchEntry> Entries(MarkdownDocument document, string title)
    {
        var (heading, id, words) = (title, "", new StringBuilder());
        foreach (var block in document)
        {
            if (block is HeadingBlock { Level: > 1 } next)
            {
                yield return new(heading, id, "page", words.ToString());
                (heading, id, words) = ($"{PlainText(next.Inline)} · {title}", next.GetAttributes().Id ?? "", new StringBuilder());
            }
            else
            {
                foreach (var inline in block is LeafBlock leaf ? leaf.Inline?.AsEnumerable() ?? [] : block.Descendants<ContainerInline>()) words.Append(PlainText(inline)).Append(' ');
                foreach (var code in block is CodeBlock one ? [one] : block.Descendants<CodeBlock>()) words.Append(code.Lines.ToString()).Append(' ');
            }
        }
        yield return new(heading, id, "page", words.ToString());
    }

    public static string PlainText(Inline? inline) => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        LineBreakInline => " ",
        ContainerInline container => string.Concat(container.Select(PlainText)),
        _ => "",
    };
}

/// <summary>Renders headings with a link to themselves.</summary>
sealed class AnchoredHeadingRenderer : HtmlObjectRenderer<HeadingBlock>
{
    protected override void Write(HtmlRenderer renderer, HeadingBlock obj)
    {
        var id = obj.GetAttributes().Id ?? "";
        renderer.Write($"<h{obj.Level} id=\"{WebUtility.HtmlEncode(id)}\">").WriteLeafInline(obj);
        if (obj.Level > 1) renderer.Write($"<a class=\"anchor\" href=\"#{WebUtility.HtmlEncode(id)}\" aria-label=\"Link to this heading\">#</a>");
        renderer.WriteLine($"</h{obj.Level}>");
    }
}

/// <summary>Renders tables that scroll sideways on narrow pages.</summary>
sealed class ScrolledTableRenderer : Markdig.Extensions.Tables.HtmlTableRenderer
{
    protected override void Write(HtmlRenderer renderer, Markdig.Extensions.Tables.Table table)
    {
        var columns = table.OfType<Markdig.Extensions.Tables.TableRow>().Max(r => r.Count);
        renderer.WriteLine($"<div class=\"table columns-{columns}\">");
        base.Write(renderer, table);
        renderer.WriteLine("</div>");
    }
}
