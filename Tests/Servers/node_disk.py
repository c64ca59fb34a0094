"""The mountpaths of one replayed target, kept as an AIStore node keeps them, by the independent format code of
Tests/Tools: what the API changes is changed on the disk, so that what aismove reads there is a node's work."""

import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tools"))
import aisdisk

CONTENT = ["%ob", "%wk", "%ec", "%mt", "%ch", "%ut", "%ds", "%dw"]
LOM = "user.ais.lom"


class NodeDisk:
    def __init__(self, ident, mountpaths):
        self.ident, self.mountpaths = ident, mountpaths
        vmd = {"daemon_id": ident, "version": "1", "mountpaths": {
            path: {"mountpath": path, "mountpath_label": "", "fs": "/dev/x", "fs_type": "ext4", "fs_id": "1,1",
                   "enabled": True} for path in mountpaths}}
        for path in mountpaths:
            aisdisk.jsp_write(f"{path}/.ais.vmd", vmd, 2)
            os.setxattr(path, "user.ais.daemon_id", ident.encode())

    def write_smap(self, smap):
        aisdisk.jsp_write(f"{self.mountpaths[0]}/.ais.smap", smap, 2)

    def write_bmd(self, bmd):
        for path in self.mountpaths[:2]:
            aisdisk.jsp_write(f"{path}/.ais.bmd", bmd, 2)

    def roots(self, bucket):
        # "@uuid#name" as it is, "@#name" without its "@", the global namespace not at all.
        namespace = bucket.namespace if bucket.uuid else bucket.namespace[1:].removesuffix("#")
        middle = f"/{namespace}" if namespace else ""
        return [f"{path}/@{bucket.provider}{middle}/{bucket.name}" for path in self.mountpaths]

    def make(self, bucket):
        for root in self.roots(bucket):
            for content in CONTENT:
                self.directories(f"{root}/{content}")

    def destroy(self, bucket):
        for root in self.roots(bucket):
            shutil.rmtree(root, ignore_errors=True)

    def path(self, bucket, name):
        uname = f"{bucket.uname}/{name}"
        place = self.mountpaths.index(aisdisk.hrw_mpath(uname, self.mountpaths))
        return f"{self.roots(bucket)[place]}/%ob/{name}"

    def lom(self, bucket, name):
        """The metadata of an object, whoever placed it; None when it is not there or makes no sense."""
        try:
            return aisdisk.lom_unpack(os.getxattr(self.path(bucket, name), LOM))
        except Exception:
            return None

    def is_there(self, bucket, name):
        return os.path.isfile(self.path(bucket, name))

    def put(self, bucket, name, data, version, checksum, custom):
        path = self.path(bucket, name)
        self.directories(os.path.dirname(path))
        with open(path + ".new", "wb") as file:
            file.write(data)
        os.chmod(path + ".new", 0o640)
        self.describe(path + ".new", len(data), version, checksum, custom)
        os.rename(path + ".new", path)

    def set_custom(self, bucket, name, custom):
        lom = self.lom(bucket, name)
        if lom is not None:
            checksum = (lom["cksum_type"], lom["cksum_value"])
            merged = {**lom.get("custom", {}), **custom}
            self.describe(self.path(bucket, name), lom["size"], lom.get("version"), checksum, merged)

    def remove(self, bucket, name):
        """With its copies, as a node does."""
        for root in self.roots(bucket):
            if os.path.isfile(f"{root}/%ob/{name}"):
                os.remove(f"{root}/%ob/{name}")

    @staticmethod
    def describe(path, size, version, checksum, custom):
        os.setxattr(path, LOM, aisdisk.lom_pack(size, checksum, version, custom or None))

    @staticmethod
    def directories(path):
        made = ""
        for part in path.split("/")[1:]:
            made += f"/{part}"
            if not os.path.isdir(made):
                os.mkdir(made)
                os.chmod(made, 0o750)
