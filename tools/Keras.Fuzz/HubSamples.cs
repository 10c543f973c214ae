using System.Text;

namespace Keras.Fuzz;

/// <summary>Intact files as they come from a hub, which the targets corrupt.</summary>
static class HubSamples
{
    public static IReadOnlyList<byte[]> Of(string target) => [.. Texts[target].Select(Encoding.UTF8.GetBytes)];

    const string Commit = "0123456789012345678901234567890123456789";
    const string Sha = "3fc9b689459d738f8c88a3a48aa9e33542016b7a4052e001aaa536fca74813cb";

    static readonly string[] Infos =
    [
        $$"""{"id":"org/fuzz","sha":"{{Commit}}","private":false,"gated":"auto","tags":["a","b"],"pipeline_tag":"fill-mask","siblings":[{"rfilename":"config.json"},{"rfilename":"sub/a b.txt"}]}""",
        $$"""{"id":"org/fuzz","sha":"{{Commit}}","gated":false}""",
    ];

    static readonly string[] Created = ["""{"url":"http://hub.invalid/tester/fuzz","name":"tester/fuzz","id":"0"}"""];

    static readonly Dictionary<string, string[]> Texts = new()
    {
        ["model_card"] =
        [
            "---\nlanguage: en\nlicense: apache-2.0\ntags:\n- a\n- 'b: c'\nbase_model: org/base\nmodel-index:\n- name: x\n  results:\n  - task:\n      type: text-classification\n    dataset:\n      type: glue\n      name: GLUE\n    metrics:\n    - type: accuracy\n      value: 0.91\n---\n# x\nText.\n",
            "---\nlanguage: [en, de]\nnumbers: {a: 1, b: -2.5e-05, c: .inf, d: ~, e: \"\\u00e9\\t\"}\nfolded: >-\n  one\n  two\nliteral: |\n  three\n---\n",
        ],
        ["dataset_card"] =
        [
            "---\nconfigs:\n- config_name: first\n  default: true\n  data_files:\n  - split: train\n    path: one/*.csv\n  - split: test\n    path: [\"one/x.csv\", y.csv]\n- config_name: tabs\n  data_dir: two\n  data_files: tabs.csv\n  sep: \"\\t\"\ndataset_info:\n- config_name: first\n  features:\n  - name: text\n    dtype: string\n  - name: label\n    dtype:\n      class_label:\n        names:\n          '0': no\n          '1': yes\n  - name: ids\n    sequence: int32\n  splits:\n  - name: train\n    num_examples: 3\n---\n# Data\n",
            "---\nlicense: mit\na: &x [1, 2]\nb: *x\nconfigs:\n  config_name: default\n  data_files: \"**\"\n---\n",
            "# No head\n",
        ],
        ["hub_info"] = Infos,
        ["hub_snapshot"] = Infos,
        ["hub_whoami"] = ["""{"type":"user","name":"tester","fullname":"A tester","orgs":[{"name":"org"},{"name":"two"}],"auth":{"accessToken":{"role":"write"}}}"""],
        ["hub_search"] = ["""[{"id":"org/fuzzy","tags":[]},{"id":"org/fuzz"}]""", "[]"],
        ["hub_create"] = Created,
        ["hub_own_name"] = Created,
        ["hub_preupload"] = [$$"""{"commitOid":"{{Commit}}","files":[{"path":"a.txt","uploadMode":"regular","shouldIgnore":false,"oid":"{{Commit}}"},{"path":"b.bin","uploadMode":"lfs","oid":null}]}"""],
        ["hub_batch"] =
        [
            """{"transfer":"basic","objects":[{"oid":"OID","size":3000,"actions":{"upload":{"href":"http://store.invalid/u","header":{"X-A":"b"}},"verify":{"href":"http://hub.invalid/v","header":{}}}}]}""".Replace("OID", Sha, StringComparison.Ordinal),
            """{"transfer":"multipart","objects":[{"oid":"OID","size":3000,"actions":{"upload":{"href":"http://store.invalid/c","header":{"chunk_size":"1000","00001":"http://store.invalid/1","00002":"http://store.invalid/2","00003":"http://store.invalid/3"}}}}]}""".Replace("OID", Sha, StringComparison.Ordinal),
            """{"objects":[{"oid":"OID","error":{"code":422,"message":"no"}}]}""".Replace("OID", Sha, StringComparison.Ordinal),
        ],
        ["hub_commit"] = [$$"""{"success":true,"commitOid":"{{Commit}}","commitUrl":"http://hub.invalid/c","pullRequestUrl":"http://hub.invalid/org/fuzz/discussions/1"}"""],
        ["hub_error"] = ["""{"error":"not \u00e9 allowed","warnings":[]}""", """{"error":{"message":"no"}}""", "<html>no</html>"],
        ["hub_headers"] =
        [
            $"X-Repo-Commit: {Commit}\nETag: W/\"{Commit}\"\nContent-Length: 12",
            $"X-Repo-Commit: {Commit}\nX-Linked-Etag: \"{Sha}\"\nX-Linked-Size: 3000\nLocation: http://store.invalid/files/x?signature=y",
            $"X-Repo-Commit: {Commit}\nETag: \"{Sha}\"\nLocation: ../files/x",
        ],
        ["cache_ref"] = [Commit, Commit + "\n"],
        ["cache_tree"] =
        [
            $"models--org--a/refs/main\nmodels--org--a/blobs/aa\nmodels--org--a/blobs/bb\nmodels--org--a/snapshots/{Commit}/config.json -> ../../blobs/aa\nmodels--org--a/snapshots/{Commit}/sub/x -> ../../../blobs/bb\ndatasets--b/snapshots/one/plain\nversion.txt",
            $"models--org--a/snapshots/{Commit}/x -> ../../../../outside\nmodels--org--a/snapshots/{Commit}/loop -> loop\nmodels--org--a/snapshots/two/up -> ..\nmodels--org--a/refs/pr -> ../../..\nmodels--c/snapshots -> ../..\nmodels--d -> ..\nmodels--e/snapshots/one -> ../../../..\nnothing",
        ],
        ["local_note"] = [$"{Commit}\n{Sha}\n1712656091.123456\n", $"{Commit}\r\n{Sha}\r\n9e99\r\n"],
    };
}
