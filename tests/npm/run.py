#!/usr/bin/env python3
"""run.py [--all] [-v] [PACKAGE ...]: packages from npm, unchanged, must print under `zigttp run` what they
print under Node.

Installs what package-lock.json pins (by sha512, without running install scripts) below the build directory,
bundles each package with its driver (drivers/PACKAGE.js), runs the bundle in both and compares the
output byte for byte. Without --all, as in `make check`: the quick packages only, and when npm, node or the
registry are not to be had the test is skipped and says so. `make npm` runs all and skips nothing.
Environment: ZIGTTP, builddir, NPM_TIMEOUT (seconds for the installation)."""
import hashlib, json, os, shutil, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.abspath(os.environ.get("builddir", "."))
CACHE = os.path.join(BUILD, "npm-cache")
ZIGTTP = os.environ.get("ZIGTTP", os.path.join(BUILD, "zigttp"))
ENV = dict(os.environ, TZ="America/New_York", LC_ALL="C.UTF-8", LANG="en_US.UTF-8")
QUICK = ("ajv", "fflate", "immer", "marked", "mustache", "preact-render-to-string", "qs", "rxjs", "zod", "acorn")
# What acorn parses: the bundles of these.
SOURCES = ("ajv", "graphql", "marked", "preact-render-to-string", "rxjs", "zod")


def skip(why):
    print(f"\n*** SKIPPED: the npm packages were not run: {why} ***\n1 skipped")
    sys.exit(77)


def digest(*paths):
    h = hashlib.sha256()
    for p in paths:
        with open(p, "rb") as f:
            h.update(f.read())
    return h.hexdigest()


def command(args, timeout, **more):
    return subprocess.run(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=timeout, env=ENV, **more)


def install(timeout, unreachable, here=HERE, cache=CACHE):
    """What the lock file in `here` pins, below `cache`."""
    lock = os.path.join(here, "package-lock.json")
    stamp = os.path.join(cache, "installed")
    want = digest(lock, os.path.join(here, "package.json"))
    if os.path.exists(stamp) and open(stamp).read() == want:
        return
    for program in ("npm", "node"):
        if not shutil.which(program):
            unreachable(f"there is no {program}")
    os.makedirs(cache, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(os.path.join(here, name), cache)
    try:
        r = command(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline",
                     "--fetch-retries=0", "--fetch-timeout=5000"], timeout, cwd=cache)
    except subprocess.TimeoutExpired:
        unreachable(f"npm ci needed more than {timeout} s")
    if r.returncode:
        said = r.stderr.decode(errors="replace").strip().splitlines() or ["no message"]
        unreachable("npm ci: " + next((line for line in said if line.startswith("npm error")), said[-1]))
    with open(stamp, "w") as f:
        f.write(want)


def esbuild(names, out, extra=()):
    entries = [f"{n}={os.path.join(CACHE, 'drivers', n + '.js')}" for n in names]
    r = command([os.path.join(CACHE, "node_modules/.bin/esbuild"), *entries, "--bundle", "--platform=browser",
                 "--format=esm", "--charset=utf8", "--log-level=error", "--out-extension:.js=.mjs", f"--outdir={out}",
                 "--conditions=worker", "--define:process=undefined",
                 "--define:process.env.NODE_ENV=\"production\"", *extra], 120, cwd=CACHE)
    if r.returncode:
        print(r.stderr.decode(errors="replace"))
        sys.exit("esbuild failed")


def bundle(names):
    out = os.path.join(CACHE, "out")
    shutil.rmtree(os.path.join(CACHE, "drivers"), ignore_errors=True)
    shutil.copytree(os.path.join(HERE, "drivers"), os.path.join(CACHE, "drivers"))
    os.makedirs(out, exist_ok=True)
    others = [n for n in names if n != "acorn"]
    sources = SOURCES + ("typescript",) if "typescript" in names else SOURCES
    if "acorn" in names:
        others = sorted({*others, *sources})
    esbuild(others, out)
    if "acorn" not in names:
        return out
    listing = os.path.join(CACHE, "bundles.js")
    with open(listing, "w") as f:
        for i, n in enumerate(sources):
            shutil.copy(os.path.join(out, n + ".mjs"), os.path.join(CACHE, n + ".txt"))
            f.write(f"export {{ default as source{i}_{n.replace('-', '_')} }} from \"./{n}.txt\";\n")
    esbuild(["acorn"], out, [f"--alias:zigttp:bundles={listing}", "--loader:.txt=text"])
    return out


def run(args, timeout):
    start = time.monotonic()
    try:
        r = command(args, timeout)
        return r.stdout, r.stderr, r.returncode, time.monotonic() - start
    except subprocess.TimeoutExpired as e:
        return e.stdout or b"", b"timed out", -1, timeout


def first_difference(a, b):
    la, lb = a.split(b"\n"), b.split(b"\n")
    for i in range(max(len(la), len(lb))):
        x = la[i] if i < len(la) else b"(no more lines)"
        y = lb[i] if i < len(lb) else b"(no more lines)"
        if x != y:
            at = next((k for k in range(min(len(x), len(y))) if x[k] != y[k]), min(len(x), len(y)))
            lo = max(0, at - 60)
            return (f"line {i + 1}, column {at + 1}\n    node:   {x[lo:at + 120].decode(errors='replace')}"
                    f"\n    zigttp: {y[lo:at + 120].decode(errors='replace')}")
    return "none"


def main():
    args = [a for a in sys.argv[1:] if not a.startswith("-")]
    full = "--all" in sys.argv or args
    unreachable = (lambda why: sys.exit(f"cannot install: {why}")) if full else skip
    install(int(os.environ.get("NPM_TIMEOUT", "300" if full else "20")), unreachable)
    names = args or sorted(n[:-3] for n in os.listdir(os.path.join(HERE, "drivers")))
    if not full:
        names = [n for n in names if n in QUICK]
    with open(os.path.join(HERE, "package.json")) as f:
        versions = json.load(f)["dependencies"]
    out = bundle(names)
    passed = failed = 0
    for n in names:
        path = os.path.join(out, n + ".mjs")
        want, werr, wstatus, wtime = run(["node", path], 120)
        got, gerr, gstatus, gtime = run([ZIGTTP, "run", "-m", "3g", path], 300)
        same = want == got and gstatus == wstatus == 0 and len(want) > 0
        version = versions.get(n, "")
        print(f"{'ok  ' if same else 'FAIL'} {n} {version}: {len(want)} bytes of output,"
              f" node {wtime:.2f} s, zigttp {gtime:.2f} s")
        if same:
            passed += 1
            continue
        failed += 1
        print(f"    status: node {wstatus}, zigttp {gstatus}")
        for who, err in (("node", werr), ("zigttp", gerr)):
            if err:
                print(f"    {who} said: {err.decode(errors='replace').strip()[:600]}")
        if want != got:
            print(f"    first difference: {first_difference(want, got)}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
