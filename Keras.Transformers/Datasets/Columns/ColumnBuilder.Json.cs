using System.Text.Json;

namespace Keras.Transformers;

sealed partial class ColumnBuilder
{
    /// <summary>Whether the row being read has not yet given this column a value.</summary>
    public bool Pending { get; set; }

    /// <summary>Appends a row from JSON, without making objects for numbers and texts.</summary>
    /// <exception cref="DTypeMismatchException">The value is of another kind than the column.</exception>
    public void AppendJson(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Null: AppendNull(); return;
            case JsonValueKind.String when _element?.Kind == ElementKind.Text: AppendText(json.GetString()); return;
            case JsonValueKind.Number when _element is { Kind: ElementKind.Float }:
                AppendNumber(_element, json.GetDouble());
                Valid(true);
                return;
            case JsonValueKind.Number when _element is { IsNumber: true } && json.TryGetInt64(out var whole):
                Check(whole);
                AppendNumber(_element, whole);
                Valid(true);
                return;
            case JsonValueKind.Number when _element is { Kind: ElementKind.Decimal }: AppendObject(Decimals.TryParse(json.GetRawText(), out var exact) ? exact : throw Mismatch(json.GetRawText())); return;
            case JsonValueKind.True or JsonValueKind.False when _element is { Kind: ElementKind.Bool }:
                _flags.Append(json.ValueKind == JsonValueKind.True);
                Valid(true);
                return;
            case JsonValueKind.Array when Type is Sequence { length: var length }:
                var before = _children[0].Length;
                foreach (var item in json.EnumerateArray()) _children[0].AppendJson(item);
                if (length >= 0 && _children[0].Length - before != length) throw WrongLength(length, _children[0].Length - before);
                if (HasOffsets) EndOffset();
                Valid(true);
                return;
            default: AppendObject(JsonObjects.Of(json)); return;
        }
    }
}
