using NUnit.Framework.Interfaces;
using static Keras.Api;

namespace Keras.Tests;

/// <summary>Every test begins with the same seed, so that new weights do not depend on which tests ran before.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
sealed class SeededTestsAttribute : Attribute, ITestAction
{
    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test) => keras.utils.set_random_seed(1);

    public void AfterTest(ITest test)
    {
    }
}
