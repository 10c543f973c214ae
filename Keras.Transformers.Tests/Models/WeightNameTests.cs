namespace Keras.Transformers.Tests.Models;

/// <summary>The names of every class's weights stand in a file for each family, beside this test.</summary>
sealed class WeightNameTests : EngineFixture
{
    static IEnumerable<string> Families => ContractClass.All.Select(c => c.Family.ModelType).Where(ContractRow.All.ContainsKey).Distinct();

    [TestCaseSource(nameof(Families))]
    public void Models_name_their_weights_as_ever(string family) => Snapshot.Check(
        ContractClass.All.Where(c => c.Family.ModelType == family).SelectMany(Names), SavedNames.Accept, "Keras.Transformers.Tests", "Models", "Contract", $"{family}.names.txt");

    static IEnumerable<string> Names(ContractClass c)
    {
        LayerNames.Clear();
        var model = c.New();
        model.EnsureBuilt();
        return [c.Name, .. SavedNames.Paths(model), .. SavedNames.Keys(model)];
    }
}
