"""served.py: a zigttpd under test, and requests as bytes. Used by the scripts of
this folder; not a script itself."""
import atexit, json, os, socket, subprocess, sys, threading, time
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import ports, scratch

class Server:
    """A server of one handler's text (or file) on a free port, with a control socket."""
    def __init__(self, daemon, handler, *options, workers=2):
        self.dir = scratch.folder("zigttpd-cache-")
        self.ctl_path = os.path.join(self.dir, "ctl")
        self.ctl_program = os.path.join(os.path.dirname(os.path.abspath(daemon)), "zigttpctl")
        path = handler
        if "\n" in handler:
            path = os.path.join(self.dir, "handler.js")
            with open(path, "w") as f:
                f.write(handler)
        self.lines = []  # of standard error, each with the time at which it came
        for _ in range(20):
            self.port = ports.take()
            self.proc = subprocess.Popen([daemon, "-q", "-n", str(workers), "-p", str(self.port), "--control",
                                          self.ctl_path, *options, path], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
            atexit.register(self.stop)
            threading.Thread(target=self.listen, args=(self.proc.stderr,), daemon=True).start()
            if self.answers(workers):
                return
            self.stop()
        sys.exit("the server does not start: " + "\n".join(text for _, text in self.lines[-20:]))

    def listen(self, pipe):
        for line in pipe:
            self.lines.append((time.time(), line.decode("latin-1").rstrip("\n")))

    def answers(self, workers):
        """Waits for all workers: the port takes connections before there are any."""
        end = time.monotonic() + 60
        while time.monotonic() < end and self.proc.poll() is None:
            code, out, _ = self.ctl("--json", "workers")
            if code == 0 and sum(w["state"] == "serving" for w in json.loads(out)["workers"]) >= workers:
                return True
            time.sleep(0.02)
        return False

    def connect(self):
        return Client(self.port)

    def ctl(self, *args):
        r = subprocess.run([self.ctl_program, "-s", self.ctl_path, *args], capture_output=True, text=True, timeout=30)
        return r.returncode, r.stdout, r.stderr

    def json(self, *args):
        code, out, err = self.ctl("--json", *args)
        if code != 0:
            raise RuntimeError(err)
        return json.loads(out)

    def stats(self):
        return self.json("cache", "stats")

    def workers(self):
        return self.json("workers")["workers"]

    def stop(self):
        if self.proc.poll() is None:
            self.proc.terminate()
        try:
            code = self.proc.wait(15)
        except subprocess.TimeoutExpired:
            self.proc.kill()
            code = self.proc.wait()
        return code

class Reply:
    def __init__(self, status, lines, body):
        self.status, self.lines, self.body = status, lines, body

    def header(self, name):
        for l in self.lines[1:]:
            k, _, v = l.partition(b":")
            if k.strip().lower() == name.lower().encode():
                return v.strip().decode("latin-1")
        return None

    @property
    def hit(self):
        return self.header("x-zigttp-proof-cache") == "hit"

class Client:
    """A connection that is kept."""
    def __init__(self, port):
        self.sock = socket.create_connection(("127.0.0.1", port), 10)
        self.sock.settimeout(60)
        self.have = b""

    def send(self, raw):
        self.sock.sendall(raw if isinstance(raw, bytes) else raw.encode("latin-1"))

    def reply(self, head_only=False):
        while b"\r\n\r\n" not in self.have:
            self.more()
        head, _, rest = self.have.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        r = Reply(int(lines[0].split()[1]), lines, b"")
        n = 0 if head_only or r.status in (204, 304) else int(r.header("content-length") or 0)
        self.have = rest
        while len(self.have) < n:
            self.more()
        r.body, self.have = self.have[:n], self.have[n:]
        return r

    def more(self):
        d = self.sock.recv(1 << 16)
        if not d:
            raise ConnectionError("closed")
        self.have += d

    def ask(self, target="/", *headers, method="GET", version="1.1", host="t"):
        lines = ["%s %s HTTP/%s" % (method, target, version)]
        if host is not None:
            lines.append("Host: " + host)
        if version == "1.0":
            lines.append("Connection: keep-alive")
        self.send("\r\n".join(lines + list(headers)) + "\r\n\r\n")
        return self.reply(method == "HEAD")

    def close(self):
        self.sock.close()

class Score:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, ok, text):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print("not ok " + text, flush=True)
        return ok

    def end(self):
        print("%d passed, %d failed" % (self.passed, self.failed))
        sys.exit(1 if self.failed else 0)
