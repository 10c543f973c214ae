namespace Keras.Graphs;

/// <summary>What is traced needs a dimension that the trace left unknown: <see cref="TracedFunction"/> traces again, with the dimensions of this call.</summary>
static class UnknownDimension
{
    [ThreadStatic] static int s_traces;
    [ThreadStatic] static int s_compiledTraces;

    /// <summary>Ends the trace where dimensions were left unknown only to spare further traces; else nothing happens.</summary>
    public static void Refuse()
    {
        if (s_traces > 0) throw new Needed();
    }

    /// <summary>The same where XLA compiles the trace: it compiles anew for each size in any case, so that a trace of its own costs little.</summary>
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
