"""Prints what TensorFlow reads of a folder of events: python events_in_tensorflow.py FOLDER."""
import pathlib
import sys

import tensorflow as tf

for file in sorted(pathlib.Path(sys.argv[1]).rglob("events.out.tfevents.*")):
    print(file.parent.name)
    for event in tf.compat.v1.train.summary_iterator(str(file)):
        what = event.WhichOneof("what")
        if what == "graph_def":
            graph = tf.compat.v1.GraphDef.FromString(event.graph_def)
            with tf.Graph().as_default():
                tf.import_graph_def(graph, name="")
            print("  graph", len(graph.node), "nodes", sum(len(f.node_def) for f in graph.library.function), "in functions")
        elif what == "summary":
            for value in event.summary.value:
                array = tf.make_ndarray(value.tensor)
                text = array if array.ndim == 0 and array.dtype != object else f"{array.dtype}{array.shape}"
                if value.metadata.plugin_data.plugin_name == "images" or value.tag.endswith("/image"):
                    text = [tf.io.decode_png(png).shape.as_list() for png in array[2:].tolist()]
                print("  ", event.step, value.tag, value.metadata.plugin_data.plugin_name, text)
        else:
            print("  ", what, event.file_version)
