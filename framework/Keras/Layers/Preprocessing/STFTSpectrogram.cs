using Keras.Graphs;
using Keras.Initializers;

namespace Keras.Layers;

/// <summary>Turns sound into spectra of overlapping windows: (B, samples, C) becomes (B, windows, C · bins). Its convolutions start as the short-time Fourier transform and may be trained.</summary>
/// <remarks>With expand_dims the outputs are images, (B, windows, bins, C); with "channels_first" inputs are (B, C, samples), outputs (B, C · bins, windows) or (B, C, windows, bins).
/// There are fft_length / 2 + 1 bins, twice as many in mode "stft". Windows are named, as <see cref="STFT"/> names them; Keras takes those of SciPy, and arrays too.
/// Source: keras/src/layers/preprocessing/stft_spectrogram.py.</remarks>
public sealed class STFTSpectrogram : Layer
{
    readonly string _mode, _padding, _format;
    readonly int _frame;
    readonly int? _step, _fftLength;
    readonly string? _window, _scaling;
    readonly bool _periodic, _expand;

    /// <summary>Turns sound into spectra of overlapping windows: (B, samples, C) becomes (B, windows, C · bins). Its convolutions start as the short-time Fourier transform and may be trained.</summary>
    /// <param name="mode">The output: "log" (default) or "magnitude", "psd" (power), "real", "imag", "angle", or "stft" for real and imaginary parts.</param>
    /// <param name="frame_length">The length of a window; default 256.</param>
    /// <param name="frame_step">The distance between windows' starts; default half of <paramref name="frame_length"/>.</param>
    /// <param name="fft_length">The length of the transform; default the smallest power of two that is at least <paramref name="frame_length"/>.</param>
    /// <param name="window">"hann" (default) or another window of <see cref="STFT"/>, or null for none.</param>
    /// <param name="periodic">Whether the window is periodic; default false.</param>
    /// <param name="scaling">The divisor of the window: "density" (default, its norm), "spectrum" (its sum), or null for nothing.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="expand_dims">Whether outputs have an axis for bins and one for channels; default false: one for both.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether the kernels are trained; default true.</param>
    /// <exception cref="ArgumentException">A length is out of its range, or a name is unknown.</exception>
    public STFTSpectrogram(string mode = "log", int frame_length = 256, int? frame_step = null, int? fft_length = null, string? window = "hann", bool periodic = false, string? scaling = "density",
        string padding = "valid", bool expand_dims = false, string? data_format = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) : base(name, trainable, dtype)
    {
        _mode = Known.OneOf(mode, nameof(mode), "log", "magnitude", "psd", "real", "imag", "angle", "stft")!;
        _frame = Require.Count(1, frame_length);
        if (frame_step is { } step && (step < 1 || step > frame_length)) throw new ArgumentOutOfRangeException(nameof(frame_step), step, $"The step is out of range. Expected: from 1 to frame_length, {frame_length}.");
        if (frame_step is null && frame_length == 1) throw new ArgumentException("The default frame_step, half of frame_length, would be 0. Give a frame_step.", nameof(frame_step));
        if (fft_length < frame_length) throw new ArgumentOutOfRangeException(nameof(fft_length), fft_length, $"The transform is shorter than a frame. Expected: at least frame_length, {frame_length}.");
        if (fft_length is { } odd && odd % 2 != 0) throw new ArgumentException($"The length of the transform is odd. Expected: an even length, best a power of two. Received: {odd}.", nameof(fft_length));
        (_step, _fftLength) = (frame_step, fft_length);
        _window = Known.OneOf(window, nameof(window), [.. STFT.WindowNames, null]);
        _scaling = Known.OneOf(scaling, nameof(scaling), "density", "spectrum", null);
        _padding = Known.OneOf(padding, nameof(padding), "valid", "same")!;
        (_periodic, _expand, _format) = (periodic, expand_dims, ConfigForms.DataFormat(data_format));
        input_spec = new(ndim: 3);
    }

    int Step => _step ?? (_frame / 2);

