# Our host on the Torch engine: no shell, no package manager, not root.
#   docker build -f deploy/docker/host.Dockerfile -t keras-serve .
#   docker run -p 8500:8500 -p 8501:8501 -v /path/to/models:/models:ro keras-serve
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source
COPY . .
RUN dotnet publish tools/Keras.Serve/Keras.Serve.csproj -c Release -r linux-x64 --self-contained false -p:PublishReadyToRun=true -o /app

# The image "extra" has ICU, which tokenizers need.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
WORKDIR /app
COPY --from=build /app .
COPY deploy/config/ /config/

ENV KERAS_BACKEND=torch DOTNET_gcServer=0
# The image's own user.
USER $APP_UID
EXPOSE 8500 8501
ENTRYPOINT ["dotnet", "Keras.Serve.dll", "--port=8500", "--rest_api_port=8501"]
CMD ["--model_config_file=/config/models.config", "--batching_parameters_file=/config/batching.config"]
