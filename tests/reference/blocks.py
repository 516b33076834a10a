#!/usr/bin/env python3
"""blocks.py: what the documentation of the handler API shows, block by block and row by row,
and what really comes of it. The cases are data:

  handlers.py    requests, responses, routes        (H: programs, served and asked)
  pages.py       JSX                                 (J: rows of its table, programs)
  typescript.py  types and comptime                  (T: programs, V: values, E: refusals)
  commands.py    the command line and the settings   (C: functions)

A program is served by a zigttpd as one app of some thirty, under a host name of its own;
a row is an expression in a program that all rows share. Run by run.sh with ZIGTTPD and
ZIGTTP; `blocks.py H3 V7` runs these only, -v names all that is right as well."""
import http.client
import json
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
sys.dont_write_bytecode = True
if __name__ == "__main__":
    sys.modules["blocks"] = sys.modules["__main__"]     # the chapters import us
import daemon

ZIGTTP = os.path.abspath(os.environ.get("ZIGTTP", "./zigttp"))
daemon.DAEMON = os.path.abspath(daemon.DAEMON)
APPS = 30                                            # in one server; it takes 32
blocks, rows, values, refusals = [], [], [], []
only = {a for a in sys.argv[1:] if not a.startswith("-")}
quiet = "-v" not in sys.argv


def block(name, what, path, source, *asked, log=None, env=None):
    """A program in a file of this name; each of `asked` is ("METHOD TARGET", headers and
    body as in a message, status, body, "name: part of the value" ...). A body that is no
    text is compared as JSON. `log`: what the log must have; `env`: what is in the
    environment."""
    blocks.append((name, what, path, source, asked, log, env or {}))


def row(name, what, element, output):
    """An element, and its HTML; {"thrown": NAME} for an error when it is rendered."""
    rows.append((name, what, element, output))


def value(name, what, source, literal, printed=None):
    """comptime(source) is this literal, which is printed like that in its place."""
    values.append((name, what, source, literal, printed or literal))


def refused(name, what, source, why, at=None):
    """comptime(source) stops the program, for this reason, with the caret line below `at`."""
    refusals.append((name, what, source, why, at))


def check(ok, name, what, why=""):
    if only and name not in only:
        return
    if ok and quiet:
        daemon.passed += 1
    else:
        daemon.check(ok, f"{name} {what}", why)


def write(name, text):
    path = os.path.join(daemon.tmp, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)
    return path


class Server(daemon.Daemon):
    """A zigttpd with these options; ends with the `with` block."""
    def __init__(self, *options, ready=b"HTTP/1.1 "):
        self.start("-n", "1", *options, ready=ready)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.stop() != 0:
            check(False, "", "a server ends with status 0")

    def log_text(self, part=""):
        """When it has this part, which may come a little after the answer."""
        for _ in range(100):
            with open(self.log.name) as f:
                text = f.read()
            if part in text:
                break
            time.sleep(0.03)
        return text

    def ask(self, request, host="localhost"):
        head, _, body = request.partition("\n\n")
        line, *headers = head.split("\n")
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            method, target = line.split(" ")
            c.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            c.putheader("Host", host)
            for h in headers:
                c.putheader(*h.split(": "))
            body = body.encode()
            if body or method in ("POST", "PUT"):
                c.putheader("Content-Length", str(len(body)))
            c.endheaders(body)
            r = c.getresponse()
            r.text = r.read().decode()
            return r
        finally:
            c.close()

    def expect(self, name, what, asked, host="localhost"):
        request, status, body, *headers = asked
        r = self.ask(request, host)
        wrong = [] if r.status == status else [f"status {r.status}, not {status}"]
        try:
            same = r.text == body if isinstance(body, str) else json.loads(r.text) == body
        except ValueError:
            same = False
        if not same:
            wrong.append(f"{r.text!r}, not {body!r}")
        for h in headers:
            key, part = h.split(": ", 1)
            if not any(part in v for v in r.headers.get_all(key, [])):
                wrong.append(f"{key}: {r.headers.get_all(key)}, not {part!r}")
        check(not wrong, name, f"{what}: " + request.split("\n")[0], "; ".join(wrong))


