"""An S3 server on loopback: the JuiceFS gateway (MinIO's code, which checks signatures) over a folder, filled once."""
import os
import signal
import subprocess
import sys
import time

from benchmarks.stage import free_ports

KEYS = {"AWS_ACCESS_KEY_ID": "AKTEST", "AWS_SECRET_ACCESS_KEY": "SKTESTSECRET"}
SCRIPT = os.path.join(os.path.dirname(__file__), "../../Tests/Servers/s3/start.sh")


class Gateway:
    """One gateway over `home`; with the buckets `shards` and `small`, whose objects are those of the data set."""

    kind = "jfs"
    # Nobody else writes: what it knows of its files stays true.
    options = "--attr-cache 1h --entry-cache 1h --dir-entry-cache 1h --open-cache 1h --open-cache-limit 0"

    def __init__(self, home, data, s5cmd):
        self.home, self.data, self.s5cmd = home, data, s5cmd
        os.makedirs(home, exist_ok=True)
        # The script takes the next but 500 for metrics.
        self.port = free_ports((0, 500))
        self.endpoint = "http://127.0.0.1:%d" % self.port
        self.start()
        try:
            self.fill()
            self.warm()
        except BaseException:
            self.stop()
            raise

    def start(self):
        clean = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        virtual = os.path.dirname(os.path.dirname(sys.executable))
        started = subprocess.run(
            ["bash", SCRIPT, self.kind, self.home, str(self.port)], capture_output=True, text=True,
            env=dict(clean, VENV=virtual, PKI="", no_proxy="*", HOME=self.home, JFS_OPTIONS=self.options,
                     JFS_META="badger://" + os.path.join(self.home, "meta")))
        if started.returncode != 0:
            raise RuntimeError("%s does not start: %s%s" % (self.kind, started.stdout, started.stderr))
        self.pid = int(open(os.path.join(self.home, self.kind + ".pid")).read())

    def fill(self):
        """Loads both folders, unless a finished load is there."""
        stamp, facts = os.path.join(self.home, "complete.json"), self.data.facts()
        if os.path.exists(stamp) and open(stamp).read() == facts:
            return
        print("loading %s (once) …" % self.kind, flush=True)
        for folder in ("shards", "small"):
            for command in (["mb", "s3://" + folder],
                            ["cp", os.path.join(self.data.www, folder) + "/", "s3://%s/" % folder]):
                loaded = subprocess.run(
                    [self.s5cmd, "--log", "error", "--numworkers", "16", *command], env=self.environment(),
                    capture_output=True, text=True)
                if loaded.returncode != 0 and command[0] == "cp":
                    raise RuntimeError("s5cmd %s: %s" % (" ".join(command), loaded.stderr[-2000:]))
        with open(stamp, "w") as file:
            file.write(facts)

    def warm(self):
        """Reads the blocks once, so that the source is the page cache in every run."""
        buffer = bytearray(1 << 20)
        for folder, _, files in os.walk(os.path.join(self.home, self.kind)):
            for name in files:
                with open(os.path.join(folder, name), "rb", buffering=0) as file:
                    while file.readinto(buffer):
                        pass

    def environment(self):
        """What every client needs to reach it; nobody's settings."""
        return client_environment(self.endpoint)

    def stop(self):
        try:
            os.kill(self.pid, signal.SIGTERM)
            for _ in range(100):
                os.kill(self.pid, 0)
                time.sleep(0.05)
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def client_environment(endpoint):
    return dict(
        KEYS, AWS_REGION="us-east-1", AWS_EC2_METADATA_DISABLED="true", AWS_ENDPOINT_URL_S3=endpoint,
        S3_ENDPOINT_URL=endpoint, RCLONE_CONFIG="/dev/null", no_proxy="*", NO_PROXY="*",
        HOME="/nonexistent", PATH=os.environ.get("PATH", "/usr/bin:/bin"))
