#!/usr/bin/env python3
"""A cluster of AIStore nodes, as far as its REST API was recorded: N proxies and M targets on 127.0.0.1.

    ais_replay.py CONFIG.json

CONFIG: {"uuid": "…", "proxies": [port, …], "targets": [{"id": "…", "port": …, "mountpaths": [path, …]}, …], "buckets":
         [{"provider": "ais", "namespace": "", "name": "b", "props": {…}, "objects": DIRECTORY,
           "custom": {"name": {"ETag": "…"}}, "versions": {"name": "…"}}], "token": null, "remote": [...]}

Objects come from the directory, names are paths below it. A target with mountpaths (optional) keeps its files there as a
node does: metadata files, bucket directories, what is put; what it is told to drop goes. Answers have the form of the recorded ones (Ais-* headers, 301
and 307 to the target that HRW names, JSON errors, Hdr-Error). What would harm a real cluster is refused with 500 and
recorded. Control, on every node: GET /replay/violations, GET /replay/requests, POST /replay/set with a JSON of
{"down": [port, …], "refuse": 401 or null (targets refuse what no proxy redirected), "require_token": "…",
 "pagefault": "repeat"|null, "flags": {target: flags}}; what is down closes each connection without an answer.
"""

import json
import os
import random
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import xxhash

from node_disk import NodeDisk

SEED = 1103515245
MASK = (1 << 64) - 1
PAGE_SIZE_MAX = 10000


def mix(state):
    """Two rounds of splitmix64's finaliser, then xoshiro256**'s output step: AIStore's HRW weight."""

    def finalise(z):
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    once = finalise((state + 0x9E3779B97F4A7C15) & MASK)
    twice = (finalise((once + 0x9E3779B97F4A7C15) & MASK) * 5) & MASK
    return (((twice << 7) | (twice >> 57)) & MASK) * 9 & MASK


def digest(text):
    return xxhash.xxh64(text.encode(), seed=SEED).intdigest()


class Object:
    def __init__(self, data, version="1", custom=None):
        self.data, self.version, self.custom = data, version, dict(custom or {})
        self.checksum = xxhash.xxh64(data).hexdigest()
        self.atime = time.time_ns()


class Bucket:
    def __init__(self, provider, namespace, name, bid, props=None):
        self.provider, self.namespace, self.name = provider, namespace, name
        self.objects = {}
        self.props = default_props(provider, bid)
        merge(self.props, props or {})

    @property
    def uuid(self):
        return self.namespace.partition("#")[0].lstrip("@")

    @property
    def uname(self):
        return f"{self.provider}/{self.namespace or '@#'}/{self.name}"

    @property
    def has_backend(self):
        return self.provider != "ais" or bool(self.uuid) or bool(self.props["backend_bck"]["name"])


def merge(target, update):
    for key, value in update.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            merge(target[key], value)
        else:
            target[key] = value


def default_props(provider, bid):
    return {
        "backend_bck": {"name": "", "provider": "", "namespace": {"uuid": "", "name": ""}},
        "write_policy": {"data": "immediate", "md": "immediate"}, "provider": provider, "Renamed": "",
        "checksum": {"type": "xxhash2", "validate_cold_get": False, "validate_warm_get": False,
                     "validate_obj_move": False, "enable_read_range": False},
        "extra": {"http": {}, "aws": {}, "gcp": {}, "oci": {}},
        "rate_limit": {"backend": {"interval": "1m", "max_tokens": 1000, "enabled": False, "num_retries": 3},
                       "frontend": {"interval": "1m", "max_tokens": 1000, "enabled": False, "burst_size": 375}},
        "ec": {"compression": "never", "bundle_multiplier": 2, "burst_buffer": 512, "objsize_limit": 262144,
               "data_slices": 2, "parity_slices": 2, "enabled": False, "disk_only": False},
        "chunks": {"objsize_limit": "0B", "max_monolithic_size": "1TiB", "chunk_size": "1GiB"},
        "mirror": {"copies": 2, "burst_buffer": 512, "enabled": False},
        "lru": {"dont_evict_time": "2h0m", "capacity_upd_time": "10m", "batch_size": 32768, "enabled": False},
        "access": "18446744073709551615", "features": "0", "bid": str(bid), "created": str(time.time_ns()),
        "versioning": {"enabled": provider == "ais", "validate_warm_get": False, "synchronize": False},
    }


