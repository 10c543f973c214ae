using System.Security.Cryptography;

namespace Keras.Transformers;

/// <summary>Identifies a tokenizer by the files that it writes: vocabulary and settings.</summary>
static class TokenizerIdentity
{
    public static string Of(PreTrainedTokenizerBase tokenizer)
    {
        var folder = Directory.CreateTempSubdirectory("keras-tokenizer-");
        try
        {
            tokenizer.save_pretrained(folder.FullName);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var file in folder.GetFiles().OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                hash.AppendData(System.Text.Encoding.UTF8.GetBytes(file.Name));
                hash.AppendData(File.ReadAllBytes(file.FullName));
            }
            return $"{tokenizer.GetType()} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
