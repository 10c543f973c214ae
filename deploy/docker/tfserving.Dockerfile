# Stock TensorFlow Serving with the models and configuration inside.
#   docker build -f deploy/docker/tfserving.Dockerfile --build-context models=/path/to/models -t classifier-tfserving .
# The folder of models has one folder for each model of models.config, with version folders in it.
ARG VERSION=2.19.1
FROM tensorflow/serving:${VERSION}

COPY deploy/config/ /config/
COPY --from=models / /models/

# The image's root may only be read by the server.
RUN useradd --system --uid 10001 serving
USER 10001

EXPOSE 8500 8501
ENTRYPOINT ["tensorflow_model_server", "--port=8500", "--rest_api_port=8501"]
CMD ["--model_config_file=/config/models.config", "--allow_version_labels_for_unavailable_models=true", "--enable_batching=true", "--batching_parameters_file=/config/batching.config", "--monitoring_config_file=/config/monitoring.config"]
