using System.Runtime.CompilerServices;

namespace Keras.Transformers.Tests;

/// <summary>The family from outside is known before NUnit asks which classes there are.</summary>
static class RegisteredFamilies
{
    [ModuleInitializer]
    public static void Register() => ModelFamily.register(TinyTestFamily.Declaration);
}
