using Google.Protobuf;
using Keras.SavedModelProtos;

namespace Keras.Tests.SavedModels;

sealed class ProtoTests
{
    [TestCaseSource(typeof(GoldenSavedModels), nameof(GoldenSavedModels.Cases)), Category("Golden")]
    public void RealExportsHoldNoUnknownFields(string name)
    {
        var bytes = File.ReadAllBytes(GoldenFolder.Require("savedmodels", name, "saved_model.pb"));

        var model = SavedModel.Parser.ParseFrom(bytes);

        Assert.That(model.MetaGraphs, Has.Count.EqualTo(1));
        Assert.That(model.MetaGraphs[0].GraphDef.Library.Function, Is.Not.Empty);
        Assert.That(SavedModel.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes).CalculateSize(), Is.EqualTo(model.CalculateSize()));
    }

    [Test]
    public void FieldsThatAreNotCoveredAreKept()
    {
        // TensorProto field 15 (variants) and 18 (8-bit floats) with one byte each.
        byte[] bytes = [0x7A, 1, 7, 0x92, 0x01, 1, 9];

        Assert.That(TensorProto.Parser.ParseFrom(bytes).ToByteArray(), Is.EqualTo(bytes));
    }
}