class Cluster:
    """What all nodes share."""

    def __init__(self, config):
        self.lock = threading.RLock()
        self.uuid = config["uuid"]
        self.version = config.get("version", 4)
        self.proxies = {f"p{port}": port for port in config["proxies"]}
        self.targets = {target["id"]: target["port"] for target in config["targets"]}
        self.flags = {target["id"]: target.get("flags", 0) for target in config["targets"]}
        self.disks = {target["id"]: NodeDisk(target["id"], target["mountpaths"])
                      for target in config["targets"] if target.get("mountpaths")}
        self.remote = config.get("remote", [])
        # Buckets at clouds and remote clusters that HEAD adds: [{"provider", "namespace", "name"}]
        self.reachable = {(b["provider"], b.get("namespace", ""), b["name"]) for b in config.get("reachable", [])}
        self.bmd_version = 1
        self.buckets = {}
        self.violations, self.requests = [], []
        self.knobs = {"down": [], "refuse": None, "require_token": config.get("token"), "pagefault": None}
        for entry in config.get("buckets", []):
            bucket = self.add(entry["provider"], entry.get("namespace", ""), entry["name"], entry.get("props"))
            self.load(bucket, entry)
        for disk in self.disks.values():
            disk.write_smap(self.smap())
        self.write_bmd()

    def write_bmd(self):
        for disk in self.disks.values():
            disk.write_bmd(self.bmd())

    def drop(self, bucket):
        del self.buckets[(bucket.provider, bucket.namespace, bucket.name)]
        self.bmd_version += 1
        for disk in self.disks.values():
            disk.destroy(bucket)
        self.write_bmd()

    def disk(self, bucket, name):
        return self.disks.get(self.owner(bucket, name))

    def load(self, bucket, entry):
        root = entry.get("objects")
        for directory, _, files in os.walk(root) if root else []:
            for file in files:
                path = os.path.join(directory, file)
                name = os.path.relpath(path, root)
                with open(path, "rb") as handle:
                    bucket.objects[name] = Object(
                        handle.read(), entry.get("versions", {}).get(name, "1"), entry.get("custom", {}).get(name))

    def add(self, provider, namespace, name, props=None):
        own = provider == "ais" and not namespace.partition("#")[0].lstrip("@")
        bid = self.bmd_version | (1 << 63 if own else 0)
        self.bmd_version += 1
        bucket = Bucket(provider, namespace, name, bid, props)
        if not own:
            bucket.props["versioning"]["enabled"] = False
            merge(bucket.props, props or {})
        self.buckets[(provider, namespace, name)] = bucket
        for disk in self.disks.values():
            disk.make(bucket)
        self.write_bmd()
        return bucket

    def owner(self, bucket, name):
        value = digest(f"{bucket.uname}/{name}")
        active = [i for i in sorted(self.targets) if not self.flags[i] & 0b1100]
        return max(active, key=lambda i: mix(digest(i) ^ value))

    def node(self, kind, ident, port):
        def net(offset):
            return {"node_ip_addr": "127.0.0.1", "daemon_port": str(port + offset),
                    "direct_url": f"http://127.0.0.1:{port + offset}"}

        return {"public_net": net(0), "intra_data_net": net(20), "intra_control_net": net(10), "daemon_type": kind,
                "daemon_id": ident, "flags": self.flags.get(ident, 2 if kind == "proxy" else 0),
                "id_digest": digest(ident)}

    def smap(self):
        pmap = {i: self.node("proxy", i, p) for i, p in self.proxies.items()}
        tmap = {i: self.node("target", i, p) for i, p in self.targets.items()}
        return {"pmap": pmap, "proxy_si": next(iter(pmap.values())), "tmap": tmap, "uuid": self.uuid,
                "creation_time": "2026-11-22 19:52:30", "version": str(self.version)}

    def bmd(self):
        providers = {}
        for bucket in self.buckets.values():
            space = providers.setdefault(bucket.provider, {}).setdefault(bucket.namespace or "@#", {})
            space[bucket.name] = bucket.props
        return {"providers": providers, "uuid": self.uuid, "version": str(self.bmd_version)}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cluster = None
    ident = ""
    kind = ""

    def log_message(self, *_):
        pass

    # -- answering

    def answer(self, status, body=b"", headers=(), length=None):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Date", self.date_time_string())
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def json(self, value):
        self.answer(200, (json.dumps(value, separators=(",", ":")) + "\n").encode(),
                    [("Content-Type", "application/json; charset=utf-8")])

    def error(self, status, code, message):
        node = f"{self.kind[0]}[{self.ident}]"
        text = json.dumps(
            {"tcode": code, "message": message, "method": self.command, "url_path": unquote(self.split.path),
             "remote_addr": "%s:%d" % self.client_address, "caller": "", "node": node, "status": status},
            separators=(",", ":"), ensure_ascii=False)
        fields = [("Content-Type", "application/json"), ("X-Content-Type-Options", "nosniff")]
        if self.command == "HEAD":
            fields.append(("Hdr-Error", text.encode().decode("latin-1")))
            return self.answer(status, b"", fields)
        return self.answer(status, text.encode() + b"\n", fields)

    def harm(self, what):
        with self.cluster.lock:
            self.cluster.violations.append(f"{self.command} {self.path}: {what}")
        self.error(500, "ErrHarm", f"refused by the replaying server: {what}")

    # -- dispatching

    def handle_expect_100(self):
        """Nothing yet: like Go's server, a node says "go on" only when it begins to read the body."""
        return True

    def read_body(self):
        length = int(self.headers.get("Content-Length") or 0)
        if self.headers.get("Expect", "").lower() == "100-continue":
            if self.kind == "proxy":
                # It redirects without having looked at the body, which the client then keeps to itself.
                self.close_connection = True
                return b""
            self.send_response_only(100)
            self.end_headers()
        return self.rfile.read(length) if length else b""

    def handle_any(self):
        self.split = urlsplit(self.path)
        self.query = {k: v[0] for k, v in parse_qs(self.split.query, keep_blank_values=True).items()}
        self.body = self.read_body()
        if self.split.path.startswith("/replay/"):
            return self.control()
        cluster = self.cluster
        with cluster.lock:
            if self.server.server_port in cluster.knobs["down"]:
                self.close_connection = True
                return None
            cluster.requests.append(
                {"node": self.ident, "method": self.command, "path": self.path,
                 "host": self.headers.get("Host", ""), "range": self.headers.get("Range"),
                 "token": self.headers.get("Authorization"), "bytes": len(self.body),
                 "body": self.body.decode() if len(self.body) < 4096 and self.command != "PUT" else ""})
            wanted = cluster.knobs["require_token"]
            redirected = "pid" in self.query
            if wanted and not redirected and self.headers.get("Authorization") != f"Bearer {wanted}":
                return self.error(401, "ErrInvalidToken", "token required")
            if self.kind == "target" and cluster.knobs["refuse"] and not redirected:
                return self.error(cluster.knobs["refuse"], "ErrUnsigned", f"t[{self.ident}]: unsigned request")
            return self.route()

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = handle_any

    def control(self):
        cluster = self.cluster
        with cluster.lock:
            if self.split.path == "/replay/violations":
                return self.json(cluster.violations)
            if self.split.path == "/replay/requests":
                seen = list(cluster.requests)
                cluster.requests.clear()
                return self.json(seen)
            if self.split.path == "/replay/set":
                ask = json.loads(self.body)
                if "flags" in ask:
                    cluster.flags.update(ask.pop("flags"))
                    cluster.version += 1
                cluster.knobs.update(ask)
                return self.json(cluster.knobs)
            if self.split.path == "/replay/ping":
                return self.answer(200)
            if self.split.path == "/replay/put":
                ask = json.loads(self.body)
                bucket = cluster.buckets[(ask["provider"], ask.get("namespace", ""), ask["bucket"])]
                if ask.get("remove"):
                    bucket.objects.pop(ask["name"], None)
                else:
                    bucket.objects[ask["name"]] = Object(
                        ask["text"].encode(), ask.get("version", "1"), ask.get("custom"))
                return self.json({})
        return self.error(404, "", "no such control")

    def route(self):
        parts = self.split.path.split("/", 4)
        if len(parts) < 3 or parts[1] != "v1":
            return self.error(404, "ErrNotFound", "no such path")
        if parts[2] == "health":
            uptime = str(time.monotonic_ns())
            return self.answer(200, b"", [("Ais-Cluster-Uptime", uptime), ("Ais-Node-Uptime", uptime)])
        if parts[2] in ("daemon", "cluster"):
            return self.what()
        if parts[2] == "buckets" and self.kind == "proxy":
            return self.bucket_call(unquote(parts[3]) if len(parts) > 3 else "")
        if parts[2] == "objects" and len(parts) == 5:
            return self.object_call(unquote(parts[3]), unquote(parts[4]))
        return self.error(400, "ErrBadRequest", f"unexpected request {self.command} {self.split.path}")

    def what(self):
        what = self.query.get("what")
        if what == "smap":
            return self.json(self.cluster.smap())
        if what == "bmd":
            return self.json(self.cluster.bmd())
        if what == "remote":
            return self.json({"a": self.cluster.remote, "ver": 0})
        if what == "target_ips":
            return self.answer(200, ",".join("127.0.0.1" for _ in self.cluster.targets).encode())
        return self.error(400, "ErrBadRequest", f"unexpected what={what}")

    def message(self):
        try:
            return json.loads(self.body) if self.body else {}
        except ValueError:
            return {}

    def key(self, name):
        namespace = self.query.get("namespace", "")
        return (self.query.get("provider", "ais"), "" if namespace == "@#" else namespace, name)

    def find(self, name):
        """The bucket; a remote one that can be reached is added, as a cluster does on first access."""
        key = self.key(name)
        if key not in self.cluster.buckets and key in self.cluster.reachable:
            self.cluster.add(*key)
        return self.cluster.buckets.get(key)

    def no_bucket(self, name):
        provider, namespace, _ = self.key(name)
        scheme = {"aws": "s3", "gcp": "gs", "azure": "az", "oci": "oc"}.get(provider, provider)
        cname = f"{scheme}://{namespace.rstrip('#') + '/' if namespace else ''}{name}"
        code = "ErrBckNotFound" if provider == "ais" else "ErrRemoteBckNotFound"
        return self.error(404, code, f'bucket "{cname}" does not exist')

    # -- buckets

    def bucket_call(self, name):
        message = self.message()
        action = message.get("action")
        if self.command == "GET" and not name and action == "list":
            return self.list_buckets()
        if self.command == "POST" and action == "create-bck":
            return self.create(name, message.get("value"))
        bucket = self.find(name)
        if bucket is None:
            return self.no_bucket(name)
        if self.command == "HEAD":
            return self.answer(
                200, b"", [("Ais-Bucket-Props", json.dumps(bucket.props, separators=(",", ":")))])
        if self.command == "GET" and action == "list":
            return self.list_objects(bucket, message.get("value") or {})
        if self.command == "PATCH" and action == "set-bprops":
            value = message.get("value") or {}
            if value.get("backend_bck", {}).get("namespace", {}).get("uuid"):
                return self.harm("set-bprops of a backend in a namespace, which a node would leave out")
            merge(bucket.props, value)
            self.cluster.bmd_version += 1
            self.cluster.write_bmd()
            return self.answer(200, b"uXJ2c-aL1", [("Content-Type", "text/plain; charset=utf-8")])
        if self.command == "DELETE":
            return self.delete_bucket(bucket, action, message.get("value") or {})
        return self.error(400, "ErrBadRequest", f"unexpected {self.command} {action}")

    def list_buckets(self):
        provider, wanted = self.query.get("provider"), self.query.get("namespace", "")
        found = []
        for bucket in self.cluster.buckets.values():
            if provider and bucket.provider != provider or wanted and bucket.namespace != wanted:
                continue
            uuid, _, space = bucket.namespace.lstrip("@").partition("#")
            found.append({"name": bucket.name, "provider": bucket.provider,
                          "namespace": {"uuid": uuid, "name": space}})
        return self.json(found)

    def create(self, name, props):
        provider, namespace, _ = key = self.key(name)
        if provider != "ais" or namespace.partition("#")[0].lstrip("@"):
            return self.harm("create-bck of a remote bucket")
        if key in self.cluster.buckets:
            return self.error(409, "ErrBucketAlreadyExists", f'bucket "ais://{name}" already exists')
        self.cluster.add(provider, namespace, name, props)
        return self.answer(200)

    def delete_bucket(self, bucket, action, value):
        if action == "evict-listrange" and bucket.has_backend:
            for name in value.get("objnames", []):
                bucket.objects.pop(name, None)
            return self.answer(200, b"tFJ2c0aL1", [("Content-Type", "text/plain; charset=utf-8")])
        if action == "evict-remote-bck" and bucket.provider + bucket.uuid != "ais":
            self.cluster.drop(bucket)
            return self.answer(200)
        if action == "destroy-bck" and not bucket.has_backend:
            self.cluster.drop(bucket)
            return self.answer(200)
        return self.harm(f"{action} of {bucket.uname}")

    def list_objects(self, bucket, ask):
        flags = int(ask.get("flags", "0"))
        prefix, token = ask.get("prefix", ""), ask.get("continuation_token", "")
        after = token or ask.get("start_after", "")
        page_size = int(ask.get("pagesize") or PAGE_SIZE_MAX)
        uuid = ask.get("uuid") or "".join(random.choices("abcdefghijkXYZ0123456789", k=9))
        if token and not ask.get("uuid"):
            return self.error(400, "ErrBadRequest", "continuation_token without uuid")
        entries, last, more, seen = [], "", False, set()
        for name in sorted(bucket.objects, key=lambda n: n.encode()):
            if not name.startswith(prefix):
                continue
            shown, is_directory = name, False
            if flags & (1 << 11) and "/" in name[len(prefix):]:
                shown, is_directory = prefix + name[len(prefix):].split("/", 1)[0] + "/", True
            if shown in seen or shown.encode() <= after.encode():
                continue
            if len(entries) == page_size:
                more = True
                break
            seen.add(shown)
            entries.append(self.entry(bucket.objects[name], shown, is_directory, ask.get("props", "")))
            last = shown
        token = last if more else ""
        if self.cluster.knobs["pagefault"] == "repeat" and ask.get("continuation_token"):
            token = ask["continuation_token"]
        return self.json({"uuid": uuid, "continuation_token": token, "entries": entries, "flags": 0})

    @staticmethod
    def entry(item, name, is_directory, props):
        if is_directory:
            return {"name": name, "flags": 1 << 8}
        entry = {"name": name}
        if "checksum" in props:
            entry["checksum"] = item.checksum
        if "atime" in props:
            entry["atime"] = "22 Nov 26 19:52 UTC"
        if "version" in props and item.version:
            entry["version"] = item.version
        if "custom" in props and item.custom:
            entry["custom"] = "[" + " ".join(f"{k}:{v}" for k, v in sorted(item.custom.items())) + "]"
        entry["size"] = str(len(item.data))
        entry["flags"] = 64
        return entry

    # -- objects

    def object_call(self, bucket_name, name):
        bucket = self.find(bucket_name)
        if bucket is None:
            return self.no_bucket(bucket_name)
        if self.kind == "proxy":
            if self.refuse_harm(bucket):
                return None
            return self.redirect(bucket, name)
        if self.command in ("PUT", "DELETE", "PATCH") and "pid" not in self.query:
            return self.error(400, "ErrBadRequest", f"t[{self.ident}]: {self.command} is expected to be redirected")
        if self.command in ("GET", "HEAD"):
            return self.read_object(bucket, name)
        if self.refuse_harm(bucket):
            return None
        return self.change_object(bucket, name)

    def refuse_harm(self, bucket):
        if not bucket.has_backend:
            return False
        if self.command == "PUT":
            self.harm("PUT into a bucket with a remote backend")
            return True
        if self.command == "DELETE" and self.message().get("action") != "evict-listrange":
            self.harm("DELETE without the evict action in a bucket with a remote backend")
            return True
        return False

    def redirect(self, bucket, name):
        port = self.cluster.targets[self.cluster.owner(bucket, name)]
        extra = f"pid={self.ident}&utm=dn20{random.randrange(16 ** 7):07x}"
        separator = "&" if self.split.query else "?"
        path = f"{self.split.path}{'?' + self.split.query if self.split.query else ''}{separator}{extra}"
        location = f"http://127.0.0.1:{port}{path}"
        status = 301 if self.command == "GET" else 307
        fields = [("Location", location)]
        if self.command in ("GET", "HEAD"):
            fields.insert(0, ("Content-Type", "text/html; charset=utf-8"))
        text = f'<a href="{location.replace("&", "&amp;")}">Moved Permanently</a>.\n\n' if status == 301 else ""
        return self.answer(status, text.encode(), fields)

    def read_object(self, bucket, name):
        item = bucket.objects.get(name)
        if item is None or self.cluster.owner(bucket, name) != self.ident:
            scheme = {"aws": "s3", "gcp": "gs", "azure": "az", "oci": "oc"}.get(bucket.provider, bucket.provider)
            return self.error(
                404, "ErrNotFound", f"t[{self.ident}]: {scheme}://{bucket.name}/{name} does not exist")
        fields = [("Ais-Atime", str(item.atime)), ("Ais-Checksum-Type", "xxhash2"),
                  ("Ais-Checksum-Value", item.checksum)]
        if item.version:
            fields.append(("Ais-Version", item.version))
        fields += [("Ais-Custom-Md", f"{key}={value}") for key, value in item.custom.items()]
        if self.command == "HEAD":
            return self.answer(200, b"", fields + [("Ais-Present", "true")], length=len(item.data))
        fields.append(("Content-Type", "application/octet-stream"))
        asked = self.headers.get("Range")
        if not asked:
            return self.answer(200, item.data, fields)
        first, _, last = asked.removeprefix("bytes=").partition("-")
        first, last = int(first), min(int(last) if last else len(item.data) - 1, len(item.data) - 1)
        if first >= len(item.data):
            return self.error(416, "ErrRangeNotSatisfiable", "invalid range")
        fields.append(("Content-Range", f"bytes {first}-{last}/{len(item.data)}"))
        return self.answer(206, item.data[first:last + 1], [("Accept-Ranges", "bytes")] + fields)

    def change_object(self, bucket, name):
        item, disk = bucket.objects.get(name), self.cluster.disk(bucket, name)
        if self.command == "PUT":
            old = item.version if item else (disk.lom(bucket, name) or {}).get("version", "") if disk else ""
            version = str(int(old) + 1) if old and old.isdigit() else "1"
            item = bucket.objects[name] = Object(self.body, version)
            if disk:
                disk.put(bucket, name, item.data, version, ("xxhash2", item.checksum), {})
            return self.answer(200, b"", [
                ("Ais-Atime", str(item.atime)), ("Ais-Checksum-Type", "xxhash2"),
                ("Ais-Checksum-Value", item.checksum), ("Ais-Version", item.version)])
        if item is None and not (disk and disk.is_there(bucket, name)):
            return self.error(404, "ErrNotFound", f"t[{self.ident}]: {bucket.uname}/{name} does not exist")
        if self.command == "DELETE":
            bucket.objects.pop(name, None)
            if disk:
                disk.remove(bucket, name)
        else:
            custom = self.message().get("value") or {}
            if item:
                item.custom.update(custom)
            if disk:
                disk.set_custom(bucket, name, custom)
        return self.answer(200)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    with open(sys.argv[1], encoding="utf-8") as handle:
        cluster = Cluster(json.load(handle))
    nodes = [("proxy", i, p) for i, p in cluster.proxies.items()]
    nodes += [("target", i, p) for i, p in cluster.targets.items()]
    for kind, ident, port in nodes:
        handler = type("Node", (Handler,), {"cluster": cluster, "ident": ident, "kind": kind})
        threading.Thread(target=Server(("127.0.0.1", port), handler).serve_forever, daemon=True).start()
    print("ready", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
