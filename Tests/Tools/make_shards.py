#!/usr/bin/env python3
"""Makes tar shards with Python's tarfile: make_shards.py DIR PREFIX FIRST COUNT MEMBERS BYTES

DIR/PREFIX000000.tar …, each with MEMBERS samples of one .bin (BYTES, pseudo-random by shard and member) and one .cls.
"""
import io, os, random, sys, tarfile

folder, prefix = sys.argv[1], sys.argv[2]
first, count, members, size = map(int, sys.argv[3:7])
os.makedirs(folder, exist_ok=True)
for shard in range(first, first + count):
    dice = random.Random(f"{prefix}{shard}")
    with tarfile.open(f"{folder}/{prefix}{shard:06d}.tar", "w", format=tarfile.USTAR_FORMAT) as tar:
        for member in range(members):
            for suffix, data in (("bin", dice.randbytes(size)), ("cls", b"%d" % dice.randrange(1000))):
                entry = tarfile.TarInfo(f"{shard:06d}-{member:04d}.{suffix}")
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))
