using Keras.Graphs;

namespace Keras;

/// <summary>Samples a tensor at fractional positions.</summary>
static class Sampling
{
    /// <summary>For each fill mode of <c>map_coordinates</c>, maps positions outside a tensor to inside; null for a constant.</summary>
    static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>?> FillModes = new()
    {
        ["constant"] = null,
        ["nearest"] = (place, size) => Clamp(place, size),
        ["wrap"] = Tf.FloorMod,
        ["mirror"] = Mirror,
        ["reflect"] = Reflect,
    };

    static Tensor Clamp(Tensor place, Tensor size) => Tf.Minimum(Tf.Maximum(place, Tf.Int32Scalar(0)), size - Tf.Int32Scalar(1));

    /// <summary>Reflects positions between the first and last, without repeating these.</summary>
    static Tensor Mirror(Tensor place, Tensor size)
    {
        var last = size - Tf.Int32Scalar(1);
        var period = Tf.Maximum(last * Tf.Int32Scalar(2), Tf.Int32Scalar(1));
        return Tf.Abs(Tf.FloorMod(place + last, period) - last);
    }

    /// <summary>Reflects positions, repeating the last but, as Keras on TensorFlow, not the first.</summary>
    static Tensor Reflect(Tensor place, Tensor size)
    {
        var period = size * Tf.Int32Scalar(2);
        var forth = Tf.FloorMod(Tf.Abs(place), period);
        return Tf.SelectV2(Tf.Less(forth, size), forth, period - Tf.Int32Scalar(1) - forth);
    }

    /// <summary>The elements at positions given for each axis, by the nearest one (order 0) or linearly between neighbours (order 1).</summary>
    public static Tensor At(Tensor x, Tensor coordinates, int order, string fill_mode, double fill_value)
    {
        if (!FillModes.TryGetValue(fill_mode, out var inside)) throw Known.Unknown("fill_mode is unknown", fill_mode, nameof(fill_mode), FillModes.Keys);
        var axes = Tf.Unstack(coordinates, 0, x.ndim);
        var neighbours = Array.ConvertAll(axes, a => order == 0 ? Nearest(a) : Linear(a));
        Tensor? sum = null;
        foreach (var corner in Corners(neighbours))
        {
            var (places, weight) = (new Tensor[x.ndim], (Tensor?)null);
            Tensor? isInside = null;
            for (var i = 0; i < x.ndim; i++)
            {
                var size = Tf.DimOf(x, i);
                var place = corner[i].Place;
                places[i] = inside is null ? Clamp(place, size) : inside(place, size);
                if (inside is null) isInside = And(isInside, Tf.LogicalAnd(Tf.GreaterEqual(place, Tf.Int32Scalar(0)), Tf.Less(place, size)));
                if (corner[i].Weight is { } share) weight = weight is null ? share : weight * share;
            }
            var value = Tf.GatherNd(x, Tf.Stack(places, places[0].ndim));
            if (isInside is not null) value = Tf.SelectV2(isInside, value, Tf.Constant(fill_value, x.dtype));
            var part = weight is null ? value : Tf.Cast(value, weight.dtype) * weight;
            sum = sum is null ? part : sum + part;
        }
        return x.dtype.IsInteger && sum!.dtype.IsFloating ? Tf.Cast(Tf.Round(sum), x.dtype) : Tf.Cast(sum!, x.dtype);
    }

    /// <summary>The pixels of images (B, H, W, C) at positions (B, H, W), the same for all channels.</summary>
    public static Tensor Planes(Tensor images, Tensor rows, Tensor columns, int order, string fill_mode, double fill_value)
    {
        if (!FillModes.TryGetValue(fill_mode, out var inside)) throw Known.Unknown("fill_mode is unknown", fill_mode, nameof(fill_mode), FillModes.Keys);
        var d = Dims.Of(images);
        var (height, width) = (Tf.DimOf(images, 1), Tf.DimOf(images, 2));
        var flat = Tf.Reshape(images, Dims.Create([d[0], d[1] * d[2], d[3]]).ToTensor());
        Tensor? sum = null;
        foreach (var corner in Corners([order == 0 ? Nearest(rows) : Linear(rows), order == 0 ? Nearest(columns) : Linear(columns)]))
        {
            Tensor Place(Tensor place, Tensor size) => inside is null ? Clamp(place, size) : inside(place, size);
            var value = Tf.Gather(flat, (Place(corner[0].Place, height) * width) + Place(corner[1].Place, width), 1, batch_dims: 1);
            Tensor Within(Tensor place, Tensor size) => Tf.LogicalAnd(Tf.GreaterEqual(place, Tf.Int32Scalar(0)), Tf.Less(place, size));
            if (inside is null) value = Tf.SelectV2(Tf.ExpandDims(Tf.LogicalAnd(Within(corner[0].Place, height), Within(corner[1].Place, width)), -1), value, Tf.Constant(fill_value, images.dtype));
            var part = corner[0].Weight is { } a && corner[1].Weight is { } b ? Tf.Cast(value, a.dtype) * Tf.ExpandDims(a * b, -1) : value;
            sum = sum is null ? part : sum + part;
        }
        return images.dtype.IsInteger && sum!.dtype.IsFloating ? Tf.Cast(Tf.Round(sum), images.dtype) : Tf.Cast(sum!, images.dtype);
    }

    static Tensor And(Tensor? a, Tensor b) => a is null ? b : Tf.LogicalAnd(a, b);

    static (Tensor Place, Tensor? Weight)[] Nearest(Tensor place) => [(Tf.Cast(place.dtype.IsFloating ? Tf.Round(place) : place, DType.Int32), null)];

    static (Tensor Place, Tensor? Weight)[] Linear(Tensor place)
    {
        var below = Tf.Floor(place);
        var share = place - below;
        var lower = Tf.Cast(below, DType.Int32);
        return [(lower, 1 - share), (lower + Tf.Int32Scalar(1), share)];
    }

    static IEnumerable<(Tensor Place, Tensor? Weight)[]> Corners((Tensor Place, Tensor? Weight)[][] neighbours) =>
        neighbours.Aggregate(new[] { Array.Empty<(Tensor, Tensor?)>() }.AsEnumerable(), (corners, axis) => corners.SelectMany(c => axis.Select(n => (IEnumerable<(Tensor, Tensor?)>)[.. c, n]).Select(n => n.ToArray())));
}
