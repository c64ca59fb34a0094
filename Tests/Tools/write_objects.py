#!/usr/bin/env python3
"""Writes objects into a node store as AIStore would, independently of aismove's own code.

Use: write_objects.py < JSON
{"mountpaths": ["/mnt/d1", "/mnt/d2=/ais/d2"], "provider": "ais", "ns": "@#", "bucket": "b",
 "objects": [{"name": "a/b", "base64": "…", "custom": {"source": "web"}}],
 "many": {"prefix": "k/", "digits": 8, "first": 0, "count": 1000, "custom": {}}}

"many" makes empty objects k/00000000 … An object that is there is replaced. The bucket's directories are there.
"""
import base64, json, os, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import aisdisk

spec = json.load(sys.stdin)
provider, ns, bucket = spec["provider"], spec["ns"], spec["bucket"]
hosts = {}
for text in spec["mountpaths"]:
    host, _, ais = text.partition("=")
    hosts[ais or host] = host
digests = {ais: aisdisk.digest(ais) for ais in hosts}
owners = {host: os.lstat(host) for host in hosts.values()}
place = f"@{provider}" + ("" if ns == "@#" else "/" + (ns[1:] if ns.startswith("@#") else ns)) + f"/{bucket}/%ob"
known = set()


def directory(path, owner):
    if path in known:
        return
    if not os.path.isdir(path):
        directory(os.path.dirname(path), owner)
        os.mkdir(path)
        os.chmod(path, 0o750)
        os.chown(path, owner.st_uid, owner.st_gid)
    known.add(path)


def write(name, data, custom):
    digest = aisdisk.digest(aisdisk.uname(provider, bucket, name, ns))
    host = hosts[max(digests, key=lambda m: aisdisk.xoshiro(digests[m] ^ digest))]
    path, owner = f"{host}/{place}/{name}", owners[host]
    directory(os.path.dirname(path), owner)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
    os.write(handle, data)
    os.fchmod(handle, 0o640)
    os.fchown(handle, owner.st_uid, owner.st_gid)
    lom = aisdisk.lom_pack(len(data), ("xxhash2", aisdisk.xxhash2(data)), version="1", custom=custom or None)
    os.setxattr(handle, "user.ais.lom", lom)
    os.close(handle)


for item in spec.get("objects", []):
    write(item["name"], base64.b64decode(item["base64"]), item.get("custom", {}))
many = spec.get("many")
if many:
    for number in range(many["first"], many["first"] + many["count"]):
        write(f"{many['prefix']}{number:0{many['digits']}}", b"", many["custom"])
