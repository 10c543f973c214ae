namespace Keras.Graphs;

/// <summary>Connectionist temporal classification: labels spelled by frames (T, B, classes), one class of which is blank.</summary>
static partial class Tf
{
    static readonly OpDefinition CtcGreedyOp = Define("CTCGreedyDecoder(inputs: T, sequence_length: int32) -> (decoded_indices: int64, decoded_values: int64, decoded_shape: int64, log_probability: T) " +
        "{ merge_repeated: bool = false, blank_index: int = -1 }", c =>
        {
            var batch = FramesOf(c);
            if (c[0] is { HasRank: true } x && x[2] >= 0 && c.Get<long>("blank_index") is var blank && (blank < -x[2] || blank >= x[2])) throw c.Fail($"'blank_index' from {-x[2]} to {x[2] - 1}", $"{blank}");
            return [Shape.OfSymbolic(-1, 2), Shape.OfRank(1), new Shape(2), Shape.OfSymbolic(batch, 1)];
        }, differentiable: false, checksFirst: true);

    static readonly OpDefinition CtcBeamOp = Define("CTCBeamSearchDecoder(inputs: T, sequence_length: int32) -> " +
        "(decoded_indices: top_paths*int64, decoded_values: top_paths*int64, decoded_shape: top_paths*int64, log_probability: T) { beam_width: int, top_paths: int, merge_repeated: bool = true }", c =>
        {
            var (batch, paths, width) = (FramesOf(c), c.Int("top_paths"), c.Get<long>("beam_width"));
            if (paths < 1 || paths > width) throw c.Fail($"'top_paths' from 1 to the width of the beam, {width}", $"{paths}");
            Shape[] shapes = [Shape.OfSymbolic(-1, 2), Shape.OfRank(1), new Shape(2)];
            return [.. shapes.SelectMany(s => Enumerable.Repeat(s, paths)), Shape.OfSymbolic(batch, paths)];
        }, differentiable: false, checksFirst: true);

    /// <summary>The number of sequences, -1 where unknown.</summary>
    static long FramesOf(ShapeContext c)
    {
        if (c[0] is { HasRank: true } frames && frames.Rank != 3) throw c.Fail("frames (T, B, classes)", frames.ToString());
        if (c[1] is { HasRank: true } lengths && (lengths.Rank != 1 || (c[0].HasRank && !c[0][1..2].IsCompatibleWith(lengths)))) throw c.Fail($"a length for each of {c[0]}", lengths.ToString());
        if (Dimension(c[0], 2) == 0) throw c.Fail("at least one class", c[0].ToString());
        return Dimension(c[0], 1);
    }
}
