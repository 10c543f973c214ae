using System.Numerics;

namespace Keras.Engines.Torch;

/// <summary>The error function in float32: a rational function of x² with Eigen's coefficients, accurate to a few units in the last place.</summary>
static class Erf
{
    // Beyond this limit the function rounds to 1.
    const float Limit = 3.832506856900711f;

    public static Vector<float> Of(Vector<float> value)
    {
        var x = Vector.Min(Vector.Max(value, new Vector<float>(-Limit)), new Vector<float>(Limit));
        var s = x * x;
        var p = new Vector<float>(0.00022905065861350646f);
        p = Vector.MultiplyAddEstimate(p, s, new Vector<float>(0.0034082910107109506f));
        p = Vector.MultiplyAddEstimate(p, s, new Vector<float>(0.050955695062380861f));
        p = Vector.MultiplyAddEstimate(p, s, new Vector<float>(0.18520832239976145f));
        p = Vector.MultiplyAddEstimate(p, s, new Vector<float>(1.128379143519084f));
        var q = new Vector<float>(-1.1791602954361697e-7f);
        q = Vector.MultiplyAddEstimate(q, s, new Vector<float>(0.000023547966471313185f));
        q = Vector.MultiplyAddEstimate(q, s, new Vector<float>(0.0010179625278914885f));
        q = Vector.MultiplyAddEstimate(q, s, new Vector<float>(0.014070470171167667f));
        q = Vector.MultiplyAddEstimate(q, s, new Vector<float>(0.11098505178285362f));
        q = Vector.MultiplyAddEstimate(q, s, new Vector<float>(0.49746925110067538f));
        q = Vector.MultiplyAddEstimate(q, s, Vector<float>.One);
        return x * p / q;
    }

    public static float Of(float value) => Of(new Vector<float>(value))[0];
}
