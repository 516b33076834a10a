"""commands.py: what the documentation shows of the command line, the server's settings and
its files. Each C is a function with the commands that it is about."""
import os
import re
import socket
import subprocess

import daemon

HELLO = "function handler(r) { return Response.json({hello:'world'}) }"
SITE = {"page.html": "<p>static</p>", "style.css": "p {}", "a b.txt": "spaced", "app.mjs": "1", "picture.webp": "RIFF", "deep/data.json": "{}"}


def plain(*args):
    """Its exit status, output and errors, when it does not serve."""
    r = subprocess.run([daemon.DAEMON, *args], capture_output=True, text=True, timeout=60, cwd=daemon.tmp)
    return r.returncode, r.stdout, r.stderr


def setting(key, *args):
    """What is in force for this key of zigttpd.conf."""
    m = re.search(rf"^\s*{key} = (.*?)\s+#", plain("--check", "-v", *args, "-e", HELLO)[1], re.M)
    return m and m.group(1)


def run(check, write, Server):
    def says(name, what, got, want):
        check(got == want, name, what, f"{got!r}, not {want!r}")

    def has(name, what, got, pattern):
        check(re.search(pattern, got), name, what, f"{got!r} has no {pattern}")

    hello = write("hello.js", HELLO)
    world = ("GET /", 200, '{"hello":"world"}', "content-type: application/json")

    with Server("-e", HELLO, "-q") as s:
        s.expect("C1", "zigttpd -e CODE", world)
        says("C2", "-q: no access log, no start message",
             [l for l in s.log_text().splitlines() if "run as root" not in l], [])
    with Server("--eval", "function handler(req) { return Response.json({message: 'Hello', url: req.url}) }") as s:
        s.expect("C1", "--eval CODE", ("GET /api/test", 200, '{"message":"Hello","url":"/api/test"}'))
        has("C2", "without -q a line for each request", s.log_text("GET /api/test"), r"(?m)^GET /api/test 200 \d+ us$")
    with Server(hello) as s:
        s.expect("C3", "zigttpd FILE", world)

    code, out, err = plain("--help")
    says("C4", "--help: exit status", (code, err), (0, ""))
    for option in ("-p, --port", "-h, --host", "-e, --eval", "-m, --memory", "-n, ", "-q, --quiet", "--cors", "--static", "--help", "--watch", "--max-body-size"):
        check(option in out, "C4", f"--help names {option}", out)
    says("C5", "-p: 8080, -h: 127.0.0.1", setting("listen"), '{ "127.0.0.1:8080" }')
    says("C5", "-p PORT", setting("listen", "-p", "3000"), '{ "127.0.0.1:3000" }')
    says("C5", "--port PORT", setting("listen", "--port", "3001"), '{ "127.0.0.1:3001" }')
    says("C6", "-h HOST is no help", setting("listen", "-h", "0.0.0.0"), '{ "0.0.0.0:8080" }')
    with Server("-h", "0.0.0.0", "-q", hello) as s:
        with socket.create_connection(("127.0.0.2", s.port), 10) as c:
            has("C6", "-q -h 0.0.0.0: every address", daemon.ask(c).decode(), "world")
        busy = plain("-p", str(s.port), hello)
        says("C7", "a port that is taken: exit status", busy[0], 69)
        has("C7", "a port that is taken: why", busy[2], f"cannot bind 127.0.0.1 port {s.port}: Address already in use")

    for given, want in ("64k", "64k"), ("64KB", "64k"), ("512k", "512k"), ("1m", "1m"), ("1MB", "1m"), ("2g", "2g"), ("65536", "64k"), ("0", "0"):
        says("C8", f"-m {given}", setting("memory", "-m", given), want)
    grow = write("grow.js", "function handler(r) { const a = []; while (r.url === '/grow') a.push([a.length]); return Response.text('fine'); }")
    for size in "64k", "1m":
        with Server("-m", size, grow) as s:
            s.expect("C9", f"-m {size}: what is too much", ("GET /grow", 500, "Internal Server Error"))
            s.expect("C9", f"-m {size}: the next request", ("GET /", 200, "fine"))
    large = write("large.js", "function handler() { return Response.text(String(new ArrayBuffer(2e8).byteLength)); }")
    with Server("-m", "0", large) as s:
        s.expect("C9", "-m 0: no limit", ("GET /", 200, "200000000"))
    with Server(large) as s:
        s.expect("C9", "without -m there is one", ("GET /", 500, "Internal Server Error"))

    automatic = str(max(8, 2 * os.sysconf("SC_NPROCESSORS_ONLN")))
    for given, want in ([], automatic), (["-n", "3"], "3"), (["--pool", "4"], "4"), (["-n", "0"], automatic), (["-n", "auto"], automatic):
        says("C10", " ".join(["zigttpd", *given]) + ": processes", setting("workers", *given), want)

    with Server("--cors", hello) as s:
        s.expect("C11", "--cors: every origin", (*world, "access-control-allow-origin: *"))
        s.expect("C11", "--cors: a preflight", ("OPTIONS /\nOrigin: http://a\nAccess-Control-Request-Method: PUT", 204, "",
                                                "access-control-allow-origin: *", "access-control-allow-methods: PUT"))
    with Server(hello) as s:
        check(s.ask("GET /").headers["access-control-allow-origin"] is None, "C11", "without --cors nothing of it")

    for name, text in SITE.items():
        write("public/" + name, text)
    write("secret.txt", "secret")
    public = os.path.join(daemon.tmp, "public")
    with Server("--static", public, hello) as s:
        s.expect("C12", "--static DIR: below /static/", ("GET /static/page.html", 200, SITE["page.html"], "content-type: text/html"))
        for name, kind in ("style.css", "text/css"), ("app.mjs", "javascript"), ("picture.webp", "image/webp"), ("deep/data.json", "application/json"):
            s.expect("C12", "types", (f"GET /static/{name}", 200, SITE[name], "content-type: " + (kind if "/" in kind else "text/" + kind)))
        s.expect("C12", "names are decoded", ("GET /static/a%20b.txt", 200, "spaced", "content-type: text/plain"))
        tag = s.ask("GET /static/page.html").headers["etag"]
        s.expect("C13", "If-None-Match", (f"GET /static/page.html\nIf-None-Match: \"x\", {tag}", 304, "", f"etag: {tag}"))
        s.expect("C13", "Last-Modified", ("GET /static/page.html", 200, SITE["page.html"], "last-modified: GMT", "cache-control: no-cache"))
        s.expect("C13", "Range", ("GET /static/page.html\nRange: bytes=0-2", 206, "<p>", "content-range: bytes 0-2/13"))
        for outside in "../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", "deep/../../secret.txt", "nothing.html":
            r = s.ask("GET /static/" + outside)
            check("secret" not in r.text, "C14", f"/static/{outside} is not there", f"{r.status} {r.text}")
        s.expect("C14", "the rest is the handler's", world)

    with Server("-s", "pool_metrics_every=5", hello) as s:
        for _ in range(10):
            s.ask("GET /")
        has("C15", "pool_metrics_every: a line", s.log_text("Pool metrics"),
            r"Pool metrics: in_use=\d+/1 exhausted=0 avg_wait_us=\d+ max_wait_us=\d+ avg_exec_us=\d+ max_exec_us=\d+")
    for key, given, want in (("queue_age", "limits.queue_age=5ms", "5ms"), ("pool_metrics_every", "pool_metrics_every=1000", "1000"),
                             ("cache", "files.cache=2m", "2m"), ("max_file", "files.max_file=128k", "128k")):
        says("C16", f"-s {given}", setting(key, "-s", given) if key != "cache" else
             re.search(r"files \{\n\s*cache = (\S+)", plain("--check", "-v", "-s", given, "-e", HELLO)[1]).group(1), want)

    with Server("-m", "512k", "-q", "-n", "2", "--cors", "--static", public, "-e", HELLO) as s:
        s.expect("C17", "all options together", (*world, "access-control-allow-origin: *"))
        s.expect("C17", "all options together", ("GET /static/style.css", 200, "p {}"))

    says("C18", "no handler", (plain()[0], plain()[2].split("\n")[0]), (64, "zigttpd: a handler is needed: a file, -e CODE, or -c FILE"))
    code, _, err = plain("-p", "0", "-e", 'console.log("Hello")')
    check(code == 65 and "the program has no handler: define function handler(request)" in err, "C18", "no function named handler", err)
    code, _, err = plain("-p", "0", "--bogus")
    says("C18", "an unknown option", (code, err.split("\n")[0]), (64, "zigttpd: unknown option --bogus"))
    code, _, err = plain("--check", write("broken.js", "function handler(r) {\n\treturn Response.text(;\n}\n"))
    check(code == 65 and "broken.js:2:23: SyntaxError: " in err and "\treturn Response.text(;\n" in err, "C18", "a syntax error", err)