# ---- the kinds of cases -------------------------------------------------------------

def all_rows():
    """The rows of JSX as one block: /0, /1 … are the elements."""
    from pages import CARD
    source = CARD + "\nconst rows = [\n" + "".join(f"\t() => {r[2]},\n" for r in rows) + """];
export function handler(request) {
	try {
		return Response.html(renderToString(rows[request.url.slice(1)]()));
	} catch (e) {
		return Response.json({ thrown: e.name }, { status: 500 });
	}
}
"""
    for i, (name, what, element, output) in enumerate(rows):
        if isinstance(output, str):
            yield name, what, (f"GET /{i}", 200, output, "content-type: text/html")
        else:
            yield name, what, (f"GET /{i}", 500, output)
    block("rows", "the rows of JSX", "rows.jsx", source)


def all_values():
    """The values of comptime as one block, which compares them with their literals; and
    what `zigttp run --dump=js` shows in the place of each."""
    constants = "".join(f"const {v[0]} = comptime({v[2]});\n" for v in values)
    source = constants + """
const same = (a, b) => Object.is(a, b) || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
const rows = {
""" + "".join(f"\t{v[0]}: [{v[0]}, {v[3]}],\n" for v in values) + """};
export function handler(request) {
	const [is, should] = rows[request.url.slice(1)];
	return same(is, should) ? Response.text("same") : Response.text(JSON.stringify(is) + String(is));
}
"""
    block("values", "the values of comptime", "values.ts", source)
    for name, what, *_ in values:
        yield name, what, (f"GET /{name}", 200, "same")
    dump = subprocess.run([ZIGTTP, "run", "--dump=js", write("dump.ts", constants)], capture_output=True, text=True, timeout=60).stdout
    lines = dict(l.split(" = ", 1) for l in dump.splitlines() if l.startswith("const "))
    for name, what, source, _, printed in values:
        got = re.sub(r"\s+", " ", lines.get("const " + name, "nothing"))
        check(got == re.sub(r"\s+", " ", printed) + ";", name, f"comptime({source[:60]}) is replaced by {printed}", got)


def serve(batch, tables):
    conf = 'cache {\n\tenabled = no\n}\n'
    env = {}
    for name, what, path, source, asked, log, more in batch:
        env.update(more)
        conf += f'app "{name}" {{\n\thandler = "{write(name + "/" + path, source.lstrip(chr(10)))}"\n\thost = "{name.lower()}.test"\n}}\n'
    os.environ.update(env)
    try:
        with Server("-c", write("apps.conf", conf)) as s:
            for name, what, path, source, asked, log, more in batch:
                for one in asked:
                    s.expect(name, what, one, name.lower() + ".test")
                for row_name, row_what, one in tables.get(name, []):
                    s.expect(row_name, row_what, one, name + ".test")
                if log:
                    text = s.log_text("TypeError")
                    check(re.search(log, text), name, f"{what}: the log has {log}", text)
    finally:
        for key in env:
            del os.environ[key]


def all_refusals():
    for name, what, source, why, at in refusals:
        path = write("refused.ts", f"const x = comptime({source});\n")
        r = subprocess.run([ZIGTTP, "run", "refused.ts"], cwd=daemon.tmp, capture_output=True, text=True, timeout=60)
        lines = r.stderr.split("\n") + ["", "", ""]
        ok = r.returncode == 65 and re.match(r"refused\.ts:1:\d+: ", lines[0]) and why in lines[0] and \
            lines[1] == f"  const x = comptime({source});" and re.fullmatch(r" +\^~*", lines[2])
        if ok and at:
            column = lines[2].index("^")
            ok = lines[1][column:len(lines[2])] == at and lines[0].startswith(f"refused.ts:1:{column - 1}:")
        check(ok, name, f"comptime({source}) is refused", r.stdout + r.stderr)


def main():
    import handlers, pages, typescript  # noqa: the chapters fill the lists
    import commands
    tables = {"rows": list(all_rows()), "values": list(all_values())}
    for i in range(0, len(blocks), APPS):
        serve(blocks[i:i + APPS], tables)
    all_refusals()
    commands.run(check, write, Server)
    daemon.finish()


if __name__ == "__main__":
    main()
