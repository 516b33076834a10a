using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .app), (name = "files", disk = (path = "@FILES@")) ],
  sockets = [ (name = "http", address = "127.0.0.1:@PORT@", http = (), service = "main"),
              (name = "static", address = "127.0.0.1:@PORT2@", http = (), service = "files") ]
);
const app :Workerd.Worker = (
  modules = [ (name = "worker", esModule = embed "app.mjs") ],
  compatibilityDate = "2024-09-01",
);
