// A service of three pipelines.   dotnet run -- [--urls http://localhost:5000]
//   curl 'localhost:5000/fill?text=a+tall+%5BMASK%5D+with+green+leaves'
//   curl -N 'localhost:5000/write?prompt=a+large+wild'                              (part by part)
//   curl -H 'Content-Type: application/json' -d '["a wild cat", "a tree"]' localhost:5000/embed
await Keras.Examples.WebApi.Create(args).RunAsync();
