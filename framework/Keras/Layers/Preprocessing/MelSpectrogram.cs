using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Turns sound into mel spectrograms: (samples) or (B, samples) becomes (mel bins, windows) or (B, mel bins, windows).</summary>
/// <remarks>Computed in float32, or in float64 where the layer has it. With power_to_db the loudest position of the whole batch counts for top_db, as in Keras. Keras tells one window more before it computes where
/// samples + 1 is a multiple of the stride. Source: keras/src/layers/preprocessing/mel_spectrogram.py; the scale is HTK's.</remarks>
public sealed class MelSpectrogram : Layer
{
    const double BreakFrequency = 700, HighFrequencyQ = 1127;

    readonly int _fftLength, _stride, _length, _rate, _bins;
    readonly string? _window;
    readonly double _least, _most, _topDb, _exponent, _minPower, _refPower;
    readonly bool _decibels;

    /// <summary>Turns sound into mel spectrograms: (samples) or (B, samples) becomes (mel bins, windows) or (B, mel bins, windows).</summary>
    /// <param name="fft_length">The length of the Fourier transform; default 2048.</param>
    /// <param name="sequence_stride">The distance between windows' starts; default 512.</param>
    /// <param name="sequence_length">The length of a window; default <paramref name="fft_length"/>.</param>
    /// <param name="window">"hann" (default), "hamming", or null for none.</param>
    /// <param name="sampling_rate">Samples per second; default 16000.</param>
    /// <param name="num_mel_bins">The number of mel bins; default 128.</param>
    /// <param name="min_freq">The lowest frequency, in hertz; default 20.</param>
    /// <param name="max_freq">The highest frequency, in hertz; default half of <paramref name="sampling_rate"/>.</param>
    /// <param name="power_to_db">Whether power becomes decibels; default true.</param>
    /// <param name="top_db">The dynamic range in decibels below the loudest position; default 80.</param>
    /// <param name="mag_exp">The exponent of the magnitude: 1 for magnitude, 2 for power (default).</param>
    /// <param name="min_power">The least power that becomes decibels; default 1e-10.</param>
    /// <param name="ref_power">The power of 0 decibels; default 1.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is out of its range, the window is unknown, or it is longer than the transform.</exception>
    public MelSpectrogram(int fft_length = 2048, int sequence_stride = 512, int? sequence_length = null, string? window = "hann", int sampling_rate = 16000, int num_mel_bins = 128, double min_freq = 20,
        double? max_freq = null, bool power_to_db = true, double top_db = 80, double mag_exp = 2, double min_power = 1e-10, double ref_power = 1, string? name = null, DTypePolicy? dtype = null)
        : base(name, dtype: dtype)
    {
        (_fftLength, _stride, _rate, _bins) = (Require.Count(1, fft_length), Require.Count(1, sequence_stride), Require.Count(1, sampling_rate), Require.Count(1, num_mel_bins));
        _length = sequence_length is { } length ? Require.Count(1, length, nameof(sequence_length)) : fft_length;
        if (_length > fft_length) throw new ArgumentException($"The window is longer than the transform. Expected: at most fft_length={fft_length}. Received: {_length}.", nameof(sequence_length));
        _window = Known.OneOf(window, nameof(window), "hann", "hamming", null);
        (_least, _most) = (Require.AtLeast(0, min_freq), max_freq is { } most ? Require.Positive(most, nameof(max_freq)) : sampling_rate / 2);
        if (_most <= _least) throw new ArgumentException($"The range of frequencies is empty. Expected: a max_freq above min_freq={min_freq}. Received: {_most}{(max_freq is null ? ", half of the sampling_rate" : "")}.", nameof(max_freq));
        (_decibels, _topDb, _exponent, _minPower, _refPower) = (power_to_db, Require.AtLeast(0, top_db), Require.Positive(mag_exp), Require.Positive(min_power), Require.AtLeast(0, ref_power));
        built = true;
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">The inputs have neither one axis nor two.</exception>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor x = Tf.Cast(inputs, compute_dtype == DType.Float64 ? DType.Float64 : DType.Float32);
        if (x.ndim is not (1 or 2)) throw new ShapeMismatchException("The sound has the wrong number of axes", $"layer '{name}'", "(samples) or (B, samples)", x.shape.ToString());
        if (x.shape[-1] is >= 0 and var samples && samples <= _fftLength / 2)
            throw new ShapeMismatchException("The sound is too short to be mirrored at its ends", $"layer '{name}'", $"more than {_fftLength / 2} samples, half of fft_length", x.shape.ToString(), "Pad it, or make fft_length smaller.");
        var ops = Api.ops;
        var (real, imag) = ops.stft(x, _length, _stride, _fftLength, _window, center: true);
        var magnitudes = ops.sqrt(ops.square(real) + ops.square(imag));
        var mel = ops.matmul(ops.power(magnitudes, _exponent), Tf.Cast(Tf.Constant(WeightsOfBins()), x.dtype));
        return Tf.Cast(ops.swapaxes(_decibels ? Decibels(mel) : mel, -1, -2), compute_dtype);
    }

    Tensor Decibels(Tensor power)
    {
        var reference = 10 * Math.Log10(Math.Max(Math.Abs(_refPower), _minPower));
        var decibels = (10.0 * Api.ops.log10(Api.ops.maximum(power, _minPower))) - reference;
        return Api.ops.maximum(decibels, Api.ops.max(decibels) - _topDb);
    }

    static double Mel(double hertz) => HighFrequencyQ * Math.Log(1 + (hertz / BreakFrequency));

    /// <summary>The weight of each transform frequency for each mel bin, (fft_length / 2 + 1, mel bins): triangles on the mel scale; the constant part counts for none.</summary>
    HostTensor WeightsOfBins()
    {
        var frequencies = (_fftLength / 2) + 1;
        var (low, high) = (Mel(_least), Mel(_most));
        double Edge(int i) => low + ((high - low) * i / (_bins + 1));
        var weights = new double[frequencies * _bins];
        for (var f = 1; f < frequencies; f++)
            for (var bin = 0; bin < _bins; bin++)
            {
                var mel = Mel(_rate / 2.0 * f / (frequencies - 1));
                var (rising, falling) = ((mel - Edge(bin)) / (Edge(bin + 1) - Edge(bin)), (Edge(bin + 2) - mel) / (Edge(bin + 2) - Edge(bin + 1)));
                weights[(f * _bins) + bin] = Math.Max(0, Math.Min(rising, falling));
            }
        return HostTensor.Of<double>(weights, new Shape(frequencies, _bins));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["fft_length"] = _fftLength,
        ["sequence_stride"] = _stride,
        ["sequence_length"] = _length,
        ["window"] = _window,
        ["sampling_rate"] = _rate,
        ["num_mel_bins"] = _bins,
        ["min_freq"] = _least,
        ["max_freq"] = _most,
        ["power_to_db"] = _decibels,
        ["top_db"] = _topDb,
        ["mag_exp"] = _exponent,
        ["min_power"] = _minPower,
        ["ref_power"] = _refPower,
    };
}
