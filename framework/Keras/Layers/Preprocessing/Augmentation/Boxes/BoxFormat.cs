using Keras.Graphs;

namespace Keras.Layers;

/// <summary>A format of bounding boxes as four numbers.</summary>
/// <param name="Name">The format's name.</param>
/// <param name="Form">What the numbers mean.</param>
/// <param name="RowsFirst">Whether y comes before x.</param>
/// <param name="IsRelative">Whether they are fractions of the image's width and height.</param>
sealed record BoxFormat(string Name, BoxForm Form, bool RowsFirst, bool IsRelative)
{
    static readonly BoxFormat[] All =
    [
        new("xyxy", BoxForm.Corners, false, false), new("yxyx", BoxForm.Corners, true, false), new("xywh", BoxForm.CornerAndSize, false, false),
        new("center_xywh", BoxForm.CenterAndSize, false, false), new("center_yxhw", BoxForm.CenterAndSize, true, false),
        new("rel_xyxy", BoxForm.Corners, false, true), new("rel_yxyx", BoxForm.Corners, true, true), new("rel_xywh", BoxForm.CornerAndSize, false, true),
        new("rel_center_xywh", BoxForm.CenterAndSize, false, true),
    ];

    /// <summary>Finds a format by name, ignoring case.</summary>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public static BoxFormat Of(string? name, string argument) => Array.Find(All, f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw Known.NoneOf(name, argument, [.. All.Select(f => f.Name)]);

    /// <summary>Converts boxes from this format to left, top, right and bottom, relative if the format is.</summary>
    public Tensor[] ToCorners(Tensor boxes)
    {
        var (a, b, c, d) = Columns(boxes);
        if (RowsFirst) (a, b, c, d) = (b, a, d, c);
        return Form switch
        {
            BoxForm.Corners => [a, b, c, d],
            BoxForm.CornerAndSize => [a, b, a + c, b + d],
            _ => [a - (c / 2), b - (d / 2), a + (c / 2), b + (d / 2)],
        };
    }

    /// <summary>Converts left, top, right and bottom to this format.</summary>
    public Tensor OfCorners(Tensor left, Tensor top, Tensor right, Tensor bottom)
    {
        var (a, b, c, d) = Form switch
        {
            BoxForm.Corners => (left, top, right, bottom),
            BoxForm.CornerAndSize => (left, top, right - left, bottom - top),
            _ => (left + ((right - left) / 2), top + ((bottom - top) / 2), right - left, bottom - top),
        };
        return RowsFirst ? Tf.Concat([b, a, d, c], Last(a)) : Tf.Concat([a, b, c, d], Last(a));

        static int Last(Tensor x) => x.ndim - 1;
    }

    /// <summary>Splits boxes into their four numbers, each (..., 1).</summary>
    public static (Tensor A, Tensor B, Tensor C, Tensor D) Columns(Tensor boxes)
    {
        Tensor One(int i) => Slices.Of(boxes, boxes.ndim - 1, i, i + 1);
        return (One(0), One(1), One(2), One(3));
    }
}

/// <summary>The meaning of a box's four numbers.</summary>
enum BoxForm
{
    Corners,
    CornerAndSize,
    CenterAndSize,
}
