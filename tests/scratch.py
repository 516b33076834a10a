"""scratch.py: folders for a test's files, gone when the test ends."""
import atexit, shutil, tempfile

def folder(prefix="zigttpd-"):
    """A new folder under $TMPDIR: its path."""
    path = tempfile.mkdtemp(prefix=prefix)
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path