    int Bins => ((_fftLength ?? (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, _frame))) / 2) + 1;

    /// <summary>The kernel of real parts, (frame_length, 1, bins); null in mode "imag".</summary>
    public Variable? real_kernel { get; private set; }

    /// <summary>The kernel of imaginary parts, (frame_length, 1, bins); null in mode "real".</summary>
    public Variable? imag_kernel { get; private set; }

    private protected override bool TakesWholeNumbers => true;

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        Variable Kernel(string side) => add_weight(new Shape(_frame, 1, Bins), new STFT(side, _window, _scaling, _periodic), name: $"{side}_kernel");
        if (_mode != "imag") real_kernel = Kernel("real");
        if (_mode != "real") imag_kernel = Kernel("imag");
        built = true;
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">The sound is shorter than a window.</exception>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor x = inputs;
        var ops = Api.ops;
        // Treats every channel as a separate sample.
        if (_format == "channels_last") x = ops.transpose(x, [0, 2, 1]);
        if (_padding == "valid" && x.shape[2] is >= 0 and var samples && samples < _frame)
            throw new ShapeMismatchException("The sound is shorter than a window", $"layer '{name}'", $"at least {_frame} samples (frame_length)", $"{samples} samples", "Pad it, or use padding \"same\".");
        var (batch, channels) = (Dim.Of(x, 0), Dim.Of(x, 1));
        var sounds = ops.reshape(x, Dims.Create([batch * channels, Dim.Of(x, 2), 1]));
        Tensor Convolved(Variable kernel)
        {
            var spectra = ops.conv(sounds, Tf.Cast(kernel.value, x.dtype), Step, _padding, "channels_last");
            return ops.reshape(spectra, Dims.Create([batch, channels, Dim.Of(spectra, 1), Bins]));
        }
        return Arranged(Wanted(real_kernel is null ? null : Convolved(real_kernel), imag_kernel is null ? null : Convolved(imag_kernel)));
    }

    /// <summary>The output for the mode, (B, C, windows, bins).</summary>
    Tensor Wanted(Tensor? real, Tensor? imag)
    {
        var ops = Api.ops;
        if (real is null || imag is null) return (real ?? imag)!;
        if (_mode == "angle") return ops.arctan2(imag, real);
        if (_mode == "stft") return Tf.Concat([real, imag], 3);
        // Squares and logarithms overflow 16-bit floats.
        var wide = real.dtype == DType.Float64 ? DType.Float64 : DType.Float32;
        return Tf.Cast(OfPower(ops.square(Tf.Cast(real, wide)) + ops.square(Tf.Cast(imag, wide))), real.dtype);
    }

    Tensor OfPower(Tensor power)
    {
        var ops = Api.ops;
        // The bins between the first and the last also represent their mirror images.
        if (_mode == "psd") return power + ops.pad(power[.., .., .., 1..^1], [[0, 0], [0, 0], [0, 0], [1, 1]]);
        var least = Api.keras.config.epsilon();
        var magnitudes = ops.sqrt(ops.maximum(power, least));
        return _mode == "magnitude" ? magnitudes : ops.log(ops.maximum(magnitudes, least));
    }

    Tensor Arranged(Tensor spectra)
    {
        var ops = Api.ops;
        if (_expand) return _format == "channels_last" ? ops.transpose(spectra, [0, 2, 3, 1]) : spectra;
        Dim batch = Dim.Of(spectra, 0), channels = Dim.Of(spectra, 1), windows = Dim.Of(spectra, 2), bins = Dim.Of(spectra, 3);
        return _format == "channels_last" ? ops.reshape(ops.transpose(spectra, [0, 2, 1, 3]), Dims.Create([batch, windows, channels * bins]))
            : ops.reshape(ops.transpose(spectra, [0, 1, 3, 2]), Dims.Create([batch, channels * bins, windows]));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["mode"] = _mode,
        ["frame_length"] = _frame,
        ["frame_step"] = _step,
        ["fft_length"] = _fftLength,
        ["window"] = _window,
        ["periodic"] = _periodic,
        ["scaling"] = _scaling,
        ["padding"] = _padding,
        ["expand_dims"] = _expand,
        ["data_format"] = _format,
    };
}
