using Keras.Serving;

// Serves SavedModels and language models: Keras.Serve --model_name=NAME --model_base_path=DIR --rest_api_port=8501 --port=8500; --help lists all.
return await ServeCommandLine.RunAsync(args, Console.Out, Console.Error);
