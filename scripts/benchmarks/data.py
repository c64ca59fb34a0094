"""What is moved: real tar shards of many members, and many small objects. Made once, then reused."""
import io
import json
import os
import random
import shutil
import tarfile
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Scale:
    """How much: the issue's numbers by default, less for a quick look."""

    shards: int = 16
    shard_bytes: int = 128 << 20
    objects: int = 20_000
    object_bytes: int = 16 << 10
    names: int = 10_000_000
    keys: int = 100_000
    runs: int = 5

    @property
    def moved_bytes(self):
        return self.shards * self.shard_bytes + self.objects * self.object_bytes


FULL = Scale()
QUICK = Scale(shards=4, shard_bytes=32 << 20, objects=2_000, names=1_000_000, keys=20_000, runs=2)


class DataSet:
    """The folders `shards` and `small` below `www`, as nginx serves them."""

    def __init__(self, www, scale):
        self.www, self.scale = www, scale
        self.digits = len(str(scale.objects - 1))

    @property
    def shard_names(self):
        return ["shard-%06d.tar" % number for number in range(self.scale.shards)]

    @property
    def object_names(self):
        return ["obj-%0*d.bin" % (self.digits, number) for number in range(self.scale.objects)]

    @property
    def shard_range(self):
        return "shard-{000000..%06d}.tar" % (self.scale.shards - 1)

    @property
    def object_range(self):
        return "obj-{%s..%d}.bin" % ("0" * self.digits, self.scale.objects - 1)

    def facts(self):
        """What is made, for the stamp of a finished set."""
        return json.dumps(asdict(self.scale), sort_keys=True)

    def make(self):
        """Writes what is not there yet. A stamp tells a finished set from an interrupted one."""
        stamp, facts = os.path.join(self.www, "complete.json"), self.facts()
        if os.path.exists(stamp) and open(stamp).read() == facts:
            return
        shutil.rmtree(self.www, ignore_errors=True)
        print("making %.1f GiB of data in %s (once) …" % (self.scale.moved_bytes / 2**30, self.www), flush=True)
        pool = random.Random(1).randbytes(16 << 20)
        os.makedirs(os.path.join(self.www, "shards"))
        for number, name in enumerate(self.shard_names):
            write_shard(os.path.join(self.www, "shards", name), number, self.scale.shard_bytes, pool)
        os.makedirs(os.path.join(self.www, "small"))
        chooser = random.Random(2)
        for name in self.object_names:
            with open(os.path.join(self.www, "small", name), "wb") as file:
                file.write(slice_of(pool, chooser, self.scale.object_bytes))
        with open(stamp, "w") as file:
            file.write(facts)

    def warm(self):
        """Reads everything once, so that the source is the page cache in every run."""
        buffer = bytearray(1 << 20)
        for folder in ("shards", "small"):
            for entry in os.scandir(os.path.join(self.www, folder)):
                with open(entry.path, "rb", buffering=0) as file:
                    while file.readinto(buffer):
                        pass

    def bytes_of(self, folder):
        return sum(entry.stat().st_size for entry in os.scandir(os.path.join(self.www, folder)))


def slice_of(pool, chooser, count):
    """`count` bytes that hardly any two members share, without asking for gigabytes of randomness."""
    start = chooser.randrange(len(pool) - count)
    return pool[start:start + count]


def write_shard(path, number, wanted_bytes, pool):
    """A WebDataset shard: samples of .jpg (about 110 KiB), .json and .cls, until the tar has its size."""
    chooser = random.Random(1000 + number)
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        sample = 0
        while tar.offset < wanted_bytes:
            key = "%06d%06d" % (number, sample)
            image = slice_of(pool, chooser, chooser.randrange(90 << 10, 130 << 10))
            about = json.dumps({"key": key, "label": chooser.randrange(1000)}).encode()
            for extension, data in (("jpg", image), ("json", about), ("cls", b"%d" % chooser.randrange(1000))):
                member = tarfile.TarInfo("%s.%s" % (key, extension))
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
            sample += 1
