namespace Keras.Graphs;

/// <summary>Signals that a trace needs a dimension that was left unknown: <see cref="TracedFunction"/> then traces again with this call's dimensions.</summary>
static class UnknownDimension
{
    [ThreadStatic] static int s_traces;
    [ThreadStatic] static int s_compiledTraces;

    /// <summary>Ends the trace if its dimensions were left unknown only to avoid further traces; otherwise does nothing.</summary>
    public static void Refuse()
    {
        if (s_traces > 0) throw new Needed();
    }

    /// <summary>Ends the trace only where XLA compiles it: XLA recompiles for each size anyway, so that another trace costs little.</summary>
    public static void RefuseWhereXlaCompiles()
    {
        if (s_compiledTraces > 0) Refuse();
    }

    /// <summary>Runs a trace with unknown dimensions; false where it needs one of them.</summary>
    public static bool TryTrace<T>(Func<T> trace, bool isCompiled, out T? result)
    {
        s_traces++;
        if (isCompiled) s_compiledTraces++;
        try
        {
            result = trace();
            return true;
        }
        catch (Needed)
        {
            result = default;
            return false;
        }
        finally
        {
            s_traces--;
            if (isCompiled) s_compiledTraces--;
        }
    }

    sealed class Needed : Exception
    {
        public override string Message => "A dimension is needed that the trace left unknown.";
    }
}
