#!/usr/bin/env python3
"""cases.py [--browser]: every example of examples/, served as its first lines say,
and asked over HTTP. With --browser: htmx-todo only, in Chromium (browser.mjs).

Folders with a package.json are copied below the build directory, and what their
package-lock.json pins is installed there; where that cannot be had, the example
is skipped and the output says so. Environment: ZIGTTPD, builddir, NPM_TIMEOUT
(seconds for one installation), CHROMIUM."""
import http.client
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
sys.dont_write_bytecode = True
import daemon

TOP = os.path.dirname(os.path.dirname(HERE))
EXAMPLES = os.path.join(TOP, "examples")
CACHE = os.path.join(os.path.abspath(os.environ.get("builddir", ".")), "examples-cache")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Unreachable(Exception):
    pass


def unreachable(why):
    raise Unreachable(why)


def npm_installer():
    spec = importlib.util.spec_from_file_location("npm_run", os.path.join(HERE, "..", "npm", "run.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.install


def copy(source, target):
    """Without the modes: a source tree may be read-only."""
    for folder, folders, files in os.walk(source):
        folders[:] = [name for name in folders if name != "node_modules"]
        into = os.path.join(target, os.path.relpath(folder, source))
        os.makedirs(into, exist_ok=True)
        for name in files:
            path = os.path.join(into, name)
            if os.path.exists(path):
                os.unlink(path)
            shutil.copyfile(os.path.join(folder, name), path)


def install(source, purpose):
    """A copy of the folder `source` with its packages. Tests that run at the same
    time have different purposes, so that none sees the half of an installation."""
    target = os.path.join(CACHE, purpose, os.path.basename(source))
    copy(source, target)
    npm_installer()(int(os.environ.get("NPM_TIMEOUT", "40")), unreachable, here=source, cache=target)
    return target


class Example(daemon.Daemon):
    """A server of one example; with `with`, it ends at the end of the block."""

    def __init__(self, name, *args, ready=b" 200 "):
        self.name = name
        self.start("-n", "2", *args, ready=ready)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        daemon.check(self.stop() == 0, f"{self.name}: ends with status 0 after SIGTERM")

    def ask(self, path, method="GET", body=None, headers=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            c.request(method, path, body.encode() if isinstance(body, str) else body, headers or {})
            r = c.getresponse()
            r.text = r.read().decode()
            return r
        finally:
            c.close()

    def expect(self, path, status, *parts, method="GET", body=None, headers=None, answer=None, has=None):
        """Status, parts of the body, the whole body as JSON, headers (parts of their
        values; None: not there)."""
        r = self.ask(path, method, body, headers)
        wrong = [] if r.status == status else [f"status {r.status}, not {status}"]
        wrong += [f"no {p!r} in {r.text[:300]!r}" for p in parts if p not in r.text]
        if answer is not None:
            try:
                same = json.loads(r.text) == answer
            except ValueError:
                same = False
            if not same:
                wrong.append(f"{r.text[:300]!r} is not {answer!r}")
        for name, value in (has or {}).items():
            got = r.getheader(name)
            if (got is not None) if value is None else (got is None or value not in got):
                wrong.append(f"header {name}: {got!r}, not {value!r}")
        daemon.check(not wrong, f"{self.name}: {method} {path} {status}", "; ".join(wrong))
        return r


def example(name, **more):
    return Example(name, os.path.join(EXAMPLES, name), **more)


def hello():
    with example("hello.js") as s:
        s.expect("/", 200, answer={"message": "Hello, World!"}, has={"Content-Type": "application/json"})
        s.expect("/greet?name=Ada", 200, "Hello, Ada!\n", has={"Content-Type": "text/plain"})
        s.expect("/greet", 200, "Hello, stranger!")
        s.expect("/echo", 200, "<a/>", method="POST", body="<a/>", headers={"Content-Type": "text/xml"},
                 has={"Content-Type": "text/xml"})
        s.expect("/echo", 404, method="GET")
        s.expect("/none", 404, answer={"error": "not found", "path": "/none"})
    with example("hello.ts") as s:
        s.expect("/", 200, answer={"message": "Hello, World!"})
        s.expect("/greet?name=Ada", 200, "Hello, Ada!\n")
        s.expect("/greet?name=%C3%84nne", 200, "Hello, Änne!\n")
        s.expect("/none", 404, answer={"error": "not found", "path": "/none"})


def routes():
    with example("routes.ts") as s:
        s.expect("/", 200, "<h1>Routes</h1>", has={"Content-Type": "text/html"})
        s.expect("/users", 200, answer=[{"id": "1", "name": "Ada Lovelace", "slug": "ada-lovelace"},
                                        {"id": "7", "name": "Grace Hopper", "slug": "grace-hopper"}])
        s.expect("/users", 200, "<li>Ada Lovelace</li>", headers={"Accept": "text/html"},
                 has={"Content-Type": "text/html"})
        s.expect("/users/7", 200, answer={"id": "7", "name": "Grace Hopper"})
        s.expect("/users/8", 404, answer={"error": "no user 8"})
        s.expect("/me", 401, "sign in")
        r = s.expect("/login?as=ada", 200, "welcome", has={"Set-Cookie": "user=ada"})
        cookie = (r.getheader("Set-Cookie") or "").split(";")[0]
        s.expect("/me", 200, headers={"Cookie": cookie}, answer={"user": "ada"})
        s.expect("/files/a/b.txt", 200, answer={"rest": "a/b.txt"})
        s.expect("/none", 404, answer={"error": "not found"})


def api_crud():
    def change(path, status, method, value, **more):
        return s.expect(path, status, method=method, body=json.dumps(value), **more)

    with example("api-crud.ts", ready=b" 404 ") as s:
        s.expect("/notes/1", 404, answer={"error": "no note 1"})
        change("/notes", 201, "POST", {"title": "buy milk"}, has={"Location": "/notes/1"},
               answer={"id": "1", "title": "buy milk", "done": False})
        change("/notes", 201, "POST", {"title": "Ärger", "done": True}, has={"Location": "/notes/2"})
        s.expect("/notes/2", 200, answer={"id": "2", "title": "Ärger", "done": True})
        change("/notes/1", 200, "PATCH", {"done": True}, answer={"id": "1", "title": "buy milk", "done": True})
        s.expect("/notes/1", 200, answer={"id": "1", "title": "buy milk", "done": True})
        change("/notes", 422, "POST", {"done": True}, answer={"error": "title is missing"})
        change("/notes", 422, "POST", {"title": "a", "colour": 1}, answer={"error": "unknown field colour"})
        change("/notes", 422, "POST", [], answer={"error": "expected an object"})
        s.expect("/notes", 400, method="POST", body="{", answer={"error": "the body is no JSON"})
        s.expect("/notes/1", 204, method="DELETE")
        s.expect("/notes/1", 404, method="DELETE")
        s.expect("/other", 404, "there are /notes")


def ssr():
    with example("ssr.tsx") as s:
        r = s.expect("/", 200, "<!doctype html><html lang=\"en\">", "Solaris", "Stanisław Lem", '<li class="old">',
                     has={"Content-Type": "text/html"})
        daemon.check(r.text.count("<cite>") == 3, "ssr.tsx: three books", r.text)
        r = s.expect("/?q=kin", 200, "1 for <mark>kin</mark>", 'value="kin"', "Octavia E. Butler")
        daemon.check(r.text.count("<cite>") == 1, "ssr.tsx: one book found", r.text)
        r = s.expect("/?q=%3Cb%3E%22", 200, "&lt;b&gt;")
        daemon.check("<b>" not in r.text, "ssr.tsx: the query is escaped", r.text)


def comptime():
    with example("comptime.ts") as s:
        s.expect("/", 200, has={"ETag": '"'}, answer={"greeting": "Hello, world!", "limits": {
            "page": 20, "upload": 4194304, "sine": [0, "0.500", 1]}})


def static_site():
    with Example("static-site", "-c", os.path.join(EXAMPLES, "static-site", "zigttpd.conf")) as s:
        r = s.expect("/", 200, "<h1>A static site</h1>",
                     has={"Content-Type": "text/html", "Cache-Control": "max-age=300", "ETag": '"'})
        s.expect("/", 304, headers={"If-None-Match": r.getheader("ETag", "")})
        s.expect("/style.css", 200, "max-width", has={"Content-Type": "text/css"})
        s.expect("/style.css", 206, "body", headers={"Range": "bytes=0-3"}, has={"Content-Range": "bytes 0-3/"})
        s.expect("/api/time", 200, '"now":"20', has={"Content-Type": "application/json"})
        s.expect("/none", 404, "There is nothing here")


def hono_app():
    folder = install(os.path.join(EXAMPLES, "hono-app"), "run")
    with Example("hono-app", os.path.join(folder, "hono-app.ts")) as s:
        s.expect("/", 200, "Hono on zigttp\n")
        r = s.expect("/hello/Ada", 200, answer={"message": "Hello, Ada!"},
                     has={"ETag": '"', "Access-Control-Allow-Origin": "*"})
        s.expect("/hello/Ada", 304, headers={"If-None-Match": r.getheader("ETag", "")})
        s.expect("/sum", 200, method="POST", body='{"numbers":[1,2,3.5]}', answer={"sum": 6.5})
        s.expect("/sum", 422, "expected an array", method="POST", body='{"numbers":1}')
        s.expect("/none", 404)


def todo_server(purpose):
    folder = install(os.path.join(EXAMPLES, "htmx-todo"), purpose)
    return Example("htmx-todo", "-c", os.path.join(folder, "zigttpd.conf"))


def htmx_todo():
    with todo_server("run") as s:
        r = s.expect("/", 200, "Nothing to do", 'hx-post="/todos"', has={"Set-Cookie": "HttpOnly"})
        me = {"Cookie": (r.getheader("Set-Cookie") or "").split(";")[0]}
        s.expect("/public/style.css", 200, has={"Content-Type": "text/css"})
        s.expect("/vendor/htmx.min.js", 200, "htmx", has={"Content-Type": "javascript"})
        s.expect("/todos", 303, method="POST", headers={**FORM, **me}, has={"Location": "/", "Set-Cookie": None},
                 body=urllib.parse.urlencode({"title": "a <b> & ü"}))
        r = s.expect("/todos", 200, '<section id="todos">', "2 of 2 left", method="POST", body="title=second",
                     headers={**FORM, **me, "HX-Request": "true"})
        daemon.check("<html" not in r.text, "htmx-todo: htmx gets a part of the page", r.text)
        r = s.expect("/", 200, "a &lt;b&gt; &amp; ü", "second", headers=me)
        first = r.text.partition('hx-post="/todos/')[2].partition("/")[0]
        s.expect(f"/todos/{first}/toggle", 303, method="POST", headers=me)
        s.expect("/", 200, '<li class="done">', "1 of 2 left", headers=me)
        s.expect(f"/todos/{first}/delete", 303, method="POST", headers=me)
        r = s.expect("/", 200, "1 of 1 left", "second", headers=me)
        s.expect("/", 200, "Nothing to do")
        s.expect("/todos", 422, method="POST", body="title=+", headers={**FORM, **me})
        s.expect("/none", 404)


def browser():
    try:
        driver = install(HERE, "browser")
        server = todo_server("browser")
    except Unreachable as e:
        print(f"\n*** SKIPPED: no example was seen in a browser: {e} ***")
        sys.exit(77)
    shots = os.path.join(CACHE, "screenshots")
    os.makedirs(shots, exist_ok=True)
    with server:
        try:
            r = subprocess.run(["node", os.path.join(driver, "browser.mjs"), f"http://127.0.0.1:{server.port}/", shots],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=120)
            out = r.stdout.decode(errors="replace")
        except subprocess.TimeoutExpired as e:
            out = (e.stdout or b"").decode(errors="replace") + "\nnot ok browser.mjs: more than 120 s"
            r = None
        results = [line for line in out.splitlines() if line.startswith(("ok ", "not ok "))]
        for line in results:
            name, _, why = line.partition(": ")
            daemon.check(line.startswith("ok "), name.removeprefix("not ").removeprefix("ok "), why)
        daemon.check(r is not None and r.returncode == 0 and len(results) > 0, "browser.mjs ends with status 0", out)


def main():
    if "--browser" in sys.argv:
        browser()
        daemon.finish()
    for case in (hello, routes, api_crud, ssr, comptime, static_site, hono_app, htmx_todo):
        try:
            case()
        except Unreachable as e:
            print(f"\n*** SKIPPED: {case.__name__} was not run: {e} ***\n", flush=True)
    daemon.finish()


if __name__ == "__main__":
    main()
