#!/usr/bin/env python3
"""run.py [--all]: what TypeScript becomes here against what the TypeScript compiler makes of it.

Installs what package-lock.json pins below the build directory (as tests/npm/run.py does) and hands the TypeScript
sources of the packages, and the cases of tests/js, to compare.mjs, which compares trees. Then what
can be run is run: packages bundled from the text that zigttp printed, under zigttp, against those bundled from the
compiler's, under Node; and the cases. Without --all, as in `make check`: some of the packages, and what is not to be
had (npm, node, the registry) skips the test with a message. `make transpile` takes all and skips nothing."""
import glob, importlib.util, os, re, shutil, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("npm_run", os.path.join(HERE, "..", "npm", "run.py"))
npm = importlib.util.module_from_spec(spec)
spec.loader.exec_module(npm)
CACHE = os.path.join(npm.BUILD, "transpile-cache")
QUICK = ("rxjs", "immer", "reselect", "react-redux", "@tanstack/query-core")
# Packages that run, their first source file and the driver in tests/npm/drivers.
RUNS = {"rxjs": "src/index", "immer": "src/immer", "zod": "src/index"}
# The compiler goes through temporaries for patterns that a namespace exports, and through the class's name for
# static accessor fields. These are only run.
OTHER_TREE = ("namespaces.ts", "classes.ts")


def skip(why):
    print(f"\n*** SKIPPED: no TypeScript was compared with the compiler: {why} ***\n1 skipped")
    sys.exit(77)


def sources(package):
    found = []
    for pattern in ("**/*.ts", "**/*.tsx", "**/*.mts"):
        found += glob.glob(os.path.join(CACHE, "node_modules", package, pattern), recursive=True)
    return sorted(f for f in found if not f.endswith((".d.ts", ".d.mts")) and "/node_modules/" not in
                  f[len(os.path.join(CACHE, "node_modules", package)):])


def own_cases():
    cases = os.path.join(HERE, "..", "js")
    return sorted(glob.glob(os.path.join(cases, "typescript", "*ts")) + glob.glob(os.path.join(cases, "jsx", "*.tsx")))


def compare(files):
    """How many trees are equal, and what was said of the others."""
    r = npm.command(["node", os.path.join(HERE, "compare.mjs"), npm.ZIGTTP, CACHE, os.path.join(CACHE, "out"), *files], 600)
    lines = r.stdout.decode(errors="replace").splitlines()
    if not lines or not lines[-1].endswith("failed"):
        sys.exit("compare.mjs: " + r.stderr.decode(errors="replace")[-2000:])
    fails = [l for l in lines[:-1] if l.startswith("FAIL ") and not l.split(":")[0].endswith(OTHER_TREE)]
    return int(lines[-1].split()[0]), fails


def bundle(package, who):
    driver = os.path.join(CACHE, "drivers", package + ".js")
    out = os.path.join(CACHE, "out", f"{package}.{who}.mjs")
    entry = os.path.join(CACHE, "out", who, "node_modules", package, RUNS[package] + ".ts")
    r = npm.command([os.path.join(CACHE, "node_modules/.bin/esbuild"), driver, "--bundle", "--format=esm", "--charset=utf8",
                     "--log-level=error", "--define:process=undefined", "--define:process.env.NODE_ENV=\"production\"",
                     f"--alias:{package}={entry}", f"--outfile={out}"], 60, cwd=CACHE)
    if r.returncode:
        return None, r.stderr.decode(errors="replace")
    return out, ""


def same(name, theirs, ours):
    want, werr, wstatus, _ = npm.run(theirs, 120)
    got, gerr, gstatus, _ = npm.run(ours, 300)
    if want == got and gstatus == wstatus == 0 and want:
        print(f"ok   {name}: {len(want)} bytes of output")
        return True
    print(f"FAIL {name}: status: node {wstatus}, zigttp {gstatus}; {npm.first_difference(want, got)}")
    for err in (werr, gerr):
        print("    " + err.decode(errors="replace").strip()[:400])
    return False


def run_package(package):
    bundles = {}
    for who in ("typescript", "zigttp"):
        bundles[who], why = bundle(package, who)
        if bundles[who] is None:
            print(f"FAIL {package}: esbuild on what {who} made: {why}")
            return False
    return same(f"{package} as printed here under zigttp, as by the compiler under Node",
                ["node", bundles["typescript"]], [npm.ZIGTTP, "run", "-m", "3g", bundles["zigttp"]])


def run_case(path):
    """A case of one file: the compiler's text under Node, with a print like ours."""
    if re.search(r"^import .*from", open(path).read(), re.M) or not path.endswith(".ts"):
        return None
    name = os.path.basename(path)
    made = os.path.join(CACHE, "out", "typescript", name)
    copy = made[:-3] + ".mjs"
    with open(copy, "w") as f:
        f.write("const print = (...a) => console.log(a.map(String).join(' '));\n" + open(made).read())
    return same(name, ["node", copy], [npm.ZIGTTP, "run", path])


def main():
    full = "--all" in sys.argv
    unreachable = (lambda why: sys.exit(f"cannot install: {why}")) if full else skip
    npm.install(int(os.environ.get("NPM_TIMEOUT", "300" if full else "20")), unreachable, HERE, CACHE)
    shutil.copytree(os.path.join(HERE, "..", "npm", "drivers"), os.path.join(CACHE, "drivers"), dirs_exist_ok=True)
    shutil.rmtree(os.path.join(CACHE, "out"), ignore_errors=True)
    packages = QUICK
    if full:
        roots = glob.glob(os.path.join(CACHE, "node_modules", "*")) + glob.glob(os.path.join(CACHE, "node_modules", "@*", "*"))
        packages = sorted(p[len(os.path.join(CACHE, "node_modules")) + 1:] for p in roots
                          if not os.path.basename(p).startswith("@"))
    cases = own_cases()
    files = [f for p in packages for f in sources(p)] + cases
    passed, fails = compare(files)
    for line in fails:
        print(line)
    print(f"{len(files)} files: {passed} trees equal, {len(fails)} differ")
    failed = len(fails)
    for p in RUNS:
        if p in packages:
            ok = run_package(p)
            passed, failed = passed + ok, failed + (not ok)
    for c in cases:
        ok = run_case(c)
        if ok is not None:
            passed, failed = passed + ok, failed + (not ok)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
