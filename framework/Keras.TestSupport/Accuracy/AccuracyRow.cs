namespace Keras.Tests.Accuracy;

/// <summary>A function of elements, its reference, and how far it may be from that.</summary>
/// <param name="Name">The function.</param>
/// <param name="Of">The reference of one element or of two; it is given NaN for the second of a function of one.</param>
/// <param name="Low">Where the range begins that is looked at closely.</param>
/// <param name="High">Where it ends.</param>
sealed record AccuracyRow(string Name, Func<double, double, double> Of, double Low = -4, double High = 4)
{
    public AccuracyRow(string name, Func<double, double> of, double low = -4, double high = 4) : this(name, (x, _) => of(x), low, high) => Arguments = 1;

    public int Arguments { get; init; } = 2;

    /// <summary>Units of float32's last place that are allowed.</summary>
    public double Units { get; init; } = 2;

    /// <summary>Units of float64's last place that are allowed: the reference's own errors are among them.</summary>
    public double DoubleUnits { get; init; } = 4;

    /// <summary>Why more than 2 are allowed.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Enough of an absolute error near zeros of the function other than x = 0, as a part of min(1, |x|), in units of 1 of float32.</summary>
    public double Absolute { get; init; }

    /// <summary>The same of float64, where the reference itself subtracts numbers of this size.</summary>
    public double DoubleAbsolute { get; init; }

    /// <summary>Places whose neighbours are looked at one by one: edges of the domain, zeros, where formulas change.</summary>
    public double[] Places { get; init; } = [];

    /// <summary>Whether arguments lie between Low and High only, because the function is given no others.</summary>
    public bool IsBounded { get; init; }

    /// <summary>Whether the first argument is a whole number, as far as it is random.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Where the formula subtracts what is nearly equal: the size of what it subtracts. Errors up to a unit of float's last place of it are allowed too.</summary>
    public Func<double, double, double>? Subtracted { get; init; }

    /// <summary>Whether it is x times a factor that becomes subnormal, so that the product has no more digits than the factor; where an engine has no subnormal numbers, it becomes 0.</summary>
    public bool IsProduct { get; init; }

    /// <summary>Units that are allowed on TensorFlow where its own kernels, of which the function is made, have greater errors.</summary>
    public double OnTensorFlow { get; init; }

    /// <summary>Greater arguments than this are left out.</summary>
    public double Largest { get; init; } = double.PositiveInfinity;

    /// <summary>The range of the second argument where it is another.</summary>
    public (double Low, double High)? Second { get; init; }

    /// <summary>Whether a zero's sign is TensorFlow's and not IEEE's, so that it is not looked at.</summary>
    public bool AnyZero { get; init; }

    /// <summary>The reference's last step where the function rounds before it (floor of a rounded quotient): 16-bit floats to float32.</summary>
    public Func<double, double>? Last { get; init; }

    public double Expected(FloatFormat format, double x, double y) => Last is null ? Of(x, y) : Last((format.DType.Size == 2 ? FloatFormat.Single : format).Round(Of(x, y)));
}
