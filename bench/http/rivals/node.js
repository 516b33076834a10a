const cluster = require("cluster");
const http = require("http");
const fs = require("fs");
const [port, workers, files] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];

function send(res, type, body) {
  res.writeHead(200, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
  res.end(body);
}
function serve(req, res) {
  const url = req.url;
  if (url.startsWith("/files/")) {
    const path = files + url.slice(6);
    fs.stat(path, (err, st) => {
      if (err) { res.writeHead(404); res.end(); return; }
      res.writeHead(200, { "Content-Type": "text/plain", "Content-Length": st.size });
      fs.createReadStream(path).pipe(res);
    });
  } else if (url === "/objects") {
    send(res, "application/json", JSON.stringify(objects()));
  } else if (url === "/html") {
    send(res, "text/html", html());
  } else if (url === "/echo") {
    let text = "";
    req.setEncoding("utf8");
    req.on("data", (d) => { text += d; });
    req.on("end", () => send(res, "application/json", JSON.stringify(echo(text))));
  } else {
    send(res, "application/json", JSON.stringify({ message: "Hello, World!" }));
  }
}
if (workers > 1 && cluster.isPrimary) {
  for (let i = 0; i < workers; i++) cluster.fork();
} else {
  http.createServer(serve).listen(port, "127.0.0.1");
}
