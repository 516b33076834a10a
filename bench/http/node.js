// The same constant from node's http module, one process per CPU.
const cluster = require("cluster");
const http = require("http");

const port = Number(process.argv[2]);
const workers = Number(process.argv[3] || 2);

if (cluster.isPrimary) {
  for (let i = 0; i < workers; i++) cluster.fork();
} else {
  http.createServer((req, res) => {
    const body = JSON.stringify({ message: "Hello, World!" });
    res.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
    res.end(body);
  }).listen(port, "127.0.0.1");
}
