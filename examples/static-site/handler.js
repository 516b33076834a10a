// static-site: files from a directory, and a handler for the rest.
//
//   cd examples/static-site && zigttpd -c zigttpd.conf
//   curl http://127.0.0.1:8080/                      # public/index.html
//   curl http://127.0.0.1:8080/api/time              # from this file
//
// Files are served without entering JavaScript: with ETag and Last-Modified, with
// ranges, and compressed where a file.br or file.gz lies beside the file.

export function handler(request) {
  if (request.path === "/api/time") return Response.json({ now: new Date().toISOString() });
  return Response.html("<!doctype html><title>Not found</title><h1>There is nothing here</h1>", { status: 404 });
}
