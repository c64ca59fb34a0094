"""Where it happens: nginx on loopback in front of the page cache, a tmpfs and a disk to write to."""
import ctypes
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request

CONFIGURATION = """
%(user)sworker_processes 2; daemon off; pid %(run)s/nginx.pid; error_log %(run)s/error.log warn;
events { worker_connections 1024; }
http {
    access_log off; default_type application/octet-stream;
    sendfile on; tcp_nopush on; keepalive_timeout 60s; keepalive_requests 1000000;
    client_body_temp_path %(run)s/t1; proxy_temp_path %(run)s/t2; fastcgi_temp_path %(run)s/t3;
    uwsgi_temp_path %(run)s/t4; scgi_temp_path %(run)s/t5;
    server { listen 127.0.0.1:%(port)d; root %(www)s; autoindex on;
%(locations)s    }
}
"""


class Nginx:
    """One nginx over one folder, with further locations, stopped by its process."""

    def __init__(self, www, locations=""):
        self.program = shutil.which("nginx") or "/usr/sbin/nginx"
        self.run = tempfile.mkdtemp(prefix="aismove-bench-nginx.")
        self.port = free_ports((0,))
        configuration = os.path.join(self.run, "nginx.conf")
        with open(configuration, "w") as file:
            file.write(CONFIGURATION % {
                "run": self.run, "www": www, "port": self.port, "locations": locations,
                "user": "user root;\n" if os.getuid() == 0 else ""})
        self.process = subprocess.Popen(
            [self.program, "-c", configuration, "-p", self.run, "-e", os.path.join(self.run, "error.log")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.base = "http://127.0.0.1:%d/" % self.port
        self.await_answer()

    def await_answer(self):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for _ in range(200):
            if self.process.poll() is not None:
                raise RuntimeError("nginx did not start: " + self.process.stderr.read().decode(errors="replace"))
            try:
                return opener.open(self.base, timeout=5).read()
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("nginx gives no answer")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.run, ignore_errors=True)


class Memory:
    """A tmpfs: one of its own when root, else a folder in /dev/shm."""

    def __init__(self, below, size_bytes):
        self.mounted = None
        if os.getuid() == 0:
            folder = os.path.join(below, "tmpfs-%d" % os.getpid())
            os.makedirs(folder, exist_ok=True)
            mount = ["mount", "-t", "tmpfs", "-o", "size=%d,mode=755" % size_bytes, "aismove-bench", folder]
            if subprocess.run(mount, capture_output=True).returncode == 0:
                self.path = self.mounted = folder
                return
            os.rmdir(folder)
        self.path = tempfile.mkdtemp(prefix="aismove-bench-", dir="/dev/shm")

    def touch(self, size_bytes):
        """Has the machine find this much memory for it once: a virtual one is slow at the first touch, and the program
        that happens to be first would pay for it."""
        path, block = os.path.join(self.path, "touched"), bytes(1 << 20)
        with open(path, "wb", buffering=0) as file:
            for _ in range(size_bytes >> 20):
                file.write(block)
        os.unlink(path)

    def stop(self):
        if self.mounted:
            subprocess.run(["umount", self.mounted], check=False)
            os.rmdir(self.mounted)
        else:
            shutil.rmtree(self.path, ignore_errors=True)


def free_ports(offsets):
    """A port that is free, as are those at `offsets` from it."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            first = probe.getsockname()[1]
        if all(is_free(first + offset) for offset in offsets):
            return first


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except (OSError, OverflowError):
            return False


def holds_attributes(folder):
    """Whether a store can live there (tmpfs has user attributes since Linux 6.6)."""
    try:
        os.setxattr(folder, "user.ais.probe", b"1")
        os.removexattr(folder, "user.ais.probe")
        return True
    except OSError:
        return False


def file_system(folder):
    """The type of the file system that a folder is on, from the longest mount point above it."""
    best, kind = "", "unknown"
    for line in open("/proc/self/mounts"):
        _, point, found = line.split()[:3]
        inside = folder == point or folder.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, found
    return kind


def available_bytes():
    for line in open("/proc/meminfo"):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) << 10
    return 0


def settle():
    """Writes back what earlier runs left dirty, so that no run pays for another's."""
    ctypes.CDLL(None).sync()


def machine():
    """Processor, cores, memory, kernel: what a figure means nothing without."""
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
                 os.uname().machine)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    cores = len(os.sched_getaffinity(0))
    kernel = os.uname().release.split("-")[0]
    return "%s, %d cores, %d GiB, Linux %s" % (model, cores, round(memory / 2**30), kernel)
