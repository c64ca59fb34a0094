#!/usr/bin/env python3
"""Reads a whole node store back, independently of aismove's own code, and judges it by the on-disk format of AIStore.

Use: read_store.py HOSTPATH[=AISPATH]...     one argument a mountpath; prints one JSON object:
  problems     what a node would trip over, or what a run must not leave; empty when all is well
  bmd          each .ais.bmd found: path, uuid, version, buckets (provider, ns, name, bid, props)
  objects      each file below %ob: path, mountpath, bucket (uname form), name, size, version, checksum, custom, sha256,
               copies (paths on this host of a mirrored bucket's further copies, which are no objects of their own)
  leftovers    work files and partial-transfer sidecars
  empty        empty directories below %ob
"""
import hashlib, json, os, re, stat, sys, tarfile, xxhash
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import aisdisk

CONTENT = ["%ob", "%wk", "%ec", "%mt", "%ch", "%ut", "%ds", "%dw"]
PROVIDERS = ["ais", "aws", "gcp", "azure", "oci", "ht"]


class Reader:
    def __init__(self, mountpaths):
        self.mountpaths = mountpaths                      # [(host, ais)]
        self.problems, self.bmd, self.objects, self.leftovers, self.empty = [], [], [], [], []
        self.props = {}                                   # (provider, ns, name) -> props

    def problem(self, path, text):
        self.problems.append(f"{path}: {text}")

    def read(self):
        for host, _ in self.mountpaths:
            self.read_bmd(host)
        self.judge_bmd()
        for host, ais in self.mountpaths:
            self.read_mountpath(host, ais)
        self.judge_copies()
        names = [(o["bucket"], o["name"]) for o in self.objects]
        for twice in {n for n in names if names.count(n) > 1} if len(names) < 3000 else set():
            self.problem("/".join(twice), "stored twice")
        return {k: getattr(self, k) for k in ("problems", "bmd", "objects", "leftovers", "empty")}

    # --- BMD

    def read_bmd(self, host):
        path = f"{host}/.ais.bmd"
        if not os.path.exists(path):
            return
        try:
            frame = aisdisk.jsp_read(path)
        except Exception as error:
            return self.problem(path, f"unreadable: {error!r}")
        if not frame["ok"] or frame["metaver"] != 2:
            self.problem(path, f"bad frame: {frame['metaver']} ok={frame['ok']}")
        value, buckets = frame["val"], []
        for provider, spaces in value["providers"].items():
            for ns, named in spaces.items():
                for name, props in named.items():
                    buckets.append(dict(provider=provider, ns=ns, name=name, bid=props["bid"], props=json.dumps(props)))
                    self.props[provider, ns, name] = props
        self.bmd.append(dict(path=path, uuid=value["uuid"], version=value["version"], buckets=buckets))

    def judge_bmd(self):
        wanted = min(2, len(self.mountpaths))
        if len(self.bmd) != wanted:
            self.problem(".ais.bmd", f"{len(self.bmd)} copies, not {wanted}")
        if len({(c["uuid"], c["version"], json.dumps(c["buckets"])) for c in self.bmd}) > 1:
            self.problem(".ais.bmd", "copies differ")
        for copy in self.bmd:
            if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{8}", copy["uuid"]):
                self.problem(copy["path"], f"uuid {copy['uuid']}")
            serials = []
            for bucket in copy["buckets"]:
                bid = int(bucket["bid"])
                if (bid >> 63 == 1) != (bucket["provider"] == "ais" and bucket["ns"].startswith("@#")):
                    self.problem(copy["path"], f"BID {bid} of {bucket['name']}")
                serials.append(bid & ~(1 << 63))
            if len(set(serials)) != len(serials) or any(s >= int(copy["version"]) for s in serials):
                self.problem(copy["path"], f"serials {serials} at version {copy['version']}")

    # --- Mountpaths

    def read_mountpath(self, host, ais):
        self.owner = os.lstat(host)
        for entry in sorted(os.listdir(host)):
            path = f"{host}/{entry}"
            if entry[0] == "@" and entry[1:] in PROVIDERS:
                self.read_provider(path, entry[1:], host, ais)
            elif entry == ".aismove":
                # Temporaries of a killed writer (tmp.…) hold no data and are swept an hour later; mountpaths.json says
                # which mountpaths belong together, and stays.
                for folder, _, files in os.walk(path):
                    self.leftovers += [f"{folder}/{f}" for f in files if not self.may_stay(path, folder, f)]
            elif entry not in (".ais.bmd", ".ais.bmd.prev", "lost+found"):
                self.problem(path, "does not belong here")
        for provider, ns, name in self.props:
            place = f"{host}/@{provider}" + ("" if ns == "@#" else "/" + (ns[1:] if ns.startswith("@#") else ns))
            for content in CONTENT:
                self.judge_directory(f"{place}/{name}/{content}")

    @staticmethod
    def may_stay(own, folder, file):
        return file.endswith(".lock") or file.startswith("tmp.") or (folder == own and file == "mountpaths.json")

    def judge_directory(self, path):
        try:
            info = os.lstat(path)
        except OSError as error:
            return self.problem(path, str(error))
        if not stat.S_ISDIR(info.st_mode):
            return self.problem(path, "is not a directory")
        if stat.S_IMODE(info.st_mode) != 0o750:
            self.problem(path, f"mode {stat.S_IMODE(info.st_mode):o}, not 750")
        self.judge_owner(path, info)

    def judge_owner(self, path, info):
        if (info.st_uid, info.st_gid) != (self.owner.st_uid, self.owner.st_gid):
            self.problem(path, f"owner {info.st_uid}:{info.st_gid}, not {self.owner.st_uid}:{self.owner.st_gid}")

    def read_provider(self, path, provider, host, ais):
        for entry in sorted(os.listdir(path)):
            if entry[0] in "#@":
                for bucket in sorted(os.listdir(f"{path}/{entry}")):
                    ns = entry if entry[0] == "@" else "@" + entry
                    self.read_bucket(f"{path}/{entry}/{bucket}", provider, ns, bucket, host, ais)
            else:
                self.read_bucket(f"{path}/{entry}", provider, "@#", entry, host, ais)

    def read_bucket(self, path, provider, ns, name, host, ais):
        if (provider, ns, name) not in self.props:
            self.problem(path, "bucket is not in the BMD")
        for entry in os.listdir(path):
            if entry not in CONTENT:
                self.problem(f"{path}/{entry}", "no content type")
        for folder, _, files in os.walk(f"{path}/%wk"):
            self.leftovers += [f"{folder}/{f}" for f in files]
        root = f"{path}/%ob"
        for folder, folders, files in os.walk(root):
            if folder != root:
                self.judge_directory(folder)
                if not folders and not files:
                    self.empty.append(folder)
            for file in sorted(files):
                self.read_object(f"{folder}/{file}", root, (provider, ns, name), host, ais)

    # --- Objects

    def read_object(self, path, root, key, host, ais):
        info = os.lstat(path)
        if not stat.S_ISREG(info.st_mode):
            return self.problem(path, "is not a regular file")
        if stat.S_IMODE(info.st_mode) != 0o640:
            self.problem(path, f"mode {stat.S_IMODE(info.st_mode):o}, not 640")
        self.judge_owner(path, info)
        data = open(path, "rb").read()
        provider, ns, bucket = key
        found = dict(path=path, mountpath=host, bucket=f"{provider}/{ns}/{bucket}", name=os.path.relpath(path, root),
                     size=len(data), sha256=hashlib.sha256(data).hexdigest(), custom={}, version=None, checksum="",
                     copies=[])
        self.objects.append(found)
        try:
            lom = aisdisk.lom_unpack(os.getxattr(path, "user.ais.lom"))
        except Exception as error:
            return self.problem(path, f"no usable user.ais.lom: {error!r}")
        found.update(custom=lom.get("custom", {}), version=lom.get("version"),
                     checksum=f"{lom.get('cksum_type')}:{lom.get('cksum_value')}")
        bid = int(self.props.get(key, {"bid": "0"})["bid"])
        is_long = bool(lom.get("lid", 0) >> 60 & 1)
        if is_long:
            found["name"] = lom["custom"]["orig_fntl"].split("/%ob/", 1)[1]
            hashed = hashlib.sha256(lom["custom"]["orig_fntl"].encode()).hexdigest()
            if os.path.basename(path) != ".x" + hashed:
                self.problem(path, "long name is hashed otherwise")
        if not lom["ok"] or lom["metaver"] > 2:
            self.problem(path, "user.ais.lom is corrupt")
        if lom["size"] != len(data):
            self.problem(path, f"metadata says {lom['size']} bytes, there are {len(data)}")
        wanted = self.checksum(lom.get("cksum_type"), data)
        if wanted is None:
            self.problem(path, f"checksum type {lom.get('cksum_type')}")
        elif wanted != lom["cksum_value"]:
            self.problem(path, "checksum differs")
        if lom.get("lid", 0) & ~(1 << 60) not in (0, bid):
            self.problem(path, f"lid {lom['lid']:x}, BID {bid:x}")
        uname = f"{provider}/{ns}/{bucket}/{found['name']}"
        paths = [a for _, a in self.mountpaths]
        found["_lom"], found["_ais"], found["_copies"] = lom, ais, [c.decode() for c in lom.get("copies", [])]
        found["_ranked"] = sorted(paths, key=lambda m: -aisdisk.xoshiro(aisdisk.digest(m) ^ aisdisk.digest(uname)))
        mirror = self.props.get(key, {}).get("mirror", {})
        found["_count"] = mirror["copies"] if mirror.get("enabled") else 1
        if ais not in found["_ranked"][:found["_count"]]:
            self.problem(path, f"HRW places it on {aisdisk.hrw_mpath(uname, paths)}")
        if path.endswith(".tar"):
            self.judge_tar(path)

    @staticmethod
    def checksum(kind, data):
        if kind in ("xxhash", "xxhash2"):
            return xxhash.xxh64(data, seed=0).hexdigest()
        if kind in ("md5", "sha256", "sha512"):
            return hashlib.new(kind, data).hexdigest()
        return "" if kind == "none" else None

    def judge_copies(self):
        """Folds the copies of a mirrored bucket into their main object; judges that they are alike, and all there."""
        mains = {}
        for found in self.objects:
            if "_ranked" in found and found["_ais"] == found["_ranked"][0]:
                mains[found["bucket"], found["name"]] = found
        kept = []
        for found in self.objects:
            if found.get("_count", 1) == 1 and not found.get("_copies"):
                kept.append(found)
                continue
            tail = found["path"][len(found["mountpath"]):]
            if found["_copies"] != [m + tail for m in found["_ranked"][:found["_count"]]]:
                self.problem(found["path"], f"record 4 names {found['_copies']}")
            main = mains.get((found["bucket"], found["name"]))
            if main is None:
                self.problem(found["path"], "a copy without its main object")
            elif main is found:
                kept.append(found)
            else:
                main["copies"].append(found["path"])
                if found["_lom"] != main["_lom"] or found["sha256"] != main["sha256"]:
                    self.problem(found["path"], "differs from its main object")
        for found in kept:
            if len(found["copies"]) + 1 != found.get("_count", 1):
                self.problem(found["path"], f"{len(found['copies']) + 1} copies, not {found['_count']}")
        self.objects = [{k: v for k, v in found.items() if k[0] != "_"} for found in kept]

    def judge_tar(self, path):
        try:
            with tarfile.open(path, "r:") as tar:
                found = sum(1 for _ in tar)
            if found == 0:
                self.problem(path, "a tar without members")
        except Exception as error:
            self.problem(path, f"not a tar: {error!r}")


if __name__ == "__main__":
    pairs = [a.split("=", 1) if "=" in a else [a, a] for a in sys.argv[1:]]
    print(json.dumps(Reader([tuple(p) for p in pairs]).read()))
