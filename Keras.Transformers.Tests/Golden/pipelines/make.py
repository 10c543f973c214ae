"""Makes the folders and cases.json beside this file: small models with tokenizers, and what Hugging Face's pipelines say with them.

    python make.py            needs transformers 4.46, tensorflow, pillow
    python make.py --cases    leaves the models as they are

A case is a task, a folder of a model (here, or in the repository's models), options, inputs, and for each input the list of dictionaries that Python
returns; offsets are in UTF-16 units. Where Python returns nested lists (several masks), the lists follow each other; features are rows of numbers.
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import tensorflow as tf
from PIL import Image
from transformers import (BertConfig, BertTokenizerFast, GPT2Config, TFBertForMaskedLM, TFBertForQuestionAnswering, TFBertForSequenceClassification,
                          TFBertForTokenClassification, TFBertModel, TFViTForImageClassification, TFVisionEncoderDecoderModel,
                          TFVisionTextDualEncoderModel, ViTConfig, ViTImageProcessor, VisionEncoderDecoderConfig, VisionTextDualEncoderConfig, pipeline)

here = os.path.dirname(os.path.abspath(__file__))
shared = os.path.normpath(os.path.join(here, "..", "..", "..", "models"))
tf.keras.utils.set_random_seed(5)
numbers = np.random.default_rng(5)

WORDS = "the a cat dog big in paris london john smith lives play example this is who where of and photo sad happy new york river bridge built was by".split()
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *".,!?'-{}", *"abcdefghijklmnopqrstuvwxyz0123456789", *[f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz0123456789"],
              *WORDS, "##ing", "##s", "##ed", "猫", "犬", "😀", "ß"]
VOCABULARY = list(dict.fromkeys(VOCABULARY))
LENGTH = 40

TEXTS = ["John Smith lives in New York.", "the big cat", "Playing in Paris, the café was naïve!", "a happy 😀 cat 🙃 of 猫犬 and Straße", "the cafe\u0301 cat's e\u0301te\u0301",
         "  who   is\tthis \n dog? ", "x" * 120]
LONG = " ".join(f"the river bridge of {c} was built by john smith in paris," for c in "abcdefgh") + " and the happy dog 😀 lives in London."


def bert(**more):
    return BertConfig(vocab_size=len(VOCABULARY), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, max_position_embeddings=LENGTH, initializer_range=0.4, **more)


def vit(**more):
    return ViTConfig(image_size=8, patch_size=4, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=20, initializer_range=0.3, **more)


def labels(*names):
    return {"id2label": dict(enumerate(names)), "label2id": {n: i for i, n in enumerate(names)}}


def save(name, kind, config, text=True, image=False):
    folder = os.path.join(here, name)
    model = kind(config)
    model.build_in_name_scope()
    for weight in model.weights:
        if weight.shape.rank == 1 or weight.shape[0] == 1:
            weight.assign_add(tf.constant(numbers.normal(scale=0.2, size=weight.shape).astype(np.float32)))
    model.save_pretrained(folder, safe_serialization=True)
    if text:
        path = os.path.join(folder, "vocab.txt")
        with open(path, "w") as file:
            file.write("".join(f"{t}\n" for t in VOCABULARY))
        BertTokenizerFast(path, do_lower_case=True, model_max_length=LENGTH).save_pretrained(folder)
        os.remove(os.path.join(folder, "tokenizer.json"))
    if image:
        ViTImageProcessor(size={"height": 8, "width": 8}).save_pretrained(folder)


def make_models():
    save("sequence", TFBertForSequenceClassification, bert(**labels("bad", "fair", "good")))
    save("multilabel", TFBertForSequenceClassification, bert(problem_type="multi_label_classification", **labels("red", "green", "blue")))
    save("regression", TFBertForSequenceClassification, bert(problem_type="regression", **labels("stars")))
    save("nli", TFBertForSequenceClassification, bert(**labels("contradiction", "neutral", "entailment")))
    save("nli-first", TFBertForSequenceClassification, bert(**labels("ENTAILMENT", "NEUTRAL", "CONTRADICTION")))
    save("token", TFBertForTokenClassification, bert(**labels("O", "I-PER", "B-LOC", "B-PER", "I-LOC", "MISC")))
    save("question", TFBertForQuestionAnswering, bert())
    save("masked", TFBertForMaskedLM, bert())
    save("base", TFBertModel, bert())
    save("image", TFViTForImageClassification, vit(**labels("cat", "dog", "bird", "fish", "frog", "horse", "ship")), text=False, image=True)
    save("dual", TFVisionTextDualEncoderModel, VisionTextDualEncoderConfig.from_vision_text_configs(vit(), bert(), projection_dim=10), image=True)
    decoder = BertConfig(vocab_size=len(VOCABULARY), hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=20, max_position_embeddings=LENGTH, initializer_range=0.4)
    config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(vit(), decoder)
    config.decoder_start_token_id, config.pad_token_id, config.eos_token_id = 2, 0, 3
    save("caption", TFVisionEncoderDecoderModel, config, image=True)
    for name, shape in {"RGB": (9, 12, 3), "L": (11, 7), "RGBA": (8, 8, 4)}.items():
        Image.fromarray(numbers.integers(0, 256, size=shape, dtype=np.uint8), name).save(os.path.join(here, f"{name}.png"))


def units(text, place):
    return len(text[:place].encode("utf-16-le")) // 2


def plain(value, text=None):
    if isinstance(value, dict):
        made = {k: plain(v, text) for k, v in value.items()}
        for key in ("start", "end"):
            if key in made:
                made[key] = units(text, made[key])
        return made
    if isinstance(value, (list, tuple)):
        return [plain(v, text) for v in value]
    if hasattr(value, "numpy"):
        value = value.numpy()
    return value.item() if hasattr(value, "item") else value


cases = []


def add(name, task, model, inputs, build=None, **options):
    folder = os.path.join(shared, model) if os.path.isdir(os.path.join(shared, model)) else os.path.join(here, model)
    pipe = pipeline(task, model=folder, framework="tf", **(build or {}))
    expected = []
    for given in inputs:
        if "image" in given:
            said, text = pipe(os.path.join(here, given["image"]), **options), None
        elif "question" in given:
            said, text = pipe(question=given["question"], context=given["context"], **options), given["context"]
        else:
            text = given["text"]
            said = pipe(given if "text_pair" in given else text, **options)
        if task in ("feature-extraction", "image-feature-extraction"):
            rows = np.array(said, np.float64).reshape(-1, np.shape(said)[-1])
            said = [{"features": np.round(rows, 6).tolist()}]
        elif isinstance(said, dict):
            said = [said]
        elif said and isinstance(said[0], list):
            said = [s for row in said for s in row]
        expected.append(plain(said, text))
    cases.append({"name": name, "task": task, "model": model, "options": {**(build or {}), **options}, "inputs": inputs, "expected": expected})
    print(name, json.dumps(expected)[:150])


def texts(*some):
    return [{"text": t} for t in some]


def make_cases():
    short = TEXTS[:6]
    add("default", "text-classification", "sequence", texts(*short))
    add("all", "text-classification", "sequence", texts(*short), top_k=3)
    add("sigmoid", "text-classification", "sequence", texts(*short[:2]), top_k=2, function_to_apply="sigmoid")
    add("none", "text-classification", "sequence", texts(*short[:2]), top_k=2, function_to_apply="none")
    add("truncated", "text-classification", "sequence", texts(LONG, short[0]), truncation=True)
    add("pair", "text-classification", "sequence", [{"text": short[0], "text_pair": short[1]}], top_k=3)
    add("multilabel", "text-classification", "multilabel", texts(*short), top_k=3)
    add("regression", "text-classification", "regression", texts(*short))
    add("alias", "sentiment-analysis", "sequence", texts(*short[:2]), top_k=1)

    for strategy in ("none", "simple", "first", "average", "max"):
        add(f"tokens {strategy}", "token-classification", "token", texts(*TEXTS), aggregation_strategy=strategy)
    add("tokens all labels", "ner", "token", texts(*short), aggregation_strategy="simple", ignore_labels=[])
    for strategy in ("simple", "first", "average", "max"):
        add(f"tokens stride {strategy}", "token-classification", "token", texts(LONG, short[0]), aggregation_strategy=strategy, stride=10)
    add("tokens truncated", "token-classification", "token", texts(LONG), aggregation_strategy="first")

    questions = [{"question": "Who is this?", "context": t} for t in short] + [{"question": "Where is the 😀 dog?", "context": LONG}]
    add("question", "question-answering", "question", questions)
    add("question several", "question-answering", "question", questions, top_k=3)
    add("question impossible", "question-answering", "question", questions, handle_impossible_answer=True, top_k=2)
    add("question impossible all", "question-answering", "question", [{"question": "Who is this?", "context": short[1]}], handle_impossible_answer=True, top_k=6)
    add("question tokens", "question-answering", "question", questions, align_to_words=False, max_answer_len=4)
    add("question strides", "question-answering", "question", questions[-1:], doc_stride=8, max_seq_len=30, top_k=4)
    add("question short", "question-answering", "question", questions[-1:], max_answer_len=1, max_seq_len=32, doc_stride=4)

    add("masks", "fill-mask", "masked", texts("the big [MASK] lives", "[MASK] in paris 😀", "cafe\u0301 [MASK] 猫"))
    add("masks several", "fill-mask", "masked", texts("the [MASK] of [MASK] was"), top_k=3)
    add("masks targets", "fill-mask", "masked", texts("the big [MASK] lives"), targets=["cat", "dog", "😀"])
    add("masks targets unknown", "fill-mask", "masked", texts("the big [MASK] lives"), targets=["catdog", "dog"], top_k=1)
    add("masks bundled", "fill-mask", "bert-tiny", texts("a tall [MASK] with green leaves", "a large wild [MASK] of africa"))

    add("masks unknown words", "fill-mask", "masked", texts("🙃 [MASK] Straße naïve"))
    add("features", "feature-extraction", "base", texts(short[0], short[3]))
    add("zero-shot", "zero-shot-classification", "nli", texts(short[0], short[3], LONG), candidate_labels=["paris", "happy cat", "dog"])
    add("zero-shot several", "zero-shot-classification", "nli", texts(*short[:2]), candidate_labels=["paris", "happy cat", "dog"], multi_label=True)
    add("zero-shot one", "zero-shot-classification", "nli", texts(short[0]), candidate_labels="paris", hypothesis_template="the {} is big.")
    add("zero-shot first", "zero-shot-classification", "nli-first", texts(*short[:2]), candidate_labels="paris, dog", multi_label=True)
    add("zero-shot first alone", "zero-shot-classification", "nli-first", texts(*short[:2]), candidate_labels="paris, dog, cat")

    add("text", "text-generation", "gpt2-tiny", texts("a large wild", "the act of", "an herb 😀"), do_sample=False, max_new_tokens=8)
    add("text new", "text-generation", "gpt2-tiny", texts("a large wild"), do_sample=False, max_new_tokens=8, return_full_text=False)
    add("text beams", "text-generation", "gpt2-tiny", texts("a large wild"), do_sample=False, max_new_tokens=6, num_beams=3)
    add("text prefix", "text-generation", "gpt2-tiny", texts("wild"), do_sample=False, max_new_tokens=6, prefix="a large ")
    add("text hole", "text-generation", "gpt2-tiny", texts("a large wild cat of africa and asia with a striped coat " * 8), do_sample=False, max_new_tokens=6, handle_long_generation="hole")

    add("text stop", "text-generation", "gpt2-tiny", texts("a large wild", "an herb"), do_sample=False, max_new_tokens=12, stop_sequence=" of")
    add("text stop of several tokens", "text-generation", "gpt2-tiny", texts("a large wild"), do_sample=False, max_new_tokens=12, stop_sequence=" of africa and")
    add("zero-shot blanks", "zero-shot-classification", "nli", texts(short[0]), candidate_labels=" paris ,, happy cat,")

    images = [{"image": "RGB.png"}, {"image": "L.png"}, {"image": "RGBA.png"}]
    add("image", "image-classification", "image", images)
    add("image two", "image-classification", "image", images, top_k=2, function_to_apply="sigmoid")
    add("image bundled", "image-classification", "vit-tiny", [{"image": "RGB.png"}])
    add("image features", "image-feature-extraction", "image", images)
    add("image labels", "zero-shot-image-classification", "dual", images, candidate_labels=["cat", "big dog", "river"])
    add("image labels template", "zero-shot-image-classification", "dual", images, candidate_labels=["cat", "big dog", "river"], hypothesis_template="{} 😀")
    add("image text", "image-to-text", "caption", images, max_new_tokens=8)
    add("image text beams", "image-to-text", "caption", images, generate_kwargs={"num_beams": 3, "num_return_sequences": 2, "max_new_tokens": 6})


if "--cases" not in sys.argv:
    make_models()
make_cases()
with open(os.path.join(here, "cases.json"), "w") as file:
    json.dump(cases, file, ensure_ascii=False, indent=0)
